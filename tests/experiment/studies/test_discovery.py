"""A box that was hidden is found again."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.errors import UsageError
from sim.experiment.discovery import boxes
from sim.experiment.findings import AHEAD, BEHIND, OPEN
from sim.experiment.statistics import estimate
from sim.experiment.sweep import Row
from sim.report.text_studies import boxes_text

ROOT = Path(__file__).parents[3]
HIDE = """
import importlib.abc, sys
class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "platypus":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hidden())
"""


def rows(count: int) -> list[Row]:
    luck = np.random.default_rng(1)
    places = luck.random((count, 3))
    return [Row(k + 1, dict(zip("abc", place.tolist(), strict=True)), estimate([1.0]),
                BEHIND if place[0] > 0.6 and place[1] < 0.5 else AHEAD) for k, place in enumerate(places)]


@pytest.mark.filterwarnings("ignore")
def test_a_hidden_box() -> None:
    pytest.importorskip("ema_workbench")
    (box,) = boxes(rows(300), [BEHIND, OPEN])
    assert set(box.limits) == {"a", "b"} and box.density > 0.9 and box.coverage > 0.9
    assert box.limits["a"] == (pytest.approx(0.6, abs=0.05), math.inf) and box.limits["b"][1] == pytest.approx(0.5, abs=0.05)
    said = " ".join(boxes_text([box]).split())
    assert said.startswith("Where it happens") and "behind: " in said and "a >= 0." in said and "b <= 0." in said


def test_boxes_need_no_library_under_the_gpl() -> None:
    """EMA Workbench asks for Platypus (GPL): boxes are found where it cannot be found, by an interpreter that hides it."""
    pytest.importorskip("ema_workbench")
    code = HIDE + "from tests.experiment.studies.test_discovery import *; print(len(boxes(rows(300), [BEHIND])), 'platypus' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert done.stdout.split() == ["1", "False"], done.stderr


def test_without_ema_workbench_the_way_to_get_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*(one for one in sys.modules if one.startswith("ema_workbench")), "ema_workbench"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError, match="--no-deps ema_workbench"):
        boxes(rows(300), [BEHIND])


def test_few_futures_give_no_box() -> None:
    assert boxes(rows(10), [BEHIND]) == () and "No box" in boxes_text(())
