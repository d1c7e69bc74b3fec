"""How many partners lead and candidate share."""

from __future__ import annotations

from sim.luck import exp
from sim.rules.candidate import Candidate


def shared_partners(c: Candidate) -> float:
    """How many partners lead and candidate share.

    Formula: 1 - exp(-shared / 2)
    Also known as: triadic closure, structural embeddedness
    Range: [0, 1]
    Source: Granovetter 1973; Gulati & Gargiulo 1999; form assumed
    Special cases: none
    """
    return 1.0 - exp(-0.5 * c.shared)
