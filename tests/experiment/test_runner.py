"""A study survives what happens to it: deaths of workers and coordinator, full disks, Ctrl-C, a rival."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import stand_ins

from sim.errors import UsageError
from sim.experiment.design import World, plan, resized
from sim.experiment.lock import Busy, writing
from sim.experiment.runner import DIED, Interrupted, NoWorkers, Runner, compiled, cores
from sim.experiment.store import NotDeterministic, Store
from sim.experiment.worker import OtherEngine, Task, do
from sim.record import CannotWrite
from sim.scenario import Scenario

HERE = Path(__file__).parent
SCRIPT = """
import sys
sys.path.insert(0, {here!r})
import stand_ins
from conftest import TEXT
from sim.experiment.design import plan, resized
from sim.experiment.runner import Interrupted, Runner
from sim.experiment.store import Store
from sim.scenario import loads
worlds = plan(resized(loads(TEXT), {replicates}))
store = Store({folder!r})
with store.writing():
    store.begin(worlds, {{"name": "small"}})
    print("begun", flush=True)
    try:
        Runner(store, worlds, 2, work=stand_ins.work).run()
    except Interrupted as stop:
        print(stop, flush=True)
        sys.exit(stop.exit_code)
"""


def study(folder: Path, worlds: Sequence[World], jobs: int = 1, **orders: object) -> tuple[Store, Runner]:
    stand_ins.order(folder, **orders)
    store = Store(folder)
    with store.writing():
        store.begin(worlds, {"name": "small"})
        runner = Runner(store, worlds, jobs, "small.yaml", work=stand_ins.work)
        runner.run()
    return store, runner


@pytest.fixture()
def worlds(scenario: Scenario) -> list[World]:
    return plan(scenario)


@pytest.fixture()
def undisturbed(tmp_path: Path, worlds: list[World]) -> str:
    return study(tmp_path / "undisturbed", worlds)[0].fingerprint()


def ids(worlds: Sequence[World]) -> list[str]:
    return [spec.run_id for world in worlds for spec in world]


def test_serial_and_parallel_agree(tmp_path: Path, worlds: list[World], undisturbed: str) -> None:
    store, runner = study(tmp_path / "parallel", worlds, 2)
    assert store.fingerprint() == undisturbed
    assert runner.finished == set(ids(worlds)) and not runner.tasks


def test_done_runs_are_not_run_again(tmp_path: Path, worlds: list[World]) -> None:
    study(tmp_path / "one", worlds)
    store, runner = study(tmp_path / "one", worlds, die=ids(worlds))  # whoever ran would die
    assert runner.finished == set(ids(worlds)) and len(store.runs()) == len(ids(worlds))


def test_only_what_is_missing_is_run(tmp_path: Path, worlds: list[World], undisturbed: str) -> None:
    study(tmp_path / "one", worlds[:2])
    store, _ = study(tmp_path / "one", worlds)
    assert store.fingerprint() == undisturbed


def test_another_policy_leaves_the_others(tmp_path: Path, scenario: Scenario, worlds: list[World]) -> None:
    study(tmp_path / "one", plan(scenario, ["solo"]))
    _, runner = study(tmp_path / "one", worlds, die=[spec.run_id for w in worlds for spec in w if spec.policy == "solo"])
    assert not runner.failures and runner.finished == set(ids(worlds))


def test_an_error_costs_one_run_and_names_its_replay(tmp_path: Path, worlds: list[World]) -> None:
    bad = worlds[1][1]
    store, runner = study(tmp_path / "one", worlds, fail=[bad.run_id])
    (failure,) = store.failures(ids(worlds))
    assert failure == runner.failures[bad.run_id] and failure.error == "ValueError: as ordered"
    assert failure.replay.startswith("mobilise run small.yaml --policy strategic_mobilisation --replicate 1000000")
    assert all(f"--set {address}={value!r}" in failure.replay for address, value in bad.values)
    assert len(store.runs()) == len(ids(worlds)) - 1
    store, _ = study(tmp_path / "one", worlds)  # mended: tried again and forgotten
    assert store.failures(ids(worlds)) == () and len(store.runs()) == len(ids(worlds))


@pytest.mark.slow
def test_a_worker_that_dies_once_costs_nothing(tmp_path: Path, worlds: list[World], undisturbed: str) -> None:
    store, runner = study(tmp_path / "one", worlds, 2, die_once=[worlds[0][1].run_id, worlds[3][0].run_id])
    assert not runner.failures and store.fingerprint() == undisturbed


@pytest.mark.slow
def test_poison_runs_are_found_and_nobody_else_is_blamed(tmp_path: Path, worlds: list[World]) -> None:
    poison = {worlds[1][0].run_id, worlds[1][2].run_id}
    store, runner = study(tmp_path / "one", worlds, 2, die=sorted(poison))
    assert set(runner.failures) == poison
    assert {failure.error for failure in runner.failures.values()} == {DIED}
    assert set(store.runs()["run_id"]) == set(ids(worlds)) - poison


@pytest.mark.slow
def test_workers_that_die_at_their_start_end_the_study_with_one_sentence(
        tmp_path: Path, worlds: list[World], undisturbed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAND_INS_DIE", "1")
    with pytest.raises(NoWorkers, match=r"3 worker processes in a row died.*0 of 15 runs are done"):
        study(tmp_path / "one", worlds, 2)
    assert Store(tmp_path / "one").failures(ids(worlds)) == ()  # nobody is blamed
    monkeypatch.delenv("STAND_INS_DIE")
    assert study(tmp_path / "one", worlds, 2)[0].fingerprint() == undisturbed


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, 0.25, 0.6])
def test_killed_workers_at_any_moment(tmp_path: Path, worlds: list[World], undisturbed: str, seconds: float) -> None:
    folder = tmp_path / "one"
    stand_ins.order(folder, slow=0.1)
    process = subprocess.Popen([sys.executable, "-c", SCRIPT.format(here=str(HERE), folder=str(folder), replicates="None")],
                               stdout=subprocess.DEVNULL)
    while not list(folder.glob("worker-*")) and process.poll() is None:
        time.sleep(0.01)
    time.sleep(seconds)
    for path in folder.glob("worker-*"):
        _kill(int(path.name.removeprefix("worker-")))
    assert process.wait(60) == 0
    assert Store(folder).fingerprint() == undisturbed


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, 0.4])
def test_a_killed_coordinator_takes_its_workers_along_and_resumes(
        tmp_path: Path, worlds: list[World], undisturbed: str, seconds: float) -> None:
    folder = tmp_path / "one"
    stand_ins.order(folder, slow=0.2)
    process = subprocess.Popen([sys.executable, "-c", SCRIPT.format(here=str(HERE), folder=str(folder), replicates="None")],
                               stdout=subprocess.DEVNULL)
    while not list(folder.glob("worker-*")) and process.poll() is None:
        time.sleep(0.01)
    time.sleep(seconds)
    process.kill()
    process.wait()
    workers = [int(path.name.removeprefix("worker-")) for path in folder.glob("worker-*")]
    deadline = time.monotonic() + 20
    while any(map(_lives, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(_lives, workers))
    assert study(folder, worlds)[0].fingerprint() == undisturbed


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_what_is_done(tmp_path: Path, scenario: Scenario, number: signal.Signals) -> None:
    folder, worlds = tmp_path / "one", plan(resized(scenario, 6))
    stand_ins.order(folder, slow=0.3)
    script = SCRIPT.format(here=str(HERE), folder=str(folder), replicates=6)
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    while not list((folder / "runs").glob("part-*")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(number)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130 and "the same command goes on" in said
    assert 0 < len(Store(folder).runs()) < len(ids(worlds))
    undisturbed = study(tmp_path / "undisturbed", worlds)[0]
    assert study(folder, worlds)[0].fingerprint() == undisturbed.fingerprint()


def test_an_interrupt_in_one_process(tmp_path: Path, worlds: list[World], monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_task: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(stand_ins, "work", stop)
    with pytest.raises(Interrupted, match="0 of 15 runs are done"):
        study(tmp_path / "one", worlds)
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_full_disk_stops_with_a_message_and_resumes(tmp_path: Path, worlds: list[World], undisturbed: str,
                                                      jobs: int) -> None:
    with pytest.raises(CannotWrite, match=r"No space left on device.*run the same command") as problem:
        study(tmp_path / "one", worlds, jobs, full=[worlds[2][0].run_id])
    assert problem.value.exit_code == 4
    assert study(tmp_path / "one", worlds)[0].fingerprint() == undisturbed


def test_two_coordinators(tmp_path: Path, worlds: list[World]) -> None:
    store = Store(tmp_path / "one")
    second = Store(tmp_path / "one")
    said = rf"process {os.getpid()}.*choose another folder"
    with store.writing(), pytest.raises(Busy, match=said), second.writing():
        pass
    with second.writing():  # and free again
        pass


def test_progress_counts_runs(tmp_path: Path, worlds: list[World]) -> None:
    seen: list[tuple[int, int, int]] = []
    store = Store(tmp_path / "one")
    with store.writing():
        store.begin(worlds, {"name": "small"})
        Runner(store, worlds, 1, progress=lambda *now: seen.append(now), work=stand_ins.work).run()
    assert seen == [(done, 15, 0) for done in (0, 3, 6, 9, 12, 15)]


# --- files that are not what they should be --------------------------------------------------

def _shard(folder: Path, kind: str = "runs") -> Path:
    return sorted((folder / kind).glob("part-*"))[0]


@pytest.mark.parametrize("kind", ["runs", "series"])
@pytest.mark.parametrize(("harm", "why"), [
    (lambda data: data[: len(data) // 2], "torn or was changed"),
    (lambda data: bytes([data[0] ^ 1]) + data[1:], "torn or was changed"),
    (lambda data: data[:100] + bytes([data[100] ^ 64]) + data[101:], "torn or was changed"),
    (lambda data: b"", "torn or was changed"),
])
def test_damaged_shards_are_named_set_aside_and_run_again(
        tmp_path: Path, worlds: list[World], undisturbed: str, kind: str, harm: object, why: str) -> None:
    folder = tmp_path / "one"
    study(folder, worlds)
    path = _shard(folder, kind)
    path.write_bytes(harm(path.read_bytes()))  # type: ignore[operator]
    store, _ = study(folder, worlds)
    assert store.fingerprint() == undisturbed
    assert any(path.name in note and why in note for note in store.notes)
    assert (folder / "set_aside" / path.name).exists() or (folder / "set_aside").is_dir()


def test_foreign_files_are_named_and_set_aside(tmp_path: Path, worlds: list[World], undisturbed: str) -> None:
    folder = tmp_path / "one"
    study(folder, worlds)
    (folder / "runs" / "mine.parquet").write_text("hello")
    (folder / "series" / _shard(folder).name).write_bytes(_shard(folder).read_bytes())
    store, _ = study(folder, worlds)
    assert store.fingerprint() == undisturbed
    said = "\n".join(store.notes)
    assert "mine.parquet: is not a result file of mobilise" in said and "does not hold series" in said
    assert len(list((folder / "set_aside").iterdir())) == 2


def test_results_of_another_engine_are_not_mixed(tmp_path: Path, worlds: list[World],
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "one"
    with monkeypatch.context() as patch:
        patch.setattr("sim.experiment.shards.engine", lambda: "f" * 16)
        study(folder, worlds)
    store, _ = study(folder, worlds)
    assert len(store.runs()) == 15 and "made by another version of the model" in store.notes[0]


def test_numbers_that_differ_are_loud(tmp_path: Path, worlds: list[World], monkeypatch: pytest.MonkeyPatch) -> None:
    store, _ = study(tmp_path / "one", worlds)
    other = stand_ins.result(worlds[0][0])
    other.totals["net_value"] += 1e-9
    store.keep([other])
    with pytest.raises(NotDeterministic, match=worlds[0][0].run_id):
        store.runs()
    assert len(list((store.folder / "runs").iterdir())) == 6  # both are kept


def test_equal_copies_count_once(tmp_path: Path, worlds: list[World]) -> None:
    store, _ = study(tmp_path / "one", worlds)
    before = store.fingerprint()
    store.keep([stand_ins.result(worlds[0][1])])
    assert store.fingerprint() == before and len(store.runs()) == 15


def test_another_study_is_not_overwritten(tmp_path: Path, scenario: Scenario, worlds: list[World]) -> None:
    folder = tmp_path / "one"
    before = study(folder, worlds)[0].fingerprint()
    other = plan(scenario.model_copy(update={"seed": 2}))
    with pytest.raises(UsageError, match=r"holds another study .small.*--out"):
        study(folder, other)
    assert Store(folder).fingerprint() == before


def test_force_sets_results_aside(tmp_path: Path, worlds: list[World], undisturbed: str) -> None:
    folder = tmp_path / "one"
    study(folder, worlds)
    store = Store(folder)
    with store.writing():
        store.start_afresh()
    assert store.holds() is None and not store.done()
    assert len(list((folder / "set_aside").iterdir())) == 12  # manifest, design, five worlds twice
    assert study(folder, worlds)[0].fingerprint() == undisturbed


def test_leftovers_are_swept(tmp_path: Path, worlds: list[World]) -> None:
    folder = tmp_path / "one"
    study(folder, worlds)
    for place in (folder, folder / "runs"):
        (place / ".unfinished-1-abc").write_bytes(b"half")
    study(folder, worlds)
    assert not list(folder.rglob(".unfinished-*"))


def _lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def _kill(number: int) -> None:
    """End one of the worker processes that this test's study started."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)


@pytest.mark.slow
def test_a_second_interrupt_does_not_wait(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    stand_ins.order(folder, slow=60.0)
    script = SCRIPT.format(here=str(HERE), folder=str(folder), replicates="None")
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.DEVNULL)
    while len(list(folder.glob("worker-*"))) < 2 and process.poll() is None:
        time.sleep(0.01)
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
    assert process.wait(20) == 130
    workers = [int(path.name.removeprefix("worker-")) for path in folder.glob("worker-*")]
    time.sleep(1.0)
    assert not any(map(_lives, workers))


def test_a_worker_of_another_version_is_refused(tmp_path: Path, worlds: list[World]) -> None:
    with pytest.raises(OtherEngine, match="sources of sim changed"):
        do(Task(tuple(worlds[0]), str(tmp_path), None, "f" * 16))
    assert not list(tmp_path.iterdir())


def test_a_lock_that_cannot_be_made_is_a_message(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="cannot be written"), writing(tmp_path / "absent" / "writer.lock"):
        pass


def test_compiled_code_is_looked_for(tmp_path: Path) -> None:
    assert not compiled(tmp_path / "absent") and not compiled(tmp_path)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "x.nbc").touch()
    assert compiled(tmp_path) and cores() >= 1
