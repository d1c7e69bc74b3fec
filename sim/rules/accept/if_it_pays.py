"""Join whenever it pays: trust plays no part in acceptance."""

from __future__ import annotations


def if_it_pays(trust, openness, alignment, share, cost):
    """Join whenever it pays: trust plays no part in acceptance.

    Formula: 1 if expected share > expected cost, else 0
    Also known as: expected-value maximiser
    Range: {0, 1}
    Source: switch-off of trust in acceptance
    Special cases: none
    """
    return 1.0 if share > cost else 0.0
