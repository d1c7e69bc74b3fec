"""The running difference of a study against the mean and standard error of all worlds at once."""

from __future__ import annotations

import math
import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.experiment.tally import Tally

STUDY: Any = SimpleNamespace(text=SimpleNamespace(outcomes=("net_value", "success")),
                             scenario=SimpleNamespace(focus="mine", baseline="base"))


def told(gaps: list[float]) -> tuple[Tally, list[str]]:
    """Return a tally that has heard of so many worlds, one run at a time, and what it said."""
    said: list[str] = []
    tally = Tally(STUDY, said.append)
    runs: dict[str, Any] = {f"{policy}-{k}": SimpleNamespace(policy=policy, future=k % 2, replicate=k)
                            for policy in ("mine", "base", "other") for k in range(len(gaps))}
    tally.expect(runs)
    for k, gap in enumerate(gaps):
        for policy, value in (("other", 99.0), ("mine", 10.0 * k + gap), ("base", 10.0 * k)):
            report: Any = SimpleNamespace(totals={f"{policy}-{k}": {"net_value": value, "success": 7.0}, "unknown": {}})
            tally.hear(report)
    return tally, said


def test_the_line_is_mean_and_interval_of_the_differences() -> None:
    gaps = [3.0, -1.0, 4.0, 1.5, 9.0]
    tally, said = told(gaps)
    assert len(said) == 5, "once for each whole world"
    assert (tally.count, tally.mean, tally.waiting) == (5, pytest.approx(np.mean(gaps)), {})
    half = 1.96 * np.std(gaps, ddof=1) / math.sqrt(5)
    found = re.fullmatch(r"mine − base: (\S+) ± (\S+) net_value over 5 worlds and futures so far", said[-1])
    assert found and float(found[1]) == pytest.approx(3.3) and float(found[2]) == pytest.approx(half, rel=0.05)


def test_one_world_has_no_interval_and_two_have() -> None:
    assert told([3.0])[1] == ["mine − base: +3 in one world"]
    assert told([3.0, 5.0])[1][-1] == "mine − base: +4 ± 2 net_value over 2 worlds and futures so far"  # 1.96 x sqrt(2 / 2)


def test_a_world_without_a_number_counts_for_nothing() -> None:
    tally, said = told([3.0, math.nan, 5.0])
    assert (tally.count, tally.mean, len(said)) == (2, 4.0, 2)
