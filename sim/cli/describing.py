"""The verb describe: papers for those who must answer for a model, made from the code that runs it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.console import console
from sim.cli.options import Change, Json, Quiet, Rules, overrides
from sim.cli.texts import Out, write
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

HELP = """Describe a scenario, or the model with its defaults: papers made from the code that runs it.

\b
  mobilise describe scenarios/known_vs_strategic.yaml       ODD protocol 2020, an id for each rule (the default: --odd)
  mobilise describe --trace --out trace.md                  TRACE: what was done to trust the model, and what was not
  mobilise describe --midas                                 a catalogue record (JSON)
  mobilise describe --trust                                 the trust checklist: computed here and now, pass or fail
"""
DEFAULTS = """name: mobilise_defaults
question: "Always the same known partners, or strategic mobilisation of the competences a challenge needs?"
policies: [same_known_partners, strategic_mobilisation]
"""
Which = Annotated[str | None, typer.Argument(metavar="[SCENARIO.yaml]", help="A scenario; none: the defaults.")]
Odd = Annotated[bool, typer.Option("--odd", help="ODD protocol, Markdown (what is printed by default).")]
Trace = Annotated[bool, typer.Option("--trace", help="TRACE document, Markdown.")]
Midas = Annotated[bool, typer.Option("--midas", help="Catalogue record in the form of MIDAS, JSON.")]
Trust = Annotated[bool, typer.Option("--trust", help="Trust checklist, Markdown; --json for programs.")]


def describe(scenario: Which = None, odd: Odd = False, trace: Trace = False, midas: Midas = False, trust: Trust = False,
             out: Out = None, change: Change = [], rules: Rules = [],  # noqa: B006
             json: Json = False, quiet: Quiet = False) -> None:
    """Write one of the papers."""
    if [odd, trace, midas, trust].count(True) > 1:
        raise UsageError("one paper at a time: --odd, --trace, --midas or --trust")
    from sim.scenario.load import load, loads

    given = overrides(change)
    loaded = loads(DEFAULTS, given) if scenario is None else load(scenario, given)
    paper = _trace if trace else _midas if midas else _trust if trust else _odd
    text, document = paper(loaded)
    if out is None:
        console.document(document)
        console.answer(text.rstrip("\n"))
    else:
        write(out, text)
        console.document({"wrote": str(out)})
    console.finish([out] if out else [], _next(scenario, paper))


def _next(scenario: str | None, paper: Any) -> str:
    if paper is _trust:
        return "mobilise describe --trace"
    return f"mobilise compare {scenario}" if scenario else "mobilise describe --trust"


def _odd(scenario: Scenario) -> tuple[str, Any]:
    from sim.scenario.describe import describe as text

    said = text(scenario)
    return said, {"odd": said}


def _trace(scenario: Scenario) -> tuple[str, Any]:
    from sim.report.trace import elements, trace

    return trace(scenario, _folder()), {"elements": elements(scenario, _folder())}


def _midas(scenario: Scenario) -> tuple[str, Any]:
    import json

    from sim.report.midas import record

    found = record(scenario)
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n", found


def _trust(scenario: Scenario) -> tuple[str, Any]:
    from sim.report.trust import checklist, markdown

    found = checklist(scenario, _folder())
    return markdown(found), [vars(item) for item in found]


def _folder() -> Path:
    return Path("results") / "replications"
