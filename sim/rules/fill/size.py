"""Add until the team has its usual size."""

from __future__ import annotations


def size(gain, missing, size, usual, largest, min_gain):
    """Add until the team has its usual size.

    Formula: add while size < usual size
    Also known as: habitual team size
    Range: True or False
    Source: MODEL 5.3; assumed
    Special cases: none
    """
    return size < usual
