"""Learn by doing and from partners who are neither too near nor too far; unused fields fade."""

from __future__ import annotations


def standard(own, best, absorption, held, used, speed, p):
    """Learn by doing and from partners who are neither too near nor too far; unused fields fade.

    Formula: used: + v lambda absorb (best - own)+; role held: + 0.02 (1 - level); unused: - 0.005 level
    Also known as: absorptive capacity, learning by doing
    Range: [0, 1]
    Source: Cohen & Levinthal 1990; Nooteboom et al. 2007; sizes assumed
    Special cases: best is the best level among the other partners, 0 when nobody holds the field; absorption comes as 0
        when best is not above own
    """
    level = own
    if used > 0.0:
        level += speed * p.learn_partners * absorption * max(0.0, best - own)
    if held > 0.0:
        level += p.learn_doing * (1.0 - level)
    if used == 0.0 and held == 0.0:
        level -= p.learn_fade * level
    return min(1.0, level)
