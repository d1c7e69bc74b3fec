"""What a comparison says of public programmes: the funnel, what is net of each counterfactual, the money."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report.numbers import interval, places, plain, words
from sim.report.table import bullet, table

if TYPE_CHECKING:
    from sim.experiment.findings import Findings
    from sim.experiment.programme import Price

FUNNEL = ("applied", "consortia_funded", "consortia_voluntary", "labelled", "strategies_written", "reached", "active",
          "activation", "business_meetings", "agreeing", "agreements_per_consortium", "supported_projects",
          "projects_in_time", "agreed_projects_abroad",
          "projects_per_consortium", "smes_per_small_project", "market_entries")
MONEY = ("public_money", "unspent", "leverage", "public_money_per_active", "grants_to_smes", "grants_to_newcomers",
         "grants_gini_countries")
REMAINS = tuple(f"{which}_ties_after_{years}" for years in (1, 3, 5) for which in ("supported", "other"))
NET = ("projects_of_two", "projects_abroad", "bridges_built", "with_access", "cross_sector_ties", "repeat_pairs",
       "lock_in", "gini")
GROSS = ("The funnel is gross: firms reached and meetings held are not what the programme added. What it added "
         "stands in the tables that are net of a counterfactual, on the same worlds.")
SCALE = ("Unit costs, the price of a meeting and the acceptance rule are assumed and the same in all scenarios; "
         "nothing is fitted to the funnel.")


def programme(findings: Findings) -> str:
    """Return the programme's part of the answer; nothing where no arm had an instrument."""
    arms = [name for name in findings.policies if _level(findings, name, "applied") > 0]
    if not arms:
        return ""
    parts = (_levels(findings, arms, "The funnel (means over the scenario's own worlds)", FUNNEL),
             _levels(findings, arms, "What became of the money (kEUR) and who got it", MONEY),
             _levels(findings, arms, "Share of ties alive years after the last money", REMAINS),
             _net(findings), _prices(findings), "\n".join([bullet(GROSS), bullet(SCALE)]))
    return "\n\n".join(filter(None, parts))


def _level(findings: Findings, policy: str, outcome: str) -> float:
    found = [one.estimate.mean for one in findings.levels if (one.policy, one.outcome) == (policy, outcome)]
    return found[0] if found else math.nan


def _levels(findings: Findings, arms: list[str], title: str, outcomes: tuple[str, ...]) -> str:
    """Return the means of outcomes in each arm with an instrument; rows that nowhere have a number are left out."""
    units = {one.outcome: one.unit for one in findings.levels}
    rows = []
    for outcome in outcomes:
        values = [_level(findings, arm, outcome) for arm in arms]
        if any(math.isfinite(value) and value != 0 for value in values):
            unit = units[outcome]
            rows.append([words(outcome) + ("" if unit in ("1", "share") else f" ({unit})"), *map(_number, values)])
    if not rows:
        return ""
    return title + "\n" + table(["", *map(words, arms)], rows, numeric=range(1, len(arms) + 1))


def _number(value: float) -> str:
    return "–" if not math.isfinite(value) else plain(value, places(value))


def _net(findings: Findings) -> str:
    """Return what every arm has more than the baseline."""
    found = {(d.policy, d.outcome): d for d in findings.differences}
    arms = [name for name in findings.policies if name != findings.baseline]
    rows = [[words(outcome), *(interval(found[arm, outcome].estimate) for arm in arms)] for outcome in NET
            if all((arm, outcome) in found for arm in arms)]
    return (f"Net of {words(findings.baseline)} (difference [95 %], paired)\n"
            + table(["outcome", *map(words, arms)], rows, numeric=range(1, len(arms) + 1)))


def _prices(findings: Findings) -> str:
    if not findings.prices:
        return ""
    rows = [[one.text, words(one.against), interval(one.extra), _each(one)] for one in findings.prices]
    title = f"What the public money of {words(findings.focus[0])} bought (kEUR for each)"
    lines = [title, table(["", "against", "extra [95 %]", "kEUR each [95 %]"], rows, numeric=(2, 3))]
    lines += [bullet(f"Against {words(against)}, {_share(share)}") for against, share in findings.additional]
    return "\n".join(lines)


def _share(share: float | None) -> str:
    if share is None:
        return "these worlds do not tell whether supported projects are extra or crowd out others."
    if share < 0:
        return "there are fewer partnerships than without: supported projects crowd out others."
    if share >= 1:
        return f"each supported project comes with {share:.1f} more partnerships in the world."
    return f"{share:.0%} of the supported projects are extra; the rest would have come anyway, or others made way."


def _each(one: Price) -> str:
    if not math.isfinite(one.each):
        return "nothing extra"
    digits = places(one.each)
    high = plain(one.high, digits) if math.isfinite(one.high) else "no upper end"
    return f"{plain(one.each, digits)} [{plain(one.low, digits)}, {high}]"
