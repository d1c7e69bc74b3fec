"""Answers to a lesson's questions, computed from a recording: which choice is right, and the numbers that say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Recording = Mapping[str, Any]
Rule = Mapping[str, Any]
Answer = tuple[int, list[list[str]]]


def answer(recording: Recording, rule: Rule) -> Answer:
    """Return the right choice (counted from 0) and a table of numbers, by the rule that a lesson names."""
    return TAKES[rule["take"]](recording, rule)


def _values(recording: Recording, series: str, run: int) -> Any:
    return np.array([np.nan if value is None else value for value in recording["runs"][run]["series"][series]], float)


def _window(values: Any, rule: Rule) -> float:
    """Return the sum or mean of a series over the rule's quarters (``until``, ``last``, or all)."""
    cut = values[: rule["until"]] if "until" in rule else values[-rule["last"]:] if "last" in rule else values
    if not np.isfinite(cut).any():
        return float("nan")
    return float(np.nansum(cut) if rule.get("sum") else np.nanmean(cut))


def _label(recording: Recording, run: int) -> str:
    return str(recording["runs"][run]["label"])


def _show(value: float) -> str:
    return f"{value:,.3g}".replace("-", "−") if abs(value) < 1000 else f"{value:,.0f}".replace("-", "−")


def _side(first: float, second: float, tolerance: float) -> int:
    """Return 0 when the first is larger, 1 when the second is, 2 within the tolerance."""
    gap = first - second
    if not np.isfinite(gap) or abs(gap) <= tolerance:
        return 2
    return 0 if gap > 0 else 1


def _change(gap: float, unit: str) -> str:
    """Say a difference in words, so that a loss reads as one."""
    return f"{_show(abs(gap))} {unit} {'more' if gap > 0 else 'less'}"


def _larger(recording: Recording, rule: Rule) -> Answer:
    runs = rule.get("runs", (0, 1))
    values = [_window(_values(recording, rule["series"], run), rule) for run in runs]
    rows = [[_label(recording, run), _show(value)] for run, value in zip(runs, values, strict=True)]
    return _side(values[0], values[1], rule["tolerance"]), rows


def _better_change(recording: Recording, rule: Rule) -> Answer:
    """Two changes against run 0: 0 or 1 when that one brings more, 2 when they are level, 3 when neither helps."""
    before, *after = (_window(_values(recording, rule["series"], run), rule) for run in (0, *rule["runs"]))
    rows = [[_label(recording, 0), _show(before)],
            *([_label(recording, run), f"{_show(value)} ({_change(value - before, rule['unit'])})"]
              for run, value in zip(rule["runs"], after, strict=True))]
    if all(value <= before + rule["tolerance"] for value in after):
        return 3, rows
    return _side(after[0], after[1], rule["tolerance"]), rows


def _band(recording: Recording, rule: Rule) -> Answer:
    value = _window(_values(recording, rule["series"], rule["run"]), rule)
    return int(np.searchsorted(rule["bounds"], value, side="right")), [[_label(recording, rule["run"]), _show(value)]]


def _wider_gap(recording: Recording, rule: Rule) -> Answer:
    gaps = [float(np.nansum(_values(recording, name, 0)) - np.nansum(_values(recording, name, 1)))
            for name in rule["series"]]
    rows = [[name, _show(gap)] for name, gap in zip(rule["series"], gaps, strict=True)]
    return int(np.argmax(np.abs(gaps))), rows


def _falls_more(recording: Recording, rule: Rule) -> Answer:
    falls, rows = [], []
    for run in (0, 1):
        values = _values(recording, rule["series"], run)
        before, after = (float(np.nanmean(values[first - 1: last])) for first, last in (rule["before"], rule["after"]))
        falls.append(before - after)
        rows.append([_label(recording, run), f"{_show(before)} → {_show(after)}"])
    return _side(falls[0], falls[1], rule["tolerance"]), rows


def _interaction(recording: Recording, rule: Rule) -> Answer:
    """Four runs in the order: neither, second change, first change, both."""
    neither, one, other, both = (float(np.nansum(_values(recording, rule["series"], run))) for run in range(4))
    together, added = both - neither, (one - neither) + (other - neither)
    rows = [[_label(recording, run), _show(value)] for run, value in enumerate((neither, one, other, both))]
    rows += [["both together", _change(together, rule["unit"])], ["one by one, added", _change(added, rule["unit"])]]
    side = _side(together, added, rule["tolerance"])
    return {0: 0, 2: 1, 1: 2}[side], rows


TAKES: dict[str, Callable[[Recording, Rule], Answer]] = {
    "larger": _larger, "better_change": _better_change, "band": _band, "wider_gap": _wider_gap,
    "falls_more": _falls_more, "interaction": _interaction,
}
