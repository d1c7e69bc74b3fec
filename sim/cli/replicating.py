"""The verb replicate: known results against ours."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.console import clean, console
from sim.cli.options import Json, Out, Quiet
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.experiment.replications.base import Cell, Outcome, Replication

HELP = """Replicate known results: what is known, ours, its standard error and the verdict; a figure and the numbers.

\b
  mobilise replicate                                              what there is, with all parameters
  mobilise replicate team_assembly_2005                           the values in print
  mobilise replicate team_assembly_2005 --set p=0.3,0.45 --set q=0.75 --seeds 5
  mobilise replicate --all                                        everything, about ten minutes

A setting may list values: every combination runs. Exit code 1: a value differs from what is known.
"""
DIFFERS = 1
COLUMNS = ("replication", "value", "ours", "standard_error", "known", "kind", "known_error", "allowed",
           "verdict")
Name = Annotated[str | None, typer.Argument(help="Which one; none: list them.")]
All = Annotated[bool, typer.Option("--all", help="Run every one with the values in print.")]
Setting = Annotated[list[str], typer.Option("--set", metavar="NAME=VALUE[,VALUE...]",
                                            help="A parameter of the original; may be repeated.")]
Seeds = Annotated[int | None, typer.Option("--seeds", min=1, max=100_000, help="Seeds (worlds, rings, networks).")]


def replicate(name: Name = None, everything: All = False, setting: Setting = [], seeds: Seeds = None,  # noqa: B006
              out: Out = None, json: Json = False, quiet: Quiet = False) -> None:
    """Run one replication, or all, or list them."""
    from sim.experiment.replications.registry import names, replication

    if everything and (name or setting):
        raise UsageError("--all runs every replication as printed; leave out the name and --set")
    changes = settings(setting)
    if name is None and not everything:
        if changes or seeds:
            raise UsageError(f"say which replication these settings are for: {', '.join(names())}")
        show_all([replication(one) for one in names()])
        return
    chosen = [replication(one) for one in (names() if everything else [str(name)])]
    for known in chosen:
        known.points(changes)  # every mistake before the first run
    folder = out or Path("results") / "replications"
    documents, wrote, wrong = [], [], []
    for known in chosen:
        document, files = run_one(known, changes, seeds, folder)
        documents.append(document)
        wrote += files
        wrong += [f"{known.name}: {cell['value']}" for cell in document["cells"] if cell["verdict"] == "differs"]
    if everything:
        wrote.append(write_page(documents, folder))
    console.document(documents if everything else documents[0])
    console.finish(wrote, "mobilise describe --trust" if everything else "mobilise replicate   (what else there is)")
    if wrong:
        console.note("differs from what is known: " + "; ".join(wrong))
        raise typer.Exit(DIFFERS)


def settings(given: list[str]) -> dict[str, list[str]]:
    """Return parameter to values, from ``name=value,value`` words."""
    found: dict[str, list[str]] = {}
    for word in " ".join(given).split():
        name, equals, values = word.partition("=")
        if not equals or not name or not all(values.split(",")):
            raise UsageError(f"--set {word}: not a setting; allowed: NAME=VALUE or NAME=VALUE,VALUE")
        if name in found:
            raise UsageError(f"--set {name}: set twice; list its values with commas")
        found[name] = list(dict.fromkeys(values.split(",")))
    return found


def show_all(known: list[Replication]) -> None:
    """List the replications with their parameters."""
    lines = []
    for one in known:
        lines.append(f"{one.name}: {one.title} ({one.source})")
        lines += [f"    {name:<13} {parameter.default:g}; {parameter.allowed}: {parameter.text}"
                  for name, parameter in one.parameters.items()]
    console.answer("\n".join(lines))
    console.document([{"name": one.name, "title": one.title, "source": one.source, "seeds": one.seeds,
                       "engine": list(one.needs), "parameters": {
                           name: {"default": p.default, "low": p.low, "high": p.high, "whole": p.whole, "text": p.text}
                           for name, p in one.parameters.items()}} for one in known])
    console.finish(then=f"mobilise replicate {known[0].name}")


def run_one(known: Replication, changes: dict[str, list[str]], seeds: int | None,
            folder: Path) -> tuple[dict[str, Any], list[Path]]:
    """Run one, say what came out, write figure and numbers; return the document and the files."""
    from sim.experiment.replications.registry import replicate as run_it
    from sim.record import make_folder

    make_folder(folder)
    console.note(f"{known.name}: {known.title}")
    outcome, calls = run_it(known, changes, seeds)
    document = content(known, outcome, calls, changes, seeds or known.seeds)
    say(known, outcome, calls)
    return document, write(known, outcome, document, folder)


def content(known: Replication, outcome: Outcome, calls: dict[str, int], changes: dict[str, list[str]],
            seeds: int) -> dict[str, Any]:
    """Return everything as plain data."""
    from sim import __version__

    return {"replication": known.name, "title": known.title, "source": known.source, "version": __version__,
            "seeds": seeds, "set": changes, "engine_calls": calls, "remarks": list(outcome.remarks),
            "cells": [{**row(known, cell), "point": dict(cell.point)} for cell in outcome.cells]}


def row(known: Replication, cell: Cell) -> dict[str, Any]:
    """Return one value by the names of the columns."""
    return dict(zip(COLUMNS, (known.name, cell.name, cell.ours, cell.error, cell.expected, cell.kind,
                              cell.known_error, tolerance(cell), cell.verdict), strict=True))


def tolerance(cell: Cell) -> float | None:
    """Return how far ours may lie from the known value, None where none is known."""
    return None if cell.known is None and not cell.sign else cell.allowed


def say(known: Replication, outcome: Outcome, calls: dict[str, int]) -> None:
    """Print the table, what of the engine was called, and the remarks."""
    from sim.report.known import allowed_text, error_text
    from sim.report.table import table

    rows = [[cell.name, cell.expected, cell.kind, f"{cell.ours:.6g}",
             error_text(cell.error), allowed_text(tolerance(cell)), cell.verdict] for cell in outcome.cells]
    lines = [table(["value", "known", "", "ours", "s.e.", "± allowed", "verdict"], rows, numeric=(1, 3, 4, 5)), ""]
    if calls:
        called = ", ".join(f"{part.rpartition(':')[2]} {times:,}" for part, times in calls.items())
        lines.append(f"Through the engine (observed calls): {called}.")
    lines += outcome.remarks
    console.answer("\n".join(lines), f"{known.title}: {known.source}")


def write(known: Replication, outcome: Outcome, document: dict[str, Any], folder: Path) -> list[Path]:
    """Write the figure, the JSON and the CSV."""
    from sim.record import write_json
    from sim.report.replication import picture
    from sim.report.style import save

    numbers, sheet = folder / f"{known.name}.json", folder / f"{known.name}.csv"
    try:
        write_json(numbers, clean(document))
        with sheet.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(row(known, cell) for cell in outcome.cells)
        figure = picture(known, outcome)[0]
        drawn = [save(figure, folder / f"{known.name}.{kind}", known.title) for kind in ("svg", "png")]
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written ({error.strerror or error})") from None
    return [*drawn, numbers, sheet]


def write_page(documents: list[dict[str, Any]], folder: Path) -> Path:
    """Write all values as one page, with the day."""
    from datetime import UTC, datetime

    from sim.cli.texts import write as write_text
    from sim.report.known import page

    path = folder / "README.md"
    write_text(path, page(documents, datetime.now(UTC).date().isoformat()))
    return path
