"""Every bad scenario is refused with a located message and nothing but a `ScenarioError`."""

import json
import runpy
from pathlib import Path

import pytest

from sim.errors import MOST_PROBLEMS, Problem, ScenarioError, nearest
from sim.scenario import load, loads

BAD = {
    name: case
    for file in ("bad_settings.py", "bad_together.py", "bad_text.py")
    for name, case in runpy.run_path(str(Path(__file__).with_name(file)))["CASES"].items()
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_refused_where_it_is_wrong(name, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.scenario.budget.memory_available", lambda: 16 * 10**9)
    text, expected = BAD[name]
    file = tmp_path / "scenario.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ScenarioError) as refusal:
        load(file)
    lines = str(refusal.value).splitlines()
    assert any(line.startswith(expected) for line in lines), lines
    assert 1 <= len(refusal.value.problems) <= MOST_PROBLEMS
    assert refusal.value.exit_code == 3
    assert all(str(tmp_path) not in line for line in lines)
    json.dumps([problem.to_dict() for problem in refusal.value.problems])


def test_there_are_many_bad_files():
    assert len(BAD) >= 90


def test_all_problems_of_a_stage_at_once():
    with pytest.raises(ScenarioError) as refusal:
        loads("trust: {genral: 1, gain: 7}\nworld:\n  smes: many\nseed: -4\n")
    assert [(p.line, p.column) for p in refusal.value.problems] == [(1, 9), (1, 26), (3, 9), (4, 7)]


def test_at_most_twenty_problems_are_kept():
    with pytest.raises(ScenarioError) as refusal:
        loads("".join(f"wrong{n}: 1\n" for n in range(50)))
    assert len(refusal.value.problems) == MOST_PROBLEMS
    assert str(refusal.value).endswith("... and 30 more")


def test_a_problem_reads_as_the_design_says():
    problem = Problem(
        "scenario.yaml", "trust.initail", "unknown setting", nearest="initial", line=7, column=3
    )
    assert str(problem) == "scenario.yaml:7:3: trust.initail: unknown setting; did you mean 'initial'?"
    problem = Problem("s.yaml", "world.smes", "-1 is out of range", allowed="1 to 5", line=9, column=12)
    assert str(problem) == "s.yaml:9:12: world.smes: -1 is out of range; allowed 1 to 5"


@pytest.mark.parametrize(
    ("word", "expected"),
    [("initail", "initial"), ("Initial", "initial"), ("burn-in", "burn_in"), ("zebra", None)],
)
def test_nearest(word, expected):
    assert nearest(word, ["initial", "burn_in", "trust"]) == expected


@pytest.mark.parametrize(("path", "message"), [("absent.yaml", "no such file"), (".", "is a folder")])
def test_no_file(path, message, tmp_path):
    with pytest.raises(ScenarioError, match=message):
        load(tmp_path / path)


def test_a_file_that_is_not_there_brings_the_nearest_name_or_how_to_begin(tmp_path):
    (tmp_path / "classroom.yaml").touch()
    with pytest.raises(ScenarioError, match=r"no such file; did you mean 'classroom.yaml'\?"):
        load(tmp_path / "clasroom.yaml")
    with pytest.raises(ScenarioError, match=r"there is no folder .*'mobilise init' begins a scenario"):
        load(tmp_path / "scenarios" / "classroom.yaml")


def test_a_link_may_not_lead_outside(tmp_path):
    outside = tmp_path / "c.csv"
    outside.write_text("id,country,sector,management\na,DE,1,0.5\n")
    inside = tmp_path / "study"
    inside.mkdir()
    (inside / "c.csv").symlink_to(outside)
    with pytest.raises(ScenarioError, match="leaves the scenario's folder"):
        loads("tables: {clusters: c.csv}\n", folder=inside)
