"""Options that several verbs share, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from sim.cli.console import console


def _json(asked: bool) -> bool:
    console.json = asked
    return asked


def _quiet(asked: bool) -> bool:
    console.quiet = asked
    return asked


def _rules(files: list[str]) -> list[str]:
    if files:
        from sim.rules.registry import add_user_file

        for file in files:
            add_user_file(file)
    return [str(Path(file).resolve()) for file in files]


Json: TypeAlias = Annotated[bool, typer.Option("--json", callback=_json, is_eager=True,
                                               help="One JSON document on stdout, everything else on stderr.")]
Quiet: TypeAlias = Annotated[bool, typer.Option("--quiet", "-q", callback=_quiet, is_eager=True,
                                                help="Say nothing but answers and errors.")]
Change: TypeAlias = Annotated[list[str], typer.Option("--set", metavar="KEY.PATH=VALUE",
                                                      help="Change a setting; may be given again.")]
Rules: TypeAlias = Annotated[list[str], typer.Option("--rules", metavar="FILE.py", callback=_rules,
                                                     help="A rule of your own; this file's code is run.")]
Seed: TypeAlias = Annotated[int | None, typer.Option("--seed", min=0, help="All luck comes from this number.")]
Scenario: TypeAlias = Annotated[str, typer.Argument(metavar="SCENARIO.yaml", help="A scenario file.")]


def overrides(changes: list[str], seed: int | None = None, replicates: int | None = None) -> dict[str, object]:
    """Return ``--set`` and the options that are short for it as one set of overrides."""
    from sim.scenario.overrides import parse_overrides

    found: dict[str, object] = dict(parse_overrides(changes))
    named = {"seed": seed, "replicates": replicates}
    return found | {key: value for key, value in named.items() if value is not None}
