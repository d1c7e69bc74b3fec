"""A world's network at one moment, as the tables that figures draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.outcomes.observe import REMEMBERED
from sim.vocab import Kind


def nodes_of(*worlds: Any) -> pd.DataFrame:
    """Return who lives at the end of any of the worlds: id (uid), cluster, sector, kind.

    Worlds that share their past share the uids of those who were there, so positions can be equal.
    """
    frames = [_nodes(world) for world in worlds]
    return pd.concat(frames).drop_duplicates("id").sort_values("id").reset_index(drop=True)


def _nodes(world: Any) -> pd.DataFrame:
    orgs = world.orgs[: int(world.n.organisations)]
    orgs = orgs[(orgs.left == -1) & (orgs.cluster >= 0)]
    return pd.DataFrame({"id": orgs.uid, "cluster": orgs.cluster, "sector": orgs.sector,
                         "kind": [Kind(kind).name.lower() for kind in orgs.kind]})


def edges_of(world: Any) -> pd.DataFrame:
    """Return the ties alive: both ends (uids), mean trust, age in quarters.

    A tie is alive while its two sides work together or did within the last 8 quarters.
    """
    orgs, step = world.orgs, int(world.n.step)
    rels = world.rels[: int(world.n.relations)]
    there = (orgs.left[rels.a] == -1) & (orgs.left[rels.b] == -1)
    there &= (orgs.cluster[rels.a] >= 0) & (orgs.cluster[rels.b] >= 0)
    fresh = (rels.running > 0) | ((rels.times > 0) & (step - rels["last"] <= REMEMBERED))
    rels = rels[there & fresh]
    return pd.DataFrame({"a": orgs.uid[rels.a], "b": orgs.uid[rels.b],
                         "trust": (rels.trust_ab + rels.trust_ba) / 2,
                         "age": np.maximum(0, step - rels["first"]).astype(int)})
