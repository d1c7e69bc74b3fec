"""The tables that consortia are judged by: where ties come from, who returns, who is new.

All pairs of members of a project count once for that project. What was "before" is what started on an earlier day.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from sim.experiment.consortia.data import Consortia, Floats, Integers
from sim.kernels.consortia import NEVER, first_two_days, largest_return, list_pairs, number_pairs

YEAR = 365  # days
BINS = (3, 5, 7, 9, 11, 13, 16, 21, 31, 101)
MOST_RETURNS = 5


@dataclass(frozen=True)
class Pairs:
    """All pairs of members of all projects, in order of the projects.

    Parameters
    ----------
    project, left, right : [pairs] int64, project and the two organisations, the smaller number first.
    number : [pairs] int64, number of the pair of organisations.
    met, again : [pairs of organisations] int64, day they first met, first later day (`NEVER` without one).
    """

    project: Integers
    left: Integers
    right: Integers
    number: Integers
    met: Integers
    again: Integers


def pairs(consortia: Consortia) -> Pairs:
    """Return all pairs of members and when they met."""
    size = consortia.size
    count = int((size * (size - 1) // 2).sum())
    project, left, right, number = (np.empty(count, np.int64) for _ in range(4))
    list_pairs(consortia.first, consortia.org, project, left, right)
    index = np.full(1 << max(4, int(2 * count).bit_length()), -1, np.int64)
    different = number_pairs(left, right, index, number)
    return Pairs(project, left, right, number, *two_days(number, consortia.start[project], different))


def two_days(key: Integers, day: Integers, keys: int) -> tuple[Integers, Integers]:
    """Return for each key its first day and the first day after that (`NEVER` where there is none)."""
    met, again = np.full(keys, NEVER), np.full(keys, NEVER)
    first_two_days(key, day, met, again)
    return met, again


def old_team(consortia: Consortia) -> Floats:
    """Return [projects] the largest share of members who sat together in one earlier project."""
    best = np.zeros(consortia.projects, np.int64)
    largest_return(consortia.first, consortia.org, consortia.start, consortia.organisations, best)
    return best / np.maximum(1, consortia.size)


def measure(consortia: Consortia) -> dict[str, Any]:
    """Return all figures: ``years`` (year to figures of that year), ``whole``, ``profile``, ``returns``.

    Shares are in [0, 1]; newcomers are seats of organisations without an earlier project.
    """
    found, overlap = pairs(consortia), old_team(consortia)
    arrived = two_days(consortia.org, consortia.start[consortia.project_of], consortia.organisations)[0]
    repeat = found.met[found.number] < consortia.start[found.project]
    years = {year: _year(consortia, year, found, repeat, overlap, arrived)
             for year in np.unique(consortia.year).tolist()}
    return {"years": years, "whole": concentration(consortia.org), "profile": profile(consortia, found.project, repeat),
            "returns": returns(found.number)}


def _year(consortia: Consortia, year: int, found: Pairs, repeat: Any, overlap: Floats,
          arrived: Integers) -> dict[str, Any]:
    """Return the figures of the projects that start in one year; pairs of a year lie side by side."""
    mine = consortia.year == year
    seats, of_year = mine[consortia.project_of], mine[found.project]
    columns = (found.left, found.right, found.number, found.project)
    left, right, number, project = (column[of_year] for column in columns)
    again, day = repeat[of_year], consortia.start[project]
    fresh = (arrived[left] >= day) | (arrived[right] >= day)
    new_seat = arrived[consortia.org[seats]] == consortia.start[consortia.project_of[seats]]
    first_time = np.unique(number[~again])
    ahead = int(consortia.year.max()) - year
    return {
        "projects": int(mine.sum()), "pairs": len(again), "repeat_pairs": int(again.sum()),
        "seats": int(seats.sum()), "new_seats": int(new_seat.sum()),
        "repeat_share": _mean(again), "new_tie_of_incumbents": _mean(~again & ~fresh),
        "pair_with_newcomer": _mean(~again & fresh), "newcomer_share": _mean(new_seat),
        "projects_with_repeat": len(np.unique(project[again])) / int(mine.sum()),
        "old_team_overlap": _mean(overlap[mine]), "half_from_one_team": _mean(overlap[mine] >= 0.5),
        "same_country_share": _same(consortia.org, consortia.country, left, right),
        "same_region_share": _same(consortia.org, consortia.region, left, right),
        "first_time_pairs": len(first_time),
        **{f"again_within_{n}": recurrence(found, first_time, n, ahead) for n in (1, 2)},
        **concentration(consortia.org[seats]),
    }


def _mean(values: Any) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def _same(org: Integers, place: Integers, left: Integers, right: Integers) -> float:
    """Return the share of pairs from one place, of those whose place is known (-1: unknown)."""
    at = np.full(int(org.max(initial=0)) + 1, -1, np.int64)
    at[org] = place
    known = (at[left] >= 0) & (at[right] >= 0)
    return _mean((at[left] == at[right])[known])


def recurrence(found: Pairs, first_time: Integers, within: int, ahead: int) -> float:
    """Return the share of first-time pairs that meet again within so many years; nan when fewer lie ahead."""
    if within > ahead:
        return float("nan")
    met, again = found.met[first_time], found.again[first_time]
    return _mean((again != NEVER) & (again - met <= within * YEAR))


def concentration(org: Integers) -> dict[str, float]:
    """Return the shares of participations of the busiest 1 % and 10 %, and the share with one project only."""
    held = np.bincount(org)
    held = np.sort(held[held > 0], kind="stable")[::-1]
    total = max(1, int(held.sum()))
    top = {f"top_{percent}": float(held[: max(1, round(len(held) * percent / 100))].sum() / total)
           for percent in (1, 10)}
    return {**top, "one_project": _mean(held == 1), "organisations": len(held)}


def profile(consortia: Consortia, project: Integers, repeat: Any) -> dict[str, float]:
    """Return the share of repeat pairs by size of consortium, after the first year."""
    later = consortia.year[project] > consortia.year.min(initial=NEVER)
    size = consortia.size[project]
    return {f"{low}-{high - 1}": _mean(repeat[later & (size >= low) & (size < high)])
            for low, high in pairwise(BINS)}


def returns(number: Integers) -> dict[str, float]:
    """Return the share of all pairs that met once, twice, three, four and at least five times."""
    times = np.bincount(number)
    shares = {str(n): _mean(times == n) for n in range(1, MOST_RETURNS)}
    return {**shares, f"{MOST_RETURNS}+": _mean(times >= MOST_RETURNS)}


def sizes(consortia: Consortia) -> dict[int, int]:
    """Return how many projects have so many partners."""
    count = np.bincount(consortia.size)
    return {int(size): int(count[size]) for size in np.flatnonzero(count)}
