"""What became of supported ties and agreements: noted once a quarter, before the instruments act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.instruments.common.programme import Programme
from sim.kernels.pairs import find
from sim.vocab import Kind
from sim.world.ledger import ENTERED, IN_PROJECT
from sim.world.world import World

REMEMBERED = 8  # quarters for which a tie counts as alive after its sides last worked together (MODEL 5.8)
YEARS = (1, 3, 5)
QUARTERS_PER_YEAR = 4
NOBODY = -1


def look_back(world: World, programmes: Sequence[Programme], quarter: int) -> None:
    """Note which agreements became projects, which projects became market entries, which supported ties live."""
    claim_projects(world)
    note_entries(world)
    for me in programmes:
        if quarter == me.end + 1:
            world.ledger.cohorts[me.number] = cohort(world, me)
        for years in YEARS:
            if quarter == me.end + QUARTERS_PER_YEAR * years:
                note_survival(world, me, years)


def claim_projects(world: World) -> None:
    """Give each partnership that formed since the last look to the first agreement of two of its members."""
    ledger, parts = world.ledger, world.parts
    count = int(world.n.partnerships)
    for a in range(ledger.partnerships_seen, count) if ledger.agreements else ():
        if parts.of_clusters[a]:
            continue
        seats = world.seats[parts.seat0[a]: parts.seat0[a] + parts.seats[a]]
        team = sorted(int(j) for j in seats.org)
        pairs = [(i, j) for n, i in enumerate(team) for j in team[n + 1:] if (i, j) in ledger.agreements]
        if pairs:
            claim(world, a, ledger.agreements.pop(pairs[0]))
    ledger.partnerships_seen = count


def claim(world: World, partnership: int, meeting: int) -> None:
    """Note that a partnership came of an agreement."""
    row = world.ledger.rows("meetings")[meeting]
    row.project = partnership
    world.ledger.projects.append(meeting)
    world.ledger.mark(IN_PROJECT, (int(row.a), int(row.b)), int(row.instrument))


def note_entries(world: World) -> None:
    """Note who entered a third market: its project of an agreement aimed there and succeeded."""
    meetings, parts, still = world.ledger.rows("meetings"), world.parts, []
    for meeting in world.ledger.projects:
        row = meetings[meeting]
        if parts.ended[row.project] < 0:
            still.append(meeting)
        elif parts.won[row.project] and parts.market[row.project] >= 0:
            world.ledger.mark(ENTERED, (int(row.a), int(row.b)), int(row.instrument))
    world.ledger.projects = still


def cohort(world: World, me: Programme) -> tuple[Any, Any, Any]:
    """Return the relations that arose in an instrument's time and have worked: under a grant, beside it, voluntary.

    The voluntary are those of consortia from the reserve list. Beside the grant, for comparison, counts what arose
    within a quarter of one of these: ties of the same age, as younger ones are alive more often.
    """
    rels, step = world.rels[: int(world.n.relations)], int(world.n.step)
    worked = ((rels.times > 0) | (rels.running > 0)) & same_kind(world, me, rels)
    in_time, beside = worked & (rels.first >= step - me.quarters), worked & (rels.grant == 0)
    ours, voluntary = np.flatnonzero(in_time & (rels.grant == 1)), voluntary_ties(world, me, in_time & beside)
    born = np.unique(rels.first[np.concatenate([ours, voluntary])])
    same_age = np.isin(rels.first, np.concatenate([born - 1, born, born + 1]))
    return ours, np.setdiff1d(np.flatnonzero(beside & same_age), voluntary), voluntary


def voluntary_ties(world: World, me: Programme, beside: Any) -> Any:
    """Return the rows of relations, of those ``beside`` the grants, between members of one voluntary consortium."""
    actions = world.ledger.rows("actions")
    ties = ties_of(world, actions.partnership[(actions.instrument == me.number) & (actions.voluntary == 1)])
    return ties[beside[ties]]


def ties_of(world: World, partnerships: Any) -> Any:
    """Return the rows of relations, each once and in order, between any two who ever sat in one of the partnerships."""
    found: set[int] = set()
    for part in world.parts[partnerships]:
        team = world.seats.org[part.seat0: part.seat0 + part.seats]
        found |= {int(find(world.view(), int(i), int(j))) for n, i in enumerate(team) for j in team[:n]}
    return np.array(sorted(found - {NOBODY}), np.int64)


def note_survival(world: World, me: Programme, years: int) -> None:
    """Note how many of the ties born under this instrument are alive, and of those of their age beside it.

    Later calls may fund both sides of a tie together. Supported and voluntary ties are counted twice: as they began,
    and without those to which that happened; ties beside the programme to which it happened are left out.
    """
    if me.number not in world.ledger.cohorts:
        return
    ours, others, voluntary = world.ledger.cohorts[me.number]
    funded = funded_together(world)
    groups = {"ties": ours, "once": np.setdiff1d(ours, funded_together(world, me)), "voluntary": voluntary,
              "never": np.setdiff1d(voluntary, funded), "others": np.setdiff1d(others, funded)}
    counts = {name: len(ties) for name, ties in groups.items()}
    living = {"alive" if name == "ties" else f"{name}_alive": alive(world, ties) for name, ties in groups.items()}
    world.ledger.append("survivals", instrument=me.number, years=years, **counts, **living)


def funded_together(world: World, apart_from: Programme | None = None) -> Any:
    """Return the rows of relations whose sides sat in one funded consortium or small project, of another instrument."""
    actions = world.ledger.rows("actions")
    chosen = actions.award > 0
    if apart_from is not None:
        chosen &= actions.instrument != apart_from.number
    return ties_of(world, actions.partnership[chosen])


def alive(world: World, ties: Any) -> int:
    """Return how many relations are alive: both sides live, and work together or did within two years."""
    rels, left = world.rels[ties], world.orgs.left
    working = (rels.running > 0) | (int(world.n.step) - rels.last <= REMEMBERED)
    return int((working & (left[rels.a] < 0) & (left[rels.b] < 0)).sum())


def same_kind(world: World, me: Programme, rels: Any) -> Any:
    """Return [relations] bool: both sides are of the kind that applies: bridges for calls to clusters."""
    kinds = world.orgs.kind
    wanted = Kind.CLUSTER_ORGANISATION if me.applicants.kind == Kind.CLUSTER_ORGANISATION else Kind.SME
    return (kinds[rels.a] == wanted) & (kinds[rels.b] == wanted)


def remember_costs(world: World, programmes: Sequence[Programme]) -> None:
    """Keep what each seat has paid so far: a voucher pays back what the coming quarter adds."""
    if any(me.pays == "coordination" and me.kind == "voucher" for me in programmes):
        world.ledger.seat_costs = world.seats.cost[: int(world.n.seats)].astype(np.int64)
