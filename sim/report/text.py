"""What `mobilise compare` says to a person: the headline first, then what decides it, then the doubts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report.numbers import ORACLE, interval, natural, places, plain, share, signed, titled, words
from sim.report.table import bullet, paragraph, table
from sim.report.text_doubts import calibrated, doubts, turned, turning
from sim.report.text_programme import programme
from sim.report.text_shocks import recovery

if TYPE_CHECKING:
    from sim.experiment.findings import Crossing, Difference, Findings, Futures, Regret

YEAR = 4
KEY_OUTCOMES = ("value", "search_cost", "coordination_cost", "goal_cost", "success", "coverage", "trust",
                "team_size", "newcomers", "repeat_pairs", "tie_survival", "cross_sector", "lock_in",
                "partners_gain", "worst_tenth", "gini", "adopter_result", "other_result")
SPLIT = ("adopter_result", "other_result")  # shown where only some adopt
MUCH = 0.2  # own worlds and futures differ by so much: "but in only"
REGRET = "Regret: how far behind the best policy compared, over all worlds and futures"
LOW_RATIO = 1.5  # pairing that gains less than this deserves a warning


def comparison(findings: Findings) -> str:
    """Return the whole answer as plain text."""
    return f"{headline(findings)}\n\n{details(findings)}"


def details(findings: Findings) -> str:
    """Return everything that stands under the headline."""
    parts = (doubts, policies, recovery, programme, turning, effects, decomposition, other_outcomes, regret, reach,
             notes)
    return "\n\n".join(filter(None, (part(findings) for part in parts)))


def headline(findings: Findings) -> str:
    """Return the answer in a few sentences: effect, interval, units, worlds, when it turns, what is calibrated."""
    difference = findings.headline
    if difference.estimate.low == difference.estimate.high == 0.0:
        return paragraph(f"{_same(findings, difference)} {calibrated(findings)}")
    sentences = [_effect(findings, difference), _worlds_led(findings, difference), _turn(findings.crossing, difference),
                 turned(findings), calibrated(findings)]
    return paragraph(" ".join(filter(None, sentences)))


def _effect(findings: Findings, difference: Difference) -> str:
    one, other = words(difference.policy), words(difference.against)
    if findings.adopters < 1:
        one += f" by {findings.adopters:.0%} of organisations, the others staying with {other},"
    size = f"{interval(difference.estimate)} {_natural(difference)} over {horizon(findings.quarters)}"
    if difference.estimate.worlds == 1:
        return f"{one.capitalize()} against {other} in one world, which cannot tell luck from policy: {size}."
    if difference.verdict == "cannot be told apart":
        return f"{one.capitalize()} and {other} cannot be told apart: {size}."
    if difference.verdict == "no difference that matters":
        small = f"less than {plain(difference.smallest, places(difference.smallest))}"
        return f"{one.capitalize()} and {other} differ by {small}, which does not matter: {size}."
    return f"{one.capitalize()} against {other}: {size}."


def _same(findings: Findings, difference: Difference) -> str:
    """Say of two policies that give the same to the cent in every world only that."""
    both = f"{words(difference.policy).capitalize()} and {words(difference.against)}"
    said = (f"{both} give the same {words(difference.outcome)} over "
            f"{horizon(findings.quarters)} in each of {difference.estimate.worlds} worlds.")
    return said if difference.futures is None else f"{said} Ahead in {_futures(difference.futures, difference.unit)}."


def _natural(difference: Difference) -> str:
    """Return unit and outcome as one phrase: kEUR net value per organisation."""
    first, _, rest = difference.unit.partition(" ")
    return f"{first} {words(difference.outcome)} {rest}".strip()


def horizon(quarters: int) -> str:
    """Return a time span as people say it: 28 quarters are 7 years."""
    if quarters % YEAR:
        return f"{quarters} quarters"
    return f"{quarters // YEAR} year" + ("s" if quarters != YEAR else "")


def _worlds_led(findings: Findings, difference: Difference) -> str:
    worlds = difference.estimate.worlds
    text = f"Ahead in {difference.led * worlds:g} of {worlds} worlds with the scenario's own values"
    if difference.futures is None:
        none = "no other plausible futures were drawn."
        return f"{text}; {none}" if worlds > 1 else none.capitalize()
    join = "but in only" if difference.led - difference.futures.led > MUCH else "and in"
    return f"{text}{',' if join != 'and in' else ''} {join} {_futures(difference.futures, difference.unit)}."


def _futures(futures: Futures, unit: str) -> str:
    digits = places(max(abs(futures.low), abs(futures.high)))
    span = f"{signed(futures.low, digits)} to {signed(futures.high, digits)}"
    led = f"{futures.led * futures.worlds:g} of {futures.worlds}"
    return f"{led} plausible futures (nine of ten lie from {span} {unit})"


def _turn(crossing: Crossing, difference: Difference) -> str:
    mean = difference.verdict == "cannot be told apart" and difference.estimate.worlds > 1
    it = "On average it" if mean else "It"
    span = ""
    if crossing.low is not None and crossing.high is not None and round(crossing.low) < round(crossing.high):
        between = f"between quarters {crossing.low:.0f} and {crossing.high:.0f}"
        span = f" (half of the worlds that turn do so {between})"
    if crossing.quarter is None:
        return f"{it} is {crossing.ends} from the first quarter to the last, summed over time."
    if crossing.starts == crossing.ends:
        again = f"and is so again for good from quarter {crossing.quarter}"
        return f"{it} starts {crossing.starts}, {again}, summed over time."
    if crossing.ends == "ahead":
        return f"{it} starts behind and overtakes in quarter {crossing.quarter}{span}."
    return f"{it} starts ahead and falls behind in quarter {crossing.quarter}{span}."


def policies(findings: Findings) -> str:
    """Return the table of net value: every policy against the baseline, which has a row of its own."""
    title = (f"{words(findings.headline.outcome).capitalize()}, and against {words(findings.baseline)} "
             f"({findings.headline.unit}, paired)")
    return title + "\n" + table(*policy_table(findings), numeric=(1, 2, 3, 4, 5))


def policy_table(findings: Findings) -> tuple[list[str], list[list[str]]]:
    """Return the heads and rows of that table, the most net value first, the oracle last."""
    head = ["policy", words(findings.headline.outcome), "difference [95 %]", "worlds ahead", "futures ahead",
            "nine of ten futures", "verdict"]
    chosen = [d for d in findings.differences if d.outcome == findings.headline.outcome]
    rows = {d.policy: [interval(d.estimate), _led(d), *_futures_cells(d.futures), d.verdict] for d in chosen}
    rows.setdefault(findings.baseline, ["–", "–", "–", "–", "the baseline"])
    means = {one.policy: one.estimate.mean for one in findings.levels if one.outcome == findings.headline.outcome}
    order = sorted(rows, key=lambda name: (name == ORACLE, -means.get(name, 0.0)))
    return head, [[titled(name), _level(means[name]) if name in means else "–", *rows[name]] for name in order]


def _led(difference: Difference) -> str:
    estimate, worlds = difference.estimate, difference.estimate.worlds
    if worlds > 1 and estimate.low == estimate.high == 0.0:
        return "the same"
    return f"{difference.led * worlds:g} of {worlds}"


def _futures_cells(futures: Futures | None) -> list[str]:
    if futures is None:
        return ["–", "–"]
    digits = places(max(abs(futures.low), abs(futures.high)))
    return [f"{futures.led * futures.worlds:g} of {futures.worlds}",
            f"{signed(futures.low, digits)} to {signed(futures.high, digits)}"]


def other_outcomes(findings: Findings) -> str:
    """Return the table of the other outcomes that people ask for first, for the two of the headline."""
    one, other = findings.headline.policy, findings.headline.against
    chosen = [d for d in findings.differences
              if d.policy == one and d.against == other and d.outcome != findings.headline.outcome]
    if not chosen:
        return ""
    levels = {(level.policy, level.outcome): _level(natural(level.unit)[0] * level.estimate.mean)
              for level in findings.levels}
    named = {d.outcome: d for d in chosen}
    shown = [named[name] for name in KEY_OUTCOMES
             if name in named and (findings.adopters < 1 or name not in SPLIT)]
    rows = [[_with_unit(d), *(levels.get((name, d.outcome), "–") for name in (other, one)),
             interval(d.estimate, natural(d.unit)[0]), _led(d)] for d in shown]
    head = ["outcome", words(other), words(one), "difference [95 %]", "worlds ahead"]
    rest = len(chosen) - len(shown)
    more = f"\n  and {rest} more outcomes in comparison.csv" if rest else ""
    return f"Other outcomes\n{table(head, rows, numeric=(1, 2, 3, 4))}{more}"


def _with_unit(one: Difference) -> str:
    unit = natural(one.unit)[1]
    return words(one.outcome) + (f" ({unit})" if unit not in ("", one.outcome) else "")


def _level(value: float) -> str:
    return plain(value, places(value))


def effects(findings: Findings) -> str:
    """Return the effects of reach, fit and practice and their interactions on the headline outcome."""
    rows = [[words(e.name), interval(e.estimate), _futures_cells(e.futures)[1], e.text]
            for e in findings.effects if e.outcome == findings.headline.outcome]
    if not rows:
        return ""
    factors = " × ".join(e.name for e in findings.effects if " x " not in e.name)
    title = f"What decides it: the design {factors}, all else held fixed"
    head = ["effect", "mean [95 %]", "nine of ten futures", "what it is"]
    return f"{title} ({findings.headline.unit})\n" + table(head, rows, numeric=(1, 2))


def decomposition(findings: Findings) -> str:
    """Return the steps that lead from the one policy of the headline to the other."""
    if not findings.decomposition:
        return ""
    one, other = words(findings.headline.against), words(findings.headline.policy)
    rows = [[words(step.name), interval(step.estimate), step.text] for step in findings.decomposition]
    return (f"From {one} to {other}, step by step ({findings.headline.unit})\n"
            + table(["step", "mean [95 %]", "what changes"], rows, numeric=(1,)))


def regret(findings: Findings) -> str:
    """Return what each policy leaves on the table."""
    if not findings.regrets:
        return ""
    head, rows = regret_table(findings)
    return f"{REGRET} ({findings.headline.unit})\n" + table(head, rows, numeric=range(1, len(head)))


def regret_table(findings: Findings) -> tuple[list[str], list[list[str]]]:
    """Return the heads and rows of that table, the least regret first."""
    known = any(r.to_oracle for r in findings.regrets)
    head = ["policy", *(["short of the oracle", "of the oracle's"] if known else []), "mean regret", "worst regret",
            f"lowest {words(findings.headline.outcome)}", "best in"]
    return head, [[words(r.policy), *(_against_oracle(r) if known else []), _level(r.mean), _level(r.worst),
                   _level(r.lowest), f"{r.best_share:.0%}"] for r in sorted(findings.regrets, key=lambda one: one.mean)]


def _against_oracle(one: Regret) -> list[str]:
    if one.to_oracle is None or one.share_of_oracle is None:
        return ["–", "–"]
    return [interval(one.to_oracle), f"{one.share_of_oracle:.0%}"]


def reach(findings: Findings) -> str:
    """Return where partners really came from: shares of partner seats by source."""
    if not findings.reach:
        return ""
    used = (name for r in findings.reach for name, part in r.realised.items() if part > 0)
    sources = list(dict.fromkeys(used))
    rows = [[words(r.policy), *(share(r.realised.get(name, 0.0), name in r.nominal) for name in sources)]
            for r in findings.reach]
    return ("Where partners came from (share of partner seats; · not looked at by this policy)\n"
            + table(["policy", *map(words, sources)], rows, numeric=range(1, len(sources) + 1)))


def notes(findings: Findings) -> str:
    """Return the pairing's variance ratio, failed runs and other plain warnings."""
    ratio = findings.headline.variance_ratio
    care = " (low: read intervals with care)" if ratio < LOW_RATIO else ""
    lines = list(findings.notes)
    if math.isfinite(ratio):
        lines.insert(0, f"Pairing: a world that all policies share says as much as {ratio:.1f} unpaired ones{care}.")
    lines += [f"Failed: {words(f.policy)}, future {f.future}, replicate {f.replicate}: {f.error}; "
              f"again with: {f.replay}" for f in findings.failures]
    return "Notes\n" + "\n".join(map(bullet, lines))
