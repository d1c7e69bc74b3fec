"""Scenarios laid over a base, and settings from the command line laid over both."""

import pytest

from sim.errors import ScenarioError, UsageError
from sim.scenario import (
    difference,
    load,
    loads,
    parse_overrides,
)


@pytest.fixture
def study(tmp_path):
    (tmp_path / "low.yaml").write_text("trust: {general: 0.2, gain: 0.3}\npolicies: [solo, random]\n")
    (tmp_path / "mid.yaml").write_text("base: low.yaml\ntrust: {gain: 0.4}\n")
    (tmp_path / "top.yaml").write_text("base: mid.yaml\npolicies: [oracle, random]\nwork: {floor: 0.2}\n")
    return tmp_path


def test_an_overlay_changes_only_what_it_says(study):
    scenario = load(study / "top.yaml")
    values = scenario.values()
    assert (values["trust.general"], values["trust.gain"], values["work.floor"]) == (0.2, 0.4, 0.2)
    assert [p.name for p in scenario.policies] == ["oracle", "random"]
    assert scenario.name == "top"


def test_the_difference_of_an_overlay_to_its_base(study):
    keys = {change.key: change.after for change in difference(study / "mid.yaml")}
    assert keys == {"trust.gain": 0.4}
    assert [str(c) for c in difference(study / "low.yaml", {"trust.gain": "0.5"})] == [
        "trust.gain: 0.3 -> 0.5"
    ]


def test_a_problem_in_a_base_names_the_base(study):
    (study / "low.yaml").write_text("trust:\n  general: 2\n")
    with pytest.raises(ScenarioError, match=r"low\.yaml:2:12: trust\.general: 2 is out of range"):
        load(study / "top.yaml")


def test_bases_in_a_circle(study):
    (study / "low.yaml").write_text("base: top.yaml\n")
    with pytest.raises(ScenarioError, match=r"low\.yaml:1:7: base: 'top\.yaml' comes back to itself"):
        load(study / "top.yaml")


def test_too_many_bases(tmp_path):
    for n in range(9):
        (tmp_path / f"s{n}.yaml").write_text(f"base: s{n + 1}.yaml\n")
    with pytest.raises(ScenarioError, match="bases on top of each other"):
        load(tmp_path / "s0.yaml")


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["trust.general=0.4"], {"trust.general": "0.4"}),
        (["a.b=1 c.d=x.csv", "e=3"], {"a.b": "1", "c.d": "x.csv", "e": "3"}),
        (["tables.clusters=my file.csv world.smes=3"], {"tables.clusters": "my file.csv", "world.smes": "3"}),
        (["policies=[solo, random]"], {"policies": "[solo, random]"}),
        (["seed="], {"seed": ""}),
        ([], {}),
    ],
)
def test_overrides_are_taken_apart(items, expected):
    assert parse_overrides(items) == expected


@pytest.mark.parametrize("item", ["trust.general", "=3", "0.4", "a b=3", "seed=1 seed=2", ""])
def test_what_is_no_override(item):
    with pytest.raises(UsageError):
        parse_overrides([item])


def test_overrides_are_read_as_a_scenario_reads_them():
    scenario = loads(
        "seed: 1\n",
        {
            "trust.general": "0.4",
            "policies": "[solo, random]",
            "seed": 7,
            "futures.ranges.work.complementarity": "[-4, 0]",
        },
    )
    assert scenario.values()["trust.general"] == 0.4 and scenario.seed == 7
    assert [p.name for p in scenario.policies] == ["solo", "random"]
    assert scenario.futures.ranges == {"work.complementarity": (-4, 0)}


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("trust.genral", "0.4", "--set trust.genral: unknown setting; did you mean 'general'?"),
        ("trust.general", "2", "--set trust.general: 2 is out of range; allowed 0 to 1"),
        (
            "trust.general",
            "'0.3'",
            "--set trust.general: expected a number, not the text '0.3'",
        ),
        ("trust.general", "yes", "--set trust.general: 'yes' is read differently"),
        ("trust.general", "[1", "--set trust.general:"),
        ("trust.general", "", "--set trust.general: has no value"),
        ("trust.general.a", "1", "--set trust.general.a: trust.general: expected a number, not settings"),
        ("seed.a", "1", "--set seed.a: nothing can be set inside it"),
        ("trust..general", "1", "--set trust..general: is not an address"),
        ("trust.general", "a\u202eb", "--set trust.general: character U+202E"),
        ("base", "x.yaml", "--set base: unknown setting"),
        ("policies", 3, "--set policies: expected a list"),
    ],
)
def test_bad_overrides_name_themselves(key, value, message):
    with pytest.raises(ScenarioError) as refusal:
        loads("seed: 1\n", {key: value})
    assert any(line.startswith(message) for line in str(refusal.value).splitlines()), str(refusal.value)
