"""Page one of the report: the question, the answer, what must be read with it, what was changed, who loses, doubts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sim.report.caveats import caveats
from sim.report.html import Grid, bullets, grid, paragraph
from sim.report.losers import Losers, losers
from sim.report.numbers import interval, natural, plain, words
from sim.report.text import headline
from sim.report.text_doubts import beside

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison
    from sim.experiment.findings import Findings
    from sim.report.pair import Pair
    from sim.scenario.scenario import Scenario

WORST = ("worst_tenth", "gini")  # who loses, where the world is too large to follow everybody
ALL = 12  # of more policies beside the two, page one names no more


def answer(comparison: Comparison, seen: Pair | None) -> str:
    """Return page one."""
    findings = comparison.findings
    lost = losers(seen.one, seen.other, seen.since) if seen else None
    doubts = "".join(f"<li><b>{escape(one.title)}</b> {escape(one.text)}</li>" for one in caveats(findings, lost))
    return (f'<header id="answer"><p class="kind">mobilise report: {escape(words(findings.scenario))}</p>'
            f"<h1>{escape(findings.question or words(findings.scenario))}</h1>"
            f'<p class="answer">{escape(" ".join(headline(findings).split()))}</p>{bullets(beside(findings))}'
            f"<h2>What was changed</h2>{_changed(comparison)}<h2>Who loses</h2>{_who(findings, lost)}"
            f'<h2>What could change the decision</h2><ul class="caveats">{doubts}</ul></header>')


def _changed(comparison: Comparison) -> str:
    """Return the two policies with their meaning, what else was run beside them, and the instruments."""
    findings = comparison.findings
    levers = "".join(f"<dt>{escape(words(name))}</dt><dd>{escape(findings.texts.get(name, ''))}</dd>"
                     for name in dict.fromkeys(findings.focus))
    others = [words(name) for name in findings.policies if name not in findings.focus]
    more = f" and {len(others) - ALL} more" if len(others) > ALL else ""
    said = f"Run beside them in the same worlds: {', '.join(others[:ALL])}{more}. What each does stands under Effects."
    return (f'<dl class="levers">{levers}</dl>' + (paragraph(said, "quiet") if others else "")
            + _instruments(comparison.scenario))


def _instruments(scenario: Scenario) -> str:
    """Return what public programmes do, when and for how much; nothing where there are none."""
    arms = {words(one.name) + ("" if one.grants else " (no money)"): {rule.name for rule in scenario.in_force(one)}
            for one in scenario.policies}
    under = {one.name: ", ".join(arm for arm in arms if one.name in arms[arm]) for one in scenario.instruments}
    rows = [[words(one.name), one.text or words(one.kind), f"{one.start} to {one.end}",
             plain(one.budget, 0) if one.budget else "–", under[one.name]] for one in scenario.instruments]
    head = ["instrument", "what it does", "quarters", "budget, kEUR", "in force under"]
    return grid(Grid(head, rows, (3,)), "Public programmes") if rows else ""


def _who(findings: Findings, lost: Losers | None) -> str:
    """Return who loses: organisation by organisation in one world, or what the outcomes of all worlds say."""
    if lost is None:
        named = {d.outcome: d for d in findings.differences if d.policy == findings.focus[0]
                 and d.against == findings.focus[1]}
        said = [f"{words(name)}: {interval(one.estimate)}{_unit(one.unit)} ({one.verdict})" for name in WORST
                if (one := named.get(name))]
        return paragraph("The world is too large to follow every organisation here. Over all worlds, difference under "
                         f"{words(findings.focus[0])}: {'; '.join(said)}.")
    table = Grid(["group", "organisations", "end with less", "mean change, kEUR"], lost.rows(), (1, 2, 3))
    folded = f"<details><summary>By group</summary>{grid(table)}</details>" if lost.groups else ""
    return paragraph(lost.sentence(*findings.focus)) + folded


def _unit(unit: str) -> str:
    return f" {said}" if (said := natural(unit)[1]) else ""
