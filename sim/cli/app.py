"""All verbs in one program, with its help, its exit codes and its way of saying what went wrong."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sim import __version__
from sim.cli import (
    catalogue,
    classroom,
    comparing,
    describing,
    doctor,
    keeping,
    lessons,
    replaying,
    replicating,
    reporting,
    single,
    studies,
    texts,
    validating,
)
from sim.cli.console import console, interrupted, say_error
from sim.errors import MobiliseError

INTERRUPTED = 130
HELP = """Which partners should be mobilised: the same known ones, or those a challenge needs?

\b
  mobilise compare scenarios/known_vs_strategic.yaml     the main question, in about a minute
  mobilise compare scenarios/classroom.yaml --replicates 5 --set trust.general=0.5
  mobilise init my_scenario.yaml                         begin a scenario of your own
  mobilise explain search.noise                          what a setting means

Every command says what it wrote and what to do next. Exit codes: 0 done, 1 a run failed, 2 usage, 3 invalid
scenario, 4 partly done (what is done is kept), 130 interrupted (what is done is kept).
"""


class Program(TyperGroup):
    """The group of commands; errors that a person can mend are said without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except MobiliseError as error:
            say_error(error)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            interrupted()
            ctx.exit(INTERRUPTED)
        finally:
            console.reset()


app = typer.Typer(cls=Program, help=HELP, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
                  pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"],
                                                                    "max_content_width": 110})


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"mobilise {__version__}")
        raise typer.Exit


@app.callback()
def program(_: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True,
                                            help="Print the version.")] = False) -> None:
    """Hold the options that come before a verb."""


app.command("compare", help=comparing.HELP)(comparing.compare)
app.command("report", help=reporting.HELP)(reporting.report)
app.command("replay", help=replaying.HELP)(replaying.replay)
app.command("live", help=classroom.HELP)(classroom.live)
app.command("lesson", help=lessons.HELP)(lessons.lesson)
app.command("sweep", help=studies.SWEEP)(studies.sweep)
app.command("regime", help=studies.REGIME)(studies.regime)
app.command("sensitivity", help=studies.SENSITIVITY)(studies.sensitivity)
app.command("calibrate", help=studies.CALIBRATE)(studies.calibrate)
app.command("status", help=keeping.STATUS)(keeping.status)
app.command("watch", help=keeping.WATCH)(keeping.watch)
app.command("compact", help=keeping.COMPACT)(keeping.compact)
app.command("export", help=keeping.EXPORT)(keeping.export)
app.command("reproduce", help=keeping.REPRODUCE)(keeping.reproduce)
app.command("run", help=single.HELP)(single.run)
app.command("check", help=texts.CHECK)(texts.check)
app.command("replicate", help=replicating.HELP)(replicating.replicate)
app.command("rules", help=catalogue.RULES)(catalogue.rules)
app.command("describe", help=describing.HELP)(describing.describe)
app.command("explain", help=catalogue.EXPLAIN)(catalogue.explain)
app.command("init", help=texts.INIT)(texts.init)
app.command("schema", help=texts.SCHEMA)(texts.schema)
app.command("validate", help=validating.HELP)(validating.validate)
app.command("doctor", help=doctor.HELP)(doctor.doctor)
