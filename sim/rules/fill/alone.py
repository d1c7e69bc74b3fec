"""Nobody is added."""

from __future__ import annotations


def alone(gain, missing, size, usual, largest, min_gain):
    """Nobody is added.

    Formula: never add
    Also known as: solo
    Range: {False}
    Source: benchmark
    Special cases: none
    """
    return False
