"""Consortia as arrays: who sat in which project, when it started, and what was left out of the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import UsageError, nearest
from sim.experiment.consortia.programmes import parts_of, programme_parts
from sim.scenario.past import read_participations, read_projects

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Years = tuple[int, int]  # first and last, both included
SMALLEST, LARGEST = 3, 100
TYPES = ("HES", "REC", "PRC", "PUB", "OTH")
PRIVATE = TYPES.index("PRC")
UNKNOWN = -1
DAY_ZERO = np.datetime64("1970-01-01", "D")


@dataclass(frozen=True)
class Consortia:
    """Projects in order of start, and their seats.

    Parameters
    ----------
    start : [projects] int64, days since 1970; projects that start on one day are blind to each other.
    year : [projects] int64.
    theme : [projects] int64, number of the project's theme (all its programme parts together).
    first : [projects + 1] int64, the seats of project p are first[p] to first[p + 1].
    org, kind : [seats] int64, numbers of the organisation and its type (`TYPES`).
    country, region : [seats] int64, number of its country and region (NUTS code), -1 where not given.
    sme : [seats] int64, 1 small or medium-sized firm, 0 not, -1 where not given.
    budget : [seats] float64, EU contribution in euro, nan where not given.
    themes, countries : names of the numbers.
    counted : what was left out on reading, by reason.
    """

    start: Integers
    year: Integers
    theme: Integers
    first: Integers
    org: Integers
    country: Integers
    kind: Integers
    region: Integers
    sme: Integers
    budget: Floats
    themes: tuple[str, ...]
    countries: tuple[str, ...]
    counted: dict[str, int]

    @property
    def projects(self) -> int:
        """Number of projects."""
        return len(self.start)

    @property
    def organisations(self) -> int:
        """Organisation numbers run from 0 to this, less one."""
        return int(self.org.max(initial=-1)) + 1

    @property
    def size(self) -> Integers:
        """[projects] members of each."""
        return np.diff(self.first)

    @property
    def project_of(self) -> Integers:
        """[seats] project of each seat."""
        return np.repeat(np.arange(self.projects), self.size)

    def with_seats(self, org: Integers) -> Consortia:
        """Return the same projects with other organisations in their seats; doubles within a project are dropped."""
        keep = first_of_each(self.project_of, org)
        size = np.bincount(self.project_of[keep], minlength=self.projects)
        traits: dict[str, Any] = {name: self._trait(name)[org[keep]] for name in ("country", "kind", "region", "sme")}
        return replace(self, org=org[keep], budget=self.budget[keep], first=_starts(size), **traits)

    def _trait(self, name: str) -> Integers:
        """Return for each organisation what its first seat says of it."""
        of_org = np.full(self.organisations, UNKNOWN)
        of_org[self.org[::-1]] = getattr(self, name)[::-1]
        return of_org

    def only(self, seats: Mask, least: int = 2) -> Consortia:
        """Return the consortia reduced to some seats; projects left with fewer than ``least`` drop out."""
        size = np.bincount(self.project_of[seats], minlength=self.projects)
        stays = size >= least
        seats = seats & stays[self.project_of]
        of_project = {name: getattr(self, name)[stays] for name in ("start", "year", "theme")}
        of_seat = {name: getattr(self, name)[seats] for name in ("org", "country", "kind", "region", "sme", "budget")}
        return replace(self, first=_starts(size[stays]), **of_project, **of_seat)

    def years(self, first: int, last: int) -> Consortia:
        """Return the consortia that start in these years, both included."""
        inside = (self.year >= first) & (self.year <= last)
        return self.only(inside[self.project_of], 1)


def span(years: Years) -> str:
    """Return a range of years as one writes it: 2014-2016, or 2017."""
    return f"{years[0]}-{years[1]}" if years[0] < years[1] else str(years[0])


def _starts(size: Integers) -> Integers:
    return np.concatenate([[0], np.cumsum(size)])


def first_of_each(project: Integers, org: Integers) -> Integers:
    """Return the seats that are the first of their organisation in their project, in order."""
    pair = project * (int(org.max(initial=0)) + 1) + org
    return np.sort(np.unique(pair, return_index=True)[1])


def read(projects: str, participations: str, years: tuple[int, int] | None = None,
         programmes: Sequence[str] = ()) -> Consortia:
    """Read past projects, of the simple form or as CORDIS publishes them.

    Parameters
    ----------
    years : first and last year of start, both included; all without.
    programmes : keep projects of these programme parts only.

    Raises
    ------
    ScenarioError
        For what cannot be read, with file and line; `UsageError` when nothing is left.
    """
    project = read_projects(projects)
    seat = read_participations(participations, project)
    number = {name: n for n, name in enumerate(project["project"])}
    of = np.array([number[name] for name in seat["project"]], np.int64)
    org = _numbered(seat["org"])[1]
    once = first_of_each(of, org)
    themes, theme = _numbered([programme_parts(text) for text in project["theme"]])
    year = project["start"].astype("datetime64[Y]").astype(np.int64) + 1970
    stays, counted = _select(np.bincount(of[once], minlength=len(number)), year, years,
                             _of_programmes(themes, programmes)[theme])
    counted = {"projects without a start date": len(project["undated"]), **counted,
               "repeated rows of one organisation in one project": len(of) - len(once)}
    if not stays.any():
        raise UsageError(_nothing_left(counted, year))
    start = (project["start"] - DAY_ZERO).astype(np.int64)
    order = np.argsort(start, kind="stable")
    order = order[stays[order]]
    keep = _seats_in_order(once[stays[of[once]]], of, order)
    countries, country = _places(seat["country"])
    size = np.bincount(of[keep], minlength=len(number))[order]
    number_of = np.unique(org[keep], return_inverse=True)[1]
    return Consortia(start[order], year[order], theme[order], _starts(size), number_of, country[keep],
                     _types(seat["type"])[keep], _places(seat["region"])[1][keep], seat["sme"][keep],
                     seat["ec_eur"][keep], themes, countries, counted)


def _select(size: Integers, year: Integers, years: tuple[int, int] | None, wanted: Mask) -> tuple[Mask, dict[str, int]]:
    """Return which projects stay, and how many go for which reason (the first that applies)."""
    inside = np.ones(len(size), bool) if years is None else (year >= years[0]) & (year <= years[1])
    stays = wanted & inside
    counted = {
        "projects of other programmes": int((~wanted).sum()),
        "projects that start in other years": int((wanted & ~inside).sum()),
        "projects without any partner": int((stays & (size == 0)).sum()),
        f"projects with fewer than {SMALLEST} partners": int((stays & (size > 0) & (size < SMALLEST)).sum()),
        f"projects with more than {LARGEST} partners": int((stays & (size > LARGEST)).sum()),
    }
    return stays & (size >= SMALLEST) & (size <= LARGEST), counted


def _seats_in_order(seats: Integers, of: Integers, order: Integers) -> Integers:
    """Return seats sorted by the place of their project in ``order``; inside a project as in the file."""
    place = np.full(int(of.max(initial=0)) + 1 + len(order), len(order))
    place[order] = np.arange(len(order))
    return seats[np.argsort(place[of[seats]], kind="stable")]


def _numbered(names: Sequence[Any]) -> tuple[tuple[str, ...], Integers]:
    found, numbers = np.unique(np.array(names, dtype=object).astype(str), return_inverse=True)
    return tuple(found.tolist()), numbers.astype(np.int64)


def _types(names: Sequence[str]) -> Integers:
    return np.array([TYPES.index(name) for name in names], np.int64)


def _places(names: Sequence[str]) -> tuple[tuple[str, ...], Integers]:
    """Return the places named and the number of each, -1 where none is given: blanks are no place that two share."""
    found, number = _numbered(names)
    return (found[1:], number - 1) if found[:1] == ("",) else (found, number)


def _of_programmes(themes: Sequence[str], programmes: Sequence[str]) -> Mask:
    """Return for each theme whether it has one of the programme parts; an unknown part is a usage error."""
    if not programmes:
        return np.ones(len(themes), bool)
    known = sorted(set().union(*map(parts_of, themes)))
    for name in programmes:
        if name not in known:
            close = nearest(name, known)
            hint = f"; did you mean '{close}'?" if close else "."
            raise UsageError(f"--programme: no project is of '{name}'{hint} There are: {', '.join(known)}")
    return np.array([bool(parts_of(theme) & set(programmes)) for theme in themes])


def _nothing_left(counted: dict[str, int], year: Integers) -> str:
    reasons = "; ".join(f"{count:,} {reason}" for reason, count in counted.items() if count) or "the files hold none"
    span = f" The file has projects that start from {year.min()} to {year.max()}." if len(year) else ""
    return f"no consortium is left: {reasons}.{span}"
