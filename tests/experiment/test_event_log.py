"""The streamed event log says what the log in memory says, and memory holds one quarter of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.experiment import event_log
from sim.experiment.event_log import run_logged
from sim.record import CannotWrite
from sim.run import RunSpec, run_world
from sim.scenario.scenario import Scenario
from sim.vocab import Event, Fate, Source


@pytest.fixture()
def spec(scenario: Scenario) -> RunSpec:
    return RunSpec(scenario, scenario.focus)


def lowered(kind: Any, codes: Any) -> list[str]:
    return [kind(int(code)).name.lower() for code in codes]


def test_the_stream_says_what_memory_says(spec: RunSpec, tmp_path: Path) -> None:
    streamed, kept = run_logged(spec, tmp_path), run_world([spec], log=True)[0]
    world: Any = kept.world
    rows, seen = world.events[: int(world.n.events)], pq.read_table(tmp_path / "events.parquet").to_pydict()
    assert len(rows) > 100
    assert seen["event"] == lowered(Event, rows.type)
    for side in ("a", "b"):
        assert seen[side] == [int(world.orgs.uid[row]) if row >= 0 else None for row in rows[side]]
    for column in ("step", "ref", "amount", "code"):
        assert seen[column] == rows[column].tolist()
    whys = world.whys[: int(world.n.whys)]
    whys, why = whys[whys.org >= 0], pq.read_table(tmp_path / "reasons.parquet").to_pydict()
    assert why["candidate"] == [int(world.orgs.uid[row]) for row in whys.org]
    assert (why["source"], why["fate"]) == (lowered(Source, whys.source), lowered(Fate, whys.fate))
    assert why["score"] == whys.score.tolist() and why["challenge"] == whys.uid.tolist()
    assert kept.totals.keys() == streamed.totals.keys()
    assert all(np.array_equal(kept.totals[name], streamed.totals[name], equal_nan=True) for name in kept.totals)


def test_one_row_group_a_quarter_and_no_more_in_memory(spec: RunSpec, tmp_path: Path) -> None:
    result = run_logged(spec, tmp_path)
    quarters = int(result.world.p.world_steps)  # type: ignore[union-attr]
    file = pq.ParquetFile(tmp_path / "events.parquet")
    assert file.num_row_groups == quarters
    for quarter in range(quarters):
        assert len(set(file.read_row_group(quarter).column("step").to_pylist())) <= 1
    assert int(result.world.n.events) == int(result.world.n.whys) == 0  # type: ignore[union-attr]
    assert {path.name for path in tmp_path.iterdir()} == {"events.parquet", "reasons.parquet"}


@pytest.mark.parametrize("problem", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_nothing_is_half_written(spec: RunSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                 problem: BaseException) -> None:
    taken, real = [], pq.ParquetWriter.write_table

    def refuse(writer: Any, table: Any) -> None:
        taken.append(1)
        if len(taken) > 5:
            raise problem
        real(writer, table)

    monkeypatch.setattr(pq.ParquetWriter, "write_table", refuse)
    with pytest.raises(CannotWrite if isinstance(problem, OSError) else KeyboardInterrupt):
        run_logged(spec, tmp_path)
    assert not list(tmp_path.iterdir())


def test_codes_become_names() -> None:
    codes = np.array([int(one) for one in reversed(Event)], np.int8)
    assert event_log.named(codes, Event).to_pylist() == lowered(Event, codes)
