"""Fairness: who gains, who is left out."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.outcomes.registry import Record, mean, outcome, ratio
from sim.outcomes.sme_results import founders, results

MODEL = "MODEL section 7"


def gini_of(values: Any) -> float:
    """Return the Gini coefficient of amounts that are not negative."""
    ordered = np.sort(np.asarray(values, float), kind="stable")
    count, total = len(ordered), float(ordered.sum())
    if not total:
        return float("nan")
    return float(((2.0 * np.arange(1, count + 1) - count - 1.0) * ordered).sum() / (count * total))


@outcome("share", "higher", MODEL)
def partners_gain(record: Record) -> float:
    """Share of the living who took up a challenge, alone or with others, and gained more than they spent."""
    took = np.isin(founders(record), record.seats.org)
    return mean(results(record)[took] > 0)


@outcome("kEUR", "higher", "MODEL section 7: the worst-off partner")
def worst_tenth(record: Record) -> float:
    """Mean result of the tenth of organisations with the lowest results."""
    ordered = np.sort(results(record), kind="stable")
    return mean(ordered[: max(1, len(ordered) // 10)]) if len(ordered) else float("nan")


@outcome("1", "lower", "EVIDENCE section 6")
def gini(record: Record) -> float:
    """Inequality of results (below zero counts as zero): 0 when all earn alike, 1 when one earns all."""
    return gini_of(np.maximum(results(record), 0.0))


@outcome("share", "higher", "EVIDENCE section 4")
def newcomers(record: Record) -> float:
    """Share of partner seats that went to organisations in their first partnership."""
    return ratio(record.total("newcomers"), record.total("seats"))


@outcome("share", "lower", "EVIDENCE section 4: skewed participation")
def top_tenth(record: Record) -> float:
    """Share of all seats held by the tenth of organisations with most seats."""
    alive = record.start.alive
    held = np.sort(np.bincount(record.seats.org), kind="stable")[::-1]
    return ratio(float(held[: max(1, alive // 10)].sum()), float(held.sum()))
