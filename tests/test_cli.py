"""The command line: answers, exit codes, one JSON document, no traceback for what a person can mend."""

from __future__ import annotations

import importlib
import json
import os
import resource
import shlex
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from sim.cli.app import app

HERE = Path(__file__).parent.parent
TINY = ["--set", "world.smes=24 world.clusters=2 world.steps=4 world.burn_in=1 futures.count=1", "--replicates", "2"]
SMALL = ["--set", "world.smes=24 world.clusters=2 world.steps=6 world.burn_in=1 challenges.rate=1"]
VERBS = ("compare", "run", "check", "rules", "describe", "explain", "init", "schema", "validate", "doctor", "replicate")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder with one scenario."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.yaml").write_text(
        "name: one\npolicies: [same_known_partners, strategic_mobilisation, solo]\nfutures: {count: 1}\n", "utf-8")
    return tmp_path


def call(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), prog_name="mobilise")


def suggested(ended: Result) -> list[str]:
    """Return the command that a verb named last, without the program's name."""
    return shlex.split(ended.stderr.strip().splitlines()[-1].removeprefix("next   mobilise "))


def outside(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "PYTHONPATH": str(HERE)}
    return subprocess.run([sys.executable, "-m", "sim", *words], capture_output=True, text=True, env=settings,
                          timeout=300, **options)  # type: ignore[call-overload, no-any-return]


# --- help ------------------------------------------------------------------------------------

def test_help_opens_with_runnable_examples() -> None:
    said = call("--help").stdout
    assert said.index("mobilise compare scenarios/known_vs_strategic.yaml") < said.index("Options")
    for verb in VERBS:
        assert f"\n  {verb} " in said


def test_examples_name_files_that_exist() -> None:
    for verb in ((), *((verb,) for verb in VERBS)):
        for word in call(*verb, "--help").stdout.split():
            if word.startswith("scenarios/"):
                assert (HERE / word).exists(), word


def test_help_is_quick() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert outside("--help").returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent < 0.6, f"{spent:.2f} s of CPU"


def test_help_loads_nothing_heavy() -> None:
    code = ("import sys, sim.cli.app\n"
            "print([m for m in ('numpy', 'numba', 'pandas', 'mesa', 'matplotlib', 'pydantic', 'scipy') if m in sys.modules])")
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=HERE, check=True)
    assert ran.stdout.strip() == "[]"


def test_version_and_module() -> None:
    assert call("--version").stdout.startswith("mobilise")
    assert outside("--version").stdout == call("--version").stdout


# --- usage and scenario errors ---------------------------------------------------------------

@pytest.mark.parametrize("words", [
    ("compaare",), ("compare",), ("compare", "one.yaml", "--nonsense"), ("compare", "one.yaml", "--replicates", "0"),
    ("compare", "one.yaml", "--set", "nonsense"), ("explain",), ("explain", "trust", "--channels"),
    ("explain", "serch.noise"), ("explain", "--channels"), ("rules", "termz"), ("init", "one.yaml"),
    ("run", "one.yaml", "--policy", "strategic"), ("run", "one.yaml", "--future", "9"),
    ("replay", "page.html"), ("replay", "tape.json"),
    ("compare", "one.yaml", "--rules", "missing.py"),
])
def test_usage_errors_end_with_2_and_no_traceback(words: tuple[str, ...]) -> None:
    ended = call(*words)
    assert ended.exit_code == 2
    assert ended.stderr.strip() and "Traceback" not in ended.stderr
    assert ended.exception is None or isinstance(ended.exception, SystemExit)


@pytest.mark.parametrize("words", [
    ("check", "missing.yaml"), ("compare", "missing.yaml"), ("describe", "missing.yaml"), ("run", "bad.yaml"),
    ("check", "bad.yaml"), ("compare", "bad.yaml"), ("compare", "one.yaml", "--set", "trust.general=2"),
    ("compare", "one.yaml", "--dry-run", "--set", "trust.genral=0.2"), ("check", "one.yaml", "bad.yaml"),
    ("check", ""), ("check", "."), ("compare", "."), ("describe", "scenarios"),
])
def test_invalid_scenarios_end_with_3_and_no_traceback(words: tuple[str, ...], elsewhere: Path) -> None:
    (elsewhere / "bad.yaml").write_text("trust:\n  generl: 3\n  gain: -1\n")
    ended = call(*words)
    assert ended.exit_code == 3
    assert "nothing was run" in ended.stderr and "Traceback" not in ended.stderr


def test_all_problems_are_said_at_once_with_their_place(elsewhere: Path) -> None:
    (elsewhere / "bad.yaml").write_text("trust:\n  generl: 3\n  gain: -1\n")
    said = call("check", "bad.yaml").stderr
    assert "bad.yaml:2:3: trust.generl" in said and "bad.yaml:3:9: trust.gain" in said and "2 problems" in said


def test_errors_as_json_are_one_document(elsewhere: Path) -> None:
    (elsewhere / "bad.yaml").write_text("trust:\n  generl: 3\n")
    ended = call("compare", "bad.yaml", "--json")
    content = json.loads(ended.stdout)
    assert ended.exit_code == content["exit_code"] == 3
    assert content["problems"][0]["line"] == 2 and content["problems"][0]["nearest"] == "general"


# --- texts and look-ups ----------------------------------------------------------------------

def test_check_says_what_it_read() -> None:
    ended = call("check", "one.yaml")
    assert ended.exit_code == 0 and "one.yaml: fine (1,000 SMEs" in ended.stdout
    assert "next   mobilise compare one.yaml" in ended.stderr
    assert json.loads(call("check", "one.yaml", "--json").stdout) == {"fine": ["one.yaml"], "problems": [], "warnings": {}}


def test_init_writes_a_scenario_that_checks_and_its_schema(elsewhere: Path) -> None:
    ended = call("init", "new/mine.yaml")
    assert ended.exit_code == 0 and "wrote" in ended.stderr
    assert call("check", "new/mine.yaml").exit_code == 0
    assert json.loads((elsewhere / "new" / "mobilise.schema.json").read_text("utf-8"))["properties"]
    assert call("init", "new/mine.yaml").exit_code == 2
    assert call("init", "new/mine.yaml", "--force").exit_code == 0


def test_schema_is_json() -> None:
    assert "properties" in json.loads(call("schema").stdout)


def test_describe_covers_rules_parameters_and_policies() -> None:
    from sim.parameters import PARAMETERS

    said = call("describe", "one.yaml", "--set", "trust.general=0.4").stdout
    for part in ("## 1. Purpose", "## 7. Submodels", "accept = standard", "strategic_mobilisation", "**0.4**"):
        assert part in said
    assert all(f"`{parameter.key}`" in said for parameter in PARAMETERS)


def test_describe_writes_a_file(elsewhere: Path) -> None:
    assert "wrote" in call("describe", "one.yaml", "--out", "odd.md").stderr
    assert (elsewhere / "odd.md").read_text("utf-8").startswith("# one")


def test_every_parameter_policy_rule_and_outcome_explains_itself() -> None:
    from sim.scenario.catalogue import everything, explain

    for entry in everything():
        assert entry.text, entry
        assert entry in explain(entry.name)


def test_explain_says_default_range_unit_and_source() -> None:
    said = call("explain", "search.noise").stdout
    for part in ("Blur of a stranger's level.", "0.2", "0 to 1", "assumed", "--set search.noise=0.2"):
        assert part in said


def test_a_misspelt_name_is_met_with_the_nearest() -> None:
    assert "did you mean 'search.noise'?" in call("explain", "serch.noise").stderr


@pytest.mark.parametrize("table", ["projects", "participations", "organisations", "relatedness"])
def test_a_table_named_as_set_names_it_is_met_with_its_own_address(table: str) -> None:
    said = call("explain", f"world.{table}").stderr
    assert f"; write `tables.{table}`" in said and "did you mean" not in said


def test_rules_lists_all_and_one_family() -> None:
    everything = json.loads(call("rules", "--json").stdout)
    assert {"policies", "terms", "produce", "outcomes"} <= set(everything)
    assert list(json.loads(call("rules", "terms", "--json").stdout)) == ["terms"]
    assert "role_gain" in call("rules", "terms").stdout


def test_a_rule_of_ones_own_is_listed_where_it_is_named(elsewhere: Path) -> None:
    (elsewhere / "liking.py").write_text('"""Like."""\nFAMILY = "terms"\n\n\ndef liking(c):\n    """Like everybody."""\n    return 1.0\n')
    ended = outside("rules", "terms", "--rules", "liking.py", cwd=elsewhere)
    assert ended.returncode == 0 and "Like everybody." in ended.stdout


def test_doctor_names_a_command_that_works_where_it_is(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.cli.doctor import _next
    from sim.scenario import shipped

    assert _next() == "mobilise compare classroom"
    assert outside("check", "classroom", cwd=elsewhere).returncode == 0
    monkeypatch.setattr(shipped, "home", lambda: None)
    assert _next() == "mobilise init my_scenario.yaml"


def test_a_shipped_scenario_is_copied_to_begin_with(elsewhere: Path) -> None:
    first = outside("init", "mine/world.yaml", "--like", "practice_ablation", cwd=elsewhere)
    assert first.returncode == 0 and (elsewhere / "mine" / "known_vs_strategic.yaml").exists(), first.stderr
    assert outside("check", "mine/world.yaml", cwd=elsewhere).returncode == 0
    again = outside("init", "mine/world.yaml", "--like", "practice_ablation", cwd=elsewhere)
    assert again.returncode == 2 and "exists" in again.stderr


def test_scenarios_are_listed_with_their_questions() -> None:
    said = call("rules", "scenarios").stdout
    assert "What happens to sixty firms" in said and "turbulent_world" in said
    assert "did you mean 'scenarios'" in call("rules", "scenario").stderr


def test_doctor_is_well() -> None:
    ended = call("doctor", "--json")
    checks = {check["check"]: check["fine"] for check in json.loads(ended.stdout)}
    assert ended.exit_code == 0 and all(checks.values()) and "compiler" in checks


def test_quiet_says_answers_only() -> None:
    ended = call("check", "one.yaml", "--quiet")
    assert ended.stdout.startswith("one.yaml: fine") and ended.stderr == ""


def test_no_colour_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.cli.console import colour

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert colour(Terminal()) is True
    monkeypatch.setenv("NO_COLOR", "1")
    assert colour(Terminal()) is False


# --- running ---------------------------------------------------------------------------------

def test_dry_run_says_what_it_would_do_and_does_nothing(elsewhere: Path) -> None:
    ended = call("compare", "one.yaml", "--dry-run", "--json", *TINY)
    content = json.loads(ended.stdout)
    assert ended.exit_code == 0 and content["own_worlds"] == 2
    assert content["runs"] == 3 * (2 + content["futures"])
    assert not (elsewhere / "results").exists()
    assert "next   mobilise compare one.yaml" in call("compare", "one.yaml", "--dry-run").stderr


def test_what_a_dry_run_suggests_is_what_was_planned() -> None:
    words = ("compare", "one.yaml", "-n", "3", "--policies", "solo,same_known_partners", "--seed", "7",
             "--set", "world.steps=4", "--set", "trust.general=0.4", "--out", "a folder")
    ended = call(*words, "--dry-run")
    then = suggested(ended)
    assert then[then.index("--seed") + 1] == "7" and then.count("--set") == 2 and "a folder" in then
    assert call(*then, "--dry-run").stdout == ended.stdout


def test_run_takes_a_study_and_changes_of_its_world() -> None:
    """One world of a study is its scenario as the study changes it."""
    from sim.cli.single import plan

    file = str(Path(__file__).parent.parent / "experiments" / "programme_partners.yaml")
    spec = plan(file, "partners_3", 2, 0, ["work.complementarity=-1.5", "world.smes=99"], 4, [])
    assert (spec.policy, spec.replicate, spec.scenario.seed, spec.scenario.world.smes) == ("partners_3", 2, 4, 99)
    assert spec.scenario.world.clusters == 40 and spec.scenario.values()["work.complementarity"] == -1.5


@pytest.mark.slow
def test_run_answers_and_writes_what_it_says(elsewhere: Path) -> None:
    ended = call("run", "one.yaml", "--policy", "solo", "--json", *SMALL)
    assert ended.exit_code == 0, ended.stderr
    content = json.loads(ended.stdout)
    assert content["policy"] == "solo" and len(content["series"]["value"]) == 6
    wrote = [Path(line.split(maxsplit=1)[1]) for line in ended.stderr.splitlines() if line.startswith("wrote")]
    assert sorted(path.name for path in wrote) == ["manifest.json", "outcomes.csv", "series.parquet"]
    home = Path(content["folder"])
    assert json.loads((home / "manifest.json").read_text("utf-8"))["run_id"] == content["run_id"]
    assert pd.read_parquet(home / "series.parquet")["value"].tolist() == content["series"]["value"]
    table = pd.read_csv(home / "outcomes.csv").set_index("outcome")["value"]
    assert table["net_value"] == pytest.approx(content["totals"]["net_value"])
    said = call("run", "one.yaml", "--policy", "solo", *SMALL).stdout
    assert "net value" in said and "agreements" not in said and len(table) > said.count("\n"), "no programme, no rows of it"
    shared = call("run", "one.yaml", "--policy", "solo", "--json", "--threads", "2", *SMALL)
    assert json.loads(shared.stdout) == content


@pytest.mark.slow
def test_compare_answers_draws_and_goes_on_from_what_is_kept(elsewhere: Path) -> None:
    first = call("compare", "one.yaml", *TINY, "--jobs", "1")
    assert first.exit_code == 0, first.stderr
    assert first.stdout.startswith("Strategic mobilisation")
    for part in ("95 %", "production is assumed", "Regret", "Where partners came from", "Only 2 worlds"):
        assert part in first.stdout
    figures = sorted(path.name for path in (elsewhere / "results" / "one" / "figures").iterdir())
    assert [name for name in figures if name.endswith("svg")] == [
        "difference.svg", "fan.svg", "forest.svg", "network.svg", "sectors.svg"]  # too short for ties to be seen ending
    again = call("compare", "one.yaml", *TINY, "--jobs", "1", "--json", "--no-figures")
    content = json.loads(again.stdout)
    assert content["focus"] == ["strategic_mobilisation", "same_known_partners"]
    assert str(content["headline"]["estimate"]["worlds"]) in first.stdout
    carried = json.loads(call(*suggested(first), "--replicates", "2", "--jobs", "1", "--json").stdout)
    assert carried["full"]["mean"] == content["headline"]["estimate"]["mean"], "what is suggested meets the same worlds"


@pytest.mark.slow
def test_why_a_partnership_formed() -> None:
    words = ("explain", "--scenario", "one.yaml", *SMALL, "--partnership")
    ended = call(*words, "30")
    assert ended.exit_code == 0, ended.stderr
    assert "Members" in ended.stdout and "Roles" in ended.stdout
    story = json.loads(call(*words, "30", "--json").stdout)
    assert story["lead"]["organisation"] in [member["organisation"] for member in story["members"]]
    assert call(*words, "999999").exit_code == 2


@pytest.mark.slow
def test_which_channel_carries_the_difference() -> None:
    small = ("--set", "world.smes=24 world.clusters=2 world.steps=4 world.burn_in=1", "--replicates", "2", "--jobs", "1")
    ended = call("explain", "--channels", "--scenario", "one.yaml", *small, "--json")
    assert ended.exit_code == 0, ended.stderr
    assert {channel["name"] for channel in json.loads(ended.stdout)["channels"]} >= {"information", "search cost"}


def test_an_interruption_ends_with_130_and_says_that_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib.import_module("sim.scenario.load_study"), "load_world", stop)
    ended = call("check", "one.yaml")
    assert ended.exit_code == 130 and "is kept" in ended.stderr


def test_failed_runs_end_with_4_and_keep_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.cli import comparing

    class Partly:
        class findings:
            failures = ("one",)

    monkeypatch.setattr(importlib.import_module("sim.experiment.compare"), "compare", lambda *_, **__: Partly)
    monkeypatch.setattr(comparing, "_say", lambda _: None)
    monkeypatch.setattr(comparing, "_files", lambda *_: [])
    assert call("compare", "one.yaml").exit_code == 4
