"""What the documents tell a reader to type works: README snippets, tutorial, the page on own rules."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent


def blocks(file: str, language: str) -> list[str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def run(*words: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], cwd=cwd, text=True, capture_output=True, check=False,
                          env={**os.environ, **environment})


@pytest.mark.parametrize("snippet", blocks("README.md", "python"))
def test_readme_snippet_runs(snippet: str, tmp_path: Path) -> None:
    code = snippet.replace('overrides=["futures.count=0"]',
                           f'overrides=["futures.count=0", "world.steps=4"], out={str(tmp_path)!r}')
    done = run("-c", code)
    assert done.returncode == 0, done.stderr


def test_readme_names_the_default_scenario_and_the_test_command() -> None:
    first, second = blocks("README.md", "bash")[:2]
    assert "mobilise compare scenarios/known_vs_strategic.yaml" in first
    assert second.strip().endswith("-m pytest -q -n 2")


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="the notebook runs with the compiler")
def test_tutorial_runs(tmp_path: Path) -> None:
    notebook = nbformat.read(ROOT / "experiments" / "tutorial.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("results/tutorial", str(tmp_path / "tutorial"))
    NotebookClient(notebook, timeout=400, resources={"metadata": {"path": str(ROOT)}}).execute()
    assert notebook.cells[2].outputs, "the first comparison shows nothing"


def test_own_rule_and_policy_run_as_the_page_says(tmp_path: Path) -> None:
    """The rule, the scenario beside the one it changes, and the page's own command, typed in a folder of that make."""
    for folder in ("scenarios", "experiments/rules"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / "scenarios" / "classroom.yaml", tmp_path / "scenarios")
    page = "experiments/write_your_own.md"
    (tmp_path / "experiments" / "rules" / "same_sector_first.py").write_text(blocks(page, "python")[0], encoding="utf-8")
    (tmp_path / "scenarios" / "my_scenario.yaml").write_text(blocks(page, "yaml")[0], encoding="utf-8")
    (command,) = blocks(page, "bash")
    done = run("-m", "sim", *command.split()[1:], "--replicates", "2", "--jobs", "1", "--no-figures",
               "--set", "futures.count=0 world.steps=2 world.burn_in=1", cwd=tmp_path, NUMBA_DISABLE_JIT="1",
               PYTHONWARNINGS="ignore", PYTHONPATH=str(ROOT))
    assert done.returncode == 0, done.stderr
    assert "sector club" in done.stdout
