"""What surrounds the code: commands of the README, gates, versions, lock file, no traces of a machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import sim

HERE = Path(__file__).parent.parent
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))
README = (HERE / "README.md").read_text("utf-8")
GATES = (HERE / ".ci" / "run").read_text("utf-8")
CORE = {"mesa", "numpy", "numba", "scipy", "pydantic", "pyyaml", "matplotlib", "typer", "rich", "pyarrow"}


def name_of(requirement: str) -> str:
    return re.split(r"[<>=!~ \[;]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_core_dependencies_are_the_agreed_ones() -> None:
    assert {name_of(line) for line in PROJECT["project"]["dependencies"]} == CORE
    assert "mesa>=3.3,<4" in PROJECT["project"]["dependencies"]


def test_the_lock_pins_everything_that_is_asked_for() -> None:
    lines = [line for line in (HERE / "requirements.lock").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line) for line in lines)
    asked = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["test"]
    assert {name_of(line) for line in asked} <= {line.split("==")[0] for line in lines}


def licence_of(name: str) -> str:
    """Return what an installed distribution says of its licence; empty for one that is not installed."""
    try:
        said = distribution(name).metadata
    except PackageNotFoundError:
        return ""
    kinds = [line for line in said.get_all("Classifier") or [] if line.startswith("License")]
    return " ".join([said.get("License-Expression") or "", (said.get("License") or "")[:80], *kinds])


def test_no_dependency_is_under_the_gpl() -> None:
    """Whatever the core and the extras pull in, through and through, as far as it is installed here."""
    left = [*PROJECT["project"]["dependencies"], *chain(*PROJECT["project"]["optional-dependencies"].values())]
    seen = {"ema-workbench"}  # by itself; what it asks for is the extra discovery, less Platypus
    while left:
        one = Requirement(left.pop())
        name = one.name.lower().replace("_", "-")
        if name in seen or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        seen.add(name)
        if licence_of(name):
            left += distribution(name).requires or []
    bad = {name for name in seen if re.search(r"(?<![L])GPL|GNU (?:Affero )?General", licence_of(name), re.IGNORECASE)}
    assert len(seen) > 60 and not bad and licence_of("numpy")
    assert "platypus" not in (HERE / "requirements.lock").read_text("utf-8")


def test_readme_has_the_two_commands_and_the_gates_read_the_second_from_it() -> None:
    commands = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert len(commands) >= 2
    assert "mobilise compare scenarios/known_vs_strategic.yaml" in commands[0]
    tests = [line for line in commands if line.endswith("pytest -q") or "-m pytest" in line]
    assert len(tests) == 1
    pattern = re.search(r"grep -E '([^']+)' \"\$root/README.md\"", GATES)
    assert pattern is not None and re.search(pattern[1], tests[0])


def test_the_gates_fit_into_twenty_minutes() -> None:
    minutes = [int(n) for n in re.findall(r'^layer "[^"]+" (\d+) ', GATES, re.MULTILINE)]
    last = re.findall(r"timeout --kill-after=10 (\d+) bash -c \"\$test_command\"", GATES)
    assert len(minutes) >= 5 and len(last) == 1
    assert sum(minutes) + int(last[0]) / 60 <= 20


def test_versions_agree() -> None:
    assert sim.__version__ == PROJECT["project"]["version"]
    assert f"version: {sim.__version__}" in (HERE / "CITATION.cff").read_text("utf-8")
    assert f"## {sim.__version__}" in (HERE / "CHANGELOG.md").read_text("utf-8")


def test_policies_are_shipped() -> None:
    assert PROJECT["tool"]["setuptools"]["package-data"]["sim.policies"] == ["*.yaml"]
    assert list((HERE / "sim" / "policies").glob("*.yaml"))


def test_no_trace_of_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=HERE, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    home = re.compile(r"(/(root|home|Users|work|tmp)/[a-z]|\\Users\\)")
    for name in listed.stdout.split("\n"):
        path = HERE / name
        if path.suffix in {".py", ".toml", ".md", ".yaml", ".lock", ".cff", ".ipynb"} and path != Path(__file__):
            assert not home.search(path.read_text("utf-8")), name


def test_files_and_functions_stay_short() -> None:
    import ast

    for path in sorted((HERE / "sim").rglob("*.py")):
        text = path.read_text("utf-8")
        assert text.count("\n") <= 300, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
                assert node.end_lineno - node.lineno < 60, f"{path}: {node.name}"
