"""Which channel carries the difference, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.numbers import interval, words
from sim.report.table import bullet, paragraph, table

if TYPE_CHECKING:
    from sim.experiment.channels import Channel, Channels

NOTES = (
    "Loss: how much of the difference is gone when only this channel is switched off. Gain: how much it adds "
    "when every other channel is off.",
    "The two agree only where channels do not depend on one another; their sum need not be the difference.",
)


def headline(found: Channels) -> str:
    """Return one sentence: what is explained, and what carries most of it."""
    pair = f"{words(found.policy).capitalize()} against {words(found.against)}"
    size = f"{interval(found.full)} {found.unit} in {words(found.outcome)} over {found.worlds} worlds"
    clear = [channel for channel in found.channels if _clear(channel)]
    if not clear:
        return paragraph(f"{pair}: {size}. No single channel changes it by more than chance would.")
    named = ", ".join(f"{channel.name} ({interval(channel.loss)})" for channel in clear[:3])
    return paragraph(f"{pair}: {size}. Switching one channel off takes most away for {named}.")


def _clear(channel: Channel) -> bool:
    """Whether the interval of the loss leaves out zero."""
    return channel.loss.low > 0 or channel.loss.high < 0


def answer(found: Channels) -> str:
    """Return the table of channels and how to read it."""
    rows = [[c.name, interval(c.loss), interval(c.gain), interval(c.without), c.text] for c in found.channels]
    head = ["channel", "loss [95 %]", "gain [95 %]", "difference without", "switched off means"]
    whole = f"With every channel off the difference is {interval(found.none)} {found.unit}."
    lines = [*NOTES, whole, *(f"Failed: {f.error}; again with: {f.replay}" for f in found.failures)]
    return table(head, rows, numeric=(1, 2, 3)) + "\n\n" + "\n".join(map(bullet, lines))
