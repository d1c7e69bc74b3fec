"""What each channel carries: differences of differences, by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.experiment.channels import NOTHING, SWITCHES, said, switched_off, variants
from sim.experiment.findings import with_nan, without_nan
from sim.scenario import loads

SCENARIO = loads("name: one\n")


def test_all_on_each_off_all_off_and_each_alone_are_run() -> None:
    every = set(SWITCHES)
    found = [frozenset(off) for off in variants()]
    assert found[0] == frozenset() and len(found) == len(set(found)) == 2 + 2 * len(every)
    assert sorted(len(off) for off in found) == [0] + [1] * 8 + [7] * 8 + [8]


def test_losses_and_gains_by_hand() -> None:
    """The difference is 10 with all channels and 2 with none; coverage off leaves 3, alone it makes 8; others change nothing."""
    def gap(off: tuple[str, ...]) -> float:
        if "coverage" not in off:
            return 8.0 if len(off) == 7 else 10.0
        return 2.0 if len(off) == 8 else 3.0 if len(off) == 1 else 2.0

    worlds: dict[Any, Any] = {(off, k): [SimpleNamespace(run_id=f"{policy}{off}{k}") for policy in ("a", "b")]
                              for off in variants() for k in (0, 1)}
    values = {f"{policy}{off}{k}": 100.0 * k + (gap(off) if policy == "a" else 0.0)
              for off in variants() for k in (0, 1) for policy in ("a", "b")}
    runs = pd.DataFrame({"outcome_net_value": values})
    found = said(SCENARIO, runs, worlds, (), Path("kept"))
    first = found.channels[0]
    assert (found.worlds, found.full.mean, found.none.mean, first.name) == (2, 10.0, 2.0, "coverage")
    assert (first.without.mean, first.loss.mean, first.alone.mean, first.gain.mean) == (3.0, 7.0, 8.0, 6.0)
    assert all((one.loss.mean, one.gain.mean) == (0.0, 0.0) for one in found.channels[1:])


@pytest.mark.parametrize(("name", "section", "settings"), [
    ("information", "search", {"noise": 0.0, "noise_own": 0.0}), ("search cost", "search", {"cost_scale": 0.0}),
    ("delivery", "work", {"trust_share": 0.0, "lead_base": 1.0, "lead_trust": 0.0}),
    ("coordination", "work", {"coordination_cost": 0.0}), ("alignment", "work", {"misalignment_loss": 0.0}),
    ("learning", "learn", {"doing": 0.0, "partners": 0.0, "acquire": 0.0, "fade": 0.0})])
def test_a_channel_is_off_where_its_factor_is_1_or_its_term_0(name: str, section: str, settings: dict[str, float]) -> None:
    """MODEL 5.2, 5.5 and 5.7: no blur, no price, a delivery factor and a leadership of 1, nothing learnt or forgotten."""
    off, on = getattr(switched_off(SCENARIO, [name]), section), getattr(SCENARIO, section)
    changed = {key for key in type(on).model_fields if getattr(off, key) != getattr(on, key)}
    assert changed <= set(settings) and {key: getattr(off, key) for key in settings} == settings
    assert switched_off(SCENARIO, NOTHING) == SCENARIO


def test_a_number_that_is_not_there_is_none_in_a_file_and_comes_back() -> None:
    nan, inf = float("nan"), float("inf")
    plain = without_nan({"a": [nan, 1.5, inf], "b": (True, "x", None, 2), "c": {"d": -inf, "e": 0.0}})
    assert plain == {"a": [None, 1.5, None], "b": [True, "x", None, 2], "c": {"d": None, "e": 0.0}}
    back = with_nan({"mean": 1.0, "low": None, "high": 2.0, "boot_low": None, "boot_high": 2.0, "error": 0.5, "spread": 1.0,
                     "worlds": 3})
    assert (back.mean, back.high, back.worlds) == (1.0, 2.0, 3) and back.low != back.low
