"""Quality of collaboration: trust, openness, and how people work together."""

from __future__ import annotations

from sim.outcomes.registry import Record, outcome, ratio

MODEL = "MODEL section 7"


@outcome("trust", "higher", MODEL)
def trust(record: Record) -> float:
    """Mean trust, at the end, between organisations that ever worked together and are alive."""
    return float(record.series["mean_trust"][-1])


@outcome("trust", "higher", "MODEL section 5.6")
def team_trust(record: Record) -> float:
    """Mean trust, at the end, between members that work together."""
    return float(record.series["team_trust"][-1])


@outcome("1", "higher", "MODEL section 5.4")
def openness(record: Record) -> float:
    """Mean openness of the living at the end."""
    return float(record.series["mean_openness"][-1])


@outcome("members", "neither", "MODEL section 5.3")
def team_size(record: Record) -> float:
    """Mean number of members of a partnership when it forms, its lead included."""
    return ratio(record.total("seats"), record.total("formed")) + 1.0


@outcome("share", "lower", "MODEL section 5.4")
def declined(record: Record) -> float:
    """Share of the invitations that were declined."""
    return ratio(record.total("declined"), record.total("invited"))


@outcome("share", "lower", "MODEL section 5.8")
def broken(record: Record) -> float:
    """Share of the partnerships that ended which broke up before they were due."""
    return ratio(record.total("broken"),
                 record.total("succeeded") + record.total("failed") + record.total("broken"))


@outcome("share", "higher", "founding text: long-term cooperation; MODEL section 5.8")
def spanning(record: Record) -> float:
    """Share of the partnerships formed in which a team stays together for another challenge."""
    return ratio(record.total("renewed"), record.total("formed"))
