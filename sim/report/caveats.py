"""Two or three doubts that could change the decision, found in the numbers, the gravest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.experiment.findings import ALIKE, BEHIND, OPEN
from sim.report.numbers import interval, places, plain, words
from sim.report.robustness import sentence
from sim.report.text import horizon

if TYPE_CHECKING:
    from sim.experiment.findings import Difference, Findings
    from sim.report.losers import Losers

MOST = 3
SURE = 0.9      # share of futures above which a lead is called robust


@dataclass(frozen=True)
class Caveat:
    """A doubt: what it is, and what it would do to the decision."""

    title: str
    text: str


def caveats(findings: Findings, losers: Losers | None) -> list[Caveat]:
    """Return the first three doubts that hold; the last resort, that sizes are assumed, always holds."""
    found = [*_not_told_apart(findings), *_better(findings), *_futures(findings),
             *_late(findings), *_losers(findings, losers), *_few(findings)]
    return [*found[:MOST - 1], _assumed()]


def _not_told_apart(findings: Findings) -> Iterator[Caveat]:
    head = findings.headline
    if head.verdict == OPEN:
        yield Caveat("The two policies are not separated by these runs",
                     f"{interval(head.estimate)} {head.unit} leaves the sign open: decide on cost and feasibility, or "
                     "run more worlds (--replicates).")
    elif head.verdict == ALIKE:
        yield Caveat("The two policies differ by nothing that matters",
                     f"{interval(head.estimate)} {head.unit}: the whole interval is smaller than the smallest "
                     f"difference of interest, {plain(head.smallest, places(head.smallest))}. Decide on what else they "
                     "do, on cost and feasibility.")


def _better(findings: Findings) -> Iterator[Caveat]:
    """A rival that the runs tell to be better, not one whose mean happens to be higher."""
    if findings.beside and findings.beside[0].verdict == BEHIND:
        rival = findings.beside[0]
        yield Caveat(f"{words(rival.against).capitalize()} does better still",
                     f"{words(rival.policy).capitalize()} against it: {interval(rival.estimate)} {rival.unit}. "
                     f"{findings.texts.get(rival.against, '')}")


def _futures(findings: Findings) -> Iterator[Caveat]:
    drawn = findings.headline.futures
    if drawn is None:
        yield Caveat("No other plausible futures were drawn",
                     "The interval covers luck only, not what nobody knows about the world (futures.count).")
        return
    ahead = drawn.led if findings.headline.estimate.mean >= 0 else 1 - drawn.led
    if ahead < SURE:
        other = round((1 - ahead) * drawn.worlds)
        yield Caveat("In some plausible futures it is the other way round",
                     f"The sign turns in {other} of {drawn.worlds} futures. {_why(findings)}")


def _why(findings: Findings) -> str:
    """Say what moves the difference most, and whether chance could have brought as much."""
    if not findings.assumptions:
        return ""
    first = findings.assumptions[0]
    if first.clear:
        return f"What moves it most: {sentence(first)}"
    return (f"So few futures do not tell what turns it; most closely it follows {sentence(first)} Among so many "
            "assumptions chance does as much: more with --replicates.")


def _late(findings: Findings) -> Iterator[Caveat]:
    turn = findings.crossing
    if turn.quarter is not None and turn.starts != turn.ends:
        yield Caveat(f"A shorter look would conclude the opposite (it turns in quarter {turn.quarter})",
                     f"Summed over time {words(turn.policy)} starts {turn.starts} and ends {turn.ends}: a programme "
                     f"judged before {horizon(turn.quarter)} would see the reverse.")


def _losers(findings: Findings, losers: Losers | None) -> Iterator[Caveat]:
    named = {d.outcome: d for d in findings.differences
             if d.policy == findings.headline.policy and d.against == findings.headline.against}
    worst: Difference | None = named.get("worst_tenth")
    if worst is not None and worst.verdict == "behind":
        share = f" In the world shown {losers.share:.0%} of organisations end with less." if losers else ""
        yield Caveat("Those who fare worst fare worse",
                     f"The worst tenth of organisations loses {interval(worst.estimate)} {worst.unit}.{share}")


def _few(findings: Findings) -> Iterator[Caveat]:
    if findings.failures:
        yield Caveat(f"{len(findings.failures)} runs failed", "Worlds with a failed run are left out; see the method.")
    if findings.own_worlds < 10:
        few = f"Only {findings.own_worlds} worlds were run" if findings.own_worlds != 1 else "Only one world was run"
        yield Caveat(few, "Intervals from so few worlds are themselves uncertain; from one there is none.")


def _assumed() -> Caveat:
    return Caveat("The size is assumed, not calibrated",
                  "Who teams up with whom can be checked against data; how much success a team makes of it cannot. "
                  "Read the sign and the reasons, not the amount, and never as a forecast for a named firm or cluster.")
