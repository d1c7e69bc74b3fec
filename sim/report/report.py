"""The report: one HTML file that needs no network, for somebody who must decide."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import __version__
from sim.parameters import BY_KEY
from sim.record import read_json, replace
from sim.report import figure_texts as told
from sim.report.biography import telling
from sim.report.front_page import answer
from sim.report.gallery import draw
from sim.report.html import Grid, bullets, grid, paragraph, picture, section, sub
from sim.report.numbers import words
from sim.report.pair import LARGEST, LARGEST_MAP, look
from sim.report.robustness import heads, rows
from sim.report.tables import (
    carriers_grid,
    channels_grid,
    effects_grid,
    outcomes_grids,
    policies_grid,
    reach_grid,
    regret_grid,
    steps_grid,
)
from sim.report.text import REGRET, horizon
from sim.report.text_programme import parts as programme_parts
from sim.report.text_programme import remarks
from sim.report.text_shocks import HEADS, READ, gaps, shocks

if TYPE_CHECKING:
    from sim.experiment.channels import Channels
    from sim.experiment.compare import Comparison
    from sim.experiment.findings import Findings
    from sim.report.pair import Pair

NAME = "report.html"
NEVER = ("forecasting a named firm or cluster", "ranking real clusters",
         "justifying a budget by the headline number alone")
CONTENTS = (("effects", "Effects"), ("programme", "The programme"), ("time", "Over time"),
            ("mechanism", "How it comes about"), ("channels", "What carries the difference"),
            ("robustness", "What could turn it"), ("method", "Method"), ("provenance", "Provenance"))
READ_TABLE = ("Difference: mean over the scenario's own worlds, with its 95 % interval. Nine of ten futures: between "
              "these two values lie nine of ten plausible futures. An oracle sees true levels and pays nothing for "
              "search: a ceiling, no rival.")
READ_VERDICT = ("Verdict: ahead is better for organisations, behind is worse; higher and lower where neither is. "
                "No difference that matters: the whole interval is smaller than the smallest difference of interest.")
CHANNELS_READ = "loss: what is gone when only this one is off; gain: what it adds when every other one is off"
Drawn = Mapping[str, bytes]


def write(comparison: Comparison, channels: Channels | None = None) -> tuple[Path, Path]:
    """Draw the figures and write the report; return both places (report file, figures folder)."""
    seen = look(comparison)
    drawn = draw(comparison, seen=seen)
    path = comparison.folder / NAME
    replace(path, page(comparison, {one.stem: one.read_bytes() for one in drawn if one.suffix == ".svg"},
                       seen, channels).encode())
    return path, drawn[0].parent


def page(comparison: Comparison, drawn: Drawn, seen: Pair | None, channels: Channels | None = None) -> str:
    """Return the report as HTML."""
    parts = [_effects(comparison, drawn), _programme(comparison.findings), _time(comparison, drawn),
             _mechanism(comparison, drawn, seen), _channels(comparison, channels), _robustness(comparison, drawn),
             _method(comparison), _provenance(comparison)]
    body = "".join(parts)
    title = comparison.findings.question or words(comparison.findings.scenario)
    style = files("sim.report").joinpath("report.css").read_text("utf-8")
    return ('<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
            "style-src 'unsafe-inline'\">"
            f"<title>{escape(title)}</title><style>{style}</style></head><body>"
            f"{answer(comparison, seen)}{_contents(body)}<main>{body}</main></body></html>\n")


def _contents(body: str) -> str:
    links = "".join(f'<li><a href="#{name}">{title}</a></li>' for name, title in CONTENTS
                    if f'<section id="{name}">' in body)
    return f'<nav aria-label="Contents"><ul>{links}</ul></nav>'


def _figure(drawn: Drawn, name: str, said: Callable[[], tuple[str, Grid]], caption: str) -> str:
    if name not in drawn:
        return ""
    alternative, numbers = said()
    return picture(base64.b64encode(drawn[name]).decode(), alternative, numbers, caption)


def _effects(comparison: Comparison, drawn: Drawn) -> str:
    findings = comparison.findings
    first, rest = outcomes_grids(findings)
    meant = "".join(f"<dt>{escape(words(name))}</dt><dd>{escape(findings.texts.get(name, ''))}</dd>"
                    for name in findings.policies)
    title = (f"{words(findings.headline.outcome).capitalize()}, and against {words(findings.baseline)} "
             f"({findings.headline.unit}, paired)")
    return section("effects", "Effects", grid(policies_grid(findings), title), paragraph(READ_TABLE, "quiet"),
                   _figure(drawn, "forest", lambda: told.forest(comparison),
                           "Each policy against the baseline in the same worlds. A filled mark: the interval leaves "
                           "out zero."),
                   sub("What each policy does", f'<dl class="levers">{meant}</dl>'),
                   sub("Other outcomes", grid(first, "The two policies of the headline"),
                       paragraph(READ_VERDICT, "quiet"), _folded(f"{len(rest.rows)} more outcomes", rest)))


def _folded(title: str, table: Grid) -> str:
    return f"<details><summary>{escape(title)}</summary>{grid(table)}</details>" if table.rows else ""


def _programme(findings: Findings) -> str:
    """Return the funnel, the money, what remains and what is net of the counterfactual."""
    found = programme_parts(findings)
    heads = [[name or "what" for name in one.head] for one in found]
    tables = [sub(one.title, grid(Grid(head, one.rows, one.numeric)), bullets(one.remarks))
              for head, one in zip(heads, found, strict=True)]
    return section("programme", "The programme", *tables, bullets(remarks(findings)) if found else "")


def _time(comparison: Comparison, drawn: Drawn) -> str:
    return section("time", "Over time",
                   _figure(drawn, "difference", lambda: told.difference(comparison),
                           "The paired difference, summed so far: below zero the second policy is ahead."),
                   _figure(drawn, "fan", lambda: told.fan(comparison),
                           "Both policies, summed so far: the median over worlds, and the range of nine of ten."),
                   _shocks(comparison.findings))


def _shocks(findings: Findings) -> str:
    tables = [grid(Grid(HEADS, rows, range(1, 5)), title) for title, rows in shocks(findings).items()]
    return "".join([sub("What the shocks did"), *tables, bullets([*gaps(findings), READ])]) if tables else ""


def _mechanism(comparison: Comparison, drawn: Drawn, seen: Pair | None) -> str:
    parts = [_figure(drawn, "sectors", lambda: told.sectors(comparison),
                     "Who works with whom, by sector, at the end; mean over worlds.")]
    if seen is None and comparison.findings.organisations > LARGEST:
        parts.append(paragraph("No map, no survival of ties and no stories: worlds of more than "
                               f"{LARGEST:,} organisations are not run once more for the report.", "quiet"))
    if seen is not None:
        parts = [_figure(drawn, "network", lambda: told.network(seen),
                         "The same organisations on the same places; colour marks what only one policy has."), *parts,
                 _figure(drawn, "survival", lambda: told.lasting(seen),
                         "Ties that began during the comparison in this world, watched until 8 quarters before the "
                         "end; a tie ends when its two sides have not worked together for 8 quarters."),
                 "" if "survival" in drawn else paragraph("How long ties last cannot be seen: none began more than 8 "
                                                          "quarters before the end.", "quiet"),
                 "" if "network" in drawn else paragraph(f"A map of more than {LARGEST_MAP:,} organisations would show "
                                                         "nothing; the table of sectors does.", "quiet"),
                 *(sub(f"Three partnerships under {words(name)}", _lives(world, seen.since))
                   for name, world in zip(seen.names, (seen.one, seen.other), strict=True))]
    if comparison.findings.reach:
        parts.append(sub("Where partners came from", grid(reach_grid(comparison.findings), "Share of partner seats")))
    return section("mechanism", "How it comes about", *parts)


def _lives(world: Any, since: int) -> str:
    lives = "".join(f'<article><h4>{escape(one.title)}</h4><p class="quiet">partnership {one.number}</p>'
                    + "".join(map(paragraph, one.sentences)) + "</article>" for one in telling(world, since))
    return f'<div class="lives">{lives}</div>' if lives else paragraph("No partnership of two or more has ended.")


def _channels(comparison: Comparison, channels: Channels | None) -> str:
    findings = comparison.findings
    parts = []
    if findings.decomposition:
        parts.append(sub("Step by step from the one policy to the other", grid(steps_grid(findings))))
    if findings.effects:
        parts.append(sub("Reach, fit and practice, all else held fixed", grid(effects_grid(findings))))
    if channels is None and findings.carriers:
        parts.append(sub("Channels, each switched off in turn", grid(carriers_grid(findings), CHANNELS_READ)))
    elif channels is None:
        parts.append(sub("Channels", paragraph(
            "Whether information, search cost, trust, delivery, coordination, coverage, learning or alignment carries "
            "the difference is found by switching each off in turn:"),
            f"<pre>mobilise report {escape(str(comparison.folder))} --channels</pre>"))
    else:
        parts.append(sub("Channels, each switched off in turn", grid(
            channels_grid(channels), f"{channels.worlds} worlds; {CHANNELS_READ}")))
    return section("channels", "What carries the difference", *parts)


def _robustness(comparison: Comparison, drawn: Drawn) -> str:
    findings = comparison.findings
    found = findings.assumptions
    if not found:
        return section("robustness", "What could turn it", paragraph(
            "Too few plausible futures were drawn to say which assumption matters (futures.count, at least 6)."))
    table = grid(Grid(heads(found), rows(found), range(2, 3 + len(found[0].bands))),
                 "Plausible futures in equal groups by each uncertain parameter; first what the difference follows "
                 "most closely")
    return section("robustness", "What could turn it",
                   _figure(drawn, "futures", lambda: told.futures(comparison),
                           f"The assumption that the difference follows most closely{_clearly(found[0].clear)}. Each "
                           "mark is a world whose uncertain parameters were all drawn afresh; dashed lines part equal "
                           "groups of futures."), table,
                   paragraph("In each group: mean difference, and in brackets the share of futures ahead. Correlation: "
                             "Spearman's, of the parameter with the difference; the largest of all these exceeds "
                             f"{found[0].chance:.2f} by chance alone one time in twenty.", "quiet"),
                   grid(regret_grid(findings), f"{REGRET}, {findings.headline.unit}") if findings.regrets else "")


def _clearly(clear: bool) -> str:
    return "" if clear else ", though no more closely than chance would bring among so many"


def _method(comparison: Comparison) -> str:
    findings = comparison.findings
    ratio = findings.headline.variance_ratio
    gain = f"; one such world says as much as {ratio:.1f} unpaired ones" if math.isfinite(ratio) else ""
    worlds = (f"{findings.own_worlds} worlds with the scenario's own values, {findings.future_worlds} plausible "
              f"futures, {len(findings.policies)} policies, {horizon(findings.quarters)} in quarters, "
              f"{findings.organisations:,.0f} organisations. Every policy meets the same organisations, challenges and "
              f"luck in a world{gain}.")
    ranges = Grid(["drawn between", "low", "high", "what it is"],
                  [[key, f"{low:g}", f"{high:g}", BY_KEY[key].text if key in BY_KEY else ""]
                   for key, (low, high) in findings.ranges.items()], (1, 2))
    failed = [f"{words(f.policy)}, future {f.future}, replicate {f.replicate}: {f.error}; again with: {f.replay}"
              for f in findings.failures]
    return section("method", "Method", paragraph(worlds),
                   paragraph("Intervals: Student's t over the paired differences of own worlds, Fieller's for prices "
                             "and other ratios, 95 %; they do not cover the plausible futures. \"No difference that "
                             "matters\": the whole interval is smaller than the smallest difference of interest."),
                   paragraph(f"Expected before it was run: {findings.expectation}") if findings.expectation else "",
                   paragraph("No default is calibrated unless its line in the parameter table names a source. The "
                             f"model must not be used for {NEVER[0]}; {NEVER[1]}; {NEVER[2]}."),
                   sub("Notes", bullets(findings.notes)), sub("Failed runs", bullets(failed)),
                   f"<details><summary>What was drawn in the plausible futures</summary>{grid(ranges)}</details>"
                   if ranges.rows else "")


def _provenance(comparison: Comparison) -> str:
    kept = read_json(comparison.folder / "manifest.json")
    rows = [["mobilise", __version__], ["result version", str(kept["result_version"])], ["engine", str(kept["engine"])],
            ["study", str(kept["study"])], ["Python", str(kept["python"])],
            *([name, str(version)] for name, version in kept["packages"].items()),
            ["runs planned", str(kept["planned"])]]
    return (section("provenance", "Provenance", paragraph("The command that makes this again:"),
                    f"<pre>{escape(str(kept.get('command', '')))}</pre>", grid(Grid(["what", "which"], rows)),
                    paragraph("All numbers: comparison.csv, runs/ and series/ beside this file.", "quiet")))
