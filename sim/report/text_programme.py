"""What a comparison says of public programmes: the funnel, what is net of each counterfactual, the money."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report.names_programme import (
    DISPLACED,
    FUNNEL,
    GAINS,
    IN_FORCE,
    MONEY,
    NET,
    NET_OF_TIES,
    REMAINS,
    named,
)
from sim.report.numbers import estimate, interval, level, natural, places, plain, words
from sim.report.table import Part, bullet
from sim.report.text_accounts import accounts
from sim.report.text_observed import observed

if TYPE_CHECKING:
    from sim.experiment.findings import Estimate, Findings
    from sim.experiment.programme import Leverage, Price

ALIVE = ("A tie counts as alive for two years after its two sides last worked together, so nearly all are one year "
         "later. Those arisen beside the programme are of the same age: within a quarter of one that it supported. "
         "Later calls may fund both sides of a tie together. As they began, some of those without money are no control "
         "any more; with those left out on both sides, what is compared is whom later calls did not choose. What the "
         "first grant alone does lies between the two.")
NO_CONTEST = ("Displacement is not told: no challenge is contested here. Try --set challenges.contested=0.5, or "
              "experiments/programme_displacement.yaml.")
GROSS = ("The funnel is gross: firms reached and meetings held are not what the programme added. What it added "
         "stands in the tables that are net of a counterfactual, on the same worlds.")
SCALE = ("Unit costs, the price of a meeting and the acceptance rule are assumed and the same in all scenarios; "
         "nothing is fitted to the funnel.")


def programme(findings: Findings) -> str:
    """Return the programme's part of the answer; nothing where no arm had an instrument."""
    found = parts(findings)
    return "\n\n".join([*map(str, found), "\n".join(map(bullet, remarks(findings)))]) if found else ""


def parts(findings: Findings) -> list[Part]:
    """Return the tables that say something; none where no arm had an instrument."""
    arms = [name for name in findings.policies if any(_level(findings, name, one) > 0 for one in IN_FORCE)]
    if not arms:
        return []
    found = (_levels(findings, arms, "The funnel (mean of the scenario's own worlds [95 %])", FUNNEL),
             observed(findings),
             _levels(findings, arms, "What became of the money and who got it", MONEY), accounts(findings),
             _levels(findings, arms, "Share of ties alive, years after the last money",
                     _funded_apart(findings, REMAINS)),
             _levels(findings, arms, "The same, net of ties without money in the same worlds (difference in points "
                     "[95 %])", NET_OF_TIES, signs=True),
             *([_levels(findings, list(findings.policies), "Who won contested challenges", DISPLACED)]
               if _contested(findings) else []),
             _net(findings, "What is added", NET), _net(findings, "Who gains", GAINS), _prices(findings))
    return [one for one in found if one.rows]


def remarks(findings: Findings) -> list[str]:
    """Return how the tables are to be read."""
    return [*_label(findings), GROSS, SCALE, ALIVE, *([] if _contested(findings) else [NO_CONTEST])]


def _contested(findings: Findings) -> bool:
    return any(math.isfinite(_level(findings, name, "displaced")) for name in findings.policies)


def _level(findings: Findings, policy: str, outcome: str) -> float:
    found = [one.estimate.mean for one in findings.levels if (one.policy, one.outcome) == (policy, outcome)]
    return found[0] if found else math.nan


def _levels(findings: Findings, arms: list[str], title: str, outcomes: tuple[str, ...], signs: bool = False) -> Part:
    """Return outcomes in each arm with an instrument; rows and arms that nowhere have a number are left out."""
    found = {(one.policy, one.outcome): one for one in findings.levels}
    told = [key for key, one in found.items() if math.isfinite(one.estimate.mean) and one.estimate.mean != 0]
    arms = [arm for arm in arms if any((arm, outcome) in told for outcome in outcomes)]
    rows = []
    for outcome in outcomes:
        levels = [found[arm, outcome] for arm in arms if (arm, outcome) in found]
        if any((arm, outcome) in told for arm in arms):
            unit = levels[0].unit
            factor = natural(unit)[0]
            rows.append([named(outcome, unit), *(interval(one.estimate, factor) if signs else level(one.estimate, unit)
                                                 for one in levels)])
    return Part(title, ("", *map(words, arms)), rows, range(1, len(arms) + 1))


def _net(findings: Findings, title: str, outcomes: tuple[str, ...]) -> Part:
    """Return what every arm has more than the baseline."""
    found = {(d.policy, d.outcome): d for d in findings.differences}
    arms = [name for name in findings.policies if name != findings.baseline]
    rows = [[named(outcome, found[arms[0], outcome].unit),
             *(interval(found[arm, outcome].estimate, natural(found[arm, outcome].unit)[0]) for arm in arms)]
            for outcome in outcomes if any(math.isfinite(found[arm, outcome].estimate.mean) for arm in arms)]
    return Part(f"{title}, net of {words(findings.baseline)} (difference [95 %], paired; of shares in points)",
                ("outcome", *map(words, arms)), rows, range(1, len(arms) + 1))


def _prices(findings: Findings) -> Part:
    same = _same(findings)
    rows = [[one.text, words(one.against), interval(one.extra), _each(one)] for one in findings.prices
            if one.against not in same]
    said = [f"Against {words(against)}, {_share(share)}" for against, share in findings.additional
            if against not in same]
    said += [_leverage(one) for one in findings.leverages if one.against not in same]
    said += [f"{words(arm).capitalize()} is the same world as {words(findings.baseline)} in all of this: against it "
             "everything is alike." for arm in same]
    return Part(f"What the public money of {words(findings.focus[0])} bought (kEUR for each)",
                ("", "against", "extra [95 %]", "kEUR each [95 %]"), rows, (2, 3), said)


def _same(findings: Findings) -> list[str]:
    """Return the arms in which nothing at all differs from the baseline: a label that names nobody, say."""
    gaps: dict[str, list[Estimate]] = {}
    for one in findings.differences:
        if one.outcome in (*NET, *GAINS) and math.isfinite(one.estimate.mean):
            gaps.setdefault(one.policy, []).append(one.estimate)
    return [arm for arm, found in gaps.items() if all(one.mean == 0 and not one.spread > 0 for one in found)]


def _funded_apart(findings: Findings, outcomes: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the ties funded only once, or never, where no later call funded any: they are the same ties."""
    twins = {"funded_once": "supported", "never_funded": "voluntary"}
    kept = []
    for outcome in outcomes:
        which, _, years = outcome.rpartition("_ties_after_")
        twin = f"{twins.get(which)}_ties_after_{years}"
        alike = which in twins and all(_same_level(findings, name, outcome, twin) for name in findings.policies)
        kept += [] if alike else [outcome]
    return tuple(kept)


def _same_level(findings: Findings, policy: str, one: str, other: str) -> bool:
    a, b = _level(findings, policy, one), _level(findings, policy, other)
    return a == b or (math.isnan(a) and math.isnan(b))


def _share(share: float | None) -> str:
    if share is None:
        return "these worlds do not tell whether supported projects are extra or crowd out others."
    if share < 0:
        return "there are fewer partnerships than without: supported projects crowd out others."
    if share >= 1:
        return f"each supported project comes with {share:.1f} more partnerships in the world."
    return f"{share:.0%} of the supported projects are extra; the rest would have come anyway, or others made way."


def _leverage(one: Leverage) -> str:
    each = estimate(one.each, one.low, one.high, places(max(abs(one.each), abs(one.high - one.low))))
    told = one.extra.low > 0 or one.extra.high < 0
    net = f": {each} private euro for each euro of public money, net" if told else ", not told from none"
    return (f"Net leverage. Against {words(one.against)}, organisations put in {interval(one.extra)} kEUR more of "
            f"their own, in and outside what is supported{net}.")


def _label(findings: Findings) -> list[str]:
    """Return how far the label alone reaches, where an arm has nothing else: it needs partnerships that run already."""
    focus, said = findings.focus[0], []
    funded = _level(findings, focus, "consortia_funded")
    for arm in dict.fromkeys(one.policy for one in findings.accounts if not one.values["pays"]):
        count = _level(findings, arm, "labelled")
        few = " It covers few here, and says little of a label that many carry." if count < funded else ""
        few = " It names none here: this arm says nothing of a label." if count == 0 else few
        said.append(f"{words(arm).capitalize()}: a label names only partnerships of clusters that run already and "
                    f"qualify, {plain(count, places(count))} in a world, where {words(focus)} funds "
                    f"{plain(funded, places(funded))} consortia.{few}")
    return said


def _each(one: Price) -> str:
    if not math.isfinite(one.each):
        return "nothing extra"
    digits = places(one.each)
    high = plain(one.high, digits) if math.isfinite(one.high) else "no upper end"
    return f"{plain(one.each, digits)} [{plain(one.low, digits)}, {high}]"
