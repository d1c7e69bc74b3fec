"""Each slot goes to an incumbent with chance p, and then to a past collaborator of the team with chance q."""

from __future__ import annotations


def team_assembly(score, c, size, incumbents, linked, pol, slot_luck, second_luck):
    """Each slot goes to an incumbent with chance p, and then to a past collaborator of the team with chance q.

    Formula: luck; + 1 for the kind the slot wants; + 1 more for a past collaborator when it wants one
    Also known as: team assembly mechanism
    Range: (0, 3)
    Source: Guimera, Uzzi, Spiro & Amaral 2005
    Special cases: nobody of the wanted kind to be found: the other kind; no past collaborator: any incumbent
    """
    wants_incumbent = slot_luck < pol.p
    is_incumbent = c.joined > 0.0
    if wants_incumbent != is_incumbent:
        return c.luck
    if is_incumbent and incumbents > 0.0 and second_luck < pol.q and linked > 0.0:
        return 2.0 + c.luck
    return 1.0 + c.luck
