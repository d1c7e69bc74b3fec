"""One run, quarter by quarter, as columns of small whole numbers: what a recording keeps of a policy.

The player derives who is tied to whom from partnerships and their seats; `derive` is that rule, and
every quarter it is checked against the engine: where they differ, the quarter is listed in ``fixes``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outcomes.observe import REMEMBERED
from sim.vocab import Event, Fate

if TYPE_CHECKING:
    from sim.run import RunResult
    from sim.simulation import Simulation

FOREVER = 9999
LEVELS = 8          # trust is kept in eighths
STICKY = 0.75       # eighths by which trust must move before another level is written down
MEMORY = REMEMBERED + 1  # quarters after its end in which a tie still counts as alive
Array = np.ndarray[Any, Any]
Column = list[int]


@dataclass
class Watch:
    """What is noted after each quarter, because the tables at the end no longer tell it.

    Parameters
    ----------
    since : step at which the comparison began.
    trust : for each quarter [relations] int8, mean trust in eighths, or -1 where the tie is not alive.
    """

    since: int
    trust: list[Array] = field(default_factory=list)
    level: Array = field(default_factory=lambda: np.zeros(0, np.int8))

    def note(self, world: Any) -> None:
        """Note which ties are alive after this quarter, and how far they are trusted."""
        rels, step = world.rels[: int(world.n.relations)], int(world.n.step) - 1
        left = world.orgs.left
        alive = (rels.running > 0) | ((rels.times > 0) & (step - rels["last"] <= REMEMBERED))
        alive &= (left[rels.a] == -1) & (left[rels.b] == -1)
        exact = (rels.trust_ab + rels.trust_ba) * (LEVELS / 2)
        before = np.full(len(rels), -1, np.int8)
        before[: len(self.level)] = self.level
        moved = (before < 0) | (np.abs(exact - before) > STICKY)
        now = np.where(moved, np.floor(exact + 0.5), before).astype(np.int8)
        self.level = np.where(alive, now, before)
        self.trust.append(np.where(alive, now, -1).astype(np.int8))


def watched(simulation: Simulation, quarters: int, watch: Watch) -> None:
    """Run the quarters one by one and note each; the first note is the state before the first."""
    watch.note(simulation.world)
    for _ in range(quarters):
        simulation.step()
        watch.note(simulation.world)


@dataclass(frozen=True)
class Team:
    """A partnership as the player knows it: quarters counted so that 1 is the first compared."""

    start: int
    end: int
    members: tuple[int, ...]
    joined: tuple[int, ...]
    left: tuple[int, ...]


def teams(world: Any, since: int, node: Array) -> Iterator[tuple[int, Team]]:
    """Yield the partnerships that run during the comparison, by row."""
    parts, count = world.parts[: int(world.n.partnerships)], int(world.n.seats)
    rows = np.flatnonzero((parts.seats > 0) & ((parts.ended < 0) | (parts.ended >= since)))
    quarter = 1 - since
    member, joined = node[world.seats.org[:count]].tolist(), (world.seats.joined[:count] + quarter).tolist()
    left = np.where(world.seats.left[:count] < 0, FOREVER, world.seats.left[:count] + quarter).tolist()
    start = (parts.start[rows] + quarter).tolist()
    end = np.where(parts.ended[rows] < 0, FOREVER, parts.ended[rows] + quarter).tolist()
    first, last = parts.seat0[rows].tolist(), (parts.seat0 + parts.seats)[rows].tolist()
    for row, begin, over, a, b in zip(rows.tolist(), start, end, first, last, strict=True):
        yield row, Team(begin, over, tuple(member[a:b]), tuple(joined[a:b]), tuple(left[a:b]))


Interval = tuple[int, int]


def meetings(team: Team) -> Iterator[tuple[int, int, Interval]]:
    """Yield each pair that sat in a team together, and from when (inclusive) to when (exclusive).

    Whoever stayed to the end met whoever sat down before it, be it in the last quarter.
    """
    for i, one in enumerate(team.members):
        for j in range(i):
            stayed = team.left[j] > team.joined[i] or team.left[j] == team.end
            if stayed or team.joined[j] == team.joined[i]:
                begin = max(team.joined[i], team.joined[j])
                yield one, team.members[j], (begin, max(begin, min(team.left[i], team.left[j])))


def derive(past: list[list[int]], found: list[Team]) -> dict[tuple[int, int], list[Interval]]:
    """Return every pair, in the order in which the player numbers them, and when each is tied."""
    ties: dict[tuple[int, int], list[Interval]] = {}
    for a, b, _, last in past:
        ties[min(a, b), max(a, b)] = [(last, last + MEMORY)]
    for team in found:
        for a, b, (begin, end) in meetings(team):
            ties.setdefault((min(a, b), max(a, b)), []).append((begin, min(FOREVER, end + MEMORY)))
    return ties


def fixes(ties: dict[tuple[int, int], list[Interval]], watch: Watch, ends: Array, gone: Array) -> tuple[Any, Any]:
    """Return where the rule errs ([tie, from, to] each: alive and not are swapped) and trust by tie and quarter."""
    number = {pair: k for k, pair in enumerate(ties)}
    level = np.full((len(ties), len(watch.trust)), -1, np.int8)
    row_of = np.array([number.get((min(a, b), max(a, b)), -1) for a, b in ends.tolist()], np.int64)
    for t, trust in enumerate(watch.trust):
        rows = row_of[: len(trust)]
        level[rows[rows >= 0], t] = trust[rows >= 0]
    errs = said_alive(ties, len(watch.trust), gone) != (level >= 0)
    wrong = [[int(k), begin, end] for k in np.flatnonzero(errs.any(axis=1)) for begin, end in spans_of(errs[k])]
    return wrong, level


def said_alive(ties: dict[tuple[int, int], list[Interval]], quarters: int, gone: Array) -> Array:
    """Return [ties, quarters] bool: alive by the rule."""
    spans = np.array([(k, begin, end) for k, pair in enumerate(ties) for begin, end in ties[pair]], np.int64)
    change = np.zeros((len(ties), quarters + 1), np.int16)
    if len(spans):
        np.add.at(change, (spans[:, 0], np.clip(spans[:, 1], 0, quarters)), 1)
        np.add.at(change, (spans[:, 0], np.clip(spans[:, 2], 0, quarters)), -1)
    pairs = np.array(list(ties), np.int64).reshape(-1, 2)
    until = np.minimum(gone[pairs[:, 0]], gone[pairs[:, 1]])
    return (np.cumsum(change, axis=1)[:, :quarters] > 0) & (np.arange(quarters) < until[:, None])


def spans_of(where: Array) -> list[Interval]:
    """Return the stretches [begin, end) in which ``where`` holds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], where, [False]]).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]


def steps_of(level: Array) -> dict[str, Column]:
    """Return trust as each tie's first level and one column of steps: tie distance × 2 + (1 up, 0 down)."""
    shown = level >= 0
    first = np.where(shown.any(1), level[np.arange(len(level)), shown.argmax(1)], 0) if len(level) else level
    now = first.astype(int)
    count: Column = []
    code: Column = []
    for t in range(level.shape[1]):
        there, last, before = np.flatnonzero(shown[:, t] & (level[:, t] != now)), 0, len(code)
        for k in there.tolist():
            jump = int(level[k, t]) - int(now[k])
            code += [2 * (k - last) + (jump > 0)] + [int(jump > 0)] * (abs(jump) - 1)
            last = k
        now = np.where(shown[:, t], level[:, t], now)
        count.append(len(code) - before)
    return {"first": first.tolist(), "count": count, "code": code}


def partnership_columns(result: RunResult, since: int, node: Array) -> tuple[dict[str, Column], list[Team]]:
    """Return the partnerships and their seats as columns."""
    world: Any = result.world
    rows, found = [], []
    for row, team in teams(world, since, node):
        rows.append(row)
        found.append(team)
    parts = world.parts[np.array(rows, np.int64)]
    events = world.events[: int(world.n.events)]
    renewed = set(events.ref[events.type == Event.RENEWED].tolist())
    leads = _first_leads(world, rows, found, node)
    reasons, why = _leaving(events), _whys(world)
    columns: dict[str, Column] = {
        "row": _gaps(rows), "start": _gaps([team.start for team in found]),
        "length": [0 if team.end == FOREVER else team.end - team.start + 1 for team in found],
        "reason": parts.reason.tolist(), "won": parts.won.tolist(), "size": [len(team.members) for team in found],
        "roles": parts.roles.tolist(), "coverage": np.round(parts.coverage * 20).astype(int).tolist(),
        "value": np.round(parts.value / 1e5).astype(int).tolist(), "of_clusters": parts.of_clusters.tolist(),
        "renewal": parts.renewal.tolist(), "renewed": [int(row in renewed) for row in rows], "lead": leads,
        "declined": [why.get(uid, NOTHING).declined for uid in parts.uid.tolist()],
        "busy": [why.get(uid, NOTHING).busy for uid in parts.uid.tolist()],
    }
    return columns | _seat_columns(world, rows, found, parts, reasons, why), found


def _gaps(values: Column) -> Column:
    return np.diff(np.array([0, *values])).tolist()


def _first_leads(world: Any, rows: Column, found: list[Team], node: Array) -> Column:
    """Return the position of each partnership's lead (the latest) among its members."""
    places = []
    for row, team in zip(rows, found, strict=True):
        lead = int(node[world.parts.lead[row]])
        places.append(team.members.index(lead) if lead in team.members else 0)
    return places


def _leaving(events: Any) -> dict[tuple[int, int], int]:
    """Return why members left before the end, by partnership and organisation."""
    left = events[events.type == Event.LEFT]
    return {(int(one.ref), int(one.a)): int(one.code) for one in left}


@dataclass
class Why:
    """What spoke most for each candidate of a challenge, and how many declined or had no time."""

    term: dict[int, int] = field(default_factory=dict)
    declined: int = 0
    busy: int = 0


NOTHING = Why()
Whys = dict[int, Why]


def _whys(world: Any) -> Whys:
    """Return the reasons by the uid of the challenge."""
    rows = world.whys[: int(world.n.whys)]
    rows = rows[rows.org >= 0]
    weighted = np.nan_to_num(rows.terms) * world.pol.weights[0][: rows.terms.shape[1]]
    best = np.where(weighted.max(1, initial=0) > 0, weighted.argmax(1) + 1, 0) if len(rows) else np.zeros(0, int)
    found: Whys = {}
    for uid, org, fate, term in zip(rows.uid.tolist(), rows.org.tolist(), rows.fate.tolist(), best.tolist(),
                                    strict=True):
        why = found.setdefault(uid, Why())
        why.term[org] = term
        why.declined += fate == Fate.DECLINED
        why.busy += fate == Fate.BUSY
    return found


def _seat_columns(world: Any, rows: Column, found: list[Team], parts: Any, reasons: dict[tuple[int, int], int],
                  why: Whys) -> dict[str, Column]:
    """Return the seats of all partnerships, one after the other."""
    names = ("member", "late", "early", "left_reason", "source", "term", "newcomer")
    columns: dict[str, Column] = {name: [] for name in names}
    count, first = int(world.n.seats), parts.seat0.tolist()
    org, source, fresh = (world.seats[name][:count].tolist() for name in ("org", "source", "newcomer"))
    for row, team, uid, a in zip(rows, found, parts.uid.tolist(), first, strict=True):
        b, terms = a + len(team.members), why.get(uid, NOTHING).term
        columns["member"] += team.members
        columns["late"] += [joined - team.start for joined in team.joined]
        columns["early"] += [0 if left == team.end else left - team.start + 1 for left in team.left]
        columns["left_reason"] += [reasons.get((row, who), 0) for who in org[a:b]]
        columns["source"] += source[a:b]
        columns["newcomer"] += fresh[a:b]
        columns["term"] += [terms.get(who, 0) for who in org[a:b]]
    return columns
