"""What real consortia look like: all observed tables of a set of files, for everybody and for private firms alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.experiment.consortia.data import PRIVATE, Consortia
from sim.experiment.consortia.figures import Figures, figures
from sim.experiment.consortia.measure import sizes
from sim.experiment.consortia.minor import minor_partners
from sim.experiment.consortia.nulls import GROUPS, SHUFFLES


@dataclass(frozen=True)
class Observation:
    """The observed tables.

    Parameters
    ----------
    consortia : what was looked at.
    everybody, private : figures (`figures.figures`) of all organisations, and of private firms on their own
        (projects with at least two of them); None where there are none.
    sizes : projects by number of partners.
    minor : minor partners by number of fundable partners (`minor.minor_partners`).
    """

    consortia: Consortia
    everybody: Figures
    private: Figures | None
    sizes: dict[int, int]
    minor: dict[str, tuple[int, float]]

    def document(self) -> dict[str, Any]:
        """Return the tables for a program."""
        minor = {name: {"projects": count, "share": share} for name, (count, share) in self.minor.items()}
        return {"everybody": self.everybody, "private_firms": self.private, "sizes": self.sizes,
                "minor_partners": minor, "left_out": self.consortia.counted,
                "seats_without_country": int((self.consortia.country < 0).sum())}


    def lines(self) -> list[dict[str, Any]]:
        """Return the tables line by line, for a spreadsheet: who, table, year or class, figure, value, shuffles."""
        found = [line for who, figures in (("everybody", self.everybody), ("private firms", self.private)) if figures
                 for line in _lines(who, figures)]
        found += [{"who": "everybody", "table": "sizes", "at": str(size), "figure": "projects", "value": count}
                  for size, count in self.sizes.items()]
        for at, values in self.minor.items():
            found += [{"who": "everybody", "table": "minor partners", "at": at, "figure": name, "value": value}
                      for name, value in zip(("projects", "share"), values, strict=True)]
        return found


def _lines(who: str, found: Figures) -> list[dict[str, Any]]:
    """Return the lines of one set of figures, the shuffled means and their standard errors beside those of a year."""
    lines = []
    for year, row in found["years"].items():
        for name, value in row.items():
            nulls = {f"{kind}_{within}": found[f"{source}_{within}"]["years"][year].get(name)
                     for within in GROUPS for kind, source in (("shuffled", "null"), ("standard_error", "error"))}
            lines.append({"who": who, "table": "years", "at": str(year), "figure": name, "value": value, **nulls})
    lines += [{"who": who, "table": "all years", "at": "all", "figure": name, "value": value}
              for name, value in found["whole"].items()]
    return lines + [{"who": who, "table": table, "at": at, "figure": "share", "value": value}
                    for table in ("profile", "returns") for at, value in found[table].items()]


def observe(consortia: Consortia, shuffles: int = SHUFFLES) -> Observation:
    """Measure a set of consortia; the lifts stand on so many shuffles each."""
    private = private_firms(consortia)
    of_private = figures(private, shuffles) if private.projects else None
    return Observation(consortia, figures(consortia, shuffles), of_private, sizes(consortia),
                       minor_partners(consortia))


def private_firms(consortia: Consortia) -> Consortia:
    """Return the same projects with their private firms only; those with fewer than two drop out."""
    return consortia.only(consortia.kind == PRIVATE)
