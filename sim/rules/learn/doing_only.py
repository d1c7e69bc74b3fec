"""Learn by doing only; nothing rubs off."""

from __future__ import annotations


def doing_only(own, best, absorption, held, used, speed, p):
    """Learn by doing only; nothing rubs off.

    Formula: role held: + 0.02 (1 - level); unused: - 0.005 level
    Also known as: learning by doing
    Range: [0, 1]
    Source: Arrow 1962; ablation of `standard`
    Special cases: none
    """
    level = own
    if held > 0.0:
        level += p.learn_doing * (1.0 - level)
    elif used == 0.0:
        level -= p.learn_fade * level
    return min(1.0, level)
