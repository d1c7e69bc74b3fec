"""What decides: which uncertain condition moves the *difference* between two policies, and which one turns it.

Morris screens many conditions with few runs: mean absolute elementary effect (how much it moves the
difference) and spread (how much that depends on the others). Sobol shares out the variance of the difference
among few conditions: alone, and with all their interactions. Replicate r has the same luck at every point, so
the difference is a smooth function of the conditions; luck enters the intervals through resampling.
Missing runs: a block (trajectory, or base sample with all its partners) that is not whole is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import UsageError
from sim.experiment.campaign import How, campaign
from sim.experiment.findings import Failure, without_nan
from sim.experiment.points import OWN, Point, points, problem_of, shares_of
from sim.experiment.robust import Robust, robust
from sim.experiment.sweep import differences, run_design
from sim.outcomes.registry import outcomes
from sim.record import write_csv

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.load_study import Study

TABLE = "sensitivity.csv"
FREE = 15  # conditions a scenario ships free after screening
RESAMPLES = 500
LEVEL = 0.95
FIFTHS = 5
NOTHING = 0.05  # a condition that moves the difference less than this share of the strongest is frozen
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Influence:
    """How one condition moves the difference between the policies.

    Parameters
    ----------
    name, text : the condition. alone, low, high : Morris: mean absolute elementary effect over the whole
        range, in the unit of the outcome; Sobol: first-order share of variance; with its 95 % interval.
    whole, whole_low, whole_high : Morris: spread of the effects; Sobol: total share; with its interval.
    direction : mean signed effect (Morris) or rank correlation with the difference (Sobol).
    flips : whether it turns the ranking: where others are as they fall, the mean differences in the lowest
        and in the highest fifth of its range have opposite signs, both known to differ from zero (sobol only).
    at_low, at_high : mean difference in the lowest and the highest fifth of its range.
    border : value of it at which the mean difference changes sign, nan when it does not.
    """

    name: str
    text: str
    alone: float
    low: float
    high: float
    whole: float
    whole_low: float
    whole_high: float
    direction: float
    flips: bool
    at_low: float
    at_high: float
    border: float


@dataclass
class Sensitivity:
    """What decides the difference.

    Parameters
    ----------
    kind : morris or sobol. influences : the strongest first. keep, freeze : conditions worth keeping free, others.
    ahead : share of futures in which the focus is ahead. undecided : profile of the futures that cannot be told
        apart: mean place (0 to 1) of each condition there and elsewhere. blocks, whole : planned and usable.
    """

    study: Study
    folder: Path
    kind: str
    outcome: str
    unit: str
    policy: str
    against: str
    influences: tuple[Influence, ...]
    keep: tuple[str, ...]
    freeze: tuple[str, ...]
    ahead: float
    undecided: dict[str, tuple[float, float]]
    undecided_count: int
    futures: int
    blocks: int
    whole: int
    robust: Robust
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]
    runs: pd.DataFrame = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, for ``--json``."""
        left_out = ("study", "runs", "folder", "influences", "robust", "failures")
        content = {key: value for key, value in self.__dict__.items() if key not in left_out}
        plain: dict[str, Any] = without_nan({
            "study": self.study.text.name, "folder": str(self.folder), **content,
            "influences": [asdict(one) for one in self.influences], "robust": asdict(self.robust),
            "failures": [asdict(one) for one in self.failures]})
        return plain

    def table(self) -> pd.DataFrame:
        """Return one row for each condition (also in ``sensitivity.csv``)."""
        import pandas as pd

        return pd.DataFrame([asdict(one) for one in self.influences])


def sensitivity(study: Study, out: str | Path | None = None, how: How | None = None) -> Sensitivity:
    """Say what decides the difference between the study's focus and baseline."""
    if study.text.design.kind not in ("morris", "sobol"):
        raise UsageError(f"study '{study.text.name}' has a {study.text.design.kind} design; sensitivity needs "
                         "design: {kind: morris} (many conditions) or {kind: sobol} (few)")
    with campaign(study, out, how) as one:
        found = points(study)
        run_design(one, found)
        result = analyse(study, one.frame(), found, one.store.folder, tuple(one.failures.values()),
                         tuple(one.store.notes))
        write_csv(one.store.folder / TABLE, result.table())
    return result


def analyse(study: Study, frame: pd.DataFrame, found: Sequence[Point], folder: Path,
            failures: tuple[Failure, ...] = (), notes: tuple[str, ...] = ()) -> Sensitivity:
    """Return what the finished runs say."""
    kind, names = study.text.design.kind, list(study.text.uncertainties)
    shares = shares_of(study)
    gaps = by_point(differences(frame, study), len(found) - 1, study.text.replicates)
    block = len(names) + (1 if kind == "morris" else 2)
    usable = whole_blocks(gaps, block)
    y = np.nanmean(gaps[usable], axis=1)
    x = shares[usable]
    measured = INDICES[kind](study, x, y, gaps[usable])
    influences = sorted((influence(study, k, name, x, y, measured) for k, name in enumerate(names)),
                        key=lambda one: -(one.alone if kind == "morris" else one.whole))
    keep = worth_keeping(influences, kind)
    outcome = outcomes()[study.text.outcomes[0]]
    scenario = study.scenario
    profile, count = undecided(names, x, gaps[usable])
    return Sensitivity(study, folder, kind, outcome.name, outcome.unit, scenario.focus, scenario.baseline,
                       tuple(influences), keep, tuple(n.name for n in influences if n.name not in keep),
                       float((y > 0).mean()), profile, count, len(y), len(gaps) // block, len(y) // block,
                       robust(frame, outcome.name, scenario.focus, scenario.baseline), failures, notes, frame)


def by_point(gap: pd.Series[float], count: int, replicates: int) -> Array:
    """Return [points, replicates] differences; nan where a run is missing."""
    table = gap.unstack("replicate").reindex(index=range(OWN + 1, count + 1), columns=range(replicates))
    return table.to_numpy(float)


def whole_blocks(gaps: Array, block: int) -> Array:
    """Return which points belong to blocks all of whose points have a value."""
    there = np.isfinite(gaps).any(axis=1).reshape(-1, block).all(axis=1)
    return np.repeat(there, block)


def morris_indices(study: Study, x: Array, y: Array, gaps: Array) -> dict[str, Array]:
    """Return elementary effects over whole ranges and their resampled intervals."""
    effects = elementary(x, y)
    absolute = np.abs(effects)
    low, high = resampled(effects, lambda e: np.abs(e).mean(axis=0))
    spread_low, spread_high = resampled(effects, lambda e: e.std(axis=0, ddof=1))
    return {"alone": absolute.mean(axis=0), "low": low, "high": high, "whole": effects.std(axis=0, ddof=1),
            "whole_low": spread_low, "whole_high": spread_high, "direction": effects.mean(axis=0)}


def elementary(x: Array, y: Array) -> Array:
    """Return [trajectories, conditions] changes of y when one condition alone crosses its whole range."""
    conditions = x.shape[1]
    steps = np.diff(x.reshape(-1, conditions + 1, conditions), axis=1)
    rises = np.diff(y.reshape(-1, conditions + 1), axis=1)
    which = np.abs(steps).argmax(axis=2)
    size = np.take_along_axis(steps, which[:, :, None], axis=2)[:, :, 0]
    effects = np.empty((len(steps), conditions))
    np.put_along_axis(effects, which, rises / size, axis=1)
    return effects


def resampled(blocks: Array, measure: Any) -> tuple[Array, Array]:
    """Return the 95 % interval of a measure by resampling blocks."""
    luck = np.random.default_rng(len(blocks))
    picks = luck.integers(0, len(blocks), (RESAMPLES, len(blocks)))
    found = np.array([measure(blocks[pick]) for pick in picks])
    low, high = np.quantile(found, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2], axis=0)
    return low, high


def sobol_indices(study: Study, x: Array, y: Array, gaps: Array) -> dict[str, Array]:
    """Return first-order and total shares of variance with SALib's bootstrap intervals."""
    from SALib.analyze import sobol
    from scipy import stats

    problem = problem_of(study)
    if y.std() == 0:
        zero = np.zeros(x.shape[1])
        return dict.fromkeys(("alone", "low", "high", "whole", "whole_low", "whole_high", "direction"), zero)
    centred = (y - y.mean()) / y.std()
    found = sobol.analyze(problem, centred, calc_second_order=False, num_resamples=RESAMPLES, conf_level=LEVEL, seed=1)
    first, total = np.asarray(found["S1"]), np.asarray(found["ST"])
    first_half, total_half = np.asarray(found["S1_conf"]), np.asarray(found["ST_conf"])
    rank = np.array([stats.spearmanr(x[:, k], y).statistic for k in range(x.shape[1])])
    return {"alone": first, "low": first - first_half, "high": first + first_half, "whole": total,
            "whole_low": total - total_half, "whole_high": total + total_half, "direction": rank}


INDICES = {"morris": morris_indices, "sobol": sobol_indices}


def influence(study: Study, k: int, name: str, x: Array, y: Array, measured: dict[str, Array]) -> Influence:
    """Return how one condition moves the difference, and whether it turns it."""
    from sim.parameters import BY_KEY

    one = study.text.uncertainties[name]
    text = one.text or (BY_KEY[name].text.rstrip(".") if name in BY_KEY else name.replace("_", " "))
    fifths = profile_of(x[:, k], y)
    at_low, at_high = fifths[0], fifths[-1]
    apart = study.text.design.kind == "sobol"  # points of a trajectory of morris are no independent futures
    lowest, highest = y[x[:, k] < 1 / FIFTHS], y[x[:, k] >= 1 - 1 / FIFTHS]
    flips = apart and bool(at_low * at_high < 0) and sure(lowest) and sure(highest)
    border = crossing(study, name, fifths) if flips else float("nan")
    numbers = {key: float(value[k]) for key, value in measured.items()}
    return Influence(name, text, **numbers, flips=flips, at_low=at_low, at_high=at_high, border=border)


def sure(values: Array) -> bool:
    """Whether the mean of some futures is known to differ from zero (95 %)."""
    from sim.experiment.stopping import interval

    _, low, high = interval(values, LEVEL)
    return bool(low > 0 or high < 0)


def profile_of(place: Array, y: Array, parts: int = 5) -> list[float]:
    """Return the mean difference in each fifth of a condition's range; an empty fifth borrows its neighbour's."""
    which = np.minimum((place * parts).astype(int), parts - 1)
    means = [float(y[which == part].mean()) if (which == part).any() else float("nan") for part in range(parts)]
    known = [k for k, value in enumerate(means) if np.isfinite(value)]
    return [means[min(known, key=lambda j, k=k: abs(j - k))] for k in range(parts)]  # type: ignore[misc]


def crossing(study: Study, name: str, fifths: Sequence[float]) -> float:
    """Return the value at which the mean difference changes sign, by straight lines between fifths."""
    from sim.experiment.lattice import crossings
    from sim.experiment.points import placed

    found = crossings(np.asarray(fifths))
    if not found:
        return float("nan")
    place = 0.1 + 0.8 * found[0]  # fifths stand for their middles
    value = placed(study.text.uncertainties[name], place)
    return float(value) if isinstance(value, int | float) else float("nan")


def worth_keeping(influences: Sequence[Influence], kind: str) -> tuple[str, ...]:
    """Return the conditions worth keeping free: at most 15, none that moves next to nothing."""
    size = [one.alone if kind == "morris" else one.whole for one in influences]
    strongest = max(size, default=0.0)
    return tuple(one.name for one, value in zip(influences, size, strict=True) if value > NOTHING * strongest)[:FREE]


def undecided(names: Sequence[str], x: Array, gaps: Array) -> tuple[dict[str, tuple[float, float]], int]:
    """Return where futures that cannot be told apart lie, beside all others: mean place of each condition."""
    from sim.experiment.stopping import interval

    spans = [interval(row, LEVEL) for row in gaps]
    open_ = np.array([not (low > 0 or high < 0) for _, low, high in spans])
    if not open_.any() or open_.all():
        return {}, int(open_.sum())
    return {name: (float(x[open_, k].mean()), float(x[~open_, k].mean())) for k, name in enumerate(names)}, \
        int(open_.sum())
