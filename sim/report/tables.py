"""The tables of the report: what the terminal prints, as grids."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.outcomes.registry import outcomes
from sim.report.html import Grid
from sim.report.names_programme import DISPLACED, FUNNEL, MONEY, NET_OF_TIES, REMAINS
from sim.report.numbers import interval, natural, places, plain, share, signed, words
from sim.report.text import KEY_OUTCOMES, SPLIT, policy_table, regret_table

if TYPE_CHECKING:
    from sim.experiment.channels import Channels
    from sim.experiment.findings import Difference, Findings, Futures


def policies_grid(findings: Findings) -> Grid:
    """Return net value of every policy, and against the baseline, the best first."""
    return Grid(*policy_table(findings), (1, 2, 3, 4, 5))


def regret_grid(findings: Findings) -> Grid:
    """Return how far behind the best policy each one lies, over all worlds and futures."""
    head, rows = regret_table(findings)
    return Grid(head, rows, range(1, len(head)))


def _futures(futures: Futures | None) -> list[str]:
    if futures is None:
        return ["–", "–"]
    digits = places(max(abs(futures.low), abs(futures.high)))
    return [f"{futures.led * futures.worlds:g} of {futures.worlds}",
            f"{signed(futures.low, digits)} to {signed(futures.high, digits)}"]


def outcomes_grids(findings: Findings) -> tuple[Grid, Grid]:
    """Return the other outcomes of the headline's pair: those asked for first, then all that happen under either.

    What the programme's own tables say is left to them, and what only some adopt to worlds in which some do.
    """
    one, other = findings.focus
    named = {d.outcome: d for d in findings.differences
             if d.policy == one and d.against == other and d.outcome != findings.headline.outcome}
    levels = {(level.policy, level.outcome): level.estimate.mean for level in findings.levels}
    known = {name: [levels.get((policy, name), math.nan) for policy in (other, one)] for name in named}
    apart = {*FUNNEL, *MONEY, *REMAINS, *NET_OF_TIES, *DISPLACED, *(SPLIT if findings.adopters == 1 else ())}
    told = [name for name, pair in known.items() if name not in apart and not all(map(math.isnan, pair))]
    first = [name for name in KEY_OUTCOMES if name in told]
    rest = [name for name in told if name not in KEY_OUTCOMES and any(known[name])]
    return (_outcomes(findings, first, named, known), _outcomes(findings, rest, named, known))


def _outcomes(findings: Findings, names: Sequence[str], named: Mapping[str, Difference],
              known: Mapping[str, Sequence[float]]) -> Grid:
    one, other = findings.focus
    texts = outcomes()
    rows = []
    for name in names:
        (factor, unit), found = natural(named[name].unit), named[name]
        shown = [_level(factor * value) for value in known[name]]
        both = not any(map(math.isnan, known[name]))
        rows.append([words(name) + (f" ({unit})" if unit not in ("", name) else ""), *shown,
                     interval(found.estimate, factor) if both else "–", found.verdict if both else "–",
                     texts[name].text if name in texts else ""])
    return Grid(["outcome", words(other), words(one), "difference [95 %]", "verdict", "what it is"], rows, (1, 2, 3))


def _level(value: float) -> str:
    return "–" if math.isnan(value) else plain(value, places(value))


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
