"""The verb replicate as its user meets it: list, run, set, refuse, write."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sim.cli.app import app
from sim.experiment.replications import jackson_wolinsky_1996 as jackson

FILES = ("svg", "png", "json", "csv")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: str) -> Result:
    return CliRunner().invoke(app, ["replicate", *words], prog_name="mobilise")


def test_alone_it_lists_what_there_is_with_every_parameter() -> None:
    said = call().stdout
    for word in ("team_assembly_2005", "hong_page_2004", "jackson_wolinsky_1996", "cowan_jonard_2004", "skin_choice",
                 "tau", "delta", "experts", "netlogo", "threshold"):
        assert word in said
    listed = json.loads(call("--json").stdout)
    assert {one["name"] for one in listed} >= {"skin_choice"}
    assert listed[0]["parameters"]["p"]["default"] == 0.1


def test_it_says_known_ours_error_and_verdict_and_writes_four_files(elsewhere: Path) -> None:
    ran = call("jackson_wolinsky_1996")
    assert ran.exit_code == 0, ran.output
    assert "pairwise-stable" in ran.stdout
    assert "agrees" in ran.stdout
    assert "exact" in ran.stdout
    folder = elsewhere / "results" / "replications"
    assert {path.name for path in folder.iterdir()} == {f"jackson_wolinsky_1996.{kind}" for kind in FILES}
    rows = list(csv.DictReader((folder / "jackson_wolinsky_1996.csv").read_text("utf-8").splitlines()))
    assert [row["ours"] for row in rows if row["value"].startswith("pairwise")] == ["1.0", "7.0", "16.0", "1.0"]
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    call("jackson_wolinsky_1996")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before, "the same command, the same bytes"


def test_every_combination_of_listed_values_runs(elsewhere: Path) -> None:
    ran = call("jackson_wolinsky_1996", "--set", "n=3,5 c=0.1,0.3", "--set", "delta=0.7", "--json", "--out", "here")
    document = json.loads(ran.stdout)
    points = {(cell["point"]["n"], cell["point"]["c"], cell["point"]["delta"]) for cell in document["cells"]}
    assert points == {(n, c, 0.7) for n in (3, 5) for c in (0.1, 0.3)}
    assert document["seeds"] == 1
    assert (elsewhere / "here" / "jackson_wolinsky_1996.csv").exists()


def test_engine_calls_are_named() -> None:
    ran = call("skin_choice", "--set", "calls=20 firms=30", "--seeds", "2")
    assert "Through the engine (observed calls): mobilise 160" in ran.stdout, ran.output


def test_a_value_that_differs_gives_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jackson.PRINTED, (4, 0.5, 0.3), (2.7, 8))
    ran = call("jackson_wolinsky_1996", "--set", "c=0.3")
    assert ran.exit_code == 1
    assert "differs" in ran.stdout
    assert "pairwise-stable" in ran.stderr


@pytest.mark.parametrize(("words", "said"), [
    (["team_assembly"], "did you mean 'team_assembly_2005'?"),
    (["hong_page_2005"], "did you mean 'hong_page_2004'?"),
    (["nothing_like_it"], "there are: cowan_jonard_2004"),
    (["team_assembly_2005", "--set", "taus=3"], "did you mean 'tau'?"),
    (["team_assembly_2005", "--set", "p=1.5"], "allowed: a number from 0 to 1"),
    (["team_assembly_2005", "--set", "m=2.5"], "allowed: a whole number from 2 to 50"),
    (["team_assembly_2005", "--set", "p=0.1,,0.2"], "NAME=VALUE"),
    (["team_assembly_2005", "--set", "p"], "NAME=VALUE"),
    (["team_assembly_2005", "--set", "p=0.1", "--set", "p=0.2"], "set twice"),
    (["jackson_wolinsky_1996", "--set", "n=9"], "allowed: a whole number from 2 to 6"),
    (["hong_page_2004", "--set", "l=3 N=50"], "at most as many members as heuristics"),
    (["cowan_jonard_2004", "--set", "agents=20 neighbours=40"], "at most 19"),
    (["skin_choice", "--set", "length=6 fields=3"], "at most fields = 3"),
    (["--all", "skin_choice"], "leave out the name"),
    (["--set", "p=1"], "say which replication"),
])
def test_what_does_not_exist_or_fit_is_refused_before_anything_is_written(words: list[str], said: str, elsewhere: Path) -> None:
    ran = call(*words)
    assert ran.exit_code == 2, ran.output
    assert said in ran.stderr
    assert not list(elsewhere.rglob("*.csv"))
    assert "Traceback" not in ran.output


def test_a_folder_that_cannot_be_written_is_said(elsewhere: Path) -> None:
    (elsewhere / "taken").write_text("a file", "utf-8")
    ran = call("jackson_wolinsky_1996", "--out", "taken")
    assert ran.exit_code != 0
    assert "taken" in ran.stderr
    assert "Traceback" not in ran.output


def test_all_writes_one_page_with_every_value(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.experiment.replications import registry

    monkeypatch.setattr(registry, "names", lambda: ["jackson_wolinsky_1996"])
    ran = call("--all", "--out", "kept")
    assert ran.exit_code == 0, ran.output
    page = (elsewhere / "kept" / "README.md").read_text("utf-8")
    assert page.count("\n| pairwise-stable") == 4
    assert "13 of 13 known values agree" in page
    assert "| pairwise-stable labelled networks, n=4, delta=0.5, c=0.3 | 7 | re | 7 | exact | 1e-09 | agrees |" in page
