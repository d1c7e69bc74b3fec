"""Shocks: dated surprises of a scenario (MODEL 5.1): demand shifts, a market closes, a cluster is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.kernels.members import group_members
from sim.phases.challenges import rank_sector
from sim.phases.part import end, forget_ended
from sim.vocab import Event, Reason, Shock
from sim.world.events import log_event
from sim.world.world import World

EVERYWHERE = -1


@dataclass(frozen=True)
class DatedShock:
    """One shock: the compared quarter it strikes (0 is the first), its kind, and which sector, market or cluster.

    ``which`` -1 means all sectors (demand shift only).
    """

    at: int
    kind: Shock
    which: int = EVERYWHERE


def strike(world: World, shocks: Iterable[DatedShock], quarter: int) -> None:
    """Let the shocks dated to this compared quarter happen."""
    for shock in shocks:
        if shock.at == quarter:
            {Shock.DEMAND_SHIFT: shift_demand, Shock.MARKET_CLOSED: close_market,
             Shock.CLUSTER_LOST: lose_cluster}[shock.kind](world, shock.which)
            world.reserve("events", 1)
            log_event(world.view(), int(Event.SHOCK), -1, -1, shock.which, 0, int(shock.kind))


def shift_demand(world: World, sector: int) -> None:
    """Turn demand upside down in one sector, or in all: the ranking of fields is drawn afresh."""
    for s in range(len(world.ranking)) if sector == EVERYWHERE else [sector]:
        rank_sector(world.view(), s)


def close_market(world: World, market: int) -> None:
    """Close a third market: no new challenges there, and running partnerships that aim at it end."""
    world.market_open[market] = 0
    running = world.active[: int(world.n.active)]
    stop(world, running[world.parts.market[running] == market])


def lose_cluster(world: World, cluster: int) -> None:
    """Lose a cluster organisation: its partnerships end, its members stand without a cluster."""
    organisation = int(world.clusters.org[cluster])
    seats = world.seats[: int(world.n.seats)]
    held = np.unique(seats.partnership[(seats.org == organisation) & (seats.left < 0) & (seats.joined >= 0)])
    running = world.active[: int(world.n.active)]
    stop(world, np.intersect1d(held, running))
    orgs = world.orgs[: int(world.n.organisations)]
    orgs.cluster[(orgs.cluster == cluster) & (np.arange(len(orgs)) != organisation)] = -1
    world.reserve("events", 1)
    log_event(world.view(), int(Event.DIED), organisation, -1, -1, int(orgs.capital[organisation]), 0)
    world.flow.died += 1
    world.flow.lost_capital += int(orgs.capital[organisation])
    orgs.capital[organisation], orgs.left[organisation], orgs.renew[organisation] = 0, int(world.n.step), -1
    world.slots[orgs.slot[organisation]] = -1
    world.clusters.alive[cluster] = 0
    group_members(world.view())


def stop(world: World, partnerships: Iterable[int]) -> None:
    """End these partnerships."""
    for a in partnerships:
        world.reserve("events", 1)
        end(world.view(), int(a), int(Reason.SHOCK))
    forget_ended(world.view())
