"""The rows of the validation table: observed, simulated, shuffled, how near they should be, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiment.consortia.figures import Figures
from sim.experiment.consortia.nulls import GROUPS


@dataclass(frozen=True)
class Row:
    """One figure of the table.

    Parameters
    ----------
    key, text : name in the figures, and what it says.
    tolerance : how far the simulated mean may lie from the observed figure; relative if ``relative``.
    of_year : False for figures of all years together.
    """

    key: str
    text: str
    tolerance: float
    relative: bool = False
    of_year: bool = True


ROWS = (
    Row("newcomer_share", "seats of newcomers", 0.03),
    Row("repeat_share", "pairs that worked together before", 0.18, True),
    Row("lift_year", "lift of repeat pairs over a shuffle in year", 0.15, True),
    Row("lift_year_theme", "lift over a shuffle in year and theme", 0.15, True),
    Row("old_team_overlap", "largest share from one earlier team", 0.04),
    Row("half_from_one_team", "projects, half from one earlier team", 0.04),
    Row("again_within_1", "first-time pairs again within a year", 0.25, True),
    Row("again_within_2", "first-time pairs again within two years", 0.25, True),
    Row("country_lift_year", "pairs of one country, lift", 0.12, True),
    Row("top_1", "participations of the busiest 1 %", 0.03),
    Row("top_10", "participations of the busiest 10 %", 0.03),
)
BEYOND = (
    Row("top_1", "participations of the busiest 1 %", 0.03, of_year=False),
    Row("top_10", "participations of the busiest 10 %", 0.03, of_year=False),
    Row("projects_with_repeat", "projects with any repeat pair", 0.05),
    Row("one_project", "organisations with one project", 0.05, of_year=False),
)
"""Rows beyond the aim of the project: shown with a verdict, not counted in the headline."""


@dataclass(frozen=True)
class Verdict:
    """Observed against simulated, for one row and year.

    Parameters
    ----------
    low, high : 95 % interval of the mean over simulated worlds (t).
    smallest, largest : range over simulated worlds.
    shuffled : the same figure of the shuffle in year, and in year and theme.
    """

    row: Row
    year: int
    observed: float
    mean: float
    low: float
    high: float
    smallest: float
    largest: float
    shuffled: tuple[float, float]

    @property
    def miss(self) -> float:
        """How far the mean lies from the observed figure, in tolerances (at most 1 is within); nan without a mean."""
        return (self.mean - self.observed) / self.scale

    @property
    def scale(self) -> float:
        """The tolerance in the unit of the figure."""
        return self.row.tolerance * (self.observed if self.row.relative else 1.0)

    @property
    def within(self) -> bool:
        """Whether the simulated mean is near enough; one that is not there in some world is not."""
        return bool(abs(self.miss) <= 1.0)

    def distance(self, most: float) -> float:
        """Return how far it misses in tolerances, at the most so far; a figure that is not there misses by as much."""
        return min(abs(self.miss), most) if np.isfinite(self.miss) else most

    def document(self) -> dict[str, Any]:
        """Return the row for a program or a table."""
        return {"figure": self.row.key, "year": self.year if self.row.of_year else None, "observed": self.observed,
                "simulated": self.mean, "low": self.low, "high": self.high, "smallest": self.smallest,
                "largest": self.largest, "shuffled_year": self.shuffled[0], "shuffled_year_theme": self.shuffled[1],
                "tolerance": self.row.tolerance, "relative": self.row.relative, "miss": self.miss,
                "within": self.within}


def get(found: Figures, row: Row, year: int) -> float:
    """Return one figure of a table of figures; nan where it is not there."""
    place = found["years"].get(year, {}) if row.of_year else found["whole"]
    return float(place.get(row.key, float("nan")))


def verdicts(observed: Figures, simulated: Sequence[Figures], years: Sequence[int],
             rows: Sequence[Row] = ROWS) -> list[Verdict]:
    """Return all rows of these years for which there is an observed figure to be near to.

    Left out is what the data cannot show (a recurrence with too few years after it), and a relative row whose observed
    figure is 0. A figure that some simulated world does not have is shown, and counts as outside.
    """
    found = [_verdict(observed, simulated, row, year) for row in rows
             for year in (years if row.of_year else (max(observed["years"]),))]
    return [verdict for verdict in found if verdict is not None]


def _verdict(observed: Figures, simulated: Sequence[Figures], row: Row, year: int) -> Verdict | None:
    seen = get(observed, row, year)
    values = np.array([get(one, row, year) for one in simulated])
    if not np.isfinite(seen) or (row.relative and seen == 0.0) or not len(values):
        return None
    mean, half = float(values.mean()), _half_width(values)
    null = tuple(get(observed[f"null_{within}"], row, year) for within in GROUPS)
    return Verdict(row, year, seen, mean, mean - half, mean + half, float(values.min()), float(values.max()),
                   (null[0], null[1]))


def _half_width(values: Any) -> float:
    """Return half the width of the 95 % interval of a mean (t)."""
    from scipy.stats import t

    if len(values) < 2:
        return float("nan")
    return float(t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
