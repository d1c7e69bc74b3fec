"""The funnel of programmes: from firms reached to market entries, counted by their ledger."""

from __future__ import annotations

from typing import Any

from sim.outcomes.registry import Record, outcome, ratio
from sim.vocab import Kind
from sim.world.ledger import ACTIVE, ENTERED, REACHED, Ledger

FUNNEL = "EVIDENCE section 1: funnel"
USERS = "EVIDENCE section 6"


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
    """Joint projects that came of agreements, however late, and small projects that a programme paid."""
    return float((meetings(record, True).project >= 0).sum() + (ledger(record).rows("actions").project == 1).sum())


def agreed_in_time(record: Record) -> Any:
    """Return the partnerships that came of agreements while the instrument they were made under still ran."""
    met = meetings(record, True)
    met = met[met.project >= 0]
    last = record.start.step + ledger(record).pools.end[met.instrument]
    return met.project[record.world.parts.start[met.project] <= last]


@outcome("projects", "higher", FUNNEL)
def projects_in_time(record: Record) -> float:
    """Supported projects that formed while their instrument ran: what its final report could count."""
    return float(len(agreed_in_time(record)) + (ledger(record).rows("actions").project == 1).sum())


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


@outcome("firms", "higher", FUNNEL)
def succeeded_in_opened_markets(record: Record) -> float:
    """Firms that succeeded in a third market since a mission opened it to their cluster, agreement or not."""
    world, opened, found = record.world, opened_at(record), set()
    parts = world.parts[: int(world.n.partnerships)]
    for part in parts[(parts.market >= 0) & (parts.won == 1) & (parts.seats > 1) & (parts.of_clusters == 0)]:
        seats = world.seats[part.seat0: part.seat0 + part.seats]
        team = seats.org[seats.left == part.ended]
        since = [opened.get((int(world.orgs.cluster[j]), int(part.market))) for j in team]
        found |= {int(j) for j, step in zip(team, since, strict=True) if step is not None and step <= part.start}
    return float(len(found))


def opened_at(record: Record) -> dict[tuple[int, int], int]:
    """Return the step in which a mission first opened a market to a cluster, by (cluster, market)."""
    agreed = meetings(record, False)
    agreed = agreed[agreed.agreed == 1]
    clusters = record.world.orgs.cluster[agreed.a]
    rows = zip(clusters, agreed.market, agreed.step, strict=True)
    return {(int(c), int(m)): int(step) for c, m, step in reversed(list(rows))}
