"""A study as text: a scenario, policies, what is uncertain, how futures are chosen, when it is known enough."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from sim.scenario.fields import Strict
from sim.scenario.names import WORDS, Known, SafeName
from sim.scenario.policy import _tuple
from sim.scenario.scenario import Range

Kind = Annotated[str, Known("design")]
Scale = Annotated[str, Known("scale")]
Effect = Annotated[str, Known("effect")]
Method = Annotated[str, Known("method")]
Value = float | int | bool | str
Names = Annotated[tuple[str, ...], BeforeValidator(_tuple)]
Values = Annotated[tuple[Value, ...], BeforeValidator(_tuple)]
LOG_FROM = 10.0  # a range that spans this factor or more is walked on the logarithmic scale


def _spelt_out(value: Any) -> Any:
    """Turn ``[low, high]`` into the long form."""
    return {"range": value} if isinstance(value, list | tuple) else value


class Uncertainty(Strict):
    """How far one condition may differ: a range, or a list of values.

    Parameters
    ----------
    range, values : one of the two.
    times : settings that this condition multiplies; without it the condition is a setting itself.
    text : what people call it. ends : what its low and its high end mean, in a few words.
    scale : how a range is walked; auto is log where it spans a factor of 10.
    """

    range: Range | None = Field(None, description="[low, high].")
    values: Values | None = Field(None, min_length=1, max_length=1000, description="A list of values.")
    times: Names = Field((), max_length=20, description="Settings that it multiplies.")
    text: str = Field("", description="What people call it.")
    ends: Annotated[tuple[str, str], BeforeValidator(_tuple)] = Field(
        ("", ""), description="What its low and its high end mean, in a few words.")
    scale: Scale = Field("auto", description="How a range is walked.")

    @property
    def logarithmic(self) -> bool:
        """Whether the range is walked on the logarithmic scale."""
        if self.range is None or self.range[0] <= 0:
            return False
        return self.scale == "log" or (self.scale == "auto" and self.range[1] / self.range[0] >= LOG_FROM)


class Design(Strict):
    """How futures are chosen.

    Parameters
    ----------
    kind : grid, list, latin_hypercube, sobol or morris.
    levels : values of each range (grid), or of its lattice (morris).
    samples : futures (latin_hypercube), or base samples, a power of two (sobol). trajectories : of morris.
    points : futures, one by one (list); or file: a CSV table of them beside the study.
    """

    kind: Kind = Field("latin_hypercube", description=", ".join(WORDS["design"]))
    levels: int = Field(7, ge=2, le=200, description="Values of each range.")
    samples: int = Field(64, ge=1, le=1_000_000, description="Futures; base samples of sobol.")
    trajectories: int = Field(12, ge=2, le=10_000, description="Trajectories of morris.")
    points: Annotated[tuple[dict[str, Value], ...], BeforeValidator(_tuple)] = Field(
        (), max_length=100_000, description="Futures, one by one.")
    file: str | None = Field(None, description="CSV table of futures, one a line, beside the study.")


class Map(Strict):
    """Two conditions of a regime map, and how finely their border is followed.

    Parameters
    ----------
    x, y : two of the uncertainties. steps : cells a side at the start.
    refine : times that cells at the border are halved.
    lever : a condition whose price moves the border; prices : its values for the iso-cost lines.
    paid : the cost of which the lever leaves that share to the firms; the rest of it is a subsidy, reckoned in money.
    effects : effects of the design mapped beside the bundle; their cells must be among the policies.
    """

    x: str = Field(description="Condition along the bottom.")
    y: str = Field(description="Condition along the side.")
    steps: int = Field(5, ge=2, le=100, description="Cells a side at the start.")
    refine: int = Field(2, ge=0, le=6, description="Times that cells at the border are halved.")
    lever: str | None = Field(None, description="Condition that moves the border.")
    prices: Values = Field((), max_length=6, description="Its values, one line each.")
    paid: str | None = Field(None, description="Cost that the lever leaves to the firms in part.")
    effects: Annotated[tuple[Effect, ...], BeforeValidator(_tuple)] = Field(
        (), description="Effects of the design mapped beside the bundle: reach, fit, practice.")


class Stop(Strict):
    """When the paired difference is known well enough.

    Parameters
    ----------
    half_width : asked half width of its interval, in the unit of the first outcome.
    most : replicates at most. level : of the interval, valid however often one looks.
    """

    half_width: float = Field(gt=0, description="Asked half width of the interval.")
    most: int = Field(200, ge=2, le=1_000_000, description="Replicates at most.")
    level: float = Field(0.95, gt=0.5, lt=1, description="Level of the interval.")


class Limits(Strict):
    """What one run may take; the operating system enforces it on the worker process."""

    seconds: int | None = Field(None, ge=1, le=10_000_000, description="Processor time of one run.")
    megabytes: int | None = Field(None, ge=50, le=100_000_000, description="Memory of one run.")


class Calibrate(Strict):
    """What a calibration aims at.

    Parameters
    ----------
    targets : outcome to [value, tolerance]; a distance of 1 means one tolerance away.
    method : optuna (search for the best) or abc (a posterior). trials : futures tried.
    keep : share of trials kept as posterior (abc), or as near-best set (optuna, one target).
    """

    targets: dict[str, Annotated[tuple[float, float], BeforeValidator(_tuple)]] = Field(
        min_length=1, max_length=50, description="Outcome and [value, tolerance].")
    method: Method = Field("abc", description="optuna or abc.")
    trials: int = Field(100, ge=2, le=1_000_000, description="Futures tried.")
    keep: float = Field(0.1, gt=0, le=1, description="Share kept.")


class StudyText(Strict):
    """Everything a study file says.

    Parameters
    ----------
    name, question, look_for, expectation : what the study is about; they change no result.
    scenario, set : the world, and what is changed in it, as an overlay.
    policies, baseline, focus : levers; default: those of the scenario.
    outcomes : what is looked at; the first decides.
    uncertainties : condition to range or list; design : how futures are chosen from them.
    map, calibrate : what `mobilise regime` and `mobilise calibrate` need.
    replicates, stop : worlds in each future, and when there are enough.
    limits, series, seed : what one run may take, whether series are kept, where all luck comes from.
    """

    name: SafeName = Field("study", description="Name of the study; results are kept under it.")
    question: str = Field("", description="The question in one sentence.")
    look_for: str = Field("", description="What to look at in the answer.")
    expectation: str | None = Field(None, description="What is expected, stated before it is run.")
    scenario: str = Field(description="A scenario file, relative to the study, or a shipped one.")
    set: dict[str, Any] = Field(default_factory=dict, description="Changes laid over the scenario.")
    policies: Annotated[tuple[Any, ...], BeforeValidator(_tuple)] = Field((), description="As in a scenario.")
    baseline: str = Field("", description="Policy that others are compared with.")
    focus: str = Field("", description="Policy the headline is about.")
    outcomes: Names = Field(("net_value",), min_length=1, description="What is looked at.")
    uncertainties: dict[str, Annotated[Uncertainty, BeforeValidator(_spelt_out)]] = Field(
        default_factory=dict, description="Condition to [low, high] or {values: [...]}.")
    design: Design = Field(default_factory=Design, description="How futures are chosen.")
    map: Map | None = Field(None, description="Two conditions of a regime map.")
    calibrate: Calibrate | None = Field(None, description="What a calibration aims at.")
    replicates: int = Field(5, ge=1, le=1_000_000, description="Worlds in each future.")
    stop: Stop | None = Field(None, description="When it is known well enough.")
    limits: Limits = Field(default_factory=Limits, description="What one run may take.")
    series: bool = Field(False, description="Keep a row for each run and quarter.")
    seed: int | None = Field(None, ge=0, le=2**63 - 1, description="Number that all luck comes from.")
