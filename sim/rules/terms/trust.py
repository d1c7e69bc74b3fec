"""Trust of the lead in the candidate."""

from __future__ import annotations

from sim.rules.candidate import Candidate


def trust(c: Candidate) -> float:
    """Trust of the lead in the candidate.

    Formula: T_ij of the relation, else the prior in a stranger
    Also known as: relational embeddedness
    Range: [0, 1]
    Source: Gulati 1995; Uzzi 1997
    Special cases: none
    """
    return c.trust
