"""A world from real past projects: who the organisations are, read from what they took part in.

What the files say is used as it is: every organisation that took part, its country, its kind, every
pair that met. What they do not say is assumed, and only here:

- a blank country is a country of its own, for it is no place that two share;
- kind: HES and REC are research, PUB and OTH (associations, cluster bodies) public, PRC an SME: the
  files do not tell large firms from small ones;
- the themes, from the most to the least frequent, are dealt out over the sectors and inside a
  sector over its fields; an organisation's sector is the one it worked in most, its portfolio
  begins with the fields of its themes, levels and further fields are drawn;
- activity is proportional to the number of participations, its mean that of a drawn world;
- at least ten organisations of one country and sector form a cluster; others are in none.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.errors import Problem, ScenarioError
from sim.luck import exp
from sim.scenario.codes import MOST_COUNTRIES, code_of, uids
from sim.vocab import MAX_FIELDS_HELD, NOBODY, Kind
from sim.world.from_tables import Array, ClusterTable, OrganisationTable, OwnWorld, Past

KINDS = {"PRC": Kind.SME, "REC": Kind.RESEARCH, "HES": Kind.RESEARCH, "PUB": Kind.PUBLIC, "OTH": Kind.PUBLIC}
SMALLEST_CLUSTER = 10
MONTHS_PER_QUARTER = 3


def past_world(projects: dict[str, Any], took_part: dict[str, Any], fields: int, sectors: int,
               sigma: float) -> OwnWorld:
    """Return the world that begins where the projects end.

    Parameters
    ----------
    projects, took_part : columns from `sim.scenario.past`.
    fields, sectors : competence fields and sectors of the world.
    sigma : spread of activity in a drawn world, whose mean is kept.
    """
    names, who = np.unique(np.array(took_part["org"], str), return_inverse=True)
    where = {name: row for row, name in enumerate(projects["project"])}
    which = np.array([where[name] for name in took_part["project"]], np.int64)
    countries, home = homes(who, took_part["country"], len(names))
    kind = most_frequent(who, np.array([int(KINDS[word]) for word in took_part["type"]]), len(names))
    past = past_of(projects["start"], which, who)
    portfolio = portfolios_of(projects["theme"], which, who, len(names), field_of_rank(fields, sectors))
    sector = sectors_of(portfolio, fields, sectors)
    cluster, table = form_clusters(home, sector)
    activity = np.bincount(past.member, minlength=len(names)) * (len(names) / len(past.member))
    levels = np.full((len(names), MAX_FIELDS_HELD), np.nan)
    people = OrganisationTable(uids("organisation", names), kind, home, sector, cluster,
                               activity * float(exp(0.5 * sigma * sigma)), portfolio, levels)
    return OwnWorld(countries, table, people, past)


def homes(who: Array, words: list[str], people: int) -> tuple[int, Array]:
    """Return how many countries there are and [people] the country named most often for each.

    Whoever never has one named gets a country of its own: a blank is no place that two share.
    """
    named = np.array([bool(word) for word in words], bool)
    code = code_of((word for word in words if word), MOST_COUNTRIES, "country")
    home = most_frequent(who[named], np.array([code[word] for word in words if word], np.int64), people)
    nowhere = np.setdiff1d(np.arange(people), who[named])
    countries = 1 + max(code.values(), default=-1)
    if countries + len(nowhere) > MOST_COUNTRIES:
        raise ScenarioError([Problem("tables.participations", "country", "too many organisations without a country",
                                     f"{len(nowhere):,}", f"at most {MOST_COUNTRIES:,} with the countries named")])
    home[nowhere] = countries + np.arange(len(nowhere))
    return countries + len(nowhere), home


def ranked(group: Array, code: Array) -> tuple[Array, Array]:
    """Return each (group, code) that occurs, groups ascending, the most frequent code first, ties by code."""
    width = int(code.max(initial=0)) + 1
    pair, count = np.unique(group.astype(np.int64) * width + code, return_counts=True)
    order = np.lexsort((pair % width, -count, pair // width))
    return pair[order] // width, pair[order] % width


def most_frequent(group: Array, code: Array, groups: int) -> Array:
    """Return the code that occurs most often in each group; the smallest of equals, 0 where there is none."""
    found, codes = ranked(group, code)
    first = np.flatnonzero(np.diff(found, prepend=-1))
    best = np.zeros(groups, np.int64)
    best[found[first]] = codes[first]
    return best


def past_of(start: Array, which: Array, who: Array) -> Past:
    """Return the projects in order of their start, counted in quarters before the first step."""
    quarter = start.astype("datetime64[M]").astype(np.int64) // MONTHS_PER_QUARTER
    order = np.lexsort((np.arange(len(start)), start.astype(np.int64)))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    joined = np.unique(np.stack([place[which], who], axis=1), axis=0)
    offset = np.searchsorted(joined[:, 0], np.arange(len(order) + 1))
    return Past(quarter[order] - quarter.max() - 1, offset, joined[:, 1])


def field_of_rank(fields: int, sectors: int) -> Array:
    """Return [fields] the field dealt to each rank of themes: sector after sector, then again.

    Themes beyond the last field begin anew.
    """
    sector = np.arange(fields) * sectors // fields
    turn = np.arange(fields) - np.searchsorted(sector, sector)
    return np.lexsort((sector, turn))


def portfolios_of(themes: list[str], which: Array, who: Array, people: int, dealt: Array) -> Array:
    """Return [people, MAX_FIELDS_HELD] the fields of each one's themes, most frequent first, -1 padding."""
    parts = [[part.strip() for part in text.split(";") if part.strip()] for text in themes]
    flat = np.array([part for some in parts for part in some], str)
    number = np.array([len(some) for some in parts], np.int64)
    held = np.full((people, MAX_FIELDS_HELD), NOBODY, np.int8)
    if not len(flat):
        return held
    name, theme, count = np.unique(flat, return_inverse=True, return_counts=True)
    rank = np.empty(len(name), np.int64)
    rank[np.lexsort((name, -count))] = np.arange(len(name))
    field = dealt[rank[theme] % len(dealt)]
    first = np.cumsum(number) - number
    repeats = number[which]
    within = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    group, best = ranked(np.repeat(who, repeats), field[np.repeat(first[which], repeats) + within])
    place = np.arange(len(group)) - np.searchsorted(group, group)
    keep = place < MAX_FIELDS_HELD
    held[group[keep], place[keep]] = best[keep]
    return held


def sectors_of(portfolio: Array, fields: int, sectors: int) -> Array:
    """Return the sector of each one's most frequent field; without any theme the first sector."""
    return np.maximum(portfolio[:, 0].astype(np.int64), 0) * sectors // fields


def form_clusters(country: Array, sector: Array) -> tuple[Array, ClusterTable]:
    """Return each one's cluster (or -1) and the clusters, in order of country and sector."""
    width = int(sector.max(initial=0)) + 1
    place, inverse, size = np.unique(country * width + sector, return_inverse=True, return_counts=True)
    large = size >= SMALLEST_CLUSTER
    row = np.where(large, np.cumsum(large) - 1, NOBODY)
    place = place[large]
    names = [f"{number // width}:{number % width}" for number in place]
    return row[inverse], ClusterTable(uids("cluster", names), place // width, place % width,
                                      np.full(len(place), np.nan))
