"""Programmes: the funnel from firms reached to market entries, public money, what remained, and who got it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels.money import CENTS_PER_KEUR
from sim.outcomes.registry import Record, outcome, ratio
from sim.vocab import MAX_FIELDS, Kind
from sim.world.ledger import ACTIVE, ENTERED, REACHED, Ledger

FUNNEL = "EVIDENCE section 1: funnel"
MODEL = "MODEL section 7"
USERS = "EVIDENCE section 6"
EVERYBODY = 100.0


def ledger(record: Record) -> Ledger:
    """Return the ledger of the run's programmes; an empty one when it had none."""
    found: Ledger = getattr(record.world, "ledger", None) or Ledger()
    return found


def meetings(record: Record, firms: bool) -> Any:
    """Return meetings of firms with firms, or of cluster organisations with counterparts in third markets."""
    rows = ledger(record).rows("meetings")
    return rows[(rows.b >= 0) == firms]


def consortia(record: Record) -> Any:
    """Return actions that are not small projects inside another."""
    rows = ledger(record).rows("actions")
    return rows[rows.project == 0]


def gini_of(values: Any) -> float:
    """Return the Gini coefficient of amounts that are not negative."""
    ordered = np.sort(np.asarray(values, float), kind="stable")
    count, total = len(ordered), float(ordered.sum())
    if not total:
        return float("nan")
    return float(((2.0 * np.arange(1, count + 1) - count - 1.0) * ordered).sum() / (count * total))


# --- the funnel ------------------------------------------------------------------------------

@outcome("applications", "neither", USERS + ": what became of the money")
def applied(record: Record) -> float:
    """Applications to calls, and running partnerships looked at for a label."""
    return float(ledger(record).pools.applied.sum())


@outcome("consortia", "neither", FUNNEL)
def consortia_funded(record: Record) -> float:
    """Consortia that a programme funded."""
    return float((consortia(record).voluntary == 0).sum())


@outcome("consortia", "neither", FUNNEL)
def consortia_voluntary(record: Record) -> float:
    """Consortia from a reserve list that went on without money."""
    return float((consortia(record).voluntary == 1).sum())


@outcome("share", "higher", FUNNEL)
def funded_to_the_end(record: Record) -> float:
    """Share of the funded consortia that were over and still stood on their last day."""
    return _to_the_end(record, 0)


@outcome("share", "higher", FUNNEL)
def voluntary_to_the_end(record: Record) -> float:
    """Share of the consortia that went on without money which were over and still stood on their last day."""
    return _to_the_end(record, 1)


def _to_the_end(record: Record, voluntary: int) -> float:
    rows = consortia(record)
    rows = rows[(rows.voluntary == voluntary) & (rows.closed == 1)]
    ended = record.world.parts.ended[rows.partnership]
    return ratio(float(((ended < 0) | (ended >= rows.start + rows.quarters - 1)).sum()), len(rows))


@outcome("strategies", "higher", "EVIDENCE section 1: six consortia wrote joint strategies")
def strategies_written(record: Record) -> float:
    """Consortia that finished their joint strategy."""
    return float((consortia(record).strategy == 1).sum())


@outcome("partnerships", "neither", "EVIDENCE section 1: thirteen partnerships labelled")
def labelled(record: Record) -> float:
    """Partnerships that a programme labelled."""
    return float(ledger(record).pools.labelled.sum())


@outcome("organisations", "higher", FUNNEL)
def reached(record: Record) -> float:
    """Organisations that were told of a programme by their cluster organisation."""
    return float(len(ledger(record).who(REACHED)))


@outcome("organisations", "higher", FUNNEL)
def active(record: Record) -> float:
    """Organisations that took part in a meeting or proposed a project under a programme."""
    return float(len(ledger(record).who(ACTIVE)))


@outcome("share", "higher", FUNNEL)
def activation(record: Record) -> float:
    """Share of the organisations reached that became active."""
    return ratio(active(record), reached(record))


@outcome("meetings", "higher", FUNNEL)
def business_meetings(record: Record) -> float:
    """Meetings of firms of two clusters that a programme brought about."""
    return float(len(meetings(record, True)))


@outcome("share", "higher", FUNNEL)
def agreeing(record: Record) -> float:
    """Share of the meetings of firms in which both sides said yes."""
    met = meetings(record, True)
    return ratio(float(met.agreed.sum()), len(met))


@outcome("meetings", "higher", FUNNEL)
def cluster_meetings(record: Record) -> float:
    """Meetings of cluster organisations with counterparts in third markets."""
    return float(len(meetings(record, False)))


@outcome("agreements", "higher", FUNNEL)
def cluster_agreements(record: Record) -> float:
    """Agreements of cluster organisations with counterparts in third markets."""
    return float(meetings(record, False).agreed.sum())


@outcome("per consortium", "higher", FUNNEL)
def agreements_per_consortium(record: Record) -> float:
    """Agreements of cluster organisations with counterparts in third markets, for each funded consortium."""
    return ratio(cluster_agreements(record), consortia_funded(record))


@outcome("projects", "higher", FUNNEL)
def supported_projects(record: Record) -> float:
    """Joint projects that came of agreements, and small projects that a programme paid."""
    return float((meetings(record, True).project >= 0).sum() + (ledger(record).rows("actions").project == 1).sum())


@outcome("projects", "higher", FUNNEL)
def projects_in_time(record: Record) -> float:
    """Supported projects that formed while their action ran: what its final report could count."""
    met, actions = meetings(record, True), ledger(record).rows("actions")
    met = met[met.project >= 0]
    by_action = met[met.action >= 0]  # events of matchmaking belong to no action
    action = actions[by_action.action]
    late = record.world.parts.start[by_action.project] >= action.start + action.quarters
    return float(len(met) - late.sum() + (actions.project == 1).sum())


@outcome("projects", "higher", FUNNEL)
def agreed_projects_abroad(record: Record) -> float:
    """Joint projects that came of agreements and aim at a third market."""
    met = meetings(record, True)
    return float((record.world.parts.market[met.project[met.project >= 0]] >= 0).sum())


@outcome("per consortium", "higher", FUNNEL)
def projects_per_consortium(record: Record) -> float:
    """Supported projects that formed while their action ran, for each funded consortium."""
    return ratio(projects_in_time(record), consortia_funded(record))


@outcome("SMEs per project", "neither", "EVIDENCE section 1: INNOSUP-1")
def smes_per_small_project(record: Record) -> float:
    """SMEs that sat in a small project inside a demonstrator when it began."""
    rows = ledger(record).rows("actions")
    total, projects = 0, rows.partnership[rows.project == 1]
    for part in record.world.parts[projects]:
        seats = record.world.seats[part.seat0: part.seat0 + part.seats]
        total += int(((record.world.orgs.kind[seats.org] == Kind.SME) & (seats.joined == part.start)).sum())
    return ratio(total, len(projects))


@outcome("organisations", "higher", FUNNEL)
def market_entries(record: Record) -> float:
    """Organisations whose project of an agreement aimed at a third market and succeeded."""
    return float(len(ledger(record).who(ENTERED)))


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
    """Public money that found nobody to fund, or came back from what ended early."""
    return float(ledger(record).pools.free.sum() + ledger(record).pools.promised.sum()) / CENTS_PER_KEUR


@outcome("euro per euro", "higher", USERS + ": leverage")
def leverage(record: Record) -> float:
    """Private money for each euro of grant: own part of what is paid for, search, coordination in supported work."""
    paid, parts = ledger(record).rows("payments"), record.world.parts[: int(record.world.n.partnerships)]
    came_of_agreements = np.isin(np.arange(len(parts)), meetings(record, True).project)
    supported = parts[(parts.grant_cents > 0) | came_of_agreements]
    own = float((paid.cost - np.where(paid.org >= 0, paid.grant, 0)).sum())
    return ratio(own + float(supported.cost.sum() + supported.search_cost.sum()), record.total("grants"))


@outcome("kEUR", "lower", FUNNEL)
def public_money_per_active(record: Record) -> float:
    """Public money for each organisation that became active."""
    return ratio(public_money(record), active(record))


# --- what remains ----------------------------------------------------------------------------

COHORTS = {"supported": ("alive", "ties", "born under a programme"),
           "other": ("others_alive", "others", "that arose beside the programmes in their time"),
           "voluntary": ("voluntary_alive", "voluntary", "of consortia from the reserve list, which got no money,")}


def _survival(years: int, which: str) -> None:
    alive, ties, text = COHORTS[which]

    def share(record: Record) -> float:
        rows = ledger(record).rows("survivals")
        rows = rows[rows.years == years]
        return ratio(float(rows[alive].sum()), float(rows[ties].sum()))
    share.__doc__ = f"Share of the ties {text} that are alive {years} years after the last money."
    name = f"{which}_ties_after_{years}"
    globals()[name] = outcome("share", "higher", USERS + ": persistence", name=name)(share)


for _years in (1, 3, 5):
    for _which in COHORTS:
        _survival(_years, _which)


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
    orgs = record.orgs
    seats = record.world.seats[: record.start.seats]
    before = np.bincount(seats.org, minlength=len(orgs))[: len(orgs)] if len(seats) else np.zeros(len(orgs))
    by_group = grants_by(record, (before == 0).astype(np.int64), 2)
    return ratio(float(by_group[1]), float(by_group.sum()))


@outcome("1", "lower", USERS + ": who gains")
def grants_gini_countries(record: Record) -> float:
    """Inequality of grants between countries: 0 when all get alike, 1 when one gets all."""
    return gini_of(grants_by(record, record.orgs.country, int(record.world.p.world_countries)))
