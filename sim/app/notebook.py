"""A comparison in a notebook: the replay of an average world, in a frame of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.page import frame
from sim.app.paired import paired
from sim.app.recording import lanes_of, record
from sim.report.pair import LARGEST_MAP, average_world

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison


def shown(comparison: Comparison) -> str:
    """Return the frame, or nothing for a world too large to watch or a study without two policies."""
    findings = comparison.findings
    names = list(dict.fromkeys(findings.focus))
    if len(names) < 2 or not findings.own_worlds or findings.organisations > LARGEST_MAP:
        return ""
    world = average_world(comparison)
    lanes = lanes_of(comparison.scenario, names, world, rules=comparison.rules)
    return frame(record(lanes, paired(comparison, names, world)))
