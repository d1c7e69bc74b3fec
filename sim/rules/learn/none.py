"""Nobody learns or forgets."""

from __future__ import annotations


def none(own, best, absorption, held, used, speed, p):
    """Nobody learns or forgets.

    Formula: own level
    Also known as: fixed competences
    Range: [0, 1]
    Source: limit case
    Special cases: none
    """
    return own
