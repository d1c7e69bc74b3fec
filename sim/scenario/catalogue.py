"""What there is to choose from: rules, policies, outcomes, parameters, phases, read where they are defined.

Docstrings are read from the source text, so that looking something up compiles nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import get_args

from pydantic.fields import FieldInfo

from sim.errors import UsageError, nearest
from sim.instruments.common.registry import files as instrument_files
from sim.parameters import PARAMETERS, Parameter
from sim.rules import registry
from sim.scenario.fields import section_names
from sim.scenario.instrument import Instrument
from sim.scenario.overrides import rewritten
from sim.scenario.policy import builtin, policy_names
from sim.scenario.problems import bounds
from sim.scenario.scenario import Scenario
from sim.scenario.shipped import shipped

FIELD = re.compile(r"^(Formula|Also known as|Range|Source|Special cases|Effect|Money|Who): *(.*)$")
PHASES = Path(__file__).parent.parent / "phases"
FAMILY_TEXTS = {
    "sources": "Where a lead can look for partners.",
    "terms": "What makes a candidate attractive; a policy's score is their weighted sum.",
    "growth": "How a team grows.",
    "fill": "When a team is complete.",
    "accept": "How an invitee decides.",
    "produce": "How the roles of a team combine into success.",
    "trust": "How trust changes with experience.",
    "learn": "How competences change.",
    "part": "When a member leaves.",
    "renew": "When a successful team stays together.",
}


@dataclass(frozen=True)
class Entry:
    """One thing that has a name: what kind it is, one plain sentence, and its details in order."""

    kind: str
    name: str
    text: str
    details: dict[str, str] = field(default_factory=dict)


@cache
def docstring(path: Path, function: str | None = None) -> str:
    """Return the docstring of a file, or of one function in it, without running it."""
    tree: ast.Module | ast.FunctionDef = ast.parse(path.read_text(encoding="utf-8"))
    if function is not None:
        tree = next((n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function), tree)
    return ast.get_docstring(tree) or ""


def functions(path: Path) -> tuple[tuple[str, str], ...]:
    """Return the functions of a file in their order, each with its docstring, without running it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return tuple((node.name, ast.get_docstring(node) or "") for node in tree.body if isinstance(node, ast.FunctionDef))


def rule_entries(family: str) -> tuple[Entry, ...]:
    """Return the rules of a family: formula, other names, range and source from their docstrings."""
    return tuple(_rule_entry(rule) for rule in registry.rules(family))


def _rule_entry(rule: registry.Rule) -> Entry:
    text, details = split(docstring(rule.file, rule.name))
    if not rule.built_in:
        details["Your rule"] = rule.file.name
    return Entry(rule.family, rule.name, text, details)


def split(doc: str) -> tuple[str, dict[str, str]]:
    """Return the first sentence of a docstring and its labelled lines (``Formula: ...``)."""
    details: dict[str, str] = {}
    label = ""
    head, _, body = doc.partition("\n\n")
    for line in body.splitlines():
        found = FIELD.match(line.strip())
        if found:
            label, details[found[1]] = found[1], found[2]
        elif line.strip() and label:
            details[label] += " " + line.strip()
    return " ".join(head.split()), details


def instrument_entries() -> tuple[Entry, ...]:
    """Return the kinds of instruments: effect, money, who, source from their docstrings."""
    return tuple(Entry("instrument", name, *split(docstring(path, name)))
                 for name, path in instrument_files().items())


def policy_entries() -> tuple[Entry, ...]:
    """Return the built-in policies: what they set, apart from the defaults."""
    return tuple(policy_entry(name) for name in policy_names())


def policy_entry(name: str) -> Entry:
    """Return one built-in policy."""
    policy = builtin(name)
    details = {key: show(getattr(policy, key)) for key in type(policy).model_fields
               if key not in ("name", "text", "source") and key in policy.model_fields_set}
    return Entry("policy", name, policy.text, {**details, "Source": policy.source})


def show(value: object) -> str:
    """Return a setting as it would stand in a scenario file."""
    if hasattr(value, "model_dump"):
        value = value.model_dump()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {show(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(show(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def scenario_entries() -> tuple[Entry, ...]:
    """Return the scenarios that come with the program, each with its question."""
    from sim.scenario.load import read_root

    return tuple(Entry("scenario", name, str(read_root(path).plain()["question"]))
                 for name, path in shipped().items())


@cache
def outcome_entries() -> tuple[Entry, ...]:
    """Return the outcomes: unit, which way is better, source."""
    from sim.outcomes.registry import outcomes

    return tuple(Entry("outcome", one.name, one.text,
                       {"Unit": one.unit, "Better": one.direction, "Group": one.family, "Source": one.source})
                 for one in outcomes().values())


def parameter_entry(parameter: Parameter) -> Entry:
    """Return one parameter: default, allowed range, unit, source, and the range of plausible futures."""
    details = {"Default": show(parameter.default), "Allowed": bounds(parameter.low, parameter.high),
               "Unit": parameter.unit, "Source": parameter.source}
    if parameter.uncertain:
        details["Plausible futures"] = f"drawn from {bounds(*parameter.uncertain)}"
    details["Set it with"] = f"--set {parameter.key}={show(parameter.default)}"
    return Entry("parameter", parameter.key, parameter.text, details)


def setting_entries() -> Iterator[Entry]:
    """Yield the settings of a scenario that are not parameters."""
    for name, info in Scenario.model_fields.items():
        if name not in section_names():
            yield Entry("setting", name, info.description or "")
            inner = fields_of(info.annotation)
            for key, item in inner.items():
                yield Entry("setting", f"{name}.{key}", item.description or "")


def fields_of(annotation: object) -> dict[str, FieldInfo]:
    """Return the settings inside a section, or inside each item of a list of instruments."""
    items = [annotation, *(Instrument for part in get_args(annotation) if part is Instrument)]
    return {name: info for item in items for name, info in getattr(item, "model_fields", {}).items()}


def phase_entries() -> tuple[Entry, ...]:
    """Return the phases of a quarter in their order."""
    from sim.simulation import ORDER

    files = {name: PHASES / f"{name}.py" for name in ORDER}
    texts = {name: split(docstring(path))[0] for name, path in files.items() if path.exists()}
    texts.setdefault("observe", "What is measured after every quarter; it changes nothing.")
    return tuple(Entry("phase", name, texts.get(name, "")) for name in ORDER)


def everything() -> tuple[Entry, ...]:
    """Return every entry, in the order in which a person would look."""
    rules = [entry for family in registry.FAMILIES for entry in rule_entries(family)]
    families = [Entry("rule family", name, text, {"Rules": ", ".join(registry.names(name))})
                for name, text in FAMILY_TEXTS.items()]
    parameters = [parameter_entry(parameter) for parameter in PARAMETERS]
    return (*parameters, *setting_entries(), *policy_entries(), *instrument_entries(), *rules, *families,
            *outcome_entries(), *phase_entries())


def explain(key: str) -> tuple[Entry, ...]:
    """Return everything that carries a name, or whose address ends in it; `UsageError` names the nearest."""
    entries = everything()
    plain = key.strip().lower().replace("-", "_").replace(" ", "_")
    found = [entry for entry in entries if plain in (entry.name, f"{entry.kind}.{entry.name}")]
    found = found or [entry for entry in entries if entry.name.rpartition(".")[2] == plain]
    found += [entry for entry in entries if entry.name.startswith(f"{plain}.")]
    if not found:
        close, instead = nearest(plain, [entry.name for entry in entries]), rewritten(plain)
        hint = f"; {instead}" if instead else f"; did you mean '{close}'?" if close else ""
        raise UsageError(f"nothing is called '{key}'{hint} (mobilise rules lists what there is)")
    return tuple(found)
