"""Programmes: what would not exist without them, public money, what remained, and who got it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from sim.kernels.money import CENTS_PER_KEUR
from sim.outcomes.fairness import gini_of
from sim.outcomes.funnel import FUNNEL, USERS, active, agreed_in_time, ledger
from sim.outcomes.registry import Record, mean, outcome, ratio
from sim.outcomes.sme_results import founders, results
from sim.vocab import MAX_FIELDS, Kind

MODEL = "MODEL section 7"


# --- what would not exist without it: measured in every arm --------------------------------------

@outcome("partnerships", "higher", USERS + ": additionality")
def projects_abroad(record: Record) -> float:
    """Partnerships of at least two that formed with a third market as their aim, supported or not."""
    parts = record.partnerships
    return float(((parts.market >= 0) & (parts.seats > 1)).sum())


@outcome("partnerships", "higher", USERS + ": additionality")
def successes_abroad(record: Record) -> float:
    """Partnerships of at least two that formed with a third market as their aim and succeeded, supported or not."""
    parts = record.partnerships
    return float(((parts.market >= 0) & (parts.seats > 1) & (parts.won == 1)).sum())


@outcome("partnerships", "higher", USERS + ": additionality")
def projects_of_two(record: Record) -> float:
    """Partnerships of at least two that formed, supported or not."""
    return float((record.partnerships.seats > 1).sum())


@outcome("ties", "higher", USERS + ": cross-sector ties")
def cross_sector_ties(record: Record) -> float:
    """Ties alive at the end that join two sectors."""
    orgs, pairs = record.orgs, record.relations[record.alive_ties]
    return float((orgs.sector[pairs.a] != orgs.sector[pairs.b]).sum())


@outcome("bridges", "higher", "MODEL section 5.9")
def bridges_built(record: Record) -> float:
    """Pairs of living cluster organisations that have worked together."""
    orgs, pairs = record.orgs, record.relations
    both = (orgs.kind[pairs.a] == Kind.CLUSTER_ORGANISATION) & (orgs.kind[pairs.b] == Kind.CLUSTER_ORGANISATION)
    living = (orgs.left[pairs.a] == -1) & (orgs.left[pairs.b] == -1)
    return float((both & living & ((pairs.times > 0) | (pairs.running > 0))).sum())


@outcome("share", "higher", "MODEL section 5.9")
def with_access(record: Record) -> float:
    """Share of living firms with access to at least one third market."""
    living = record.orgs[(record.orgs.left == -1) & (record.orgs.kind != Kind.CLUSTER_ORGANISATION)]
    return ratio(float((living.mask >> np.uint64(MAX_FIELDS) > 0).sum()), len(living))


# --- displacement: needs contested challenges ------------------------------------------------

def contests(record: Record) -> Any:
    """Return what became of contested challenges in the compared quarters, one row for each quarter."""
    rows = ledger(record).rows("contests")
    return rows[rows.step >= record.start.step]


@outcome("challenges", "lower", USERS + ": displacement")
def displaced(record: Record) -> float:
    """Contested challenges that a firm active in a programme won from one that was not; no number without contests."""
    rows = contests(record)
    return float(rows.displaced.sum()) if len(rows) else float("nan")


@outcome("share", "higher", USERS + ": displacement")
def contests_won_outside(record: Record) -> float:
    """Share of the proposals for contested challenges by firms outside programmes that were granted."""
    rows = contests(record)
    return ratio(float(rows.outside_won.sum()), float(rows.outside.sum()))


@outcome("share", "higher", USERS + ": displacement")
def contests_won_inside(record: Record) -> float:
    """Share of the proposals for contested challenges by firms active in a programme that were granted."""
    rows = contests(record)
    return ratio(float(rows.inside_won.sum()), float(rows.inside.sum()))


# --- money -----------------------------------------------------------------------------------

@outcome("kEUR", "lower", MODEL)
def public_money(record: Record) -> float:
    """Grants and the programmes' own administration."""
    return (record.total("grants") + record.total("administration")) / CENTS_PER_KEUR


@outcome("kEUR", "neither", USERS + ": what became of the money")
def unspent(record: Record) -> float:
    """Public money that found nobody to fund, or came back from what ended early; 0 under the label alone."""
    pools = ledger(record).pools
    pools = pools[pools.pays == 1]
    return float(pools.free.sum() + pools.promised.sum()) / CENTS_PER_KEUR


@outcome("kEUR", "neither", USERS + ": leverage")
def private_money(record: Record) -> float:
    """Money that organisations put in themselves, supported or not: search, coordination, goals, own part."""
    costs = sum(record.total(cost) for cost in ("search", "coordination", "goal", "programme"))
    return (costs - record.total("grants")) / CENTS_PER_KEUR


@outcome("euro per euro", "higher", USERS + ": leverage")
def leverage(record: Record) -> float:
    """Private money for each euro of grant in supported work of its time: own part, search and coordination."""
    paid, parts = ledger(record).rows("payments"), record.world.parts[: int(record.world.n.partnerships)]
    came_of_agreements = np.isin(np.arange(len(parts)), agreed_in_time(record))
    supported = parts[np.isin(np.arange(len(parts)), paid.partnership) | came_of_agreements]
    own = float((paid.cost - np.where(paid.org >= 0, paid.grant, 0)).sum())
    return ratio(own + float(supported.cost.sum() + supported.search_cost.sum()), record.total("grants"))


@outcome("kEUR", "lower", FUNNEL)
def public_money_per_active(record: Record) -> float:
    """Public money for each organisation that became active."""
    return ratio(public_money(record), active(record))


# --- what remains ----------------------------------------------------------------------------

COHORTS = {"supported": ("alive", "ties", "born under a programme"),
           "funded_once": ("once_alive", "once", "born under a programme and never funded together again"),
           "voluntary": ("voluntary_alive", "voluntary", "of consortia from the reserve list, funded later or not,"),
           "never_funded": ("never_alive", "never", "of consortia from the reserve list, never funded together later,"),
           "other": ("others_alive", "others", "of the same age that arose beside the programmes, never funded")}
AGAINST = (("supported", "voluntary"), ("funded_once", "never_funded"), ("supported", "other"))


def share_alive(record: Record, years: int, which: str) -> float:
    """Return the share of the ties of one cohort that are alive so many years after the last money."""
    alive, ties, _ = COHORTS[which]
    rows = ledger(record).rows("survivals")
    rows = rows[rows.years == years]
    return ratio(float(rows[alive].sum()), float(rows[ties].sum()))


def _survival(years: int, which: str) -> None:
    def share(record: Record) -> float:
        return share_alive(record, years, which)
    share.__doc__ = f"Share of the ties {COHORTS[which][2]} that are alive {years} years after the last money."
    name = f"{which}_ties_after_{years}"
    globals()[name] = outcome("share", "higher", USERS + ": persistence", name=name)(share)


def _lasting(years: int, which: str, against: str) -> None:
    def gap(record: Record) -> float:
        return share_alive(record, years, which) - share_alive(record, years, against)
    one, other = COHORTS[which][2], COHORTS[against][2].rstrip(",")
    gap.__doc__ = f"Share of the ties {one} that are alive after {years} years, less that of ties {other}."
    name = f"{which}_against_{against}_{years}"
    globals()[name] = outcome("share", "higher", USERS + ": persistence", name=name)(gap)


for _years in (1, 3, 5):
    for _which in COHORTS:
        _survival(_years, _which)
    for _which, _other in AGAINST:
        _lasting(_years, _which, _other)


@outcome("share", "neither", USERS + ": persistence")
def voluntary_funded_later(record: Record) -> float:
    """Share of the ties of consortia from the reserve list whose two sides a later call funded together."""
    rows = ledger(record).rows("survivals")
    last = rows[rows.years == rows.years.max()] if len(rows) else rows
    return ratio(float((last.voluntary - last.never).sum()), float(last.voluntary.sum()))


# --- who got it ------------------------------------------------------------------------------

def grants_by(record: Record, group: Any, groups: int) -> np.ndarray[Any, Any]:
    """Return [groups] float64: cents of grants by the group of who received them."""
    paid = ledger(record).rows("payments")
    paid = paid[paid.org >= 0]
    return np.bincount(group[paid.org], paid.grant.astype(float), minlength=groups)


@outcome("share", "neither", USERS + ": who gains")
def grants_to_smes(record: Record) -> float:
    """Share of grants that SMEs received."""
    by_kind = grants_by(record, record.orgs.kind, len(Kind))
    return ratio(float(by_kind[Kind.SME]), float(by_kind.sum()))


@outcome("share", "neither", USERS + ": who gains")
def grants_to_newcomers(record: Record) -> float:
    """Share of grants that went to organisations which had been in no partnership before the comparison began."""
    by_group = grants_by(record, is_newcomer(record).astype(np.int64), 2)
    return ratio(float(by_group[1]), float(by_group.sum()))


def is_newcomer(record: Record) -> Any:
    """Return [organisations] bool: in no partnership before the comparison began."""
    seats = record.world.seats[: record.start.seats]
    return np.bincount(seats.org, minlength=len(record.orgs)) == 0


@outcome("1", "lower", USERS + ": who gains")
def grants_gini_countries(record: Record) -> float:
    """Inequality of grants between countries: 0 when all get alike, 1 when one gets all."""
    return gini_of(grants_by(record, record.orgs.country, int(record.world.p.world_countries)))


@outcome("organisations", "neither", USERS + ": who gains")
def funded_twice_at_once(record: Record) -> float:
    """Organisations that sat in two funded consortia, or more, at the same time."""
    actions, world = ledger(record).rows("actions"), record.world
    rows = actions[(actions.project == 0) & (actions.award > 0)]
    stays: dict[int, list[tuple[int, int]]] = {}
    for action in rows:
        part = world.parts[action.partnership]
        for seat in world.seats[part.seat0: part.seat0 + part.seats]:
            last = int(action.start + action.quarters - 1)
            until = last if seat.left < 0 else min(last, int(seat.left))
            stays.setdefault(int(seat.org), []).append((int(seat.joined), until))
    return float(sum(_overlap(sorted(times)) for times in stays.values()))


def _overlap(times: list[tuple[int, int]]) -> bool:
    return any(nxt[0] <= one[1] for one, nxt in pairwise(times))


@outcome("kEUR", "higher", USERS + ": who gains")
def result_smes(record: Record) -> float:
    """Mean result of an SME that lived throughout, home income taken off."""
    return mean(results(record)[record.orgs.kind[founders(record)] == Kind.SME])


@outcome("kEUR", "higher", USERS + ": who gains")
def result_newcomers(record: Record) -> float:
    """Mean result of an organisation that had been in no partnership before the comparison began."""
    return mean(results(record)[is_newcomer(record)[founders(record)]])


@outcome("1", "lower", USERS + ": who gains")
def gini_countries(record: Record) -> float:
    """Inequality of mean results between countries (below zero counts as zero): 0 when all earn alike."""
    country, earned = record.orgs.country[founders(record)], results(record)
    people = np.bincount(country)
    means = np.bincount(country, earned)[people > 0] / people[people > 0]
    return gini_of(np.maximum(means, 0.0))
