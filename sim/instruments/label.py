"""A label: running partnerships that qualify are named, nothing is paid to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.instruments.common.actions import is_asked
from sim.instruments.common.intents import Intent, Label
from sim.instruments.common.programme import Programme


def label(world: Any, me: Programme, quarter: int) -> Iterator[Intent]:
    """Partnerships of cluster organisations that exist already and qualify carry a label.

    Effect: strangers trust their members more (trust.prior_label); later calls may ask for the label
    Money: only what labelling costs the programme (programmes.label_cost), while the budget lasts
    Who: running cluster partnerships that are eligible and whose lead may apply, best first, until the quota
    Source: European Strategic Cluster Partnerships 2012 (EVIDENCE 1)
    Special cases: no relation and no partnership comes of it by itself
    """
    if quarter == me.start:
        yield existing(world, me)


def existing(world: Any, me: Programme) -> Label:
    """Return the running partnerships of cluster organisations whose lead may apply, oldest first."""
    active = world.active[: int(world.n.active)]
    chosen = active[world.parts.of_clusters[active] == 1]
    chosen = chosen[is_asked(world, me)[world.parts.lead[chosen]]]
    return Label(tuple(int(a) for a in np.sort(chosen, kind="stable")))
