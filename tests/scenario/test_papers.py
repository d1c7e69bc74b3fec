"""The ODD text has one id for each rule, tied to code and tests, with no orphan on either side; the other papers."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.outcomes.registry import outcomes
from sim.parameters import ASSUMED, PARAMETERS
from sim.rules import registry
from sim.scenario import catalogue
from sim.scenario.describe import describe
from sim.scenario.load import load, loads
from sim.scenario.odd_concepts import CONCEPTS
from sim.scenario.odd_ids import (
    CONFORMANCE,
    PARTS,
    ROOT,
    TEST_FOLDERS,
    engine_files,
    ids_of,
    instrument_ids,
    rule_ids,
)

TESTS = Path(__file__).parent.parent
SCENARIOS = sorted((TESTS.parent / "scenarios").glob("*.yaml"))
ID = re.compile(r"ODD-\d+(?:\.\d+)?(?:\.[a-z_]+)*")
TINY = "name: tiny\npolicies: [same_known_partners, team_assembly]\n"


def call(*words: str):
    return CliRunner().invoke(app, ["describe", *words], prog_name="mobilise")


@pytest.fixture(scope="module")
def text() -> str:
    return describe(loads(TINY))


# --- ids -------------------------------------------------------------------------------------

def all_ids() -> set[str]:
    phases = {f"ODD-3.{entry.name}" for entry in catalogue.phase_entries()}
    concepts = {f"ODD-4.{number}" for number in range(1, len(CONCEPTS) + 1)}
    return {part.id for part in PARTS} | set(rule_ids()) | set(instrument_ids()) | phases | concepts


def test_every_rule_and_instrument_has_one_id_of_its_own():
    rules = sum(len(registry.rules(family)) for family in registry.FAMILIES)
    assert len(rule_ids()) == len(set(rule_ids().values())) == rules
    assert set(instrument_ids()) == {f"ODD-7.11.{entry.name}" for entry in catalogue.instrument_entries()}
    assert len({part.id for part in PARTS}) == len(PARTS)
    assert sorted(family for part in PARTS for family in part.families) == sorted(registry.FAMILIES)


def test_every_id_stands_in_the_text_and_nothing_else_does(text):
    entities = {found for found in ID.findall(text) if found.startswith("ODD-2.")}
    assert len(entities) >= 6
    assert set(ID.findall(text)) - entities - {"ODD-7", "ODD-7.k"} == all_ids()


def test_every_id_has_code():
    for part in PARTS:
        assert part.code
        for place in part.code:
            assert (ROOT / place).exists(), f"{part.id}: there is no sim/{place}"
    for place in {**rule_ids(), **instrument_ids()}.values():
        assert (ROOT / place).is_file(), place


def test_every_file_of_the_engine_has_an_id():
    orphans = [file for file in engine_files() if not ids_of(file)]
    assert not orphans, "name them in sim/scenario/odd_ids.py, or cite MODEL 5.k in their docstrings"
    assert {found for file in engine_files() for found in ids_of(file)} <= {*all_ids()}


def test_the_section_that_a_docstring_cites_is_its_id():
    assert "ODD-7.6" in ids_of("phases/trust.py")
    assert set(ids_of("rules/terms/trust.py")) == {"ODD-7.3.terms.trust"}
    assert ids_of("phases/nowhere.py".replace("nowhere", "introductions"))[0] == "ODD-7.3"


def test_every_id_has_tests_that_exist():
    for part in PARTS:
        assert part.tests, f"{part.id} is held by no test"
        for named in (*part.tests, *CONFORMANCE):
            file, _, function = named.partition("::")
            tree = ast.parse((TESTS / file).read_text("utf-8"))
            assert any(isinstance(node, ast.FunctionDef) and node.name == function for node in tree.body), named


def test_every_test_of_the_engine_has_an_id():
    known = {part.id for part in PARTS} | {"ODD-7"}
    cited = {named.partition("/")[0] for part in PARTS for named in part.tests if "/" in named}
    assert cited <= {*TEST_FOLDERS, "experiment"}
    for folder, found in TEST_FOLDERS.items():
        assert found in known
        assert list((TESTS / folder).rglob("test_*.py")), f"tests/{folder} is gone"
    engine = {path.name for path in ROOT.iterdir() if path.is_dir()} & {path.name for path in TESTS.iterdir() if path.is_dir()}
    assert engine - {"app", "experiment", "mesa_face", "report"} <= set(TEST_FOLDERS)


# --- the text --------------------------------------------------------------------------------

def test_all_eleven_design_concepts_are_there(text):
    assert [name for name, _ in CONCEPTS] == [
        "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
        "Stochasticity", "Collectives", "Observation"]
    for number, (name, _) in enumerate(CONCEPTS, 1):
        assert f"**ODD-4.{number} {name}.**" in text


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_is_described_under_the_seven_heads(path):
    said = describe(load(path))
    heads = [line[3:] for line in said.splitlines() if line.startswith("## ")]
    assert [head.partition(". ")[2] for head in heads[:7]] == [
        "Purpose and patterns", "Entities, state variables, scales", "Process overview and scheduling", "Design concepts",
        "Initialisation", "Input data", "Submodels"]
    rows = [line for line in said.splitlines() if line.startswith("|")]
    assert all(row.endswith("|") for row in rows)


def test_rules_in_force_are_told_in_full_and_the_others_named(text):
    assert "**ODD-7.3.growth.team_assembly** (growth = team_assembly)." in text
    assert "**ODD-7.4.accept.standard**" in text
    others = next(line for line in text.splitlines() if line.startswith("Not in force: ODD-7.4"))
    assert "ODD-7.4.accept.always" in others
    assert "standard" not in others


# --- the other papers ------------------------------------------------------------------------

@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_odd_without_a_scenario_describes_the_defaults(text):
    assert call("--odd").stdout.startswith("# mobilise_defaults")
    assert call().stdout == call("--odd").stdout


def test_trace_has_eight_elements_and_says_what_is_missing():
    said = call("--trace").stdout
    assert re.findall(r"^## (\d)\.", said, re.MULTILINE) == list("12345678")
    assert said.count("Missing:") == 8
    assumed = [p.key for p in PARAMETERS if p.source == ASSUMED]
    assert all(key in said for key in assumed)
    assert "none is recorded" in said


def test_midas_is_a_record_of_what_there_is():
    record = json.loads(call("--midas").stdout)
    assert record == json.loads(call("--midas", "--json").stdout)
    assert {one["name"] for one in record["outcomes"]} == set(outcomes())
    assert record["interventions"] == [entry.name for entry in catalogue.instrument_entries()]
    assert record["license"] == "MIT"
    assert len(record["notFor"]) == 3


def test_trust_is_computed_and_honest(elsewhere):
    items = {item["question"]: item for item in json.loads(call("--trust", "--json").stdout)}
    status = {question: item["status"] for question, item in items.items()}
    assert status["The generator gives its published vectors"] == "pass"
    assert status["Money balances to the cent in every quarter"] == "pass", items
    assert status["The same run gives the same bits twice, and on two threads"] == "pass", items
    assert status["Bad scenarios, and code in them, are refused with line and column"] == "pass", items
    assert status["Every part of the ODD text has code, and every file of the engine an id"] == "pass", items
    assert status["Known results are replicated"] == "not checked"
    assert status["Production (what success a team makes) is calibrated"] == "fail"
    assert not [item for item in items.values() if item["found"].startswith("could not be computed")]


def test_trust_reads_the_recorded_replications(elsewhere):
    assert CliRunner().invoke(app, ["replicate", "jackson_wolinsky_1996"]).exit_code == 0
    (found,) = [item for item in json.loads(call("--trust", "--json").stdout)
                if item["question"] == "Known results are replicated"]
    assert found["status"] == "fail"
    assert "13 of 13" in found["found"]
    assert "not recorded: cowan_jonard_2004" in found["found"]
    assert "jackson_wolinsky_1996: 13 of 13" in call("--trace").stdout


def test_a_check_can_fail(monkeypatch):
    from sim.report import trust_checks

    monkeypatch.setitem(trust_checks.VECTORS, (0, 0, 0, 0), 1)
    assert trust_checks.vectors()[0] is False
    monkeypatch.setattr(trust_checks, "BANNED", {"arange"})
    assert trust_checks.nothing_banned()[0] is False
    monkeypatch.setitem(trust_checks.BAD, "name: fine\n", "a good file")
    assert trust_checks.bad_files()[0] is False
    monkeypatch.setattr(trust_checks, "engine_files", lambda: ("phases/orphan.py",))
    monkeypatch.setattr(trust_checks, "ids_of", lambda file: ())
    assert trust_checks.ids_are_tied()[0] is False


def test_kept_reports_and_manifests_are_read(elsewhere):
    from sim.report import trust_checks

    kept = elsewhere / "results" / "one"
    kept.mkdir(parents=True)
    (kept / "report.html").write_text("worlds, Student's t, 95 %, Failed runs", "utf-8")
    (kept / "manifest.json").write_text('{"seed": 1}', "utf-8")
    assert trust_checks.reports(elsewhere / "results") == (False, "1 kept; not said: one: what is assumed")
    assert trust_checks.manifests(elsewhere / "results") == (False, "1 kept; incomplete: one")


def test_one_paper_at_a_time():
    ran = call("--odd", "--trace")
    assert ran.exit_code == 2
    assert "one paper at a time" in ran.stderr
