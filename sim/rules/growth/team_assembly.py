"""Each slot goes to an incumbent with chance p, and then to a past collaborator of the team with chance q."""

from __future__ import annotations


def team_assembly(score, c, size, incumbents, linked, pol, slot_luck, second_luck):
    """Each slot goes to an incumbent with chance p, and then to a past collaborator of the team with chance q.

    Formula: luck; + 1 for a collaborator of a member when the slot wants one; 0.01 luck for the wrong kind
    Also known as: team assembly mechanism
    Range: score, or below 0: not wanted
    Source: Guimera, Uzzi, Spiro & Amaral 2005
    Special cases: when nobody of the wanted kind can be found, the other kind is taken
    """
    wants_incumbent = slot_luck < pol.p
    is_incumbent = c.joined > 0.0
    if wants_incumbent != is_incumbent:
        return c.luck * 0.01
    if is_incumbent and incumbents > 0.0 and second_luck < pol.q and linked > 0.0:
        return 1.0 + c.luck
    return c.luck
