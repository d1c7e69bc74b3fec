"""What decides, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.numbers import places, signed, words
from sim.report.table import bullet, paragraph, table
from sim.report.text_studies import failed, percent, robust_text

if TYPE_CHECKING:
    from sim.experiment.sensitivity import Influence, Sensitivity

MOST = 15
APART = 0.12  # a difference of mean places that is worth telling


def sensitivity_text(found: Sensitivity) -> tuple[str, str]:
    """Return the headline and the rest."""
    parts = [
        _table(found),
        _flips(found),
        _undecided(found),
        _screening(found),
        robust_text(found.robust),
        _blocks(found),
        *failed(found.failures),
        *found.notes,
    ]
    return _headline(found), "\n\n".join(part for part in parts if part)


def _headline(found: Sensitivity) -> str:
    strongest = found.influences[0]
    turning = [one for one in found.influences if one.flips]
    flips = (
        f"; {len(turning)} of {len(found.influences)} conditions can turn it on their own: "
        f"{', '.join(one.name for one in turning[:4])}"
        if turning
        else "; screening does not say what turns it"
        if found.kind == "morris"
        else "; no single condition turns it on average"
    )
    return paragraph(
        f"What decides whether {words(found.policy)} is ahead of {words(found.against)}: most of all "
        f"{strongest.name} ({lower(strongest.text)}){flips}. It is ahead in {percent(found.ahead)} of "
        f"{found.futures:,} futures."
    )


def lower(text: str) -> str:
    """Return a text with a small first letter."""
    return text[:1].lower() + text[1:]


def _table(found: Sensitivity) -> str:
    if found.kind == "morris":
        head = ["condition", "moves the difference by", "95 % interval", "depends on others", "on average"]
        rows = [
            [
                one.name,
                *_numbers(one.alone, one.low, one.high),
                _short(one.whole),
                signed(one.direction, places(one.alone)),
            ]
            for one in found.influences[:MOST]
        ]
        title = f"When a condition crosses its whole range ({found.unit}):"
    else:
        head = ["condition", "alone", "95 % interval", "with interactions", "95 % interval"]
        rows = [
            [one.name, *_numbers(one.alone, one.low, one.high), *_numbers(one.whole, one.whole_low, one.whole_high)]
            for one in found.influences[:MOST]
        ]
        title = f"Share of the variance of the difference in {words(found.outcome)}:"
    return f"{title}\n{table(head, rows, numeric=(1, 2, 3, 4))}"


def _numbers(value: float, low: float, high: float) -> tuple[str, str]:
    return _short(value), f"[{_short(low)}, {_short(high)}]"


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _flips(found: Sensitivity) -> str:
    turning = [one for one in found.influences if one.flips]
    if not turning:
        return ""
    return "\n".join(
        ["Conditions that turn the ranking, others as they fall:", *(bullet(flip_text(one, found)) for one in turning)]
    )


def flip_text(one: Influence, found: Sensitivity) -> str:
    """Say in plain words how one condition turns the ranking."""
    low_side = found.policy if one.at_low > 0 else found.against
    high_side = found.against if one.at_low > 0 else found.policy
    return (
        f"{one.text}: where it is low, {words(low_side)} is ahead on average; above about {one.border:.3g} "
        f"({one.name}) {words(high_side)} is. Mean difference from {signed(one.at_low, places(one.at_low))} to "
        f"{signed(one.at_high, places(one.at_high))} {found.unit}."
    )


def _undecided(found: Sensitivity) -> str:
    """Say where the futures lie that cannot be told apart."""
    worlds = found.study.text.replicates
    said = f"{found.undecided_count} of {found.futures} futures cannot be told apart with {worlds} worlds each"
    apart = sorted(
        ((here - there, name) for name, (here, there) in found.undecided.items()), key=lambda pair: -abs(pair[0])
    )
    where = [f"{'high' if gap > 0 else 'low'} {name}" for gap, name in apart if abs(gap) > APART][:3]
    return paragraph(
        f"{said}; they lie where there is {', '.join(where)}." if where else f"{said}; they lie nowhere in particular."
    )


def _screening(found: Sensitivity) -> str:
    if found.kind != "morris":
        return ""
    return paragraph(
        f"Keep free ({len(found.keep)}): {', '.join(found.keep)}. Freeze at their defaults ({len(found.freeze)}): "
        f"{', '.join(found.freeze) or 'none'}."
    )


def _blocks(found: Sensitivity) -> str:
    if found.whole == found.blocks:
        return ""
    nothing = f"{found.outcome.replace('_', ' ')} has no value in any world of a future"
    why = "a run failed" if found.failures else nothing
    kind = "trajectories" if found.kind == "morris" else "samples"
    return paragraph(f"{found.blocks - found.whole} of {found.blocks} {kind} were left out, because {why} of theirs.")
