"""What `mobilise replicate` left behind: the recorded verdicts of known results."""

from __future__ import annotations

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
