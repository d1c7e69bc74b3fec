"""All pictures of a comparison, written beside its results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from sim.report import style
from sim.report.forest import forest
from sim.report.network import network_pair
from sim.report.numbers import words
from sim.report.pair import LARGEST_MAP, Pair
from sim.report.robustness import futures_figure
from sim.report.sectors import sector_matrix
from sim.report.snapshot import edges_of, nodes_of
from sim.report.survival import survival, survival_figure
from sim.report.trajectories import difference_series, fan_chart

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison

COSTS = ("search", "coordination", "goal")
CENTS = 1e-5  # cents to kEUR


def draw(comparison: Comparison, kinds: tuple[str, ...] = ("svg", "png"), seen: Pair | None = None) -> list[Path]:
    """Draw every picture that the comparison has numbers for and return the files; ``seen``: see `pictures`."""
    folder = comparison.folder / "figures"
    return [
        style.save(figure, folder / f"{name}.{kind}", title)
        for name, title, figure in pictures(comparison, seen)
        for kind in kinds
    ]


def pictures(comparison: Comparison, seen: Pair | None = None) -> Iterator[tuple[str, str, Figure]]:
    """Yield (name, what it shows in words, figure); ``seen`` is one world looked at closely, if any was."""
    findings = comparison.findings
    one, other = findings.focus
    pair = f"{words(one)} against {words(other)}"
    totals = comparison.totals()
    own = totals[totals["future"] == 0]
    title = f"Net value of every policy against {words(findings.baseline)}"
    yield "forest", title, forest(own, baseline=findings.baseline, drawn=totals[totals["future"] > 0])[0]
    series, title = net_series(comparison), f"Net value over time: {pair}"
    yield "difference", title, difference_series(series, policy=one, baseline=other)[0]
    yield "fan", title, fan_chart(series, policies=[one, other])[0]
    per_hundred = 100 / findings.organisations
    a, b = (comparison.sectors(name) * per_hundred for name in (one, other))
    yield "sectors", f"Ties between sectors: {pair}", sector_matrix(a, b, names=(one, other))[0]
    found = findings.assumptions
    if found:
        yield "futures", f"The difference in each plausible future: {pair}", futures_figure(comparison, found[0].key)[0]
    if seen is not None:
        if findings.organisations <= LARGEST_MAP:
            yield "network", f"Ties in an average world: {pair}", network(seen, findings.quarters)
        curves = [survival(world, seen.since) for world in (seen.one, seen.other)]
        if any(curve.ties for curve in curves):
            yield "survival", f"How long ties last: {pair}", survival_figure(curves, seen.names)[0]


def net_series(comparison: Comparison) -> pd.DataFrame:
    """Return net value in each quarter of own worlds, tidy, in kEUR per organisation alive at the start."""
    wide = comparison.wide_series
    wide = wide[wide["future"] == 0]
    start = wide["run_id"].map(comparison.runs.set_index("run_id")["start"])
    net = (wide["value"] - wide[list(COSTS)].sum(axis=1)) * CENTS / start
    return wide[["policy", "future", "replicate", "step"]].assign(outcome="net_value", value=net)


def network(pair: Pair, quarters: int) -> Figure:
    """Draw the networks of both policies at the end."""
    return network_pair(
        nodes_of(pair.one, pair.other),
        (edges_of(pair.one), edges_of(pair.other)),
        names=pair.names,
        subtitle=f"world {pair.replicate}, an average one; ties alive in quarter {quarters}",
    )[0]
