"""Numbers do not change unnoticed: small worlds against what they gave when `make.py` was last run."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest

from sim.outcomes.registry import outcomes
from sim.run import RESULT_VERSION

HERE = Path(__file__).parent
MAKE = runpy.run_path(str(HERE / "make.py"))
GOLDEN = json.loads((HERE / "golden.json").read_text("utf-8"))
AGAIN = "run python tests/golden/make.py, and say in CHANGELOG.md under OUTPUT what changed and by how much"


def test_the_golden_numbers_are_of_this_result_version() -> None:
    assert GOLDEN["result_version"] == RESULT_VERSION, AGAIN
    assert set(GOLDEN["cases"]) == set(MAKE["CASES"])


@pytest.mark.parametrize("case", MAKE["CASES"])
def test_numbers_are_what_they_were(case: str) -> None:
    known = GOLDEN["cases"][case]
    found = {name: value for name, value in MAKE["outcomes_of"](case).items() if name in known}
    changed = {name: (known[name], value) for name, value in found.items()
               if value != (None if known[name] is None else pytest.approx(known[name], rel=1e-9, abs=1e-12))}
    assert not changed, f"raise RESULT_VERSION; {AGAIN}"
    assert set(known) <= set(outcomes()), f"an outcome is gone: {AGAIN}"


def test_every_result_version_has_a_line_in_the_changelog() -> None:
    text = (HERE.parent.parent / "CHANGELOG.md").read_text("utf-8")
    said = {int(number) for number in re.findall(r"\*\*OUTPUT\*\* \(result version (\d+)\)", text)}
    assert set(range(2, RESULT_VERSION + 1)) <= said
