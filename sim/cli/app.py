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


app.command("compare", help=comparing.HELP, short_help="Policies side by side on the same worlds.")(comparing.compare)
app.command("report", help=reporting.HELP, short_help="A kept comparison as one HTML page.")(reporting.report)
app.command("replay", help=replaying.HELP, short_help="Watch policies in one world: one HTML page.")(replaying.replay)
app.command("live", help=classroom.HELP, short_help="Serve the classroom page.")(classroom.live)
app.command("lesson", help=lessons.HELP, short_help="A lesson: page, sheet, teacher's notes.")(lessons.lesson)
app.command("sweep", help=studies.SWEEP, short_help="Run a study: policies × futures × worlds.")(studies.sweep)
app.command("regime", help=studies.REGIME, short_help="Map which policy wins where.")(studies.regime)
app.command("sensitivity", help=studies.SENSITIVITY, short_help="Which conditions decide.")(studies.sensitivity)
app.command("calibrate", help=studies.CALIBRATE, short_help="Fit conditions to observations.")(studies.calibrate)
app.command("status", help=keeping.STATUS, short_help="How far a study is.")(keeping.status)
app.command("watch", help=keeping.WATCH, short_help="Follow a study while it runs.")(keeping.watch)
app.command("compact", help=keeping.COMPACT, short_help="Merge a study's result files.")(keeping.compact)
app.command("export", help=keeping.EXPORT, short_help="A study's runs as one table.")(keeping.export)
app.command("reproduce", help=keeping.REPRODUCE, short_help="Make kept runs again, same bits.")(keeping.reproduce)
app.command("run", help=single.HELP, short_help="One policy in one world.")(single.run)
app.command("check", help=texts.CHECK, short_help="Check a scenario or study; run nothing.")(texts.check)
app.command("replicate", help=replicating.HELP, short_help="Replicate known results.")(replicating.replicate)
app.command("rules", help=catalogue.RULES, short_help="List rules, policies, outcomes, scenarios.")(catalogue.rules)
app.command("describe", help=describing.HELP, short_help="The model as text (ODD).")(describing.describe)
app.command("explain", help=catalogue.EXPLAIN, short_help="Explain a word or a difference.")(catalogue.explain)
app.command("init", help=texts.INIT, short_help="Begin a scenario of your own.")(texts.init)
app.command("schema", help=texts.SCHEMA, short_help="Print the JSON Schema of scenarios.")(texts.schema)
app.command("validate", help=validating.HELP, short_help="Hold formation against real consortia.")(validating.validate)
app.command("doctor", help=doctor.HELP, short_help="Check this machine.")(doctor.doctor)
