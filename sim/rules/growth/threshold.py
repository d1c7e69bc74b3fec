"""Take the first acceptable candidate: previous partners first, then others at random."""

from __future__ import annotations


def threshold(score, c, size, incumbents, linked, pol, slot_luck, second_luck):
    """Take the first acceptable candidate: previous partners first, then others at random.

    Formula: -1 if score <= threshold; else luck, + 1 for a previous partner
    Also known as: satisficing, SKIN partner search
    Range: score, or below 0: not wanted
    Source: Gilbert, Pyka & Ahrweiler 2001
    Special cases: none
    """
    if score <= pol.threshold:
        return -1.0
    return 1.0 + c.luck if c.times > 0.0 else c.luck
