"""What each figure says in words, and the numbers it shows as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.report.frames import intervals, paired_series
from sim.report.gallery import net_series
from sim.report.html import Grid
from sim.report.numbers import interval, plain, signed, words
from sim.report.robustness import futures_table
from sim.report.snapshot import edges_of
from sim.report.survival import survival

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison
    from sim.report.pair import Pair

PER = 100  # ties are counted per this many organisations


def forest(comparison: Comparison) -> tuple[str, Grid]:
    """Every policy's paired difference."""
    findings = comparison.findings
    chosen = sorted((d for d in findings.differences if d.outcome == findings.headline.outcome),
                    key=lambda d: -d.estimate.mean)
    said = "; ".join(f"{words(d.policy)} {interval(d.estimate)}" for d in chosen)
    rows = [[words(d.policy), signed(d.estimate.mean), signed(d.estimate.low), signed(d.estimate.high),
             f"{d.led * d.estimate.worlds:g} of {d.estimate.worlds}"] for d in chosen]
    return (f"Forest plot of net value against {words(findings.baseline)}: {said}.",
            Grid(["policy", "mean", "95 % low", "95 % high", "worlds ahead"], rows, (1, 2, 3, 4)))


def difference(comparison: Comparison) -> tuple[str, Grid]:
    """The paired difference over time, summed so far."""
    one, other = comparison.findings.focus
    paired = paired_series(net_series(comparison), "net_value", one, other)
    mean, low, high = intervals(paired.to_numpy(float).cumsum(axis=1))
    rows = [[str(int(step)), signed(m), signed(a), signed(b)]
            for step, m, a, b in zip(paired.columns, mean, low, high, strict=True)]
    return (f"Line of the summed difference in net value by quarter: {signed(mean[0])} in the first, lowest "
            f"{signed(mean.min())}, {signed(mean[-1])} in the last.",
            Grid(["quarter", "mean", "95 % low", "95 % high"], rows, (1, 2, 3)))


def fan(comparison: Comparison) -> tuple[str, Grid]:
    """Each policy's net value over time, summed so far."""
    names, series = comparison.findings.focus, net_series(comparison)
    cells, ends = [], []
    for name in names:
        wide = series[series["policy"] == name].pivot(index="replicate", columns="step", values="value")
        low, median, high = np.quantile(wide.to_numpy(float).cumsum(axis=1), [0.05, 0.5, 0.95], axis=0)
        cells.append([[signed(value) for value in row] for row in (median, low, high)])
        ends.append(f"{words(name)} ends at {signed(median[-1])}")
    rows = [[str(quarter + 1), *(row[quarter] for block in cells for row in block)]
            for quarter in range(len(cells[0][0]))]
    head = ["quarter", *(f"{words(name)}: {what}" for name in names for what in ("median", "5 %", "95 %"))]
    return f"Fan chart of summed net value by quarter: {'; '.join(ends)}.", Grid(head, rows, range(1, 7))


def sectors(comparison: Comparison) -> tuple[str, Grid]:
    """Ties between each pair of sectors."""
    scale = PER / comparison.findings.organisations
    a, b = (comparison.sectors(name) * scale for name in comparison.findings.focus)
    one, other = map(words, comparison.findings.focus)
    inside = [np.trace(m) / m.sum() if m.sum() else 0.0 for m in (a, b)]
    rows = [[f"{i + 1} and {j + 1}", plain(a[i, j], 2), plain(b[i, j], 2), signed(a[i, j] - b[i, j], 2)]
            for i in range(len(a)) for j in range(i, len(a))]
    return (f"Matrices of ties between sectors: {inside[0]:.0%} of ties stay inside a sector under {one}, "
            f"{inside[1]:.0%} under {other}.", Grid(["sectors", one, other, "difference"], rows, (1, 2, 3)))


def futures(comparison: Comparison) -> tuple[str, Grid]:
    """The difference in each plausible future, with what was drawn."""
    drawn, gap = futures_table(comparison)
    keys = list(drawn[0])
    rows = [[signed(value), *(f"{values[key]:.3g}" for key in keys)]
            for value, values in sorted(zip(gap, drawn, strict=True), key=lambda one: -one[0])]
    ahead = int((gap > 0).sum())
    return (f"Marks of the difference in each plausible future: ahead in {ahead} of {len(gap)}, from "
            f"{signed(gap.min())} to {signed(gap.max())}.", Grid(["difference", *keys], rows, range(len(keys) + 1)))


def network(pair: Pair) -> tuple[str, Grid]:
    """Ties alive at the end under both policies."""
    edges = [edges_of(world) for world in (pair.one, pair.other)]
    ends = [set(map(frozenset, zip(frame["a"], frame["b"], strict=True))) for frame in edges]
    shared = len(ends[0] & ends[1])
    rows = [[words(name), f"{len(frame):,}", f"{len(mine) - shared:,}", f"{shared:,}",
             plain(float(frame["trust"].mean()), 2), plain(float(frame["age"].mean()), 1)]
            for name, frame, mine in zip(pair.names, edges, ends, strict=True)]
    one, other = map(words, pair.names)
    return (f"Two maps of the same organisations: {len(ends[0]):,} ties under {one}, {len(ends[1]):,} under {other}, "
            f"{shared:,} under both.",
            Grid(["policy", "ties", "only here", "under both", "mean trust", "mean age, quarters"], rows, range(1, 6)))


def lasting(pair: Pair) -> tuple[str, Grid]:
    """Share of ties alive by age."""
    curves = [survival(world, pair.since) for world in (pair.one, pair.other)]
    ages = range(max(len(curve.age) for curve in curves))

    def cell(curve: int, age: int) -> str:
        one = curves[curve]
        return f"{one.share[age]:.0%} [{one.low[age]:.0%}, {one.high[age]:.0%}]" if age < len(one.age) else "–"

    rows = [[str(age), cell(0, age), cell(1, age)] for age in ages]
    said = "; ".join(f"{words(name)}: {curve.ties:,} ties begun, {curve.share[-1]:.0%} alive at age {curve.age[-1]}"
                     for name, curve in zip(pair.names, curves, strict=True))
    return f"Survival curves of ties. {said}.", Grid(["age in quarters", *map(words, pair.names)], rows, (1, 2))
