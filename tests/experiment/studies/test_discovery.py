"""A box that was hidden is found again."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.experiment.discovery import boxes
from sim.experiment.findings import AHEAD, BEHIND, OPEN
from sim.experiment.statistics import estimate
from sim.experiment.sweep import Row
from sim.report.text_studies import boxes_text


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


def test_few_futures_give_no_box() -> None:
    assert boxes(rows(10), [BEHIND]) == () and "No box" in boxes_text(())
