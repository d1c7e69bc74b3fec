"""Join only as far as the lead is trusted: closed to strangers' ideas."""

from __future__ import annotations


def by_trust(trust, openness, alignment, share, cost):
    """Join only as far as the lead is trusted: closed to strangers' ideas.

    Formula: T, if expected share > expected cost, else 0
    Also known as: closed network
    Range: [0, 1]
    Source: ablation of `standard`
    Special cases: 0 when the invitation does not pay
    """
    return trust if share > cost else 0.0
