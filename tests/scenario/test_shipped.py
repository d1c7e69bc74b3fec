"""Texts that come with the program: found by plain name from any folder, misspelt names helped, copies that check."""

from __future__ import annotations

import shutil
import tomllib
from importlib.metadata import PackagePath
from pathlib import Path

import pytest

from sim.errors import ScenarioError, UsageError
from sim.scenario import shipped as module
from sim.scenario.editor import SCHEMA_FILE, copies
from sim.scenario.load import difference, load
from sim.scenario.load_study import is_study, load_study
from sim.scenario.shipped import located, shipped

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_scenario_is_found_by_its_name_alone() -> None:
    assert list(shipped()) == NAMES
    for name in NAMES:
        assert located(Path(name)) == located(Path("scenarios") / f"{name}.yaml") == ROOT / "scenarios" / f"{name}.yaml"


def test_a_study_is_found_by_name_and_finds_its_scenario() -> None:
    assert is_study("adopters") and not is_study("classroom")
    assert load_study("adopters").scenario.name == "adopters"


def test_a_file_of_ones_own_comes_first(elsewhere: Path) -> None:
    (elsewhere / "scenarios").mkdir()
    (elsewhere / "scenarios" / "classroom.yaml").write_text("name: mine\n")
    (elsewhere / "shock").write_text("name: no_ending\n")
    assert load("scenarios/classroom.yaml").name == "mine" and load("shock").name == "no_ending"
    assert load("classroom").name == "classroom" and load("scenarios/shock.yaml").name == "shock"


def test_a_folder_of_that_name_is_no_scenario_and_hides_none(elsewhere: Path) -> None:
    (elsewhere / "classroom").mkdir()
    assert load("classroom").name == "classroom"


@pytest.mark.parametrize(("given", "said"), [
    ("known_vs_strategi", "did you mean 'known_vs_strategic'?"), ("adopter", "did you mean 'adopters'?"),
    ("qqqq", "mobilise rules scenarios"), ("classroom.yml", "no such file"), ("other/classroom.yaml", "no folder"),
    ("../classroom", "no such file"), ("x" * 5000, "x"), ("a\0b", "cannot be read")])
def test_what_is_not_there_is_said_once(given: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load(given)
    assert len(error.value.problems) == 1 and said in str(error.value)


def test_an_overlay_of_a_shipped_scenario_says_what_it_changes() -> None:
    assert difference("practice_ablation") == difference(ROOT / "scenarios" / "practice_ablation.yaml") != ()


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_is_a_scenario_of_the_same_meaning(name: str, elsewhere: Path) -> None:
    for file, text in copies(name, "mine.yaml").items():
        (elsewhere / file).write_text(text, encoding="utf-8")
    one, copy = load(name), load("mine.yaml")
    assert copy.name == "mine"
    assert {**one.canonical(), "name": "mine"} == {**copy.canonical(), "name": "mine"}


def test_a_copy_of_nothing_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'shock'"):
        copies("shok", "mine.yaml")


def test_without_shipped_texts_a_name_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "home", lambda: None)
    assert shipped() == {} and located(Path("classroom")) == Path("classroom")


def test_the_shipped_schema_is_the_one_that_tells_our_folder() -> None:
    assert module.BESIDE_THEM == SCHEMA_FILE


def test_an_installed_wheel_holds_them_where_they_are_looked_for(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay the files out as `pip install` does from pyproject.toml, and read its list of them."""
    mapped = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["data-files"]
    wheel, packages = [], elsewhere / "venv" / "lib" / "python" / "site-packages"
    for folder, patterns in mapped.items():
        target = elsewhere / "venv" / folder
        target.mkdir(parents=True)
        for file in (file for pattern in patterns for file in ROOT.glob(pattern)):
            shutil.copy(file, target)
            wheel.append(PackagePath("..", "..", "..", *Path(folder).parts, file.name))
            wheel[-1].dist = type("Installed", (), {"locate_file": lambda self, path: packages / path})()
    packages.mkdir(parents=True)
    monkeypatch.setattr(module, "files", lambda name: wheel)
    monkeypatch.setattr(module, "__file__", str(packages / "sim" / "scenario" / "shipped.py"))
    module.home.cache_clear()
    try:
        assert list(shipped()) == NAMES and elsewhere in shipped()["shock"].parents
        assert load("known_vs_strategic").name == "known_vs_strategic"
        assert load_study("regime_face").scenario.name == "regime_face"
    finally:
        module.home.cache_clear()
