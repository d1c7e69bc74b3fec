"""`mobilise replay`: two policies in one world as a page that plays anywhere, without a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.comparing import Policies
from sim.cli.console import console
from sim.cli.options import Change, Json, Quiet, Rules, Seed, Whole, again, overrides
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.app.recording import Lane

HELP = """Write a replay: policies side by side in one world, as one HTML file that needs no network.

\b
  mobilise replay results/known_vs_strategic                  a kept comparison, an average world of it
  mobilise replay scenarios/classroom.yaml --replicate 3 --policies strategic_mobilisation,solo
"""
MOST = 4
MADE = {".html": "a page is there to be opened in a browser", ".json": "a recording is there for programs to read"}
What = Annotated[Path, typer.Argument(metavar="RESULT_FOLDER | SCENARIO.yaml", help="What to play.")]
World = Annotated[Whole, typer.Option(min=0, help="Which world; default: an average one, or 0.")]
Future = Annotated[int, typer.Option(min=0, help="Which plausible future; 0: the scenario's own values.")]
Target = Annotated[Path | None, typer.Option("--out", "-o", help="The page; default: replay.html beside the results.")]
AsRecording = Annotated[bool, typer.Option("--recording", help="Write the recording (JSON) instead of a page.")]


def replay(what: What, replicate: World = None, future: Future = 0, policies: Policies = None, out: Target = None,
           recording: AsRecording = False, change: Change = [], seed: Seed = None, rules: Rules = [],  # noqa: B006
           json: Json = False, quiet: Quiet = False) -> None:
    """Write a replay."""
    from sim.app.page import as_json
    from sim.app.page import replay as page
    from sim.app.recording import record
    from sim.cli.texts import write

    if made := MADE.get(what.suffix.lower()):
        raise UsageError(f"{what}: {made}; a replay is written of a results folder or a scenario (.yaml)")
    chosen = policies.split(",") if policies else None
    if chosen and len(chosen) > MOST:
        raise UsageError(f"--policies: a replay shows at most {MOST} policies, not {len(chosen)}")
    lanes, about, folder = _kept(what, replicate, future, chosen, rules) if what.is_dir() else _fresh(
        what, replicate or 0, future, chosen, overrides(change, seed), rules)
    tape = record(lanes, about)
    path = out or folder / ("recording.json" if recording else "replay.html")
    write(path, as_json(tape) if recording else page(tape))
    content = {"replay": str(path), "policies": [lane.label for lane in lanes], "replicate": lanes[0].spec.replicate,
               "quarters": tape["quarters"], "bytes": path.stat().st_size}
    console.document(content)
    use = "a recording (JSON), for programs to read" if recording else "open it in any browser, no network needed"
    console.answer(f"{path}: {content['bytes'] / 1000:,.0f} kB; {use}")
    then = "mobilise lesson" if what.is_dir() else again(["mobilise", "live", what], change, seed, rules)
    console.finish([path], then)


Given = tuple[list["Lane"], dict[str, Any], Path]


def _fresh(path: Path, replicate: int, future: int, chosen: list[str] | None, changes: dict[str, object],
           rules: list[str]) -> Given:
    from sim.app.recording import lanes_of
    from sim.scenario.load import load

    scenario = load(path, changes)
    names = chosen or list(dict.fromkeys([scenario.focus, scenario.baseline]))
    return lanes_of(scenario, names, replicate, future, rules), {}, Path("results") / scenario.name


def _kept(folder: Path, replicate: int | None, future: int, chosen: list[str] | None, rules: list[str]) -> Given:
    from sim.app.paired import paired
    from sim.app.recording import lanes_of
    from sim.experiment.reopen import reopen
    from sim.report.pair import average_world

    comparison = reopen(folder, rules)
    most = comparison.scenario.replicates - 1
    if replicate is not None and replicate > most and not future:
        there = f"worlds 0 to {most}" if most else "only world 0"
        raise UsageError(f"--replicate {replicate}: there is no such world in {folder}; it compared {there}")
    world = average_world(comparison) if replicate is None else replicate
    names = chosen or list(dict.fromkeys(comparison.findings.focus))
    about = paired(comparison, names, world) if not future else {}
    return lanes_of(comparison.scenario, names, world, future, rules), about, folder
