"""What several threads may do to one row: add whole cents, in any order, to the same sum.

`add_cents` is a single step of the machine, so no thread's cents are lost; sums of whole numbers do not depend on who
came first. Everything else that threads write is a row that belongs to one of them.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic, overload

WORD = ir.IntType(64)
_one_at_a_time = Lock()  # with the JIT off: Python reads, adds and writes in three steps


def add_cents(row: Any, cents: int) -> None:
    """Add cents to the capital of an organisation (``add_cents(w.orgs[i], cents)``), though others may add as well."""
    with _one_at_a_time:
        row.capital += cents


@intrinsic
def _add_at_once(context: Any, row: Any, cents: Any) -> Any:
    def generate(target: Any, builder: Any, signature: Any, given: Any) -> Any:
        start = builder.bitcast(given[0], ir.IntType(8).as_pointer())
        place = builder.gep(start, [ir.Constant(WORD, row.offset("capital"))])
        builder.atomic_rmw("add", builder.bitcast(place, WORD.as_pointer()), given[1], "monotonic")
        return target.get_dummy_value()

    return types.none(row, types.int64), generate


@overload(add_cents)
def _add_cents(row, cents):  # Numba wants the very signature that it compiles
    def add(row, cents):
        _add_at_once(row, cents)

    return add
