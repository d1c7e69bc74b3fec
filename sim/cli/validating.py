"""The verb validate: real consortia, their tables and two shuffles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.console import console
from sim.cli.options import Json, Out, Quiet
from sim.errors import UsageError

HELP = """Hold the formation of consortia against real ones.

\b
  mobilise validate project.csv organization.csv
  mobilise validate projects.csv.gz participations.csv.gz --years 2014-2017

Reads the bulk files of CORDIS as published, or the simple form (project, start, end, theme; project, org, role,
type, country). Any years, any programme.
"""
Projects = Annotated[str, typer.Argument(metavar="PROJECTS.csv", help="Projects; CSV, plain or gzipped.")]
Participations = Annotated[str, typer.Argument(metavar="PARTICIPATIONS.csv", help="Who took part.")]
Years = Annotated[str | None, typer.Option(metavar="A-B", help="Look at these years of start only.")]
Programme = Annotated[list[str], typer.Option(help="Keep projects of this programme part; may be given again.")]
Shuffles = Annotated[int, typer.Option(min=1, max=1000, help="Shuffles behind each lift.")]


def validate(projects: Projects, participations: Participations, years: Years = None,
             programme: Programme = [], shuffles: Shuffles = 5,  # noqa: B006
             out: Out = None, json: Json = False, quiet: Quiet = False) -> None:
    """Validate the formation of consortia."""
    from sim.experiment.consortia import data, observe
    from sim.report import text_validate as text

    consortia = data.read(projects, participations, span("--years", years), programme)
    console.note(f"read {consortia.projects:,} projects, {len(consortia.org):,} seats, "
                 f"{consortia.organisations:,} organisations")
    seen = observe.observe(consortia, shuffles)
    wrote = _keep(out or Path("results") / "validate", {"observed": seen.document()})
    console.document({"observed": seen.document()})
    console.answer(text.observation(seen))
    console.finish(wrote, "mobilise compare scenarios/real_consortia.yaml")


def span(option: str, given: str | None) -> tuple[int, int] | None:
    """Return first and last year of a range like 2014-2016, or of one year."""
    if given is None:
        return None
    first, _, last = given.partition("-")
    years = (first, last or first)
    if not all(year.isascii() and year.isdigit() and len(year) == 4 for year in years) or int(years[0]) > int(years[1]):
        raise UsageError(f"{option}: '{given}' is not a range of years; allowed: 2017, or 2014-2016 (first to last)")
    return int(years[0]), int(years[1])


def _keep(folder: Path, content: dict[str, Any]) -> list[Path]:
    """Write the answer as JSON."""
    from sim.cli.console import clean
    from sim.record import make_folder, write_json

    make_folder(folder)
    write_json(folder / "validation.json", clean(content))
    return [folder / "validation.json"]
