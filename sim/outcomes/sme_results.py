"""Results for the firms: what the comparison left each of them with."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels.money import CENTS_PER_KEUR
from sim.outcomes.registry import Record, mean, outcome, ratio
from sim.vocab import Kind, Side

MODEL = "MODEL section 7"


def founders(record: Record) -> np.ndarray[Any, Any]:
    """Return rows of organisations, cluster organisations apart, that lived at the start and at the end."""
    orgs, count = record.orgs, record.start.organisations
    here = orgs.left[:count] == -1
    return np.flatnonzero(here & (orgs.kind[:count] != Kind.CLUSTER_ORGANISATION))


def results(record: Record) -> np.ndarray[Any, Any]:
    """Return [founders] float64: kEUR each gained from partnerships, its home income taken off."""
    rows = founders(record)
    gained = (record.orgs.capital[rows] - record.start.capital[rows]) / CENTS_PER_KEUR
    quarters = int(record.world.n.step) - record.start.step
    return np.asarray(gained - quarters * float(record.world.p.demography_home_income))


@outcome("kEUR", "higher", MODEL)
def result(record: Record) -> float:
    """Mean result of an organisation from its partnerships, home income taken off."""
    return mean(results(record))


@outcome("kEUR", "higher", "MODEL section 5.3: adopters")
def adopter_result(record: Record) -> float:
    """Mean result of an organisation that follows the policy under study."""
    return mean(results(record)[record.orgs.policy[founders(record)] == Side.STUDIED])


@outcome("kEUR", "higher", "MODEL section 5.3: adopters")
def other_result(record: Record) -> float:
    """Mean result of an organisation that stays with the baseline while others adopt the policy under study."""
    return mean(results(record)[record.orgs.policy[founders(record)] == Side.BASELINE])


@outcome("kEUR", "higher", "EVIDENCE section 6")
def capital(record: Record) -> float:
    """Mean capital of the living at the end."""
    return float(record.series["mean_capital"][-1]) / CENTS_PER_KEUR


@outcome("share", "higher", "EVIDENCE section 6: activation")
def took_part(record: Record) -> float:
    """Share of the organisations alive at the start that took up a challenge, alone or with others."""
    took = np.unique(record.seats.org)
    return ratio(float((took < record.start.organisations).sum()), record.start.alive)


@outcome("share", "higher", "MODEL section 5.10")
def survived(record: Record) -> float:
    """Share of the organisations alive at the start that are alive at the end."""
    return ratio(float((record.orgs.left[: record.start.organisations] == -1).sum()), record.start.alive)
