"""`mobilise explain --channels`: which channel carries the difference."""

from __future__ import annotations

import typer

from sim.cli.console import console
from sim.cli.options import again
from sim.cli.progress import Progress

PARTIAL = 4


def explain_channels(scenario: str, change: list[str], seed: int | None, replicates: int | None,
                     jobs: int | None, rules: list[str]) -> None:
    """Switch each channel off, and all but one, and say how the difference changes."""
    from sim.experiment.channels import channels
    from sim.report.text_channels import answer, headline

    with Progress(console.quiet or console.json) as progress:
        found = channels(scenario, replicates, seed, jobs, None, change, rules, progress=progress.tell)
    console.document(found.to_dict())
    console.answer(answer(found), headline(found))
    console.finish([found.folder], again(["mobilise", "compare", scenario], change, seed, rules))
    if found.failures:
        raise typer.Exit(PARTIAL)
