"""How much the candidate raises the perceived coverage of the roles."""

from __future__ import annotations

from sim.rules.candidate import Candidate


def role_gain(c: Candidate) -> float:
    """How much the candidate raises the perceived coverage of the roles.

    Formula: sum over roles of the rise of min(1, best perceived level / required), over R
    Also known as: marginal contribution, competence fit
    Range: [0, 1]
    Source: Hong & Page 2004 for the idea of adding what the team lacks; form assumed
    Special cases: 0 when the team already covers whatever the candidate holds
    """
    return c.gain
