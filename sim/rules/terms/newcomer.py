"""Whether the candidate was never in a partnership."""

from __future__ import annotations

from sim.rules.candidate import Candidate


def newcomer(c: Candidate) -> float:
    """Whether the candidate was never in a partnership.

    Formula: 1 if it joined none before, else 0
    Also known as: fresh blood
    Range: [0, 1]
    Source: Guimera, Uzzi, Spiro & Amaral 2005
    Special cases: none
    """
    return 1.0 if c.joined == 0.0 else 0.0
