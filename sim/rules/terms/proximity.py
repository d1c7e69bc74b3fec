"""Nearness in cluster, sector and country."""

from __future__ import annotations

from sim.rules.candidate import Candidate


def proximity(c: Candidate) -> float:
    """Nearness in cluster, sector and country.

    Formula: 1 - (0.4 other cluster + 0.3 other sector + 0.3 other country), with the scenario's weights
    Also known as: geographical and organisational proximity
    Range: [0, 1]
    Source: Boschma 2005; weights assumed
    Special cases: none
    """
    return 1.0 - c.distance
