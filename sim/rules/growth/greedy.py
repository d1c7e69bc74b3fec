"""One best candidate at a time."""

from __future__ import annotations


def greedy(score, c, size, incumbents, linked, pol, slot_luck, second_luck):
    """One best candidate at a time.

    Formula: priority = score
    Also known as: marginal-gain team building
    Range: score, or below 0: not wanted
    Source: Lappas, Liu & Terzi 2009 for greedy team formation
    Special cases: none
    """
    return score
