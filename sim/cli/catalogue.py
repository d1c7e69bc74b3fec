"""Verbs that look things up: rules and explain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.console import console
from sim.cli.options import Change, Jobs, Json, Policy, Quiet, Replicate, Replicates, Rules, Seed
from sim.errors import UsageError, nearest

if TYPE_CHECKING:
    from sim.scenario.catalogue import Entry

RULES = "List what there is to choose from: policies, instruments, rules by family, outcomes, scenarios."
EXPLAIN = """Explain a parameter, policy, rule or outcome in plain words; or a partnership; or the difference.

\b
  mobilise explain search.noise
  mobilise explain --partnership 12 --scenario scenarios/classroom.yaml      why it formed
  mobilise explain --channels --scenario scenarios/known_vs_strategic.yaml   what carries the difference
"""

Family = Annotated[str | None, typer.Argument(help="policies, instruments, outcomes, scenarios or a family of rules.")]
Key = Annotated[str | None, typer.Argument(help="A parameter, policy, rule or outcome.")]
Partnership = Annotated[int | None, typer.Option(min=0, help="Why this partnership formed.")]
ByChannel = Annotated[bool, typer.Option("--channels", help="Which channel carries the difference.")]
World = Annotated[str | None, typer.Option(metavar="SCENARIO.yaml", help="The world, for the two above.")]


def rules(family: Family = None, rule_files: Rules = [], json: Json = False,  # noqa: B006
          quiet: Quiet = False) -> None:
    """List the catalogue."""
    groups = _groups(family)
    console.document({name: [asdict(entry) for entry in entries] for name, entries in groups.items()})
    console.answer("\n\n".join(f"{_title(name)}\n{listing(entries)}" for name, entries in groups.items()))
    any_name = "compare classroom" if family == "scenarios" else "explain role_gain"
    console.finish(then=f"mobilise {any_name}   (any name above)")


def _groups(family: str | None) -> dict[str, tuple[Entry, ...]]:
    from sim.rules.registry import FAMILIES
    from sim.scenario.catalogue import (
        instrument_entries,
        outcome_entries,
        policy_entries,
        rule_entries,
        scenario_entries,
    )

    named: dict[str, Callable[[], tuple[Entry, ...]]] = {
        "policies": policy_entries, "instruments": instrument_entries, "outcomes": outcome_entries,
        "scenarios": scenario_entries}
    if family is not None and family not in (*named, *FAMILIES):
        close = nearest(family, (*named, *FAMILIES))
        raise UsageError(f"unknown family '{family}'" + (f"; did you mean '{close}'?" if close else "")
                         + f" (allowed: {', '.join((*named, *FAMILIES))})")
    if family is None:
        rule_groups = {name: rule_entries(name) for name in FAMILIES}
        return {"policies": policy_entries(), "instruments": instrument_entries(), **rule_groups,
                "outcomes": outcome_entries()}
    return {family: named[family]() if family in named else rule_entries(family)}


def _title(name: str) -> str:
    from sim.scenario.catalogue import FAMILY_TEXTS

    return f"{name}: {FAMILY_TEXTS[name]}" if name in FAMILY_TEXTS else name


def listing(entries: Iterable[Entry]) -> str:
    """Return names and sentences in two columns."""
    rows = list(entries)
    width = max((len(entry.name) for entry in rows), default=0)
    return "\n".join(f"  {entry.name.ljust(width)}  {entry.text}" for entry in rows)


def explain(key: Key = None, partnership: Partnership = None, channels: ByChannel = False,
            scenario: World = None, policy: Policy = None, replicate: Replicate = 0,
            replicates: Replicates = None, jobs: Jobs = None, seed: Seed = None,
            change: Change = [], rule_files: Rules = [],  # noqa: B006
            json: Json = False, quiet: Quiet = False) -> None:
    """Explain something."""
    if [key is not None, partnership is not None, channels].count(True) != 1:
        raise UsageError("say what to explain: a KEY, or --partnership N, or --channels")
    if key is not None:
        _explain_key(key)
    elif scenario is None:
        raise UsageError("name the world with --scenario SCENARIO.yaml")
    elif partnership is None:
        from sim.cli.channels import explain_channels

        explain_channels(scenario, change, seed, replicates, jobs, rule_files)
    else:
        from sim.cli.single import explain_partnership

        explain_partnership(scenario, partnership, policy, replicate, change, seed, rule_files)


def _explain_key(key: str) -> None:
    from sim.scenario.catalogue import explain as look_up

    entries = look_up(key)
    console.document([asdict(entry) for entry in entries])
    console.answer("\n\n".join(map(entry_text, entries)))
    console.finish(then="mobilise rules   (the whole catalogue)")


def entry_text(entry: Entry) -> str:
    """Return one entry for a person: its sentence, then its details."""
    lines = [f"{entry.name} ({entry.kind})", f"  {entry.text}"]
    return "\n".join(lines + [f"  {name + ':':<18} {value}" for name, value in entry.details.items()])
