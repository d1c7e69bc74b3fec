"""What `mobilise replicate` left behind: the recorded verdicts of known results."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

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


class Tally(NamedTuple):
    """How many values with a known counterpart agree with it, differ, or cannot be told."""

    agree: int
    differ: int
    untold: int

    def __str__(self) -> str:
        """Say it: ``12 of 14 known values agree, 2 cannot be told``; what there is none of is left out."""
        rest = [f"{self.differ} differ"] * bool(self.differ) + [f"{self.untold} cannot be told"] * bool(self.untold)
        return ", ".join([f"{self.agree} of {sum(self)} known values agree", *rest])


def tally(records: Iterable[dict[str, Any]]) -> Tally:
    """Return the tally of all verdicts of some records."""
    verdicts = [cell["verdict"] for record in records for cell in record["cells"]]
    return Tally(verdicts.count("agrees"), verdicts.count("differs"),
                 sum(verdict.startswith("cannot tell") for verdict in verdicts))


def sentence(name: str, record: dict[str, Any]) -> str:
    """Return one line about a record."""
    changed = f"; settings {record['set']}" if record.get("set") else ""
    return f"{name}: {tally([record])} ({record['seeds']} seeds{changed}; version {record['version']})"


def page(records: list[dict[str, Any]], date: str) -> str:
    """Return all records as one Markdown page: every value, known and ours, with its conditions."""
    parts = ["# Known results, theirs and ours",
             "Made by `mobilise replicate --all`. A value agrees when it lies within what is allowed: three standard "
             "errors of the difference (Student's counterpart of three where seeds are few), and the rounding. Where "
             "that is so wide that it tells nothing (a quarter of the known value; a tenth for a share in the largest "
             "component; half of the lead in Hong & Page), or stands on fewer than eight seeds, only a difference can "
             "be told, no agreement. "
             "Known values: *pub* printed by the authors, *re* an independent re-implementation of the published rule, "
             "*theory* a proved or elementary formula."]
    for record in records:
        parts.append(f"## {record['title']}")
        parts.append(f"`mobilise replicate {record['replication']}`: {record['source']}. {tally([record])}. "
                     f"{record['seeds']} seeds, version {record['version']}, {date}.")
        rows = [f"| {c['value']} | {c['known']} | {c['kind']} | {c['ours']:.6g} | {error_text(c['standard_error'])} | "
                f"{allowed_text(c['allowed'])} | {c['verdict']} |" for c in record["cells"]]
        parts.append("\n".join(["| value | known | | ours | s.e. | ± allowed | verdict |",
                                "|---|---|---|---|---|---|---|", *rows]))
        calls = ", ".join(f"{part.rpartition(':')[2]} {times:,}" for part, times in record["engine_calls"].items())
        parts.append("\n".join(f"- {line}" for line in [
            *([f"Through the engine (observed calls): {calls}."] if calls else []), *record["remarks"]]))
    return "\n\n".join(parts) + "\n"


def error_text(error: float | None) -> str:
    """Return a standard error in print: a dash where there is none, the word exact for 0."""
    return "–" if error is None or math.isnan(error) else f"{error:.2g}" if error else "exact"


def allowed_text(allowed: float | None) -> str:
    """Return a tolerance in print: a dash where nothing is known to hold a value against."""
    return "–" if allowed is None or math.isnan(allowed) else f"{allowed:.2g}"
