"""Verbs about results that are there: status, watch, compact, export, reproduce."""

from __future__ import annotations

import math
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.console import console
from sim.cli.options import Jobs, Json, Out, Quiet
from sim.cli.progress import Progress, span

if TYPE_CHECKING:
    from sim.experiment.status import Status

STATUS = "Say how far a study is: runs done, failed and to go, and the difference as it stands."
WATCH = "Follow a study while it runs, from any terminal; Ctrl-C ends the watching, not the study."
COMPACT = "Merge the result files of a study into few; nothing else changes."
EXPORT = """Write a study's runs as one table, conditions beside outcomes, for a spreadsheet, polars or DuckDB.

\b
  mobilise export results/adopters
  mobilise export results/adopters --format parquet
"""
REPRODUCE = """Make a study's runs again, elsewhere, from its folder alone, and compare the numbers bit for bit.

\b
  mobilise reproduce results/adopters --sample 50
"""
DIFFERENT = 1
Where = Annotated[str, typer.Argument(metavar="FOLDER|STUDY.yaml", help="A results folder, or the study's file.")]
Every = Annotated[float, typer.Option(min=0.1, help="Seconds between looks.")]
Format = Annotated[str, typer.Option("--format", "-f", help="csv or parquet.")]
Sample = Annotated[int | None, typer.Option(min=1, help="Only so many runs.")]


def status(where: Where, json: Json = False, quiet: Quiet = False) -> None:
    """Say how far a study is."""
    from sim.experiment.status import folder_of
    from sim.experiment.status import status as look

    found = look(folder_of(where))
    console.document(found.to_dict())
    console.answer(status_text(found))
    if found.failed:
        console.note(f"failed runs, with their replay commands: {found.folder}/failures/")
    console.finish(then=f"mobilise export {found.folder}" if found.complete else f"mobilise watch {found.folder}")


def status_text(found: Status) -> str:
    """Return how far a study is, in one or two lines."""
    state = "running" if found.running else "complete" if found.complete else "stopped: the same command goes on"
    left = f", about {span(found.left)} to go" if found.left is not None and not found.complete else ""
    failed = f", {found.failed} failed" if found.failed else ""
    lines = [f"{found.name}: {found.done:,} of {found.planned:,} runs{failed}{left} ({state})"]
    if found.worlds > 1 and math.isfinite(found.mean):
        lines.append(f"  {found.policy} − {found.against}: {found.mean:+.3g} [{found.low:.3g}, {found.high:.3g}] "
                     f"{found.outcome} over {found.worlds:,} worlds and futures so far")
    if found.other_engine:
        lines.append("  made by another version of the model: these runs do not count for this one")
    return "\n".join(lines)


def watch(where: Where, every: Every = 2.0, json: Json = False, quiet: Quiet = False) -> None:
    """Follow a study while it runs."""
    from sim.experiment.status import folder_of
    from sim.experiment.status import status as look

    folder, screen = folder_of(where), sys.stdout.isatty() and not json
    found = look(folder)
    while found.running and not found.complete:
        if not json:
            typer.echo(("\x1b[2J\x1b[H" if screen else "") + status_text(found))
        time.sleep(every)
        found = look(folder)
    console.document(found.to_dict())
    console.answer(status_text(found))


def compact(where: Where, json: Json = False, quiet: Quiet = False) -> None:
    """Merge result files."""
    from sim.experiment.keeping import compact as merge
    from sim.experiment.status import folder_of

    found = merge(folder_of(where))
    console.document({kind: {"before": before, "after": after} for kind, (before, after) in found.items()})
    console.answer("\n".join(f"{kind}: {before:,} files became {after:,}" for kind, (before, after) in found.items()))
    console.finish(then=f"mobilise status {where}")


def export(where: Where, format: Format = "csv", out: Out = None, json: Json = False, quiet: Quiet = False) -> None:
    """Write one table of all runs."""
    from sim.experiment.keeping import export as write
    from sim.experiment.status import folder_of

    folder = folder_of(where)
    made = write(folder, format, out)
    console.document({"files": [str(path) for path in made]})
    console.answer("\n".join(f"{path}" for path in made))
    console.note(f"polars: pl.read_parquet('{folder}/runs/*.parquet')  ·  "
                 f"DuckDB: SELECT * FROM '{folder}/runs/*.parquet'")
    console.finish(then=f"mobilise reproduce {folder} --sample 20")


def reproduce(where: Where, sample: Sample = None, jobs: Jobs = None, json: Json = False, quiet: Quiet = False) -> None:
    """Make results again and compare."""
    from sim.experiment.keeping import reproduce as again
    from sim.experiment.status import folder_of

    folder: Path = folder_of(where)
    with Progress(console.quiet or console.json) as progress:
        found = again(folder, sample, jobs, progress.tell)
    console.document(found.to_dict())
    said = f"{found.same} of {found.runs} runs made again have the same numbers, bit for bit"
    differ = "".join(f"\n  differs: {run_id}" for run_id in found.differ[:20])
    console.answer(f"{said}{differ}\n  SHA-256 of what was made again: {found.fingerprint}")
    console.finish(then=f"mobilise export {folder}")
    if found.differ:
        raise typer.Exit(DIFFERENT)
