"""Relatedness of lead and candidate."""

from __future__ import annotations

from sim.rules.candidate import Candidate


def similarity(c: Candidate) -> float:
    """Relatedness of lead and candidate.

    Formula: mean relatedness of the two portfolios
    Also known as: homophily, technological proximity
    Range: [0, 1]
    Source: McPherson, Smith-Lovin & Cook 2001; Boschma 2005
    Special cases: 0 when one of them holds no field
    """
    return c.relatedness
