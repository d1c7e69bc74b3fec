"""Whether a scenario's formation is that of a fit: its futures come from draws that `mobilise validate` wrote.

The name of a policy proves nothing. Formation counts as fitted only where the table of futures says which fit it holds,
the policy of that fit takes part (nobody else may bear the name of one that is built in), the scenario's own values lie
among the draws, and what the fit held fixed is neither changed nor varied.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.parameters import BY_KEY
from sim.scenario.scenario import Scenario

PREFIX = "fit."
ORIGIN = tuple(f"{PREFIX}{name}" for name in ("policy", "years", "predicted", "within", "figures", "data", "version"))
OBSERVED = tuple(f"{PREFIX}{name}" for name in ("repeat_pairs", "newcomers"))
FIXED = ("search.habit", "search.loyalty", "search.alike", "search.in_theme", "search.in_country", "search.in_kind")


@dataclass(frozen=True)
class Fitted:
    """The fit that a scenario's formation comes from.

    Parameters
    ----------
    policy : whose formation was fitted.
    years, predicted : years it was fitted to, and those it was checked on ("" for none).
    within, figures : how many figures of the years shown lay within their tolerance, and how many there were.
    draws : draws in the table.
    observed : of the years shown, shares of pairs that had worked together before and of members that were new, by the
        names of the outcomes; empty where the table does not say.
    """

    policy: str
    years: str
    predicted: str
    within: int
    figures: int
    draws: int
    observed: dict[str, float] = field(default_factory=dict)


def fitted(scenario: Scenario) -> Fitted | None:
    """Return the fit behind a scenario's formation, None where there is none."""
    rows = _rows(scenario.futures.file)
    if not rows or any(not row.get(name) for row in rows for name in ORIGIN if name != f"{PREFIX}predicted"):
        return None
    about = {name: rows[0].get(name) or "" for name in ORIGIN}
    if any((row.get(name) or "") != about[name] for row in rows for name in ORIGIN):
        return None  # rows of several fits
    policy = about[f"{PREFIX}policy"]
    try:
        if policy not in {one.name for one in scenario.policies} or not _holds(scenario, rows):
            return None
        within, figures = (int(about[f"{PREFIX}{name}"]) for name in ("within", "figures"))
        observed = {name.removeprefix(PREFIX): float(rows[0][name]) for name in OBSERVED if rows[0].get(name)}
    except ValueError:  # a table changed since the scenario was read
        return None
    return Fitted(policy, about[f"{PREFIX}years"], about[f"{PREFIX}predicted"], within, figures, len(rows), observed)


def _rows(file: str | None) -> list[dict[str, str]]:
    """Return the rows of a table of futures; none where it cannot be read (any more)."""
    if file is None:
        return []
    try:
        return list(csv.DictReader(Path(file).read_text("utf-8-sig").splitlines()))
    except (OSError, ValueError):
        return []


def _holds(scenario: Scenario, rows: list[dict[str, str]]) -> bool:
    """Return whether own values lie among the draws, and what the fit held fixed is as it was."""
    values, varied = scenario.values(), scenario.futures.ranges or {}
    fitted_keys = [key for key in rows[0] if key in BY_KEY]
    still = all(values[key] == BY_KEY[key].default and key not in varied for key in FIXED)
    return still and bool(fitted_keys) and all(_among(values, rows, key) for key in fitted_keys)


def _among(values: Mapping[str, float], rows: list[dict[str, str]], key: str) -> bool:
    drawn = [float(row[key]) for row in rows]
    return min(drawn) <= values[key] <= max(drawn)
