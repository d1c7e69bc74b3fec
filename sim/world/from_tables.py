"""A world that begins from tables: a user's own clusters and organisations, or real past projects.

Pure arrays come in, as `sim.scenario.own_world` reads them from files. What a table does not say
is drawn as for any other founder, keyed by the organisation's own name, so a row more or less
changes nobody else's traits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.jit import jit
from sim.kernels.pairs import find, insert
from sim.kernels.team import remember_seat
from sim.luck import mix, power, stream
from sim.vocab import MAX_FIELDS_HELD, Kind, Reason
from sim.world.founding import clear_portfolio, draw_level, hold, set_activity, top_up_portfolio
from sim.world.populate import endow_all, found, open_clusters, seat_and_group, settle
from sim.world.start_relations import start_relations

if TYPE_CHECKING:
    from sim.world.world import World

Array = np.ndarray[Any, Any]
PAST = stream("past.project")
SUCCESS = int(Reason.SUCCESS)
COUNTED = {Kind.SME: "world.smes", Kind.RESEARCH: "world.research", Kind.LARGE: "world.large",
           Kind.PUBLIC: "world.public"}


@dataclass(frozen=True)
class ClusterTable:
    """Clusters.

    Parameters
    ----------
    uid : [c] uint64, identity of the cluster organisation.
    country, sector : [c] int, codes.
    management : [c] float64 in [0, 1], nan where it is to be drawn.
    """

    uid: Array
    country: Array
    sector: Array
    management: Array


@dataclass(frozen=True)
class OrganisationTable:
    """Organisations that are not cluster organisations.

    Parameters
    ----------
    uid : [n] uint64, identity.
    kind, country, sector : [n] int, codes.
    cluster : [n] int, row of the cluster table, -1 none.
    activity : [n] float64, nan where it is to be drawn.
    fields : [n, MAX_FIELDS_HELD] int, fields held, -1 padding; all -1: to be drawn.
    levels : [n, MAX_FIELDS_HELD] float64, their levels; nan: the field is known, its level and
        further fields are drawn.
    """

    uid: Array
    kind: Array
    country: Array
    sector: Array
    cluster: Array
    activity: Array
    fields: Array
    levels: Array


@dataclass(frozen=True)
class Past:
    """Projects that ended before the first step, oldest first.

    Parameters
    ----------
    quarter : [p] int, step of each project's start, negative.
    offset : [p + 1] int, where each project's members begin in ``member``.
    member : [m] int, row of the organisation table; each at most once in a project.
    """

    quarter: Array
    offset: Array
    member: Array


@dataclass(frozen=True)
class OwnWorld:
    """What a user's tables say about the start of a world; ``countries`` counts those named."""

    countries: int
    clusters: ClusterTable
    organisations: OrganisationTable | None = None
    past: Past | None = None

    def counts(self) -> dict[str, float]:
        """Return the parameters that the tables decide, by address: how many there are of each kind."""
        counts = {"world.countries": float(self.countries), "world.clusters": float(len(self.clusters.uid))}
        if self.organisations is not None:
            for kind, key in COUNTED.items():
                counts[key] = float(np.count_nonzero(self.organisations.kind == kind))
        return counts


def populate_from(world: World, own: OwnWorld) -> None:
    """Fill an empty world from tables; its parameters already hold ``own.counts()``."""
    found(world)
    open_clusters(world, len(own.clusters.uid))
    write_clusters(world, own.clusters)
    if own.organisations is None:
        settle(world)
    else:
        write_organisations(world, own.organisations)
    endow_all(world.view())
    apply_given(world, own)
    seat_and_group(world)
    start_relations(world, int(world.n.clusters if own.past else world.n.organisations))
    if own.past:
        remember_past(world, own.past)


def write_clusters(world: World, table: ClusterTable) -> None:
    """Write who and where the clusters are."""
    rows = world.orgs[: len(table.uid)]
    rows.uid, rows.cluster = table.uid, np.arange(len(table.uid))
    for record in (rows, world.clusters):
        record.country, record.sector = table.country, table.sector


def write_organisations(world: World, table: OrganisationTable) -> None:
    """Write who and where the organisations are, in the order of the table, after the clusters'."""
    first = int(world.n.clusters)
    rows = world.orgs[first : first + len(table.uid)]
    for name in ("uid", "kind", "country", "sector", "cluster"):
        rows[name] = getattr(table, name)


def apply_given(world: World, own: OwnWorld) -> None:
    """Replace drawn traits by those that the tables give."""
    known = np.isfinite(own.clusters.management)
    world.clusters.management[known] = own.clusters.management[known]
    world.orgs.reliability[: len(known)] = world.clusters.management
    if own.organisations is not None:
        table = own.organisations
        give(world.view(), table.activity, table.fields, table.levels)


def remember_past(world: World, past: Past) -> None:
    """Turn every past project into a partnership that has ended, every pair of its members into a relation."""
    sizes = np.diff(past.offset)
    world.reserve_relations(int((sizes * (sizes - 1) // 2).sum()))
    world.reserve_partnerships(len(sizes), int(sizes.sum()), 0)
    remember(world.view(), past.quarter, past.offset, past.member)
    trust_from_past(world.view(), int(world.n.clusters))


@jit
def give(w, activity, fields, levels):
    """Write given activities and portfolios; ``nan`` and -1 mean not given."""
    for k in range(len(activity)):
        row = w.n.clusters + k
        if activity[k] > 0.0:
            set_activity(w, row, activity[k])
        if fields[k, 0] >= 0:
            _give_portfolio(w, row, fields[k], levels[k])


@jit
def _give_portfolio(w, row, fields, levels):
    """Write the fields given; where their levels are not, draw levels and further fields."""
    clear_portfolio(w, row)
    held, drawn = 0, False
    while held < MAX_FIELDS_HELD and fields[held] >= 0:
        unknown = np.isnan(levels[held])
        level = draw_level(w, w.orgs[row].uid, held) if unknown else levels[held]
        hold(w, row, held, fields[held], level)
        drawn = drawn or unknown
        held += 1
    if drawn:
        top_up_portfolio(w, row, held)


@jit
def remember(w, quarter, offset, member):
    """Count for each pair how often and when its sides met in past projects (oldest project first)."""
    for project in range(len(quarter)):
        _ended(w, project, quarter[project])
        for x in range(offset[project], offset[project + 1]):
            i = w.n.clusters + member[x]
            w.orgs[i].joined += 1
            _sat(w, project, i, quarter[project])
            for y in range(x + 1, offset[project + 1]):
                _met(w, i, w.n.clusters + member[y], quarter[project])


@jit
def _ended(w, project, quarter):
    """Write a past project as a partnership without roles that succeeded and is over."""
    part = w.parts[project]
    part.uid = mix(np.uint64(project) + PAST)
    part.start, part.due, part.ended = quarter, quarter, 0
    part.seat0, part.seats, part.seat_cap, part.role0 = w.n.seats, 0, 0, w.n.roles
    part.won, part.reason, part.policy = 1, SUCCESS, 0
    w.n.partnerships = project + 1


@jit
def _sat(w, project, i, quarter):
    """Give i a seat in a past project, left at its end."""
    row, part = w.n.seats, w.parts[project]
    w.seats[row].partnership, w.seats[row].org = project, i
    w.seats[row].joined, w.seats[row].left = quarter, 0
    if part.seats == 0:
        part.lead = part.initiator = i
    part.seats += 1
    part.seat_cap += 1
    remember_seat(w, row, i)
    w.n.seats = row + 1


@jit
def _met(w, i, j, quarter):
    rel = find(w, i, j)
    if rel < 0:
        rel = insert(w, i, j, 0.0, 0.0)
        w.rels[rel].first = quarter
    w.rels[rel].last = quarter
    w.rels[rel].times += 1


@jit
def trust_from_past(w, bridges_end):
    """Set trust from what a past shared: each project gained, time without contact faded.

    After n projects T = 1 - (1 - start trust)(1 - gain)^(n - 1); without contact it has drifted
    towards general trust with its half-life since. Bridges between cluster organisations stay.
    """
    for rel in range(w.n.relations):
        i = w.rels[rel].a
        if i >= bridges_end:
            gained = power(1.0 - min(w.p.trust_gain, 0.999999), w.rels[rel].times - 1.0)
            kept = power(0.5, -w.rels[rel].last / w.p.trust_half_life)
            trust = 1.0 - (1.0 - w.p.world_start_trust) * gained
            trust = w.p.trust_general + (trust - w.p.trust_general) * kept
            w.rels[rel].trust_ab = trust
            w.rels[rel].trust_ba = trust
