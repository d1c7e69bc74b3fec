"""How long ties last: Kaplan and Meier's curve of the ties that began during the comparison, in one world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from sim.outcomes.observe import REMEMBERED
from sim.report.frames import Array
from sim.report.numbers import words
from sim.report.style import INK, canvas, headline, label_ends, looks, styled

NORMAL_95 = 1.959963984540054
YEAR = 4


@dataclass(frozen=True)
class Survival:
    """Share of ties alive after each age in quarters, with Greenwood's 95 % interval.

    Parameters
    ----------
    age : [ages] whole quarters, 0 first. share, low, high : [ages] in [0, 1]. ties : how many began.
    """

    age: Array
    share: Array
    low: Array
    high: Array
    ties: int


def survival(world: Any, since: int) -> Survival:
    """Return the survival of ties first formed at step ``since`` or later.

    A tie ends with its last contact when none followed within 8 quarters. Whether a contact was the last is
    known only up to 8 quarters before the end: ties are watched until then, and those that had a later contact
    count as alive at that moment. Ties whose side died are censored at their last contact.
    """
    rels, seen = world.rels[: int(world.n.relations)], int(world.n.step) - 1 - REMEMBERED
    rels = rels[(rels["first"] >= since) & (rels["first"] <= seen) & ((rels.running > 0) | (rels.times > 0))]
    dead = (world.orgs.left[rels.a] >= 0) | (world.orgs.left[rels.b] >= 0)
    later = (rels.running > 0) | (rels["last"] > seen)
    until = np.where(later, seen, rels["last"])
    return kaplan_meier(until - rels["first"], ~later & ~dead)


def kaplan_meier(length: Array, ended: Array) -> Survival:
    """Return the product-limit estimate for lengths of which some are censored (``ended`` false)."""
    ages = np.arange(int(length.max()) + 1 if len(length) else 1)
    at_risk = np.array([(length >= age).sum() for age in ages], float)
    events = np.array([((length == age) & ended).sum() for age in ages], float)
    safe = np.maximum(at_risk, 1)
    share = np.cumprod(1 - events / safe)
    left = np.maximum(at_risk - events, 1e-9)
    spread = share * np.sqrt(np.cumsum(np.where(at_risk > events, events / (safe * left), 0)))
    half = NORMAL_95 * spread
    return Survival(ages, share, np.clip(share - half, 0, 1), np.clip(share + half, 0, 1), len(length))


def survival_figure(curves: Sequence[Survival], names: Sequence[str], ax: Axes | None = None) -> tuple[Figure, Axes]:
    """Draw the curves of some policies on one axis, each with its interval."""
    with styled():
        figure, ax = canvas(ax)
        styles, ends = looks(names), []
        for name, curve in zip(names, curves, strict=True):
            look = styles[name]
            ax.fill_between(curve.age, curve.low, curve.high, step="post", color=look.colour, alpha=0.16, linewidth=0)
            ax.step(curve.age, curve.share, where="post", color=look.colour, linestyle=look.line)
            ends.append((float(curve.share[-1]), f"{words(name)} ({curve.ties:,})", look.colour))
        ax.set_ylim(0, 1.02)
        ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        ax.xaxis.set_major_locator(MultipleLocator(YEAR))
        ax.set_xlabel("age of the tie in quarters", color=INK)
        ax.grid(axis="y")
        label_ends(ax, ends)
        headline(ax, "How long ties last", "share of ties still alive at each age; bands: 95 % interval; "
                 "in brackets: ties begun")
    return figure, ax
