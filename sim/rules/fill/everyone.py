"""The more the merrier: add everybody who can be found."""

from __future__ import annotations


def everyone(gain, missing, size, usual, largest, min_gain):
    """The more the merrier: add everybody who can be found.

    Formula: add while size < max_size
    Also known as: inclusive consortium
    Range: True or False
    Source: founding text (2014)
    Special cases: none
    """
    return size < largest
