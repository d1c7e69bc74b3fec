"""The trust checklist: each line computed here and now where that can be, else honestly not checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sim.parameters import ASSUMED, PARAMETERS
from sim.report import trust_checks as checks
from sim.report.known import recorded, tally
from sim.report.trace import FORBIDDEN
from sim.scenario.scenario import Scenario

PASS, FAIL, UNCHECKED = "pass", "fail", "not checked"
Answer = tuple[bool | None, str]


@dataclass(frozen=True)
class Item:
    """One line of the checklist: what is asked, pass, fail or not checked, what was found, where to look."""

    question: str
    status: str
    found: str
    link: str


def checklist(scenario: Scenario, folder: Path) -> list[Item]:
    """Return the checklist of a scenario; ``folder`` holds recorded replications."""
    results = folder.parent
    asked: list[tuple[str, Callable[[], Answer], str]] = [
        ("Every part of the ODD text has code, and every file of the engine an id", checks.ids_are_tied,
         "mobilise describe --odd; tests/scenario/test_papers.py"),
        ("The generator gives its published vectors", checks.vectors, "sim/luck.py; tests/test_luck.py"),
        ("The same run gives the same bits twice, and on two threads", lambda: checks.same_bits(scenario),
         "tests/engine/test_sameness.py; tests/golden"),
        ("Two policies start from the same world and luck", lambda: checks.same_start(scenario),
         "tests/world/test_build.py"),
        ("Money balances to the cent in every quarter", lambda: checks.money(scenario),
         "tests/engine/test_invariants.py"),
        ("Nothing that depends on the machine stands in the engine", checks.nothing_banned, "tests/test_banned.py"),
        ("Bad scenarios, and code in them, are refused with line and column", checks.bad_files,
         "tests/scenario/test_bad_files.py"),
        ("Every parameter has unit, range, meaning, and a source or the word assumed", checks.parameters_speak,
         "sim/parameters.py; mobilise explain KEY"),
        ("Known results are replicated", lambda: _replicated(folder), "mobilise replicate --all"),
        ("Kept comparisons name seeds, versions and scenario", lambda: checks.manifests(results),
         "results/*/manifest.json"),
        ("Kept reports state replicates, interval kind, failed runs and what is assumed",
         lambda: checks.reports(results), "results/*/report.html; mobilise report"),
        ("Every number of a study can be made again and compared", checks.can_reproduce, "mobilise reproduce FOLDER"),
        ("Uses that the model must not be put to are stated", lambda: (True, "; ".join(FORBIDDEN)), "README.md"),
        ("Defaults are calibrated", _calibrated, "mobilise validate; README.md"),
        ("Production (what success a team makes) is calibrated", lambda: (
            False, "it is assumed; the production form varies in all plausible futures"), "work.complementarity"),
    ]
    return [_item(*one) for one in asked]


def markdown(items: list[Item]) -> str:
    """Return the checklist as a Markdown table with its tally."""
    tally = ", ".join(f"{sum(item.status == status for item in items)} {status}" for status in (PASS, FAIL, UNCHECKED))
    rows = [f"| {item.question} | {item.status} | {item.found.replace('|', '/')} | {item.link} |" for item in items]
    head = ["# Trust checklist", "", f"Computed by `mobilise describe --trust`: {tally}.", "",
            "| question | answer | found | where to look |", "|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def _item(question: str, check: Callable[[], Answer], link: str) -> Item:
    try:
        answer, found = check()
    except Exception as problem:  # whatever stands in the way of a check is its result
        answer, found = False, f"could not be computed: {type(problem).__name__}: {problem}"
    return Item(question, {True: PASS, False: FAIL, None: UNCHECKED}[answer], found, link)


def _replicated(folder: Path) -> Answer:
    from sim.experiment.replications.registry import names

    found = recorded(folder)
    if not found:
        return None, f"none of {len(names())} is recorded in {folder}"
    missing = [name for name in names() if name not in found]
    counted = tally(found.values())
    said = f"{counted}" + (f"; not recorded: {', '.join(missing)}" if missing else "")
    return False if counted.differ or missing else None if counted.untold else True, said


def _calibrated() -> Answer:
    assumed = [parameter.key for parameter in PARAMETERS if parameter.source == ASSUMED]
    return not assumed, f"{len(assumed)} of {len(PARAMETERS)} defaults are assumed (named by mobilise describe --trace)"
