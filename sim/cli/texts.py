"""Verbs about texts: check, init, schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.console import console
from sim.cli.options import Change, Json, Quiet, Rules, overrides
from sim.errors import ScenarioError, UsageError

CHECK = "Check scenarios and studies without running them: every problem with file, line and what is allowed."
INIT = """Write a commented scenario to begin with, and the schema that lets an editor help.

\b
  mobilise init my_scenario.yaml                          every parameter, with range, unit and source
  mobilise init my_scenario.yaml --like turbulent_world   a copy of a shipped scenario (mobilise rules scenarios)
"""
SCHEMA = "Print the JSON Schema of scenario files."
Overwrite = Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")]
Like = Annotated[str | None, typer.Option(metavar="NAME", help="Begin with this shipped scenario.")]
New = Annotated[Path, typer.Argument(metavar="FILE.yaml", help="The new file.")]
Files = Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Scenarios or studies: files or names.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead of stdout.")]


def check(scenarios: Files, change: Change = [], rules: Rules = [],  # noqa: B006
          json: Json = False, quiet: Quiet = False) -> None:
    """Check scenario files."""
    from sim.report.table import bullet
    from sim.scenario.cautions import cautions
    from sim.scenario.load_study import is_study, load_world

    given, found, fine = overrides(change), [], []
    for path in scenarios:
        try:
            fine.append((path, load_world(path, given)))
        except ScenarioError as error:
            found.append(error)
    if found:
        raise ScenarioError(problem for error in found for problem in error.problems)
    said = {path: cautions(scenario) for path, scenario in fine}
    for path, scenario in fine:
        console.answer(f"{path}: fine ({_size(scenario)})")
        for text in said[path]:
            console.answer(bullet(f"warning: {text}"))
    console.document({"fine": [path for path, _ in fine], "problems": [],
                      "warnings": {path: list(texts) for path, texts in said.items() if texts}})
    console.finish(then=f"mobilise {'sweep' if is_study(scenarios[0]) else 'compare'} {scenarios[0]}")


def _size(scenario: Any) -> str:
    from sim.cli.progress import counted
    from sim.scenario.own_world import own_world

    own = own_world(scenario)
    values = scenario.values() | (own.counts() if own else {})
    return ", ".join([counted(int(values["world.smes"]), "SME", "SMEs"),
                      counted(int(values["world.clusters"]), "cluster", "clusters"),
                      counted(int(values["world.steps"]), "quarter", "quarters"),
                      counted(len(scenario.policies), "policy", "policies"),
                      counted(scenario.replicates, "world", "worlds")]) + (
        f" and {counted(scenario.futures.count, 'future', 'futures')}" if scenario.futures.count else "")


def init(path: New = Path("my_scenario.yaml"), like: Like = None, force: Overwrite = False,
         quiet: Quiet = False) -> None:
    """Write a first scenario."""
    from sim.scenario.editor import SCHEMA_FILE, copies, template

    texts = {path.name: template(path.stem)} if like is None else copies(like, path.name)
    texts[SCHEMA_FILE] = _schema_text()
    for name in texts:
        if name != SCHEMA_FILE and (path.parent / name).exists() and not force:
            raise UsageError(f"{path.parent / name} exists; choose another name or folder, or add --force")
    for name, text in texts.items():
        write(path.parent / name, text)
    console.finish([path.parent / name for name in texts], f"mobilise check {path}")


def schema(out: Out = None, quiet: Quiet = False) -> None:
    """Print the schema."""
    if out is None:
        typer.echo(_schema_text(), nl=False)
    else:
        write(out, _schema_text())
        console.finish([out], "mobilise init my_scenario.yaml")


def _schema_text() -> str:
    import json

    from sim.scenario.editor import json_schema

    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def write(path: Path, text: str) -> None:
    """Write a text file; say in plain words when the system refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror or error})") from None
