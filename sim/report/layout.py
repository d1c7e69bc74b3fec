"""Where organisations sit on the map: the same nodes give the same positions under every policy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.report.frames import Array

GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


def place(nodes: pd.DataFrame) -> pd.DataFrame:
    """Return the nodes with x and y: clusters on a ring in the order of their sector, members around them.

    Rows need ``id, cluster, sector, kind``; given x and y are kept. The cluster organisation sits at
    the hub, the others on a sunflower around it, in the order of their ids.
    """
    if {"x", "y"} <= set(nodes.columns):
        return nodes
    placed = nodes.assign(member=nodes["kind"] != "cluster_organisation")
    placed = placed.sort_values(["cluster", "member", "id"], kind="stable").reset_index(drop=True)
    angle, hubs, radius = find_hubs(placed)
    rank = placed.groupby("cluster").cumcount().to_numpy()
    size = placed.groupby("cluster")["id"].transform("size").to_numpy()
    reach = radius * np.sqrt(rank / np.maximum(size - 1, 1)) * np.sqrt(size / size.max())
    turn = rank * GOLDEN_ANGLE + placed["cluster"].map(angle).to_numpy()
    centre = np.array([hubs[c] for c in placed["cluster"]])
    placed["x"], placed["y"] = centre[:, 0] + reach * np.cos(turn), centre[:, 1] + reach * np.sin(turn)
    return placed.drop(columns="member")


def sector_of_clusters(nodes: pd.DataFrame) -> Any:
    """Return the commonest sector of each cluster's members."""
    return nodes.groupby("cluster")["sector"].agg(lambda column: column.mode().iloc[0])


def find_hubs(nodes: pd.DataFrame) -> tuple[dict[int, float], dict[int, Array], float]:
    """Return the angle and place of each cluster's hub and the radius of the largest cluster."""
    order = sector_of_clusters(nodes).sort_values(kind="stable").index.to_numpy()
    angles = np.pi / 2 - 2 * np.pi * (np.arange(len(order)) + 0.5) / len(order)
    hubs = {c: np.array([np.cos(t), np.sin(t)]) for c, t in zip(order, angles, strict=True)}
    return dict(zip(order, angles, strict=True)), hubs, hub_radius(len(order))


def hub_radius(clusters: int) -> float:
    """Return the largest radius at which neighbouring clusters on the ring do not touch."""
    return float(min(0.30, 0.9 * np.sin(np.pi / max(clusters, 4))))
