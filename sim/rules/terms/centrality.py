"""How many partners the candidate has."""

from __future__ import annotations

from sim.rules.candidate import Candidate


def centrality(c: Candidate) -> float:
    """How many partners the candidate has.

    Formula: degree / (degree + 10)
    Also known as: preferential attachment, popularity
    Range: [0, 1]
    Source: Barabasi & Albert 1999 for the direction; saturating form assumed
    Special cases: none
    """
    return c.degree / (c.degree + 10.0)
