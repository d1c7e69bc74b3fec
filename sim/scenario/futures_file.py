"""Tables of futures: a column for each parameter, a line for each future, as a calibration writes them."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path

from sim.errors import Problem, ScenarioError
from sim.parameters import BY_KEY
from sim.scenario.files import Outside, table_path
from sim.scenario.nodes import Node
from sim.scenario.scenario import Scenario

MOST_FUTURES = 100_000


def read_futures(path: Path, also: Collection[str] = ()) -> list[dict[str, float]]:
    """Return the futures of a table; columns that name no parameter (nor one of ``also``) are left out.

    Raises `ScenarioError` that names file and line.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise ScenarioError([Problem(path.name, "", f"cannot be read: {reason}")]) from None
    rows = [_row(path.name, line, row, also) for line, row in enumerate(csv.DictReader(lines[:MOST_FUTURES + 1]), 2)]
    if not rows or not rows[0]:
        columns = ", ".join(lines[0].split(",")[:5]) if lines else "nothing"
        message = "holds no future: it needs a column named after a parameter and a line for each future"
        raise ScenarioError([Problem(path.name, "", message, columns)])
    return rows


def _row(name: str, line: int, row: dict[str, str], also: Collection[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for key, text in row.items():
        if key not in also and (key not in BY_KEY or BY_KEY[key].whole):
            continue
        try:
            found[key] = float(text)
        except (TypeError, ValueError):
            raise ScenarioError([Problem(name, key, f"'{text}' is no number", str(text), line=line)]) from None
        if key in BY_KEY and not BY_KEY[key].low <= found[key] <= BY_KEY[key].high:
            allowed = f"{BY_KEY[key].low:g} to {BY_KEY[key].high:g}"
            raise ScenarioError([Problem(name, key, f"{text} is out of range", text, allowed, line=line)])
    return found


def with_futures(scenario: Scenario, node: Node, folder: Path) -> Scenario:
    """Return the scenario with its table of futures found; what the table holds ranges over what it spans."""
    name = scenario.futures.file
    if name is None:
        return scenario
    written, _ = node.find(("futures", "file"))
    try:
        path = table_path(written, name, folder)
    except Outside as error:
        raise ScenarioError([written.place.problem("futures.file", f"'{name}' {error}", name)]) from None
    rows = read_futures(path)
    spanned = {key: (min(row[key] for row in rows), max(row[key] for row in rows)) for key in rows[0]}
    ranges = {**(scenario.futures.ranges or {}), **spanned}
    return scenario.model_copy(update={"futures": scenario.futures.model_copy(
        update={"file": str(path), "ranges": ranges, "count": min(scenario.futures.count, len(rows))})})
