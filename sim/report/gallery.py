"""All pictures of a comparison, written beside its results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.report import style
from sim.report.forest import forest
from sim.report.network import network_pair
from sim.report.numbers import words
from sim.report.sectors import sector_matrix
from sim.report.snapshot import edges_of, nodes_of
from sim.report.trajectories import difference_series, fan_chart
from sim.run import run_world

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison

COSTS = ("search", "coordination", "goal")
CENTS = 1e-5  # cents to kEUR
LARGEST_NETWORK = 5000  # organisations; a larger map shows nothing


def draw(comparison: Comparison, kinds: tuple[str, ...] = ("svg", "png")) -> list[Path]:
    """Draw every picture that the comparison has numbers for and return the files."""
    folder = comparison.folder / "figures"
    return [
        style.save(figure, folder / f"{name}.{kind}", title)
        for name, title, figure in pictures(comparison)
        for kind in kinds
    ]


def pictures(comparison: Comparison) -> Iterator[tuple[str, str, Figure]]:
    """Yield (name, what it shows in words, figure)."""
    findings = comparison.findings
    one, other = findings.focus
    pair = f"{words(one)} against {words(other)}"
    totals = comparison.totals()
    own = totals[totals["future"] == 0]
    title = f"Net value of every policy against {words(findings.baseline)}"
    yield "forest", title, forest(own, baseline=findings.baseline)[0]
    series, title = net_series(comparison), f"Net value over time: {pair}"
    yield "difference", title, difference_series(series, policy=one, baseline=other)[0]
    yield "fan", title, fan_chart(series, policies=[one, other])[0]
    per_hundred = 100 / findings.organisations
    a, b = (comparison.sectors(name) * per_hundred for name in (one, other))
    yield "sectors", f"Ties between sectors: {pair}", sector_matrix(a, b, names=(one, other))[0]
    if findings.organisations <= LARGEST_NETWORK:
        yield "network", f"Ties in an average world: {pair}", network(comparison)


def net_series(comparison: Comparison) -> pd.DataFrame:
    """Return net value in each quarter of own worlds, tidy, in kEUR per organisation alive at the start."""
    wide = comparison.wide_series
    wide = wide[wide["future"] == 0]
    start = wide["run_id"].map(comparison.runs.set_index("run_id")["start"])
    net = (wide["value"] - wide[list(COSTS)].sum(axis=1)) * CENTS / start
    return wide[["policy", "future", "replicate", "step"]].assign(outcome="net_value", value=net)


def average_world(comparison: Comparison) -> int:
    """Return the replicate whose headline difference lies closest to the mean over own worlds."""
    one, other = comparison.findings.focus
    totals = comparison.totals()
    own = totals[(totals["future"] == 0) & (totals["outcome"] == comparison.findings.headline.outcome)]
    wide = own.pivot(index="replicate", columns="policy", values="value")
    gap = (wide[one] - wide[other]).dropna()
    return int(gap.index[int(np.argmin(np.abs(gap - gap.mean())))])


def network(comparison: Comparison) -> Figure:
    """Run both policies of the headline once more in an average world and draw their networks."""
    replicate = average_world(comparison)
    one, other = comparison.findings.focus
    specs = [comparison.spec(name, replicate=replicate) for name in (one, other)]
    left, right = (result.world for result in run_world(specs))
    quarter = comparison.findings.quarters
    return network_pair(
        nodes_of(left, right),
        (edges_of(left), edges_of(right)),
        names=(one, other),
        subtitle=f"world {replicate}, an average one; ties alive in quarter {quarter}",
    )[0]
