"""Every shipped study is valid, and the gallery's command knows the mapped and swept ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.experiment.sensitivity import FREE
from sim.experiment.sizes import size_of
from sim.scenario.load_study import is_study, load_study

HERE = Path(__file__).parents[3] / "experiments"
STUDIES = sorted(path for path in HERE.glob("*.yaml") if is_study(path))


def test_there_are_studies() -> None:
    assert len(STUDIES) >= 10 and not is_study(HERE.parent / "scenarios" / "classroom.yaml")


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_a_shipped_study_is_valid_and_has_its_question(path: Path) -> None:
    study = load_study(path)
    assert study.text.name == path.stem and study.text.question.endswith("?") and study.text.look_for
    verb = "regime" if study.text.map else "calibrate" if study.text.calibrate else "sweep"
    assert size_of(study, verb).runs > 0


def test_what_is_free_after_screening_is_at_most_fifteen() -> None:
    free = load_study(HERE / "what_decides_sobol.yaml").text.uncertainties
    assert len(free) <= FREE == 15
