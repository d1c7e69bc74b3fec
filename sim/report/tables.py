"""The tables of the report: what the terminal prints, as grids."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report.html import Grid
from sim.report.numbers import interval, natural, places, plain, share, signed, words
from sim.report.text import KEY_OUTCOMES

if TYPE_CHECKING:
    from sim.experiment.channels import Channels
    from sim.experiment.findings import Difference, Findings, Futures


def policies_grid(findings: Findings) -> Grid:
    """Return net value of every policy against the baseline, the best first."""
    chosen = sorted((d for d in findings.differences if d.outcome == findings.headline.outcome),
                    key=lambda d: -d.estimate.mean)
    rows = [[words(d.policy), interval(d.estimate), _led(d), *_futures(d.futures), d.verdict] for d in chosen]
    return Grid([f"against {words(findings.baseline)}", "difference [95 %]", "worlds ahead", "futures ahead",
                 "nine of ten futures", "verdict"], rows, (1, 2, 3, 4))


def _led(difference: Difference) -> str:
    worlds = difference.estimate.worlds
    return f"{difference.led * worlds:g} of {worlds}"


def _futures(futures: Futures | None) -> list[str]:
    if futures is None:
        return ["–", "–"]
    digits = places(max(abs(futures.low), abs(futures.high)))
    return [f"{futures.led * futures.worlds:g} of {futures.worlds}",
            f"{signed(futures.low, digits)} to {signed(futures.high, digits)}"]


def outcomes_grid(findings: Findings) -> Grid:
    """Return the other outcomes of the headline's pair: those asked for first, then all that happen under either."""
    one, other = findings.focus
    named = {d.outcome: d for d in findings.differences
             if d.policy == one and d.against == other and d.outcome != findings.headline.outcome}
    levels = {(level.policy, level.outcome): level.estimate.mean for level in findings.levels}
    order = [name for name in KEY_OUTCOMES if name in named]
    order += [name for name in named if name not in KEY_OUTCOMES and any(levels.get((p, name)) for p in (one, other))]
    # Undefined under both, such as what others earn where everybody adopts, tells a reader nothing.
    order = [name for name in order if not all(math.isnan(levels.get((p, name), math.nan)) for p in (one, other))]

    def level(policy: str, outcome: str) -> str:
        value = levels.get((policy, outcome))
        value = None if value is None else natural(named[outcome].unit)[0] * value
        return "–" if value is None or math.isnan(value) else plain(value, places(value))

    rows = [[words(name), natural(named[name].unit)[1], level(other, name), level(one, name),
             interval(named[name].estimate, natural(named[name].unit)[0]), named[name].verdict] for name in order]
    return Grid(["outcome", "unit", words(other), words(one), "difference [95 %]", "verdict"], rows, (2, 3, 4))


def effects_grid(findings: Findings) -> Grid:
    """Return main effects and interactions of the design on the headline outcome."""
    rows = [[words(e.name), interval(e.estimate), _futures(e.futures)[1], e.text]
            for e in findings.effects if e.outcome == findings.headline.outcome]
    return Grid(["effect", f"mean [95 %], {findings.headline.unit}", "nine of ten futures", "what it is"], rows, (1, 2))


def steps_grid(findings: Findings) -> Grid:
    """Return the steps from the one policy of the headline to the other."""
    rows = [[words(step.name), interval(step.estimate), step.text] for step in findings.decomposition]
    return Grid(["step", f"mean [95 %], {findings.headline.unit}", "what changes"], rows, (1,))


def reach_grid(findings: Findings) -> Grid:
    """Return where partners really came from."""
    used = list(dict.fromkeys(name for r in findings.reach for name, part in r.realised.items() if part > 0))
    rows = [[words(r.policy), *(share(r.realised.get(name, 0.0), name in r.nominal) for name in used)]
            for r in findings.reach]
    return Grid(["policy (· not looked at)", *map(words, used)], rows, range(1, len(used) + 1))


def channels_grid(found: Channels) -> Grid:
    """Return what each channel carries."""
    rows = [[c.name, interval(c.loss), interval(c.gain), interval(c.without), c.text] for c in found.channels]
    return Grid(["channel", f"loss [95 %], {found.unit}", "gain [95 %]", "difference without", "switched off means"],
                rows, (1, 2, 3))


def carriers_grid(findings: Findings) -> Grid:
    """Return what each channel carries, as `mobilise explain --channels` kept it."""
    rows = [[one.name, interval(one.loss), interval(one.gain)] for one in findings.carriers]
    return Grid(["channel", f"loss [95 %], {findings.headline.unit}", "gain [95 %]"], rows, (1, 2))
