"""Studies in words, for a terminal and as text alternatives of their pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.findings import AHEAD, ALIKE, BEHIND, OPEN, Failure
from sim.experiment.planes import subsidy
from sim.report.numbers import estimate, places, plain, signed, words
from sim.report.regime_marks import at_own
from sim.report.table import bullet, table

if TYPE_CHECKING:
    from sim.experiment.discovery import Box
    from sim.experiment.planes import Plane
    from sim.experiment.regime import Regime
    from sim.experiment.robust import Robust
    from sim.experiment.sweep import Sweep

MOST_ROWS = 12


def percent(value: float) -> str:
    """Return a share in per cent, or a dash where there is none."""
    return "–" if math.isnan(value) else f"{100 * value:.0f} %"


def spanned(mean: float, low: float, high: float) -> str:
    """Return a difference with its interval, where there is one."""
    if math.isfinite(low) and math.isfinite(high):
        return estimate(mean, low, high)
    return f"{signed(mean, places(mean))} (one world)" if math.isfinite(mean) else "none"


def failed(failures: tuple[Failure, ...]) -> list[str]:
    """Return what to say of runs that did not finish."""
    if not failures:
        return []
    first = failures[0]
    return [f"{len(failures)} runs failed; the first: {first.error}", f"  replay: {first.replay}"]


def robust_text(found: Robust) -> str:
    """Return regret, worst case, enough and ranks of every policy over all futures."""
    digits = places(max(abs(s.mean) for s in found.standings))
    rows = [[words(s.policy), plain(s.mean, digits), plain(s.worst, digits), plain(s.regret, digits),
             plain(s.worst_regret, digits), percent(s.enough), percent(s.best), plain(s.rank, 1)]
            for s in found.standings]
    head = ["policy", "mean", "worst", "regret", "worst regret", "enough", "best", "mean rank"]
    return "\n".join([
        f"Over {found.futures} futures ({words(found.outcome)}, {found.unit}; every future counts once):",
        table(head, rows, numeric=tuple(range(1, len(head)))),
        f"enough: at least {plain(found.threshold, digits)}, the baseline's level under the scenario's own values",
        f"ranking: the same as that of the means in {percent(found.same_ranking)} of futures; mean Kendall correlation "
        f"{plain(found.stability, 2)}"])


def verdict_text(found: Robust, focus: str, baseline: str) -> str:
    """Return in how many futures the focus is ahead, behind, alike, or cannot be told."""
    v = found.verdicts
    return (f"{words(focus).capitalize()} against {words(baseline)}: ahead in {v[AHEAD]}, behind in "
            f"{v[BEHIND]}, no difference that matters in {v[ALIKE]}, cannot be told apart in {v[OPEN]} of "
            f"{sum(v.values())} futures")


def sweep_text(found: Sweep) -> tuple[str, str]:
    """Return the headline and the rest of what a sweep found."""
    scenario = found.study.scenario
    head = verdict_text(found.robust, scenario.focus, scenario.baseline)
    parts = [robust_text(found.robust), _rows(found), _own(found), f"Stopped: {found.why}."]
    if found.saved:
        said = ", ".join(f"{words(name)} {ratio:.1f}" for name, ratio in found.saved.items())
        parts.append(f"The same luck for all policies saves runs; times fewer needed, median over futures: {said}.")
    parts += failed(found.failures) + list(found.notes)
    return head, "\n\n".join(part for part in parts if part)


def _rows(found: Sweep) -> str:
    """Return futures with their differences: all of a few, else the most and least favourable."""
    rows = list(found.rows)
    shown, title = rows, "Future by future:"
    if len(rows) > MOST_ROWS:
        ordered = sorted(rows, key=lambda row: -row.estimate.mean)
        shown = [*ordered[:3], *ordered[-3:]]
        title = f"The three most and the three least favourable of {len(rows)} futures:"
    lines = [[", ".join(f"{key} {_short(value)}" for key, value in row.at.items()) or "own values",
              spanned(row.estimate.mean, row.estimate.low, row.estimate.high), row.verdict] for row in shown]
    return f"{title}\n" + table(["future", "difference [95 % interval]", "verdict"], lines)


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _own(found: Sweep) -> str:
    if len(found.own) < 2:
        return ""
    rows = [[words(str(one["outcome"])), words(str(one["policy"])),
             spanned(one["difference"], one["low"], one["high"]), str(one["unit"])] for one in found.own]
    return (f"Under the scenario's own values, against {words(found.study.scenario.baseline)}:\n"
            + table(["outcome", "policy", "difference [95 % interval]", "unit"], rows))


def boxes_text(found: Sequence[Box]) -> str:
    """Return where something happens more often than elsewhere."""
    if not found:
        return "No box: too few futures, or every future has the same verdict."
    lines = []
    for box in found:
        ends = [_within(name, *limits) for name, limits in box.limits.items()]
        where = " and ".join(ends) or "anything holds"
        lines.append(bullet(f"{box.case}: {percent(box.share)} of all futures; {percent(box.coverage)} of them lie "
                            f"where {where}; of the futures there, {percent(box.density)} are such"))
    return "\n".join(["Where it happens (PRIM boxes):", *lines])


def _within(name: str, low: float, high: float) -> str:
    if low == -math.inf:
        return f"{name} <= {high:.3g}"
    return f"{name} >= {low:.3g}" if high == math.inf else f"{low:.3g} <= {name} <= {high:.3g}"


# --- regime ------------------------------------------------------------------------------------

def regime_text(found: Regime) -> tuple[str, str]:
    """Return the headline and the rest of what a regime map shows: its text alternative."""
    bundle = found.planes[0]
    parts = ["\n".join(plane_text(found, plane) for plane in found.planes), "\n".join(iso_text(found)),
             robust_text(found.robust), cost_text(found), *failed(found.failures), *found.notes]
    return headline(found, bundle), "\n\n".join(part for part in parts if part)


def headline(found: Regime, plane: Plane) -> str:
    """Return where the border runs at the scenario's own height, and what holds at its own place."""
    shares = plane.shares()
    said = (f"{words(plane.first).capitalize()} is ahead in {percent(shares[AHEAD])} of the map, "
            f"{words(plane.second)} in {percent(shares[BEHIND])}; it cannot be told in {percent(shares[OPEN])}")
    own = found.own()
    if own is None:
        return said
    mean = at_own(found, plane)
    place = f"at the scenario's own place the difference is {signed(mean, places(mean))} {found.unit}"
    return f"{said}; {place}; {border_text(found, plane)}"


def border_text(found: Regime, plane: Plane) -> str:
    """Return where the border lies along x at the scenario's own y."""
    own = found.own()
    height = own[1] if own else 0.5
    at = [f"{found.x.value(x):.3g}" for x in plane.border(height)]
    where = "own" if own else "middle"
    if not at:
        return f"at its {where} {found.y.name} no border is crossed"
    return f"at its {where} {found.y.name} the border lies at {found.x.name} = {' and '.join(at)}"


def plane_text(found: Regime, plane: Plane) -> str:
    """Return what one plane shows."""
    shares = plane.shares()
    means = np.array([spot.mean for spot in plane.spots])
    return (f"{plane.effect}: {words(plane.first)} ahead in {percent(shares[AHEAD])}, {words(plane.second)} in "
            f"{percent(shares[BEHIND])}, no difference that matters in {percent(shares[ALIKE])}, cannot be told in "
            f"{percent(shares[OPEN])} of the map; differences from {signed(means.min(), places(means.min()))} to "
            f"{signed(means.max(), places(means.max()))} {found.unit}; {border_text(found, plane)}.")


def iso_text(found: Regime) -> list[str]:
    """Return how far each price of the lever moves the border."""
    if not found.iso:
        return []
    chosen = found.study.text.map
    assert chosen is not None
    return [f"With {chosen.lever} at {plane.price}: {border_text(found, plane)}{paid_text(found, plane)}."
            for plane in found.iso]


def paid_text(found: Regime, plane: Plane) -> str:
    """Return what a subsidy costs where it moves the border to, at the scenario's own height."""
    own, chosen = found.own(), found.study.text.map
    assert chosen is not None
    height = own[1] if own else 0.5
    amounts = [subsidy(plane, found.planes[0], x, height) for x in plane.border(height)]
    if chosen.paid is None or not amounts:
        return ""
    said = " and ".join(plain(amount, 0 if amount >= 10 else places(amount)) for amount in amounts)
    if plane.price == 0:
        said = f"about {said} (with as many contacts as at the full price)"
    return (f"; there the subsidy costs {said}, in {found.unit}, under {words(plane.first)} (whoever pays it is not on "
            "this map)")


def cost_text(found: Regime) -> str:
    """Return what following the border saved."""
    return (f"Measured in {found.worlds_run:,} worlds; a grid as fine everywhere, with as many replicates, would take "
            f"{found.worlds_grid:,} ({found.worlds_grid / max(1, found.worlds_run):.1f} times as many).")
