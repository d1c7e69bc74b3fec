"""The crowds of a world: organisations by activity, laid out for draws (`sim.kernels.crowd`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.kernels.crowd import CROWDS, gather

FOUNDER = -1  # born before the first step

if TYPE_CHECKING:
    from sim.world.world import World


def gather_crowds(world: World) -> None:
    """List the organisations by activity, for the draws of `by_activity`; anew only after births (activity stays).

    Founders come in the order of their uids, the newborn behind them quarter by quarter: rows are storage only.
    """
    if world.crowd.shape[1] == int(world.n.organisations):
        return
    rows, groups = int(world.n.organisations), int(max(world.p.world_sectors, world.p.world_countries))
    world.crowd, world.crowd_sum = np.empty((CROWDS, rows), np.int32), np.empty((CROWDS, rows))
    world.crowd_first, world.crowd_span = np.zeros((CROWDS, groups + 1), np.int32), np.zeros((CROWDS, groups))
    order = np.lexsort((world.orgs.uid[:rows], np.maximum(world.orgs.born[:rows], FOUNDER)))
    for by in range(CROWDS):
        gather(world.view(), by, order)
