"""Ask the machine for a row before it is needed.

A world is larger than the fast caches, and a row read at random is waited for longer than it is worked on. A loop over
partnerships knows whom it will meet a few turns ahead: `fetch` starts the transfer and nothing waits. It changes no
value; with the JIT off it does nothing.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic, overload
from numba.np.arrayobj import make_array

from sim.jit import jit
from sim.kernels.pairs import next_relation, other, pair_slot

LINE_BYTES = 64
READ, KEEP, DATA = 0, 3, 1  # arguments of llvm.prefetch: for reading, into the nearest cache, not code
AHEAD = 8  # turns: enough for the slowest row to arrive, few enough for it to stay
SIDE_BY_SIDE = 32  # links of each list that are walked


def fetch(row):
    """Start the transfer of all cache lines of a table's row (``fetch(w.orgs[i])``)."""


def fetch_head(row):
    """Start the transfer of the first cache line of a row: all that most of those looked at are asked for."""


def fetch_at(array, at):
    """Start the transfer of the cache line that holds one element of an array."""


def _start(target: Any, builder: Any, address: Any, lines: int) -> Any:
    """Write the instructions that start the transfer of some cache lines."""
    byte, number = ir.IntType(8), ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [byte.as_pointer(), number, number, number])
    function = builder.module.declare_intrinsic("llvm.prefetch", [byte.as_pointer()], kind)
    start = builder.bitcast(address, byte.as_pointer())
    for line in range(lines):
        at = builder.gep(start, [ir.Constant(ir.IntType(64), line * LINE_BYTES)])
        builder.call(function, [at, number(READ), number(KEEP), number(DATA)])
    return target.get_dummy_value()


@intrinsic
def _prefetch(context: Any, row: Any) -> Any:
    lines = max(1, -(-row.size // LINE_BYTES))
    return types.none(row), lambda target, builder, signature, given: _start(target, builder, given[0], lines)


@intrinsic
def _prefetch_head(context: Any, row: Any) -> Any:
    return types.none(row), lambda target, builder, signature, given: _start(target, builder, given[0], 1)


@intrinsic
def _prefetch_at(context: Any, array: Any, at: Any) -> Any:
    def generate(target: Any, builder: Any, signature: Any, given: Any) -> Any:
        first = make_array(array)(target, builder, given[0]).data
        return _start(target, builder, builder.gep(first, [given[1]]), 1)

    return types.none(array, at), generate


@overload(fetch)
def _fetch(row):  # Numba wants the very signature that it compiles
    def start(row):
        _prefetch(row)

    return start


@overload(fetch_head)
def _fetch_head(row):
    def start(row):
        _prefetch_head(row)

    return start


@overload(fetch_at)
def _fetch_at(array, at):
    def start(array, at):
        _prefetch_at(array, at)

    return start


@jit
def fetch_team(w, n):
    """Start the transfer of the organisations and relations of the partnership at place ``n`` of the active ones."""
    if n >= w.n.active:
        return
    a = w.active[n]
    first, seats = w.parts[a].seat0, w.parts[a].seats
    for row in range(first, first + seats):
        if w.seats[row].left < 0:
            fetch(w.orgs[w.seats[row].org])
    ties = w.seats[first].tie0
    for tie in range(ties, ties + seats * (seats - 1) // 2):  # those of later comers lie elsewhere, and wait
        if w.ties[tie].rel >= 0:
            fetch(w.rels[w.ties[tie].rel])


@jit
def fetch_pair(w, i, j):
    """Start the transfer of what the index says about the pair (i, j)."""
    fetch_at(w.index, pair_slot(i, j, len(w.index)))


@jit
def fetch_plan(w, q):
    """Start the transfer of those whom proposal q plans with, and of what the index says about them and the lead."""
    for t in range(w.props[q].members):
        fetch(w.orgs[w.plan_member[q, t]])
        fetch_pair(w, w.props[q].lead, w.plan_member[q, t])


@jit
def fetch_partners(w, who, count, at):
    """Start the transfer of the heads of the partners of several organisations: their lists are walked side by side.

    Each link says where the next one lies, so one list after the other would wait for every link. ``at`` is scratch.
    """
    for n in range(count):
        at[n] = w.orgs[who[n]].head
    for _ in range(SIDE_BY_SIDE):
        walking = 0
        for n in range(count):
            if at[n] >= 0:
                fetch_head(w.orgs[other(w, at[n], who[n])])
                at[n] = next_relation(w, at[n], who[n])
                walking += 1
        if walking == 0:
            return
