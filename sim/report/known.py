"""What `mobilise replicate` left behind: the recorded verdicts of known results."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from sim.errors import MobiliseError
from sim.record import read_json


def recorded(folder: Path) -> dict[str, dict[str, Any]]:
    """Return replication to its record, of all that are kept in the folder; damaged ones are left out."""
    found = {}
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
        try:
            content = read_json(path)
        except MobiliseError:
            continue
        if "replication" in content and isinstance(content.get("cells"), list):
            found[str(content["replication"])] = content
    return found


def count(record: dict[str, Any]) -> tuple[int, int]:
    """Return how many values agree, and how many have a known value at all."""
    verdicts = [cell["verdict"] for cell in record["cells"]]
    return verdicts.count("agrees"), sum(verdict != "no known value" for verdict in verdicts)


def sentence(name: str, record: dict[str, Any]) -> str:
    """Return one line about a record."""
    agree, known = count(record)
    changed = f"; settings {record['set']}" if record.get("set") else ""
    said = f"{agree} of {known} known values agree"
    return f"{name}: {said} ({record['seeds']} seeds{changed}; version {record['version']})"


def page(records: list[dict[str, Any]], date: str) -> str:
    """Return all records as one Markdown page: every value, known and ours, with its conditions."""
    parts = ["# Known results, theirs and ours",
             "Made by `mobilise replicate --all`. A value agrees when it lies within three standard errors of the "
             "difference (Student's counterpart of three where seeds are few), and the rounding, of the known one. "
             "Known values: *pub* printed by the authors, *re* an independent re-implementation of the published rule, "
             "*theory* a proved or elementary formula."]
    for record in records:
        agree, known = count(record)
        parts.append(f"## {record['title']}")
        parts.append(f"`mobilise replicate {record['replication']}`: {record['source']}. {agree} of {known} known "
                     f"values agree. {record['seeds']} seeds, version {record['version']}, {date}.")
        rows = [f"| {c['value']} | {c['known']} | {c['kind']} | {c['ours']:.6g} | {error_text(c['standard_error'])} | "
                f"{c['verdict']} |" for c in record["cells"]]
        parts.append("\n".join(["| value | known | | ours | s.e. | verdict |", "|---|---|---|---|---|---|", *rows]))
        calls = ", ".join(f"{part.rpartition(':')[2]} {times:,}" for part, times in record["engine_calls"].items())
        parts.append("\n".join(f"- {line}" for line in [
            *([f"Through the engine (observed calls): {calls}."] if calls else []), *record["remarks"]]))
    return "\n\n".join(parts) + "\n"


def error_text(error: float | None) -> str:
    """Return a standard error in print: a dash where there is none, the word exact for 0."""
    return "–" if error is None or math.isnan(error) else f"{error:.2g}" if error else "exact"
