"""What a lead sees of a candidate: the only thing a score term may read."""

from __future__ import annotations

from typing import NamedTuple


class Candidate(NamedTuple):
    """One candidate in the eyes of one lead who has a planned team and a challenge.

    All fields are float64 so that the record passes through compiled code as plain numbers.

    Parameters
    ----------
    gain : rise of the perceived role coverage if the candidate joins, in roles, over R; [0, 1].
    trust : trust of the lead in the candidate; for a stranger its prior; [0, 1].
    times : partnerships they worked in together before.
    reputation : delivery record as the lead can see it; [0, 1], 0.5 unknown.
    gap : distance of the candidate's vision to the mean vision of the team; [0, sqrt 2].
    relatedness : mean relatedness of the two portfolios; [0, 1].
    distance : 0.4 other cluster + 0.3 other sector + 0.3 other country; [0, 1].
    same_sector : share of the team that works in the candidate's sector; [0, 1].
    degree : relations the candidate has.
    shared : partners that lead and candidate have in common.
    joined : partnerships the candidate was ever in.
    overlap : fields both hold.
    fields : fields the candidate holds.
    lead_fields : fields the lead holds.
    luck : uniform (0, 1), keyed by challenge and candidate.
    """

    gain: float
    trust: float
    times: float
    reputation: float
    gap: float
    relatedness: float
    distance: float
    same_sector: float
    degree: float
    shared: float
    joined: float
    overlap: float
    fields: float
    lead_fields: float
    luck: float
