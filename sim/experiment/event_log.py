"""The event log of one run, streamed to disk: memory holds one quarter of it, however large the world or long its time.

Two Parquet files, one row group a quarter. ``events``: what happened, in order. ``reasons``: the candidates that each
lead weighed (the 8 best), with their scores. Organisations are named by uid; ``ref`` is the row of a partnership,
cluster or market, as the event's type says (`sim.vocab.Event`); ``step`` counts from the first quarter of the burn-in.
Money is in cents. Membership, leads, births, deaths and purses replay from ``events``.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outcomes.registry import start_of
from sim.record import LEFTOVER, SCHEMA_VERSION, CannotWrite
from sim.run import RunResult, RunSpec, begin, conclude, engine, set_out
from sim.vocab import Event, Fate, Source

if TYPE_CHECKING:
    from enum import IntEnum

    from sim.world.world import World

Columns = dict[str, Any]


def run_logged(spec: RunSpec, folder: Path, threads: int = 1) -> RunResult:
    """Run one spec and stream what happens to ``events.parquet`` and ``reasons.parquet`` in ``folder``."""
    world = begin(spec, threads)
    simulation, start = set_out(spec, world, log=True, threads=threads), start_of(world)
    with EventLog(folder, {"run_id": spec.run_id, "engine": engine()}) as log:
        for _ in range(int(world.p.world_steps)):
            simulation.step()
            log.take(world)
    return conclude(spec, simulation, start)


class EventLog:
    """Takes the log out of a world quarter by quarter; the files appear under their names when it is closed unharmed.

    Parameters
    ----------
    folder : where ``events.parquet`` and ``reasons.parquet`` go.
    about : what the files' metadata say of the run.
    """

    def __init__(self, folder: Path, about: Mapping[str, Any]) -> None:
        self.about = json.dumps({**about, "kind": "events", "schema": SCHEMA_VERSION}, sort_keys=True)
        self.files = {name: folder / f"{name}.parquet" for name in ("events", "reasons")}
        self._writers: dict[str, Any] = {}

    def take(self, world: World) -> None:
        """Write what the last quarter logged and let the world forget it. Raises `CannotWrite`."""
        self._write("events", events_of(world))
        self._write("reasons", reasons_of(world))
        world.n.events = world.n.whys = 0

    def _write(self, name: str, columns: Columns) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.table(columns).replace_schema_metadata({"mobilise": self.about})
        try:
            if name not in self._writers:
                self._writers[name] = pq.ParquetWriter(self._unfinished(name), table.schema, compression="zstd")
            self._writers[name].write_table(table)
        except OSError as problem:
            raise CannotWrite.of(self.files[name], problem) from problem

    def _unfinished(self, name: str) -> Path:
        return self.files[name].with_name(LEFTOVER + self.files[name].name)

    def __enter__(self) -> EventLog:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        try:
            for name, writer in self._writers.items():
                writer.close()
                if kind is None:
                    self._unfinished(name).replace(self.files[name])
        except OSError as problem:
            if kind is None:
                raise CannotWrite.of(self.files[name], problem) from problem
        finally:
            for name in self._writers:
                with contextlib.suppress(OSError):
                    self._unfinished(name).unlink(missing_ok=True)


def events_of(world: World) -> Columns:
    """Return the events in memory as columns: quarter, type, organisations by uid (none: null), ref, amount, code."""
    rows = world.events[: int(world.n.events)]
    return {"step": rows.step, "event": named(rows.type, Event), "a": uids(world, rows.a), "b": uids(world, rows.b),
            "ref": rows.ref, "amount": rows.amount, "code": rows.code}


def reasons_of(world: World) -> Columns:
    """Return the reasons in memory as columns; ``challenge`` is its uid, each term that a policy uses has one."""
    from sim.rules.registry import names

    rows = world.whys[: int(world.n.whys)]
    rows = rows[rows.org >= 0]
    used = np.flatnonzero((world.pol.weights != 0.0).any(axis=0))
    terms = {f"term_{name}": rows.terms[:, k] for k, name in enumerate(names("terms")) if k in used}
    return {"step": rows.step, "challenge": rows.uid, "candidate": uids(world, rows.org),
            "source": named(rows.source, Source), "fate": named(rows.fate, Fate), "score": rows.score, **terms}


def uids(world: World, rows: Any) -> Any:
    """Return the uids of organisation rows, null for -1."""
    import pyarrow as pa

    return pa.array(world.orgs.uid[np.maximum(rows, 0)], mask=rows < 0)


def named(codes: Any, kind: type[IntEnum]) -> Any:
    """Return codes as the names of an enumeration, stored once each."""
    import pyarrow as pa

    words = [one.name.lower() for one in sorted(kind)]
    assert [int(one) for one in sorted(kind)] == list(range(len(words))), kind
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8)), words)
