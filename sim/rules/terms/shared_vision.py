"""Closeness to the visions of the planned team."""

from __future__ import annotations

from sim.rules.candidate import Candidate


def shared_vision(c: Candidate) -> float:
    """Closeness to the visions of the planned team.

    Formula: 1 - distance to the mean vision / sqrt 2
    Also known as: goal congruence
    Range: [0, 1]
    Source: founding text (2014): sharing a goal or vision; form assumed
    Special cases: none
    """
    return 1.0 - c.gap * 0.7071067811865475
