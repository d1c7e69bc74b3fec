"""Slow to build, quick to lose, fading towards the prior without contact."""

from __future__ import annotations

from sim.luck import exp
from sim.vocab import TrustEvent

DELIVERED, FAILED = int(TrustEvent.DELIVERED), int(TrustEvent.FAILED)
JOINT_SUCCESS, JOINT_FAILURE = int(TrustEvent.JOINT_SUCCESS), int(TrustEvent.JOINT_FAILURE)
LN2 = 0.6931471805599453


def standard(trust, event, prior, speed, p):
    """Slow to build, quick to lose, fading towards the prior without contact.

    Formula: delivered or success: T + v a+ (1 - T); failed: T - v a- T; idle: prior + (T - prior) 2^(-v / half-life)
    Also known as: asymmetric trust, negativity
    Range: [0, 1]
    Source: Slovic 1993 for the asymmetry; sizes assumed
    Special cases: v = speed: 1 joint work, a third in parallel work; idle: quarters without contact
    """
    if event == DELIVERED or event == JOINT_SUCCESS:
        return trust + speed * p.trust_gain * (1.0 - trust)
    if event == FAILED or event == JOINT_FAILURE:
        return trust - speed * p.trust_loss * trust
    return prior + (trust - prior) * exp(-LN2 * speed / p.trust_half_life)
