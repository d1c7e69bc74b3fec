"""What is done with results that are there."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.errors import UsageError
from sim.experiment.campaign import How
from sim.experiment.compare import compare
from sim.experiment.design import replay
from sim.experiment.keeping import compact, export, planned_specs, reproduce, runs_with_conditions
from sim.experiment.lock import held
from sim.experiment.status import folder_of, status
from sim.experiment.store import Store
from sim.experiment.sweep import sweep

from .conftest import SCENARIO, STUDY, Writer

GRID = STUDY + "design: {kind: grid, levels: 2}\n"
MIXED = ("name: small\nscenario: world.yaml\nreplicates: 2\ndesign: {kind: grid}\nuncertainties:\n"
         "  adopters: {values: [0.5, 1]}\n  rules.produce: {values: [ces, o_ring]}\n"
         "  cost: {values: [0.5, 2], times: [search.cost_scale]}\n  world.capacity_max: {values: [3, 12]}\n")


@pytest.fixture()
def done(write: Writer, tmp_path: Path) -> Path:
    return sweep(write(GRID), tmp_path / "out", How(jobs=1)).folder


def run(*words: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, list(words), prog_name="mobilise")
    return found.exit_code, found.output


def test_status_of_a_complete_and_of_a_stopped_study(done: Path) -> None:
    found = status(done)
    assert (found.planned, found.done, found.failed, found.running, found.worlds) == (20, 20, 0, False, 10)
    assert found.complete and found.low <= found.mean <= found.high
    for path in sorted((done / "runs").iterdir())[:2]:
        path.unlink()
    found = status(done)
    assert not found.complete and found.done < 20
    code, said = run("status", str(done))
    assert code == 0 and "stopped: the same command goes on" in said


def test_status_sees_whoever_writes(done: Path) -> None:
    with Store(done, False).writing():
        assert status(done).running and held(done / "writer.lock")
    assert not status(done).running
    with Store(done, False).writing("1of2"):
        assert status(done).running


def test_watch_ends_with_the_study(done: Path) -> None:
    code, said = run("watch", str(done), "--every", "0.1")
    assert code == 0 and "20 of 20 runs" in said


def test_compact_changes_nothing_but_the_number_of_files(write: Writer, tmp_path: Path) -> None:
    done = sweep(write(GRID + "series: true\n"), tmp_path / "out", How(jobs=1)).folder
    store = Store(done)
    before, files = store.fingerprint(), len(list((done / "runs").iterdir()))
    (done / "runs" / "part-abc-0000000000000000.parquet").write_bytes(b"torn")
    found = compact(done)
    assert store.fingerprint() == before and found["runs"] == (files + 1, 2)  # the torn file is left for the next run
    assert found["series"][1] == 1 and len(store.done()) == 20


def test_export_puts_conditions_beside_outcomes(done: Path) -> None:
    (made,) = export(done)
    frame = pd.read_csv(made)
    assert len(frame) == 20 and {"cost", "work.complementarity", "policy", "outcome_net_value"} <= set(frame.columns)
    (made,) = export(done, "parquet")
    assert len(pd.read_parquet(made)) == 20
    with pytest.raises(UsageError, match="expected one of csv, parquet"):
        export(done, "xlsx")


@pytest.mark.parametrize("library", ["polars", "duckdb"])
def test_other_programs_read_the_shards(done: Path, library: str) -> None:
    module = pytest.importorskip(library)
    where = f"{done}/runs/*.parquet"
    count = module.read_parquet(where).height if library == "polars" else \
        module.sql(f"SELECT count(*) FROM '{where}'").fetchall()[0][0]
    assert count == 20


def test_reproduce_gives_the_same_bits(done: Path) -> None:
    found = reproduce(done, jobs=1)
    assert (found.runs, found.same, found.differ, found.other_engine) == (20, 20, (), False)
    assert found.fingerprint == Store(done, False).fingerprint() or found.runs == 20


def test_reproduce_rebuilds_conditions_of_every_kind(write: Writer, tmp_path: Path) -> None:
    done = sweep(write(MIXED), tmp_path / "out", How(jobs=1)).folder
    assert len(runs_with_conditions(Store(done, False))) == 17 * 2 * 2
    found = reproduce(done, jobs=1)
    assert (found.runs, found.same) == (17 * 2 * 2, 17 * 2 * 2)


def test_reproduce_finds_what_was_changed(done: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.experiment import keeping

    real = keeping.rows_of
    monkeypatch.setattr(keeping, "rows_of", lambda store: {
        key: text + ("x" if store.folder == done and key.startswith("0") else "") for key, text in real(store).items()})
    found = keeping.reproduce(done, jobs=1)
    assert {run_id[0] for run_id in found.differ} <= {"0"}


def test_a_comparison_is_reproduced_too(tmp_path: Path) -> None:
    (tmp_path / "world.yaml").write_text(SCENARIO + "replicates: 2\n", encoding="utf-8")
    done = compare(tmp_path / "world.yaml", jobs=1, out=tmp_path / "out").folder
    found = reproduce(done, sample=3, jobs=1)
    assert (found.runs, found.same) == (3, 3)
    assert status(done).done == 4


def test_folders_are_named_as_people_do(done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    done.rename(tmp_path / "results" / "small")
    assert folder_of("small.yaml") == folder_of("small") == Path("results/small")
    with pytest.raises(UsageError, match="no results of mobilise there"):
        folder_of("absent")


def test_commands_speak_json(done: Path) -> None:
    for verb, words in (("status", ()), ("compact", ()), ("export", ()), ("reproduce", ("--sample", "2", "--jobs", "1"))):
        found = CliRunner().invoke(app, [verb, str(done), "--json", *words], prog_name="mobilise")
        assert found.exit_code == 0, found.output
        json.loads(found.stdout)
    assert run("status", "nowhere")[0] == 2


def numbers(folder: Path) -> dict[str, float]:
    return dict(pd.read_csv(folder / "outcomes.csv")[["outcome", "value"]].itertuples(index=False))


def test_a_failed_run_of_a_study_is_made_again_by_the_command_it_names(
        write: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a future changes settings that are no numbers, and the study was changed by --set."""
    monkeypatch.chdir(tmp_path)
    found = sweep(write(MIXED, replicates=1), tmp_path / "out", How(jobs=1))
    row = found.runs.sort_values("run_id").iloc[3]
    spec = next(spec for spec in planned_specs(Store(found.folder)) if spec.run_id == row["run_id"])
    words = shlex.split(replay(spec, str(found.folder)))
    assert words[:3] == ["mobilise", "run", str(found.folder)] and "--set" not in words
    code, said = run(*words[1:], "--out", "again", "--json", "-q")
    assert code == 0, said
    (made,) = (tmp_path / "again").iterdir()
    assert numbers(made)["net_value"] == row["outcome_net_value"]


@pytest.mark.parametrize(("words", "said"), [
    ((), "name one of its runs"), (("--id", "zz"), "no run"), (("--id", ""), "name one"),
    (("--id", "0", "--seed", "3"), "made as it is")])
def test_a_planned_run_that_cannot_be_made_is_named(done: Path, words: tuple[str, ...], said: str) -> None:
    code, output = run("run", str(done), *words)
    assert code == 2 and said in output
    assert run("run", str(done.parent / "nowhere"), "--id", "0")[0] == 2


def test_a_run_of_a_comparison_is_made_again_with_its_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "world.yaml").write_text(SCENARIO, encoding="utf-8")
    kept = compare("world.yaml", 2, jobs=1, out="out", overrides=["trust.general=0.3"])
    row = kept.runs.iloc[1]
    code, said = run("run", "out", "--id", row["run_id"], "--out", "again", "-q")
    assert code == 0, said
    assert numbers(next((tmp_path / "again").iterdir()))["net_value"] == row["outcome_net_value"]
