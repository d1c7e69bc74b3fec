"""Validate: observed consortia against the fitted formation model and two shuffles, on years that were not fitted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from sim.errors import UsageError
from sim.experiment.consortia.data import TYPES, Consortia, Years, span
from sim.experiment.consortia.figures import Figures, figures
from sim.experiment.consortia.fit import Fit, fit
from sim.experiment.consortia.formation import Formation, calls_of, form
from sim.experiment.consortia.nulls import SHUFFLES
from sim.experiment.consortia.observe import Observation, observe, private_firms
from sim.experiment.consortia.rows import BEYOND, ROWS, Row, Verdict, verdicts

SEEDS = 5
SHUFFLES_OF_A_WORLD = 2  # several worlds share the luck of the shuffles
ABLATIONS: dict[str, dict[str, float]] = {
    "without memory of teams": {"search.recall": 0.0},
    "one at a time": {"search.loyalty": 200.0},
    "any old team": {"search.alike": 100.0},
    "without themes": {"search.in_theme": 0.0},
    "without country": {"search.in_country": 0.0},
    "without kinds": {"search.in_kind": 0.0},
    "activity and nothing else": {"search.recall": 0.0, "search.in_theme": 0.0, "search.in_country": 0.0,
                                  "search.in_kind": 0.0},
}


@dataclass(frozen=True)
class Validation:
    """What was observed, fitted and predicted.

    Parameters
    ----------
    seen : the observed tables of all years shown, fitted ones first.
    simulated, private : figures of everybody and of private firms, one entry for each simulated world.
    fitted, predicted : years; the same when nothing was held out.
    found : what was fitted.
    seconds : time that each step took.
    """

    seen: Observation
    simulated: list[Figures]
    private: list[Figures]
    fitted: Years
    predicted: Years
    found: Fit
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def held_out(self) -> bool:
        """Whether the predicted years are others than those fitted."""
        return self.predicted != self.fitted

    def verdicts(self, rows: Sequence[Row] = ROWS) -> list[Verdict]:
        """Return the rows of the predicted years; recurrence also of earlier years whose horizon ends in them."""
        years = range(self.predicted[0], self.predicted[1] + 1)
        return verdicts(self.seen.everybody, self.simulated, years, rows) + self._recurrence(rows)

    def _recurrence(self, rows: Sequence[Row]) -> list[Verdict]:
        """Return recurrence rows of fitted years that come true in the predicted ones only."""
        found = []
        for row in rows:
            if row.key.startswith("again_within_") and self.held_out:
                ahead = int(row.key[-1])
                years = [year for year in range(self.fitted[0], self.fitted[1] + 1)
                         if self.predicted[0] <= year + ahead <= self.predicted[1]]
                found += verdicts(self.seen.everybody, self.simulated, years, [row])
        return found

    @property
    def beyond(self) -> list[Verdict]:
        """Rows beyond the aim."""
        return self.verdicts(BEYOND)

    @property
    def of_private(self) -> list[Verdict]:
        """All rows of the predicted years for private firms on their own."""
        years = range(self.predicted[0], self.predicted[1] + 1)
        return verdicts(self.seen.private, self.private, years) if self.seen.private and self.private else []

    def document(self) -> dict[str, Any]:
        """Return the answer for a program."""
        model, rows = self.found.formation, (self.verdicts(), self.beyond, self.of_private)
        names = ("rows", "beyond", "private_firms")
        return {"fitted": self.fitted, "predicted": self.predicted,
                "model": {"pool": model.pool, "sigma": model.sigma, model.parameter or "none": model.strength,
                          "types": TYPES},
                **{name: [row.document() for row in some] for name, some in zip(names, rows, strict=True)},
                "profiles": [{key: one[key] for key in ("profile", "returns")} for one in self.simulated],
                "observed": self.seen.document(), "seconds": self.seconds}


def split(consortia: Consortia, fitted: Years | None, predicted: Years | None) -> tuple[Years, Years]:
    """Return the years to fit and to predict; without any, all years are fitted and shown.

    Raises
    ------
    UsageError
        If a range holds no project, or years are to be predicted that do not come after those fitted.
    """
    begin, end = int(consortia.year.min()), int(consortia.year.max())
    there = f"the projects start from {begin} to {end}" if begin < end else f"all projects start in {end}"
    if fitted is None and predicted is not None:
        if predicted[0] <= begin:
            raise UsageError(f"--predict {span(predicted)}: no year before it is left to fit; {there}")
        fitted = (begin, predicted[0] - 1)
    fitted = fitted or (begin, end)
    predicted = predicted or fitted
    for name, (first, last) in (("--fit", fitted), ("--predict", predicted)):
        if not ((consortia.year >= first) & (consortia.year <= last)).any():
            raise UsageError(f"{name} {span((first, last))}: no project starts then; {there}")
    if predicted != fitted and predicted[0] <= fitted[1]:
        instead = f", as in --fit {span((begin, end - 1))} --predict {end}" if begin < end else ""
        raise UsageError(f"--predict {span(predicted)} must come after --fit {span(fitted)}: consortia remember what "
                         f"came before, so only later years are foreseen; fit the earlier years instead{instead}")
    return _within(fitted, begin, end), _within(predicted, begin, end)


def _within(years: Years, begin: int, end: int) -> Years:
    """Return the part of a range in which projects start."""
    return max(years[0], begin), min(years[1], end)


def validate(consortia: Consortia, fitted: Years | None = None, predicted: Years | None = None, seeds: int = SEEDS,
             start: Formation | None = None, seen: Observation | None = None,
             shuffles: int = SHUFFLES) -> Validation:
    """Fit some years, predict others from an empty memory, and measure everything in the same way.

    Parameters
    ----------
    consortia : what was read (`data.read`).
    fitted, predicted : first and last year each.
    seeds : worlds simulated for the table.
    start : policy, its repeat parameter and other settings; by default ``old_teams``.
    seen : the observed tables of the same years, where they are at hand.
    shuffles : behind each observed lift, where the tables are not at hand.
    """
    fitted, predicted = split(consortia, fitted, predicted)
    clock = _Clock()
    if seen is None:
        seen = observe(consortia.years(fitted[0], predicted[1]), shuffles)
        clock.note("observed tables")
    found = fit(consortia, fitted, start)
    clock.note("fit")
    calls = calls_of(seen.consortia, fitted)
    with ThreadPoolExecutor() as pool:  # compiled code leaves the interpreter
        formed = list(pool.map(lambda seed: form(calls, found.formation, seed), range(1, seeds + 1)))
    clock.note("simulation")
    simulated = [figures(one, SHUFFLES_OF_A_WORLD) for one in formed]
    private = [figures(private_firms(one), SHUFFLES_OF_A_WORLD) for one in formed if private_firms(one).projects]
    clock.note("tables of simulations")
    return Validation(seen, simulated, private, fitted, predicted, found, clock.seconds)


class _Clock:
    """How long each step took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._began = time.monotonic()

    def note(self, step: str) -> None:
        """Note that a step is done."""
        now = time.monotonic()
        self.seconds[step], self._began = now - self._began, now


def ablate(whole: Validation, consortia: Consortia, seeds: int = SEEDS) -> dict[str, Validation]:
    """Return a validation for each ingredient left out, everything that may be fitted fitted again."""
    base = replace(whole.found.formation, strength=Formation((), ()).strength)
    found = {"all ingredients": whole}
    for name, values in ABLATIONS.items():
        parameter = "" if base.parameter in values else base.parameter
        start = replace(base, values={**base.values, **values}, parameter=parameter)
        found[name] = validate(consortia, whole.fitted, whole.predicted, seeds, start, whole.seen)
    return found
