"""What a comparison says of public programmes: the funnel, what is net of each counterfactual, the money."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report.numbers import interval, places, plain, words
from sim.report.table import bullet, table

if TYPE_CHECKING:
    from sim.experiment.findings import Estimate, Findings
    from sim.experiment.programme import Price

FUNNEL = ("applied", "consortia_funded", "consortia_voluntary", "labelled", "strategies_written", "funded_to_the_end",
          "voluntary_to_the_end", "reached", "active", "activation", "business_meetings", "agreeing",
          "cluster_meetings", "cluster_agreements", "agreements_per_consortium", "supported_projects",
          "projects_in_time", "agreed_projects_abroad", "projects_per_consortium", "smes_per_small_project",
          "market_entries", "succeeded_in_opened_markets")
MONEY = ("public_money", "unspent", "leverage", "public_money_per_active", "grants_to_smes", "grants_to_newcomers",
         "grants_gini_countries")
REMAINS = tuple(f"{which}_ties_after_{years}" for years in (1, 3, 5) for which in ("supported", "voluntary", "other"))
IN_FORCE = ("applied", "public_money", "unspent")  # one of them is above 0 wherever an instrument has money or a call
DISPLACED = ("displaced", "contests_won_inside", "contests_won_outside")
NET = ("projects_of_two", "projects_abroad", "successes_abroad", "bridges_built", "with_access", "cross_sector_ties",
       "repeat_pairs", "lock_in", "gini", "contests_won_outside")
NAMES = {
    "applied": "applications", "consortia_funded": "consortia funded",
    "consortia_voluntary": "consortia that went on without money", "labelled": "partnerships labelled",
    "strategies_written": "joint strategies written", "funded_to_the_end": "funded consortia that lasted to their end",
    "voluntary_to_the_end": "consortia without money that lasted", "reached": "organisations told of it",
    "active": "organisations active", "activation": "active, of those told", "business_meetings": "meetings of firms",
    "agreeing": "of them agreeing", "cluster_meetings": "meetings of cluster organisations abroad",
    "cluster_agreements": "agreements of cluster organisations abroad",
    "agreements_per_consortium": "the same, for each funded consortium",
    "supported_projects": "projects that came of it", "projects_in_time": "of them in the programme's time",
    "agreed_projects_abroad": "of agreed projects, aimed abroad",
    "projects_per_consortium": "projects in its time, for each funded consortium",
    "smes_per_small_project": "SMEs in each small project", "market_entries": "firms that entered a third market by it",
    "succeeded_in_opened_markets": "firms that succeeded in a market it opened",
    "public_money": "public money spent", "unspent": "public money not spent",
    "leverage": "private euro for each euro of grant",
    "public_money_per_active": "public money per organisation active",
    "grants_to_smes": "grants that SMEs received", "grants_to_newcomers": "grants that newcomers received",
    "grants_gini_countries": "inequality between countries (Gini)",
    "displaced": "contested challenges won from firms outside",
    "contests_won_inside": "contested proposals won, firms inside",
    "contests_won_outside": "contested proposals won, firms outside", "projects_of_two": "partnerships formed",
    "projects_abroad": "partnerships aimed at a third market", "successes_abroad": "of them that succeeded",
    "bridges_built": "bridges between clusters", "with_access": "firms with access to a third market",
    "cross_sector_ties": "cross-sector ties alive at the end", "repeat_pairs": "pairs that had worked together before",
    "lock_in": "likeness of lasting partners (lock-in)", "gini": "inequality of results between firms (Gini)"}
NAMES |= {f"{which}_ties_after_{years}": f"{text}, {years} year{'s' if years > 1 else ''} later" for years in (1, 3, 5)
          for which, text in (("supported", "born under a grant"), ("voluntary", "of consortia without money"),
                              ("other", "arisen beside it"))}
ALIVE = ("A tie counts as alive for two years after its two sides last worked together, so nearly all are one year "
         "later. Those arisen beside the programme are of the same age: within a quarter of one that it supported.")
NO_CONTEST = ("Displacement is not told: no challenge is contested here. Try --set challenges.contested=0.5, or "
              "experiments/programme_displacement.yaml.")
GROSS = ("The funnel is gross: firms reached and meetings held are not what the programme added. What it added "
         "stands in the tables that are net of a counterfactual, on the same worlds.")
SCALE = ("Unit costs, the price of a meeting and the acceptance rule are assumed and the same in all scenarios; "
         "nothing is fitted to the funnel.")


def programme(findings: Findings) -> str:
    """Return the programme's part of the answer; nothing where no arm had an instrument."""
    arms = [name for name in findings.policies if any(_level(findings, name, one) > 0 for one in IN_FORCE)]
    if not arms:
        return ""
    contested = any(math.isfinite(_level(findings, name, "displaced")) for name in findings.policies)
    remarks = [GROSS, SCALE, ALIVE] if contested else [GROSS, SCALE, ALIVE, NO_CONTEST]
    parts = (_levels(findings, arms, "The funnel (mean of the scenario's own worlds [95 %])", FUNNEL),
             _levels(findings, arms, "What became of the money (kEUR) and who got it", MONEY),
             _levels(findings, arms, "Share of ties alive, years after the last money", REMAINS),
             _levels(findings, list(findings.policies), "Who won contested challenges", DISPLACED) if contested else "",
             _net(findings), _prices(findings), "\n".join(map(bullet, remarks)))
    return "\n\n".join(filter(None, parts))


def _level(findings: Findings, policy: str, outcome: str) -> float:
    found = [one.estimate.mean for one in findings.levels if (one.policy, one.outcome) == (policy, outcome)]
    return found[0] if found else math.nan


def _levels(findings: Findings, arms: list[str], title: str, outcomes: tuple[str, ...]) -> str:
    """Return outcomes in each arm with an instrument; rows that nowhere have a number are left out."""
    found = {(one.policy, one.outcome): one for one in findings.levels}
    rows = []
    for outcome in outcomes:
        levels = [found[arm, outcome] for arm in arms if (arm, outcome) in found]
        if any(math.isfinite(one.estimate.mean) and one.estimate.mean != 0 for one in levels):
            most = 1.0 if levels[0].unit in ("share", "1") else math.inf
            rows.append([_named(outcome, levels[0].unit), *(_number(one.estimate, most) for one in levels)])
    if not rows:
        return ""
    return title + "\n" + table(["", *map(words, arms)], rows, numeric=range(1, len(arms) + 1))


def _named(outcome: str, unit: str) -> str:
    """Return what people call an outcome, with its unit where the name does not tell it."""
    return NAMES[outcome] + {"kEUR": " (kEUR)", "share": " (share)"}.get(unit, "")


def _number(level: Estimate, most: float) -> str:
    """Return a mean with its interval, cut to what is possible, where there is one that says more."""
    if not math.isfinite(level.mean):
        return "–"
    if not math.isfinite(level.low) or level.low == level.high:
        return plain(level.mean, places(level.mean))
    digits = places(max(abs(level.mean), level.high - level.low))
    low, high = max(0.0, level.low), min(most, level.high)
    return f"{plain(level.mean, digits)} [{plain(low, digits)}, {plain(high, digits)}]"


def _net(findings: Findings) -> str:
    """Return what every arm has more than the baseline."""
    found = {(d.policy, d.outcome): d for d in findings.differences}
    arms = [name for name in findings.policies if name != findings.baseline]
    rows = [[_named(outcome, found[arms[0], outcome].unit), *(interval(found[arm, outcome].estimate) for arm in arms)]
            for outcome in NET if any(math.isfinite(found[arm, outcome].estimate.mean) for arm in arms)]
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
