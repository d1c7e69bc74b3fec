"""Three telling partnerships of one run, each told in a few sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.report.numbers import words
from sim.report.why import ending, person, why
from sim.vocab import MAX_FIELDS, Event

CENTS = 1e-5  # cents to kEUR
NOBODY = -1
KINDS = {"sme": "firm"}
WAYS = {"known": "known before", "partners_of_partners": "through a partner's partner",
        "own_cluster": "from the own cluster", "bridged_clusters": "across a bridge between clusters",
        "open_call": "by open call", "directory": "from the directory", "renewed": "kept from before"}


@dataclass(frozen=True)
class Biography:
    """A partnership: why it is told, its number in the run, and its life in sentences."""

    title: str
    number: int
    sentences: tuple[str, ...]


def telling(world: Any, since: int) -> list[Biography]:
    """Return up to three: the one worth most after its costs, the dearest failure, the one of most sectors."""
    chosen: list[tuple[str, int]] = []
    parts = world.parts[: int(world.n.partnerships)]
    fit = (parts.start >= since) & (parts.of_clusters == 0) & (parts.seats > 1) & (parts.ended >= 0)
    net = np.where(parts.won == 1, parts.value, 0) - parts.cost - parts.search_cost
    spent = parts.cost + parts.search_cost
    breadth = np.array([_sectors(world, part) if ok else 0 for part, ok in zip(parts, fit, strict=True)])
    for title, rank, where in (("Worth most after its costs", net, fit & (parts.won == 1)),
                               ("The dearest that failed", spent, fit & (parts.won == 0)),
                               ("Most sectors at one table", breadth, fit)):
        fresh = where & ~np.isin(np.arange(len(parts)), [number for _, number in chosen])
        if fresh.any():
            chosen.append((title, int(np.flatnonzero(fresh)[np.argmax(rank[fresh])])))
    return [Biography(title, number, _life(world, number, since)) for title, number in chosen]


def _sectors(world: Any, part: Any) -> int:
    seats = world.seats[int(part.seat0): int(part.seat0) + int(part.seats)]
    return len(set(world.orgs.sector[seats.org].tolist()))


def _life(world: Any, number: int, since: int) -> tuple[str, ...]:
    story, part = why(world, number), world.parts[number]
    return tuple(filter(None, (_began(world, story, since), _team(story), _reasons(story), _work(world, story, part),
                               _end(world, story, part, since))))


def _began(world: Any, story: dict[str, Any], since: int) -> str:
    initiator = person(world, int(world.parts[story["partnership"]].initiator))
    asked = len({role["field"] for role in story["roles"]})
    how = "kept its team together for a new challenge" if story["renewal"] else "met a challenge"
    return (f"In quarter {story['started'] - since + 1} {name(initiator)} {how} that asked for {len(story['roles'])} "
            f"roles in {asked} fields; it was worth {world.parts[story['partnership']].value * CENTS:,.0f} kEUR.")


def name(one: dict[str, Any]) -> str:
    """Return an organisation as people say it."""
    kind = KINDS.get(one["kind"], words(one["kind"]))
    return f"organisation {one['organisation']} ({kind} of sector {one['sector'] + 1})"


def _team(story: dict[str, Any]) -> str:
    others = [member for member in story["members"] if member["source"] != "self"]
    found = Counter(WAYS.get(member["source"], words(member["source"])) for member in others)
    ways = ", ".join(f"{count} {way}" if len(others) > 1 else way for way, count in found.most_common())
    sectors = len({member["sector"] for member in story["members"]})
    fresh = sum(member["newcomer"] for member in others)
    new = f"; {fresh} had never worked with anybody" if fresh else ""
    return (f"{_count(len(others), 'partner')} came: {ways}; {_count(sectors, 'sector')} at the table{new}. "
            f"The team truly covered {story['coverage']:.0%} of what was asked.")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _reasons(story: dict[str, Any]) -> str:
    joined = [one for one in story["candidates"] if one["fate"] == "joined the plan" and one["terms"]]
    declined = sum(one["fate"] == "declined" for one in story["candidates"])
    busy = sum(one["fate"] == "no time" for one in story["candidates"])
    said = []
    if joined:
        best = max(joined, key=lambda one: one["score"])
        terms = ", ".join(f"{words(term)} {value:.2f}" for term, value in best["terms"].items())
        said.append(f"organisation {best['organisation']} scored highest when first seen ({terms})")
    said += [f"{declined} of the best declined"] if declined else []
    said += [f"{busy} had no time"] if busy else []
    return f"Why these: {'; '.join(said)}." if said else ""


def _work(world: Any, story: dict[str, Any], part: Any) -> str:
    log = world.events[: int(world.n.events)]
    tried = log[(log.type == Event.DELIVERY) & (log.ref == story["partnership"])]
    done = int((tried.amount > 0).sum())
    vacant = sum(role["holder"] == NOBODY for role in story["roles"])
    nobody = f"; {vacant} role{'s' if vacant > 1 else ''} nobody held" if vacant else ""
    market = ", one role being market access" if any(role["field"] >= MAX_FIELDS for role in story["roles"]) else ""
    return (f"Of {len(tried)} quarterly tasks they delivered {done}{nobody}{market}; it cost "
            f"{part.cost * CENTS:,.1f} kEUR to work together, after {part.search_cost * CENTS:,.1f} kEUR to search.")


def _end(world: Any, story: dict[str, Any], part: Any, since: int) -> str:
    left = [member for member in story["members"] if 0 <= member["left"] < story["ended"]]
    before = f"{len(left)} left before the end; " if left else ""
    log = world.events[: int(world.n.events)]
    renewed = bool(((log.type == Event.RENEWED) & (log.ref == story["partnership"])).any())
    after = " The team stayed together." if renewed else ""
    opening = f"{before}it" if before else "It"
    return f"{opening} ended in quarter {story['ended'] - since + 1}: {ending(story)}.{after}"
