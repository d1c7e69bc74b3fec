"""Value for money: what it cost, whoever paid."""

from __future__ import annotations

from sim.kernels.money import CENTS_PER_KEUR
from sim.outcomes.registry import Record, outcome, ratio

MODEL = "MODEL section 7"
COSTS = ("search", "coordination", "goal")


@outcome("kEUR per organisation", "lower", MODEL)
def search_cost(record: Record) -> float:
    """Spent on looking for partners, per organisation alive at the start."""
    return record.thousands("search")


@outcome("kEUR per organisation", "lower", MODEL)
def coordination_cost(record: Record) -> float:
    """Spent on coordinating partners, per organisation alive at the start."""
    return record.thousands("coordination")


@outcome("kEUR per organisation", "lower", MODEL)
def goal_cost(record: Record) -> float:
    """Spent on building shared goals, per organisation alive at the start."""
    return record.thousands("goal")


@outcome("kEUR", "lower", "EVIDENCE section 6: cost-effectiveness")
def cost_per_success(record: Record) -> float:
    """Spent on search, coordination and goals for each partnership that succeeded."""
    return ratio(sum(record.total(cost) for cost in COSTS) / CENTS_PER_KEUR, record.total("succeeded"))


@outcome("euro per euro", "higher", "EVIDENCE section 6: cost-effectiveness")
def value_per_euro(record: Record) -> float:
    """Value created for each euro spent on search, coordination and goals."""
    return ratio(record.total("value"), sum(record.total(cost) for cost in COSTS))
