"""Compare the twin with the engine after a quarter: everything that either can tell, exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Table = dict[Any, Any]
NOT_IN_TWIN = {"proposals"}  # the twin has no contests, so its proposals are its challenges


def flows(world: Any, twin: Any) -> tuple[Table, Table]:
    """Return what was counted this quarter: challenges, formations, outcomes, cents by purpose."""
    names = [name for name in world.flow.dtype.names if world.flow[name].shape == () and name not in NOT_IN_TWIN]
    return {name: int(world.flow[name]) for name in names}, {name: int(twin.flow[name]) for name in names}


def organisations(world: Any, twin: Any) -> tuple[Table, Table]:
    """Return who lives, with capital in cents and every trait that changes, bit for bit."""
    rows = [row for row in world.orgs[: int(world.n.organisations)] if row.left < 0]
    engine = {int(row.uid): (
        int(row.capital), int(row.running), int(row.joined), float(row.openness), float(row.reputation),
        tuple(row.vision.tolist()), tuple((int(f), float(v)) for f, v in zip(row.fields, row.levels) if f >= 0))
        for row in rows}
    plain = {j.uid: (j.capital, j.running, j.joined, j.openness, j.reputation, tuple(j.vision),
                     tuple(j.levels.items())) for j in twin.agents}
    return engine, plain


def partnerships(world: Any, twin: Any) -> tuple[Table, Table]:
    """Return the running partnerships: lead, members in order of joining with their costs, role holders."""
    uid = world.orgs.uid
    engine = {}
    for a in world.active[: int(world.n.active)]:
        row = world.parts[a]
        seats = world.seats[int(row.seat0) : int(row.seat0) + int(row.seats)]
        roles = world.roles[int(row.role0) : int(row.role0) + int(row.roles)]
        engine[int(row.uid)] = (
            int(uid[row.lead]), int(row.due), float(row.promise),
            tuple((int(uid[s.org]), int(s.cost), int(s.unhappy), int(s.source)) for s in seats if s.left < 0),
            tuple((int(r.competence), int(uid[r.holder]) if r.holder >= 0 else -1, int(r.deliveries)) for r in roles))
    plain = {a.uid: (
        a.lead.uid, a.due, a.promise,
        tuple((j.uid, seat.cost, seat.unhappy, seat.source) for j, seat in a.members.items()),
        tuple((r.field, r.holder.uid if r.holder else -1, r.deliveries) for r in a.roles)) for a in twin.active}
    return engine, plain


def endings(world: Any, twin: Any) -> tuple[Table, Table]:
    """Return the partnerships that ended in this quarter's phase of parting, and whether each was won."""
    rows = world.parts[: int(world.n.partnerships)]
    engine = {int(row.uid): bool(row.won) for row in rows[rows.ended == world.n.step - 1]}
    return engine, {a.uid: a.won for a in twin.over}


def relations(world: Any, twin: Any) -> tuple[Table, Table]:
    """Return all relations in their order: trust on both sides, work done together."""
    uid = world.orgs.uid
    engine = {}
    for number, row in enumerate(world.rels[: int(world.n.relations)]):
        sides = {int(uid[row.a]): float(row.trust_ab), int(uid[row.b]): float(row.trust_ba)}
        engine[number] = (sides, int(row.times), int(row.running), int(row.successes), int(row.failures))
    plain = {number: ({j.uid: trust for j, trust in r.trust.items()}, r.times, r.running, r.successes, r.failures)
             for number, r in enumerate(twin.relations)}
    return engine, plain


CHECKS: tuple[Callable[[Any, Any], tuple[Table, Table]], ...] = (
    flows, organisations, partnerships, endings, relations)


def differences(world: Any, twin: Any) -> dict[str, list[str]]:
    """Return, by kind of thing, which keys differ; empty when engine and twin agree exactly."""
    found = {}
    for check in CHECKS:
        engine, plain = check(world, twin)
        wrong = [str(key) for key in {**engine, **plain} if engine.get(key) != plain.get(key)]
        if wrong:
            found[check.__name__] = wrong
    return found
