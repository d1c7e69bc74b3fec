"""As quick to lose as to build."""

from __future__ import annotations

from sim.luck import exp
from sim.vocab import TrustEvent

DELIVERED, FAILED = int(TrustEvent.DELIVERED), int(TrustEvent.FAILED)
JOINT_SUCCESS, JOINT_FAILURE = int(TrustEvent.JOINT_SUCCESS), int(TrustEvent.JOINT_FAILURE)
LN2 = 0.6931471805599453


def symmetric(trust, event, prior, speed, p):
    """As quick to lose as to build.

    Formula: as `standard` with a- = a+
    Also known as: symmetric updating
    Range: [0, 1]
    Source: ablation of `standard`
    Special cases: as `standard`
    """
    if event == DELIVERED or event == JOINT_SUCCESS:
        return trust + speed * p.trust_gain * (1.0 - trust)
    if event == FAILED or event == JOINT_FAILURE:
        return trust - speed * p.trust_gain * trust
    return prior + (trust - prior) * exp(-LN2 * speed / p.trust_half_life)
