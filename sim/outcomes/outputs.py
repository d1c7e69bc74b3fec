"""Outputs: what the partnerships produced."""

from __future__ import annotations

from sim.kernels.money import CENTS_PER_KEUR
from sim.outcomes.registry import Record, mean, outcome, ratio

MODEL = "MODEL section 7"
COSTS = ("search", "coordination", "goal", "programme", "administration")


@outcome("kEUR per organisation", "higher", MODEL, headline=True)
def net_value(record: Record) -> float:
    """Value created less every cost once and what raising public money costs, per organisation alive at the start.

    Costs are search, coordination, goal building, what programmes support and their administration. A
    grant only changes hands; it costs `money.marginal_cost_of_public_funds` beyond itself.
    """
    costs = sum(record.thousands(cost) for cost in COSTS)
    public = record.thousands("grants") + record.thousands("administration")
    return record.thousands("value") - costs - float(record.world.p.money_marginal_cost_of_public_funds) * public


@outcome("kEUR per organisation", "higher", MODEL)
def value(record: Record) -> float:
    """Value created by successful partnerships, per organisation alive at the start."""
    return record.thousands("value")


@outcome("kEUR per organisation", "neither", "costs are spent at once, value comes at the end")
def unfinished(record: Record) -> float:
    """Value that partnerships still running at the end may yet create, per organisation."""
    parts = record.partnerships
    return ratio(float(parts.value[parts.ended == -1].sum()) / CENTS_PER_KEUR, record.start.alive)


@outcome("per 100 organisations", "neither", MODEL)
def partnerships(record: Record) -> float:
    """Partnerships formed, per 100 organisations alive at the start."""
    return 100.0 * ratio(record.total("formed"), record.start.alive)


@outcome("share", "higher", MODEL)
def success(record: Record) -> float:
    """Share of the partnerships that ended which succeeded."""
    won = record.total("succeeded")
    return ratio(won, won + record.total("failed") + record.total("broken"))


@outcome("share", "higher", "MODEL section 5.5")
def coverage(record: Record) -> float:
    """Mean true coverage of the roles by the team at the start of a partnership."""
    return mean(record.partnerships.coverage)


@outcome("share", "lower", "MODEL section 3")
def lapsed(record: Record) -> float:
    """Share of the proposals that came to nothing."""
    return ratio(record.total("lapsed"), record.total("proposals"))


@outcome("share", "higher", "MODEL section 5.5")
def delivered(record: Record) -> float:
    """Share of the quarters in which a role that somebody held was delivered."""
    return ratio(record.total("deliveries"), record.total("attempts"))


@outcome("share", "neither", "MODEL section 5.3")
def alone(record: Record) -> float:
    """Share of the challenges that a lead took on alone."""
    return ratio(record.total("alone"), record.total("challenges"))
