"""What a comparison says, as plain dataclasses: the terminal, the report and ``--json`` print these.

An `Estimate` is always about paired worlds: the same firms, the same challenges, the same luck,
another policy. "Own" worlds hold the scenario's own values; "plausible futures" are worlds whose
uncertain parameters were drawn from the ranges the scenario gives.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from sim.experiment.doubts import Assumption, Expectation

if TYPE_CHECKING:
    from sim.experiment.accounts import Account
    from sim.experiment.observed import Held
    from sim.experiment.programme import Leverage, Price
    from sim.experiment.shocks import Recovery
    from sim.scenario.fitted import Fitted

AHEAD, BEHIND, ALIKE, OPEN = "ahead", "behind", "no difference that matters", "cannot be told apart"
HIGHER, LOWER = "higher", "lower"


@dataclass(frozen=True)
class Estimate:
    """A mean over worlds and how far it can be trusted.

    Parameters
    ----------
    mean : mean over the worlds.
    low, high : 95 % interval of the mean (Student's t).
    boot_low, boot_high : the same by bootstrap over worlds (percentile).
    error : Monte Carlo error, the standard error of the mean.
    spread : standard deviation over the worlds.
    worlds : worlds that gave a number.
    """

    mean: float
    low: float
    high: float
    boot_low: float
    boot_high: float
    error: float
    spread: float
    worlds: int


@dataclass(frozen=True)
class Futures:
    """The same difference over plausible futures: not an interval of a mean but a range of worlds.

    Parameters
    ----------
    mean : mean difference over the futures.
    low, high : the range that holds nine of ten futures (5th and 95th percentile).
    led : share of futures in which the first policy is ahead.
    worlds : futures that gave a number.
    """

    mean: float
    low: float
    high: float
    led: float
    worlds: int


@dataclass(frozen=True)
class Difference:
    """A policy against another in one outcome, paired world by world.

    Parameters
    ----------
    policy, against : the two policies; the difference is policy − against.
    outcome, unit, direction : what is measured, in what unit, and which way is better.
    estimate : mean difference over the scenario's own worlds.
    led : share of these worlds in which ``policy`` is ahead (better where a direction is known,
        else higher); a tie counts half.
    futures : the same over plausible futures, or None when the scenario draws none.
    smallest : smallest difference of interest, in the outcome's unit.
    verdict : "ahead", "behind" ("higher", "lower" where neither is better), "no difference that
        matters" (whole interval within ± smallest) or "cannot be told apart".
    variance_ratio : how many times fewer worlds the pairing needs than unpaired runs.
    """

    policy: str
    against: str
    outcome: str
    unit: str
    direction: str
    estimate: Estimate
    led: float
    futures: Futures | None
    smallest: float
    verdict: str
    variance_ratio: float


@dataclass(frozen=True)
class Level:
    """Mean of one outcome under one policy over the scenario's own worlds."""

    policy: str
    outcome: str
    unit: str
    estimate: Estimate


@dataclass(frozen=True)
class Crossing:
    """When the cumulative difference of net value changes sign.

    Parameters
    ----------
    policy, against : the two policies.
    starts : "ahead" or "behind": sign of the mean cumulative difference in the first quarter that has one.
    quarter : quarter (1 is the first compared) from which the mean difference keeps its final sign,
        None when it never changes.
    ends : "ahead" or "behind" at the horizon.
    low, high : the quarters between which half of the worlds that cross do so for the last time, or None.
    changes : how often the mean difference changes sign.
    """

    policy: str
    against: str
    starts: str
    quarter: int | None
    ends: str
    low: float | None
    high: float | None
    changes: int


@dataclass(frozen=True)
class Effect:
    """A main effect or interaction of the design reach × fit × practice, on one outcome.

    A main effect is the mean difference between wide and known reach (fit and trust; practice and
    plain) over the levels of the others. An interaction is how much one effect changes with the other.
    """

    name: str
    text: str
    outcome: str
    unit: str
    estimate: Estimate
    futures: Futures | None


@dataclass(frozen=True)
class Share:
    """One step from the one policy of the headline to the other; the steps add up to the difference."""

    name: str
    text: str
    estimate: Estimate


@dataclass(frozen=True)
class Carrier:
    """What one channel carries of the headline's difference (`sim.experiment.channels.Channel`)."""

    name: str
    loss: Estimate
    gain: Estimate


@dataclass(frozen=True)
class Regret:
    """What a policy leaves on the table in net value.

    Parameters
    ----------
    policy : the policy.
    to_oracle : mean of oracle − policy over own worlds, None without an oracle.
    share_of_oracle : policy's mean net value as a share of the oracle's, None without an oracle.
    mean, worst : mean and largest shortfall against the best compared policy of each world (own and
        futures together; the oracle does not count as a policy).
    lowest : net value in its worst world (maximin).
    best_share : share of all worlds in which it is the best.
    """

    policy: str
    to_oracle: Estimate | None
    share_of_oracle: float | None
    mean: float
    worst: float
    lowest: float
    best_share: float


@dataclass(frozen=True)
class Reach:
    """Where partners came from, against where the policy may look: shares of partner seats by source."""

    policy: str
    nominal: tuple[str, ...]
    realised: dict[str, float]


@dataclass(frozen=True)
class Failure:
    """A run that did not finish, and the command that replays it."""

    run_id: str
    policy: str
    future: int
    replicate: int
    error: str
    traceback: str
    replay: str


@dataclass(frozen=True)
class Findings:
    """Everything `compare` found.

    Parameters
    ----------
    scenario, question : the scenario's name and question.
    expectation : what it states to expect, and whether that held; None where it states nothing.
    policies, texts : names in order, and their one-line descriptions.
    baseline : the policy every other one is set against in ``differences``.
    focus : the two policies of the headline (first against second).
    adopters : share of organisations that follow the policy under study; the others follow the baseline.
    quarters : compared quarters. organisations : mean number alive at the start.
    own_worlds, future_worlds : worlds in which every policy finished.
    levels : mean of each outcome under each policy.
    differences : each policy against the baseline, each outcome; headline outcome first.
    headline : net value of the focus pair. crossing : when one overtakes the other.
    beside : net value of the focus against every policy but baseline and oracle, the strongest first.
    assumptions : the uncertain parameters, the one that turns the headline most first.
    decomposition : steps from the one focus policy to the other, when the design cells were run.
    effects : reach, fit, practice and their interactions, net value first.
    carriers : what each channel carries, the largest first; empty until `sim.experiment.channels` was run.
    notes : plain warnings (pairing, many outcomes, failures, missing cells).
    fitted : the fit that the scenario's formation comes from (`sim.scenario.fitted`), None where there is none.
    shocks : how each policy came through each dated shock, against the same worlds without shocks.
    prices, additional : what public money bought against each policy; which share of supported projects is extra.
    leverages : private money that came with it, net of each policy. accounts : the money of each instrument.
    observed : what was really seen beside what is simulated.
    """

    scenario: str
    question: str
    expectation: Expectation | None
    policies: tuple[str, ...]
    texts: dict[str, str]
    baseline: str
    focus: tuple[str, str]
    adopters: float
    quarters: int
    organisations: float
    own_worlds: int
    future_worlds: int
    ranges: dict[str, tuple[float, float]]
    levels: tuple[Level, ...]
    differences: tuple[Difference, ...]
    headline: Difference
    beside: tuple[Difference, ...]
    assumptions: tuple[Assumption, ...]
    crossing: Crossing
    decomposition: tuple[Share, ...]
    effects: tuple[Effect, ...]
    regrets: tuple[Regret, ...]
    reach: tuple[Reach, ...]
    carriers: tuple[Carrier, ...] = ()
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = field(default=())
    prices: tuple[Price, ...] = ()
    additional: tuple[tuple[str, float | None], ...] = ()
    leverages: tuple[Leverage, ...] = ()
    accounts: tuple[Account, ...] = ()
    observed: tuple[Held, ...] = ()
    fitted: Fitted | None = None
    shocks: tuple[Recovery, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists, dicts, texts and numbers, for ``--json``."""
        plain: dict[str, Any] = without_nan(asdict(self))
        return plain


def without_nan(value: Any) -> Any:
    """Return plain data in which a number that is not there is None, as JSON knows no nan."""
    if isinstance(value, dict):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def with_nan(plain: dict[str, Any]) -> Estimate:
    """Return the estimate that `without_nan` made plain."""
    found: dict[str, Any] = {key: math.nan if value is None else value for key, value in plain.items()}
    return Estimate(**found)
