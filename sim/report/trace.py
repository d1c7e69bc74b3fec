"""A TRACE document (Grimm et al. 2014): what was done so that the model can be trusted, and what was not."""

from __future__ import annotations

from pathlib import Path

from sim.parameters import ASSUMED, PARAMETERS
from sim.report.known import recorded, sentence
from sim.scenario.odd_ids import PARTS, rule_ids
from sim.scenario.scenario import Scenario

Element = dict[str, object]
FORBIDDEN = ("forecasting a named firm or cluster", "ranking real clusters",
             "justifying a budget by the headline number alone")


def elements(scenario: Scenario, folder: Path) -> list[Element]:
    """Return the eight elements: title, what exists, what is missing."""
    return [_problem(scenario), _description(), _data(), _concept(), _implementation(), _output(folder), _analysis(),
            _corroboration()]


def trace(scenario: Scenario, folder: Path) -> str:
    """Return the document in Markdown."""
    parts = [f"# {scenario.name}: TRACE", "Made by `mobilise describe --trace`. Each element says what exists and, as "
             "plainly, what is missing."]
    for number, element in enumerate(elements(scenario, folder), 1):
        parts.append(f"## {number}. {element['title']}")
        parts.append("\n".join(f"- {line}" for line in _lines(element["exists"])))
        parts.append("Missing:\n\n" + "\n".join(f"- {line}" for line in _lines(element["missing"])))
    return "\n\n".join(parts) + "\n"


def _lines(value: object) -> list[str]:
    return [str(line) for line in value] if isinstance(value, list) else []


def _element(title: str, exists: list[str], missing: list[str]) -> Element:
    return {"title": title, "exists": exists, "missing": missing or ["nothing that we know of"]}


def _problem(scenario: Scenario) -> Element:
    return _element("Problem formulation", [
        scenario.question or "No question is stated in the scenario.",
        "For policy designers, researchers and classrooms.",
        "It must not be put to: " + "; ".join(FORBIDDEN) + ".",
    ], [] if scenario.question else ["the scenario's own question (`question:`)"])


def _description() -> Element:
    return _element("Model description", [
        f"ODD protocol 2020 by `mobilise describe --odd`: {len(PARTS)} parts and {len(rule_ids())} rules, each "
        "with an id tied to code and tests; a test fails when an id has no code, or code or tests have no id.",
    ], ["a summary of it for the main text of a paper"])


def _data() -> Element:
    assumed = [p for p in PARAMETERS if p.source == ASSUMED]
    return _element("Data evaluation", [
        f"{len(PARAMETERS) - len(assumed)} of {len(PARAMETERS)} parameters name a source; the others are marked "
        f"assumed.",
        f"{sum(p.uncertain is not None for p in PARAMETERS)} parameters are drawn anew in plausible futures.",
    ], [f"a source for: {', '.join(p.key for p in assumed)}"])


def _concept() -> Element:
    return _element("Conceptual model evaluation", [
        "Each rule names its formula, other names in the literature, source and special cases (`mobilise rules`).",
        "The most consequential unknown, the production form, varies in every set of plausible futures.",
    ], ["a review of the rules by people who run clusters or programmes"])


def _implementation() -> Element:
    return _element("Implementation verification", [
        "Invariants after every step, exact metamorphic relations, analytic limits, naive twins of the kernels, "
        "the log "
        "replayed to the same bytes, the same bits on one and several threads and without the compiler.",
        "`mobilise describe --trust` computes a sample of these here and now.",
    ], ["an independent implementation of the whole model by others"])


def _output(folder: Path) -> Element:
    found = recorded(folder)
    lines = [sentence(name, record) for name, record in found.items()]
    return _element("Model output verification",
                    lines or ["Known results are replicated by `mobilise replicate --all`; none is recorded in "
                              "this folder."],
                    [] if found else ["recorded replications here: run `mobilise replicate --all`"])


def _analysis() -> Element:
    return _element("Model analysis", [
        "Paired comparison on common luck with intervals (`mobilise compare`), what carries the difference "
        "(`mobilise explain --channels`), who wins where (`mobilise regime`), sweeps (`mobilise sweep`).",
        "Each comparison names the assumption that turns its answer.",
    ], ["a global sensitivity analysis of this scenario, unless one is kept beside this document"])


def _corroboration() -> Element:
    return _element("Model output corroboration", [
        "Formation can be checked against real consortia: `mobilise validate PROJECTS ORGANISATIONS`.",
    ], ["production (how much success a team makes of its members) has never been calibrated: sizes of effects "
        "are assumed",
        "out-of-sample figures for this scenario, unless a validation is kept beside this document"])
