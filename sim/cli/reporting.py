"""`mobilise report`: a kept comparison as one file for somebody who must decide."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.console import console
from sim.cli.options import Jobs, Json, Quiet, Rules
from sim.cli.progress import Progress

HELP = """Write the report of a kept comparison: one HTML file that needs no network.

\b
  mobilise report results/known_vs_strategic
  mobilise report results/known_vs_strategic --channels     also which channel carries the difference
"""
Folder = Annotated[Path, typer.Argument(metavar="RESULT_FOLDER", help="What mobilise compare wrote.")]
ByChannel = Annotated[bool, typer.Option("--channels", help="Switch each channel off in turn (36 runs a world).")]
CHANNELS = "channels"


def report(folder: Folder, channels: ByChannel = False, jobs: Jobs = None, rules: Rules = [],  # noqa: B006
           json: Json = False, quiet: Quiet = False) -> None:
    """Write a report."""
    from sim.experiment.channels import channels as switch_off
    from sim.experiment.reopen import reopen
    from sim.report.report import write

    comparison = reopen(folder, rules)
    found = None
    if channels or (folder / CHANNELS / "manifest.json").exists():
        with Progress(quiet or json) as progress:
            found = switch_off(comparison.scenario, jobs=jobs, out=folder / CHANNELS, rules=rules,
                               progress=progress.tell)
    path, figures = write(comparison, found)
    console.document({"report": str(path), "figures": str(figures)})
    console.answer(f"{path}: open it in any browser; it needs no network and prints well")
    console.finish([path, figures], f"mobilise replay {folder}")
