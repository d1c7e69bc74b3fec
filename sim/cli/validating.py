"""The verb validate: real consortia against the fitted formation model and two shuffles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.console import console
from sim.cli.options import Json, Out, Quiet
from sim.errors import UsageError

HELP = """Hold the formation of consortia against real ones, on years that were not fitted.

\b
  mobilise validate project.csv organization.csv --observed
  mobilise validate projects.csv.gz participations.csv.gz --fit 2014-2016 --predict 2017
  mobilise validate project.csv organization.csv --programme SC4 --fit 2014-2015 --predict 2016-2017 --ablate

Reads the bulk files of CORDIS as published, or the simple form (project, start, end, theme; project, org, role,
type, country). Any years, any programme. Leaves validation.json, .csv and .svg, and fit.csv: draws of what was
fitted, which a scenario may name under futures: {file: fit.csv} (observed.csv with --observed).
"""
Projects = Annotated[str, typer.Argument(metavar="PROJECTS.csv", help="Projects; CSV, plain or gzipped.")]
Participations = Annotated[str, typer.Argument(metavar="PARTICIPATIONS.csv", help="Who took part.")]
Years = Annotated[str | None, typer.Option(metavar="A-B", help="Look at these years of start only.")]
Programme = Annotated[list[str], typer.Option(help="Keep projects of this programme part; may be given again.")]
Shuffles = Annotated[int, typer.Option(min=1, max=1000, help="Shuffles behind each observed lift.")]
FitYears = Annotated[str | None, typer.Option("--fit", metavar="A-B", help="Fit these years; default: all.")]
Predict = Annotated[str | None, typer.Option(metavar="A-B", help="Predict these years, which come after.")]
Seeds = Annotated[int, typer.Option(min=2, max=200, help="Simulated worlds.")]
Observed = Annotated[bool, typer.Option("--observed", help="The observed tables only; nothing is simulated.")]
Mixture = Annotated[bool, typer.Option("--mixture", help="Fit which shares of leads follow which policy; minutes.")]
Draws = Annotated[int, typer.Option(min=0, max=1000, help="Draws of what was fitted, for futures.file; 0: none.")]
Ablate = Annotated[bool, typer.Option("--ablate", help="Leave out each ingredient in turn.")]


def validate(projects: Projects, participations: Participations, years: Years = None, fit: FitYears = None,
             predict: Predict = None, programme: Programme = [], seeds: Seeds = 5,  # noqa: B006
             shuffles: Shuffles = 5, observed: Observed = False, ablate: Ablate = False,
             mixture: Mixture = False, draws: Draws = 12, out: Out = None, json: Json = False,
             quiet: Quiet = False) -> None:
    """Validate the formation of consortia."""
    from sim.experiment.consortia import data
    from sim.experiment.consortia.observe import observe
    from sim.report import text_validate as text

    fitted, predicted = span("--fit", fit), span("--predict", predict)
    if observed and (fitted or predicted or ablate or mixture):
        raise UsageError("--observed only measures: leave it out to fit and predict, or leave out --fit, --predict, "
                         "--ablate and --mixture (--years looks at some years only)")
    consortia = data.read(projects, participations, span("--years", years), programme)
    console.note(f"read {consortia.projects:,} projects, {len(consortia.org):,} seats, "
                 f"{consortia.organisations:,} organisations")
    folder = out or Path("results") / "validate"
    if observed:
        seen = observe(consortia, shuffles)
        wrote = [*_keep(folder, {"observed": seen.document()}), _keep_table(folder, seen)]
        console.document({"observed": seen.document()})
        console.answer(text.observation(seen))
    else:
        wrote = _simulate(consortia, fitted, predicted, seeds, shuffles, (ablate, mixture), draws, folder)
    console.finish(wrote, "mobilise compare scenarios/real_consortia.yaml")


def _simulate(consortia: Any, fitted: Any, predicted: Any, seeds: int, shuffles: int, more: tuple[bool, bool],
              draws: int, folder: Path) -> list[Path]:
    """Fit, predict, say and keep."""
    from sim.experiment.consortia import draws as drawing
    from sim.experiment.consortia import validate as study
    from sim.report import text_validate as text

    console.note("measuring what was observed, then fitting")
    result = study.validate(consortia, fitted, predicted, seeds, shuffles=shuffles)
    content, said = result.document(), []
    if more[1]:
        from sim.experiment.consortia.mixture import mixes

        found = mixes(consortia, result.found)
        content["mixture"] = [vars(mix) for mix in found]
        said.append(text.mixture(found, result.fitted))
    if more[0]:
        without = study.ablate(result, consortia, seeds)
        content["ablations"] = {name: [row.document() for row in one.verdicts()] for name, one in without.items()}
        said.append(text.ablations(without))
    wrote = _keep_rows(folder, result)
    if draws:
        console.note(f"the table is done; drawing {draws} fits (--draws 0: none)")
        rows = drawing.rows(result, drawing.draws(consortia, result.found, draws))
        content["draws"] = rows
        said.append(text.drawn(rows))
        wrote.append(_keep_draws(folder, rows))
    console.document(content)
    console.answer(text.validation(result, said))
    return [*_keep(folder, content), *wrote]


def span(option: str, given: str | None) -> tuple[int, int] | None:
    """Return first and last year of a range like 2014-2016, or of one year."""
    if given is None:
        return None
    first, to, last = given.partition("-")
    years = (first, last if to else first)
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


def _keep_draws(folder: Path, rows: list[dict[str, Any]]) -> Path:
    """Write the draws of the fit as a table of futures."""
    import pandas as pd

    from sim.record import write_csv

    return write_csv(folder / "fit.csv", pd.DataFrame(rows))


def _keep_table(folder: Path, seen: Any) -> Path:
    """Write the observed tables as CSV: a line for each figure and year, of everybody and of private firms."""
    import pandas as pd

    from sim.record import write_csv

    return write_csv(folder / "observed.csv", pd.DataFrame(seen.lines(), dtype=object))  # counts stay whole


def _keep_rows(folder: Path, result: Any) -> list[Path]:
    """Write the rows as CSV and as a picture."""
    import pandas as pd

    from sim.experiment.consortia.data import span as years
    from sim.record import make_folder, write_csv
    from sim.report.consortia import misses
    from sim.report.style import save

    make_folder(folder)
    rows = [*result.verdicts(), *result.beyond]
    table = write_csv(folder / "validation.csv", pd.DataFrame([row.document() for row in rows]))
    title = f"Fitted on {years(result.fitted)}, predicted {years(result.predicted)}"
    figure, _ = misses(rows, title)
    return [table, save(figure, folder / "validation.svg", title)]
