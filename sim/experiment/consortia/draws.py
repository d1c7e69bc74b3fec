"""How well a fit is known: draws of what was fitted, as a table of futures that a scenario may name (``futures.file``).

Two things leave it open, and each draw has both. *Luck*: a world is simulated from the fit at the observed calls and
fitted as if it were the data (parametric bootstrap). *Years*: which of the fitted years are looked at, every run of at
least two of them in turn, each with a fit of its own. What the model gets wrong in all years alike no draw can show.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.consortia.data import TYPES, Consortia, Years, span
from sim.experiment.consortia.fit import Fit, fit, walk
from sim.experiment.consortia.formation import calls_of, form
from sim.parameters import BY_KEY
from sim.scenario.fitted import PREFIX

if TYPE_CHECKING:
    from sim.experiment.consortia.validate import Validation

DRAWS = 12
MOST_RUNS = 6  # runs of years, the longest first
REFIT = (0.5,) * 6 + (0.25,) * 12  # gains: a refit begins where its world came from
DRAW_SEED, STRIDE = 2_000_003, 1_000  # luck of the draws, apart from that of fits and predictions
SIGMA = "world.activity_sigma"


@dataclass(frozen=True)
class Draw:
    """One fit of one simulated world, and the years whose fit that world came from."""

    years: Years
    found: Fit


def runs(fitted: Years) -> list[Years]:
    """Return the runs of at least two fitted years, the longest first; a year that stands alone is its own."""
    first, last = fitted
    found = [(a, b) for a in range(first, last) for b in range(a + 1, last + 1)] or [fitted]
    return sorted(found, key=lambda run: (run[0] - run[1], run))[:MOST_RUNS]


def draws(consortia: Consortia, found: Fit, count: int = DRAWS) -> list[Draw]:
    """Return draws of what was fitted (`found`), the runs of years in turn.

    Parameters
    ----------
    consortia : the real ones; only the fitted years are looked at.
    """
    there = [run for run in runs(found.years) if consortia.years(*run).projects][:count]
    fits = {run: found if run == found.years else fit(consortia, run, found.formation) for run in there}

    def draw(number: int) -> Draw:
        run = there[number % len(there)]
        luck, seen = DRAW_SEED + STRIDE * number, consortia.years(*run)
        world = form(calls_of(seen, run), fits[run].formation, luck)
        return Draw(run, walk(world, run, fits[run].formation, REFIT, luck + 1))

    with ThreadPoolExecutor(2) as pool:  # compiled code leaves the interpreter
        return list(pool.map(draw, range(count)))


def rows(result: Validation, drawn: list[Draw]) -> list[dict[str, Any]]:
    """Return the draws as rows of a table of futures: parameters by address, then what is known of the fit.

    A scenario has one spread of activity for all: the mean over types, weighted by the organisations seen.
    """
    about = provenance(result)
    return [{**dict(_parameters(one)), **about, f"{PREFIX}draw_years": f"{one.years[0]}-{one.years[1]}",
             **{f"{PREFIX}{name}_{kind}": f"{values[k]:.6g}" for name, values in
                (("pool", one.found.formation.pool), ("sigma", one.found.formation.sigma))
                for k, kind in enumerate(TYPES) if one.found.observed.seats[k]}} for one in drawn]


def _parameters(one: Draw) -> Iterator[tuple[str, float]]:
    """Yield the addresses and values of what a scenario can take over."""
    model, bound = one.found.formation, BY_KEY[SIGMA]
    weights = one.found.observed.organisations
    sigma = float(np.clip(np.average(model.sigma, weights=weights), bound.low, bound.high))
    if model.parameter:
        yield model.parameter, float(f"{model.strength:.6g}")
    yield SIGMA, float(f"{sigma:.6g}")


def provenance(result: Validation) -> dict[str, Any]:
    """Return what a table of draws says of its origin: policy, years, how well it predicts, of which data, by what."""
    from sim import __version__

    model, verdicts = result.found.formation, result.verdicts()
    first, last = result.predicted
    years = [found for year, found in result.seen.everybody["years"].items() if first <= year <= last]
    about = {"policy": model.policy if isinstance(model.policy, str) else "mixed",
             "years": span(result.fitted), "predicted": span(result.predicted) if result.held_out else "",
             "within": sum(row.within for row in verdicts), "figures": len(verdicts),
             "data": digest(result.seen.consortia.years(*result.fitted)), "version": __version__,
             "repeat_pairs": _ratio(years, "repeat_pairs", "pairs"), "newcomers": _ratio(years, "new_seats", "seats")}
    return {f"{PREFIX}{name}": value for name, value in about.items()}


def _ratio(years: list[dict[str, Any]], part: str, whole: str) -> str:
    return f"{sum(year[part] for year in years) / max(1, sum(year[whole] for year in years)):.4g}"


def digest(consortia: Consortia) -> str:
    """Return what names a set of consortia: the start of a SHA-256 of their days, sizes, members and types."""
    whole = hashlib.sha256()
    of: Callable[[Any], bytes] = lambda column: np.ascontiguousarray(column, "<i8").tobytes()  # noqa: E731
    for column in (consortia.start, consortia.first, consortia.org, consortia.kind):
        whole.update(of(column))
    return whole.hexdigest()[:16]
