"""Network: who works with whom, again and anew, near and far."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.jit import jit
from sim.outcomes.observe import REMEMBERED
from sim.outcomes.registry import Direction, Record, mean, outcome, ratio
from sim.vocab import MAX_FIELDS_HELD

MODEL = "MODEL section 7"
EVIDENCE = "EVIDENCE section 4"


@jit
def relatedness_of(orgs, relatedness, left, right):
    """Return [pairs] float64: mean relatedness of the two portfolios of each pair of rows."""
    found = np.zeros(len(left))
    for k in range(len(left)):
        total, count = 0.0, 0
        for x in range(MAX_FIELDS_HELD):
            f = orgs.fields[left[k], x]
            if f < 0:
                continue
            for y in range(MAX_FIELDS_HELD):
                g = orgs.fields[right[k], y]
                if g >= 0:
                    total += relatedness[f, g]
                    count += 1
        found[k] = total / count if count else 0.0
    return found


def sector_ties(record: Record) -> np.ndarray[Any, Any]:
    """Return [sectors, sectors] float64: ties alive at the end, each counted from both its sides."""
    orgs, ties = record.orgs, record.relations[record.alive_ties]
    count = int(record.world.p.world_sectors)
    matrix = np.zeros((count, count))
    np.add.at(matrix, (orgs.sector[ties.a], orgs.sector[ties.b]), 1.0)
    return matrix + matrix.T


@outcome("per organisation", "neither", "MODEL section 5.8")
def ties(record: Record) -> float:
    """Ties alive at the end for each living organisation."""
    return 2.0 * ratio(float(record.alive_ties.sum()), float(record.series["alive"][-1]))


@outcome("share", "higher", "MODEL section 5.8; EVIDENCE section 2")
def tie_survival(record: Record) -> float:
    """Share of the pairs first brought together at least 8 quarters before the end whose tie is alive."""
    pairs, last = record.relations, int(record.world.n.step) - REMEMBERED
    young = (np.arange(len(pairs)) >= record.start.relations) & (pairs.first <= last) & ~record.bridges
    return mean(record.alive_ties[young])


@outcome("share", "neither", EVIDENCE)
def repeat_pairs(record: Record) -> float:
    """Share of the pairs of members that had worked together before."""
    return ratio(record.total("repeat_pairs"), record.total("pairs"))


@outcome("share", "higher", "EVIDENCE section 6: cross-sector ties")
def cross_sector(record: Record) -> float:
    """Share of the ties alive at the end that join two sectors."""
    orgs, pairs = record.orgs, record.relations[record.alive_ties]
    return mean(orgs.sector[pairs.a] != orgs.sector[pairs.b])


@outcome("share", "neither", EVIDENCE)
def cross_country(record: Record) -> float:
    """Share of the ties alive at the end that join two countries."""
    orgs, pairs = record.orgs, record.relations[record.alive_ties]
    return mean(orgs.country[pairs.a] != orgs.country[pairs.b])


@outcome("share", "neither", MODEL)
def cross_cluster(record: Record) -> float:
    """Share of the ties alive at the end that join two clusters."""
    orgs, pairs = record.orgs, record.relations[record.alive_ties]
    return mean(orgs.cluster[pairs.a] != orgs.cluster[pairs.b])


@outcome("relatedness", "lower", "MODEL section 5.7: lock-in emerges")
def lock_in(record: Record) -> float:
    """Mean relatedness of the portfolios of living partners who worked together more than once."""
    orgs, pairs = record.orgs, record.relations
    together = pairs.times.astype(np.int64) + pairs.running
    again = (together >= 2) & (pairs.last >= record.start.step) & record.alive_ties
    chosen = pairs[again]
    return mean(relatedness_of(orgs, record.world.relatedness, chosen.a.copy(), chosen.b.copy()))


FOUND: tuple[tuple[str, str, Direction], ...] = (
    ("known", "were known to the lead", "neither"),
    ("partners_of_partners", "came through a partner", "neither"),
    ("own_cluster", "came from the lead's own cluster", "neither"),
    ("bridged_clusters", "came across a bridge between clusters", "neither"),
    ("open_call", "answered an open call", "neither"),
    ("directory", "were found in a directory of everybody", "neither"),
    ("old_teams", "came along from an old team", "neither"),
    ("by_activity", "were found for being active", "neither"),
    ("other", "came through a user's own source", "neither"),
    ("renewed", "stayed from the team before", "neither"),
)


def _reach(source: str, text: str, direction: Direction) -> None:
    def share(record: Record) -> float:
        return ratio(record.total(f"from_{source}"), record.total("seats"))
    share.__doc__ = f"Share of partner seats whose holders {text}."
    globals()[f"reach_{source}"] = outcome("share", direction, "MODEL section 7: realised reach",
                                           name=f"reach_{source}")(share)


for _source, _text, _direction in FOUND:
    _reach(_source, _text, _direction)
