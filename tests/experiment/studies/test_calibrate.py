"""Calibration finds conditions that were hidden, on the same runner and store."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.errors import ScenarioError, UsageError
from sim.experiment.calibrate import calibrate, pareto
from sim.experiment.campaign import How
from sim.experiment.compare import resolve
from sim.experiment.design import futures, plan
from sim.experiment.points import Expansion, Point
from sim.experiment.runner import Runner
from sim.experiment.worker import Report, Task
from sim.run import RunResult, RunSpec
from sim.scenario.load_study import Study

from .conftest import SCENARIO, Writer

HEAD = """
name: small
scenario: world.yaml
policies: [same_known_partners]
uncertainties: {trust.general: [0, 1], part.hazard: [0, 1]}
replicates: 2
"""
ABC = HEAD + "calibrate: {targets: {trust: [0.3, 0.05]}, method: abc, trials: 60, keep: 0.1}\n"
OPTUNA = HEAD + "calibrate: {targets: {trust: [0.3, 0.05]}, method: optuna, trials: 48, keep: 0.1}\n"
TWO = HEAD + "calibrate: {targets: {trust: [0.3, 0.05], success: [0.8, 0.05]}, method: optuna, trials: 32}\n"


def invented(task: Task) -> Report:
    """Do a worker's work: trust is general trust, success is hazard, give or take luck."""
    from sim.experiment.shards import publish

    results = []
    for spec in task.specs:
        values, luck = dict(spec.values), np.random.default_rng(int(spec.run_id[:12], 16))
        totals = {"net_value": 0.0, "trust": values.get("trust.general", 0.3) + 0.01 * luck.normal(),
                  "success": values.get("part.hazard", 0.02)}
        results.append(RunResult(spec, {"value": np.zeros(2)}, totals, np.zeros((2, 2)), 5))
    publish(task.folder, results, task.series)
    return Report(tuple(one.spec.run_id for one in results), (), 0.0)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiment.campaign.Runner", partial(Runner, work=invented))


@pytest.mark.parametrize("text", [ABC, OPTUNA], ids=["abc", "optuna"])
def test_a_hidden_value_is_found(write: Writer, tmp_path: Path, text: str) -> None:
    if "optuna" in text:
        pytest.importorskip("optuna")
    found = calibrate(write(text), tmp_path / "out", How(jobs=1))
    by = {one.name: one for one in found.narrowed}
    assert by["trust.general"].middle == pytest.approx(0.3, abs=0.05) and found.best < 0.5
    assert by["trust.general"].kept_high - by["trust.general"].kept_low < 0.25
    if "abc" in text:  # nothing is known of what the target does not depend on
        assert by["part.hazard"].kept_high - by["part.hazard"].kept_low > 0.4
    json.dumps(found.to_dict(), allow_nan=False)
    again = calibrate(write(text), tmp_path / "out", How(jobs=1))
    assert again.to_dict() == found.to_dict()


def test_several_targets_keep_a_pareto_set(write: Writer, tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    found = calibrate(write(TWO), tmp_path / "out", How(jobs=1))
    assert found.kept >= 1 and {one.outcome for one in found.met} == {"trust", "success"}
    assert len(pd.read_csv(found.file)) == found.kept


def test_what_was_kept_are_futures_for_compare(write: Writer, tmp_path: Path) -> None:
    found = calibrate(write(ABC), tmp_path / "out", How(jobs=1))
    (tmp_path / "world.yaml").write_text(SCENARIO.replace("futures: {count: 0}", "futures: {count: 4}"), encoding="utf-8")
    scenario = resolve(tmp_path / "world.yaml", overrides=[f"futures.file={found.file}"])
    drawn = futures(scenario)
    rows = pd.read_csv(found.file)
    kept = {tuple(sorted({"trust.general": a, "part.hazard": b}.items())) for a, b in
            zip(rows["trust.general"], rows["part.hazard"], strict=True)}
    assert len(drawn) == 4 and set(drawn) <= kept and len(plan(scenario)) == 4 + scenario.replicates
    assert set(scenario.futures.resolved()) == {"trust.general", "part.hazard"}  # nothing else is claimed to vary


@pytest.mark.parametrize(("content", "said"), [
    ("a,b\n1,2\n", "holds no future"), ("trust.general\n7\n", "out of range; allowed 0 to 1"), ("", "holds no future"),
    ("trust.general\nhigh\n", "'high' is no number")])
def test_bad_tables_of_futures(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "f.csv").write_text(content, encoding="utf-8")
    (tmp_path / "world.yaml").write_text(SCENARIO.replace("count: 0", "count: 4, file: f.csv"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=said):
        resolve(tmp_path / "world.yaml")


def test_a_table_may_not_leave_the_folder(tmp_path: Path) -> None:
    (tmp_path / "world.yaml").write_text(SCENARIO.replace("count: 0", "count: 4, file: ../f.csv"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"futures.file: '../f.csv' may not leave the scenario's folder"):
        resolve(tmp_path / "world.yaml")


def test_pareto_by_hand() -> None:
    found = pareto(np.array([[1.0, 5.0], [2.0, 2.0], [3.0, 3.0], [5.0, 1.0], [1.0, 6.0], [np.nan, 0.0]]))
    assert found.tolist() == [True, True, False, True, False, False]


def test_a_study_without_targets_says_so(write: Writer, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no targets"):
        calibrate(write(HEAD), tmp_path / "out")


def test_stand_in_specs_have_values(write: Writer) -> None:
    study: Study = write(ABC)
    spec: RunSpec = Expansion(study).world(Point(1, (("trust.general", 0.5),)), 0)[0]
    assert dict(spec.values) == {"trust.general": 0.5}
