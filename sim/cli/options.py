"""Options that several verbs share, declared once."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from sim.cli.console import console

Whole: TypeAlias = int | None


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


JSON_HELP = "One JSON document on stdout, everything else on stderr."
QUIET_HELP = "Say nothing but answers and errors."
RULES_HELP = "A rule of your own; this file's code is run. May be given again."
SET_HELP = "Change a setting; may be given again."
FORCE_HELP = "Run again what is kept, or go on from it."

Json = Annotated[bool, typer.Option("--json", callback=_json, is_eager=True, help=JSON_HELP)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", callback=_quiet, is_eager=True, help=QUIET_HELP)]
Change = Annotated[list[str], typer.Option("--set", metavar="KEY.PATH=VALUE", help=SET_HELP)]
Rules = Annotated[list[str], typer.Option("--rules", metavar="FILE.py", callback=_rules, help=RULES_HELP)]
Seed = Annotated[Whole, typer.Option("--seed", min=0, help="All luck comes from this number.")]
Replicates = Annotated[Whole, typer.Option("--replicates", "-n", min=1, help="Worlds, and as many futures.")]
Jobs = Annotated[Whole, typer.Option("--jobs", "-j", min=1, help="Processes; default: one for each core.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder for results; default: results/<name>.")]
Force = Annotated[bool, typer.Option("--force/--resume", help=FORCE_HELP)]
Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a shipped one.")]
Policy = Annotated[str | None, typer.Option(help="One of the scenario's policies; default: the focus.")]
Replicate = Annotated[int, typer.Option(min=0, help="Which world: number of the luck.")]


def again(words: Sequence[object], change: Sequence[str] = (), seed: int | None = None,
          rules: Sequence[str] = ()) -> str:
    """Return a command that meets the same world: these words, then what else changed it, quoted for a shell."""
    more = [] if seed is None else ["--seed", seed]
    more += [word for one in change for word in ("--set", one)]
    more += [word for file in rules for word in ("--rules", file)]
    return shlex.join(map(str, [*words, *more]))


def overrides(changes: list[str], seed: int | None = None) -> dict[str, object]:
    """Return ``--set`` and ``--seed`` as one set of overrides."""
    from sim.scenario.overrides import parse_overrides

    found: dict[str, object] = dict(parse_overrides(changes))
    return found if seed is None else found | {"seed": seed}
