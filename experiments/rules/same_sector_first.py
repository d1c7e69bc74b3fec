"""Prefer candidates whose sector is already in the team."""

FAMILY = "terms"


def same_sector_first(c):
    """Prefer candidates whose sector is already in the team.

    Formula: share of the planned team that works in the candidate's sector
    Also known as: sectoral homophily
    Range: [0, 1]
    Source: an example
    Special cases: none
    """
    return c.same_sector
