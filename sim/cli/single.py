"""Verbs about one run: run, and why a partnership formed."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.console import clean, console
from sim.cli.options import Change, Json, Out, Policy, Quiet, Replicate, Rules, Scenario, Seed, again, overrides
from sim.cli.progress import span
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.run import RunResult, RunSpec
    from sim.scenario.budget import Budget

HELP = """Run one policy in one world and say what came of it.

\b
  mobilise run scenarios/classroom.yaml --policy strategic_mobilisation --replicate 3
  mobilise run scenarios/all_european_smes.yaml --dry-run
  mobilise run scenarios/europe.yaml --threads 2
  mobilise run results/adopters --id 0cd3deb259bd         a run of a study or comparison, once more
"""
EVENTS_HELP = "Also write all events and why partnerships formed, quarter by quarter (events.parquet, reasons.parquet)."
Events = Annotated[bool, typer.Option("--events", help=EVENTS_HELP)]
THREADS_HELP = "Threads that share the work of this run; they pay in worlds of thousands of firms, and change no bit."
Threads = Annotated[int, typer.Option("--threads", min=1, help=THREADS_HELP)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print what it would take and stop.")]
Id = Annotated[str, typer.Option("--id", help="A planned run of a results folder, by the beginning of its id.")]
PROGRAMMES = ("funnel", "programme")  # families of outcomes
Future = Annotated[int, typer.Option(min=0, help="Which plausible future; 0: the scenario's own values.")]


def run(scenario: Scenario, policy: Policy = None, replicate: Replicate = 0, future: Future = 0,
        run_id: Id = "", out: Out = None, events: Events = False, threads: Threads = 1, dry_run: DryRun = False,
        seed: Seed = None, change: Change = [], rules: Rules = [], json: Json = False, quiet: Quiet = False) -> None:  # noqa: B006
    """Run one policy in one world."""
    from sim.experiment.event_log import run_logged
    from sim.run import run as run_one
    from sim.scenario.budget import check_run

    if run_id or Path(scenario).is_dir():
        spec = _planned(scenario, run_id, rules, bool(policy or replicate or future or change or seed is not None))
    else:
        spec = plan(scenario, policy, replicate, future, change, seed, rules)
    need = check_run(spec.scenario, events, threads)
    if dry_run:
        _foresee(spec, need)
        return
    folder = _home(out or Path("results") / spec.scenario.name / "single", spec)
    result = run_logged(spec, folder, threads) if events else run_one(spec, threads)
    _keep(folder, result)
    console.document({**_content(result), "folder": str(folder)})
    console.answer(_totals(result), f"{spec.policy} in world {spec.replicate} of {spec.scenario.name}")
    console.finish(sorted(folder.iterdir()),
                   again(["mobilise", "status", scenario]) if run_id else again(
                       ["mobilise", "compare", scenario], change, seed, rules))


def _content(result: RunResult) -> dict[str, Any]:
    """Return the run as plain data: who, outcomes, series, and what is needed to make it again."""
    spec = result.spec
    return {"run_id": spec.run_id, "policy": spec.policy, "future": spec.future, "replicate": spec.replicate,
            "values": dict(spec.values), "totals": result.totals, "manifest": result.manifest,
            "series": {name: values.tolist() for name, values in result.series.items()}}


def _foresee(spec: RunSpec, need: Budget) -> None:
    """Print what the run would take."""
    from sim.scenario.budget import gigabytes, seconds_of_world

    seconds = seconds_of_world(spec.scenario, policies=1)
    console.document({"policy": spec.policy, "seconds": round(seconds, 1), "memory_bytes": need.bytes_at_once,
                      "memory_available": need.bytes_available})
    has = f"; this machine has {gigabytes(need.bytes_available)}" if need.bytes_available else ""
    console.answer(f"  time      about {span(seconds)}, and up to a minute more to compile on first use\n"
                   f"  memory    about {gigabytes(need.bytes_at_once)}{has}",
                   f"{spec.policy} in world {spec.replicate} of {spec.scenario.name}")


def _home(folder: Path, spec: RunSpec) -> Path:
    """Make and return the folder of one run."""
    from sim.record import make_folder

    return make_folder(folder / f"{spec.policy}-{spec.future}-{spec.replicate}-{spec.run_id[:8]}")


def _keep(home: Path, result: RunResult) -> None:
    """Write one run into its folder: series (Parquet), outcomes (CSV), manifest."""
    import pandas as pd

    from sim.experiment.shards import SERIES, series_columns
    from sim.outcomes.registry import outcomes
    from sim.record import replace, to_bytes, write_csv, write_json
    from sim.run import engine

    known = outcomes()
    replace(home / "series.parquet", to_bytes(series_columns([result]), SERIES, engine()))
    rows = [(name, value, known[name].unit, known[name].direction, known[name].text)
            for name, value in result.totals.items()]
    write_csv(home / "outcomes.csv", pd.DataFrame(rows, columns=["outcome", "value", "unit", "better", "meaning"]))
    write_json(home / "manifest.json", clean(result.manifest))


def _planned(folder: str, run_id: str, rules: list[str], changed: bool) -> RunSpec:
    """Return a run that kept results plan, as it stands there."""
    from sim.experiment.keeping import planned_run

    if not Path(folder).is_dir():
        raise UsageError(f"--id {run_id}: {folder} is no folder of results")
    if not run_id:
        raise UsageError(f"{folder}: name one of its runs with --id (failures/ and mobilise export list them)")
    if changed:
        raise UsageError(f"--id {run_id}: a planned run is made as it is; without --policy, --replicate, --future, "
                         "--seed and --set")
    return planned_run(Path(folder), run_id, rules)


def plan(scenario: str, policy: str | None, replicate: int, future: int, change: list[str], seed: int | None,
         rules: list[str]) -> RunSpec:
    """Return the run that the options name."""
    from sim.run import RunSpec, find_policy
    from sim.scenario.load_study import load_world

    loaded = load_world(scenario, overrides(change, seed))
    name = policy or loaded.focus
    find_policy(loaded, name)
    values: tuple[tuple[str, float], ...] = ()
    if future:
        from sim.experiment.design import futures

        drawn = futures(loaded)
        if future > len(drawn):
            raise UsageError(f"--future {future}: the scenario draws {len(drawn)} plausible futures")
        values = drawn[future - 1]
    return RunSpec(loaded, name, future, values, replicate, tuple(rules))


def _totals(result: RunResult) -> str:
    """Return the outcomes as a table, without those that this world has nothing of."""
    from sim.outcomes.registry import outcomes
    from sim.report.numbers import natural, places, plain, words
    from sim.report.table import table

    known, rows = outcomes(), []
    for name, value in result.totals.items():
        one = known[name]
        idle = name.startswith("reach_") or (one.family in PROGRAMMES and not result.spec.scenario.instruments)
        if not (math.isnan(value) or (idle and value == 0)):
            factor, unit = natural(one.unit)
            rows.append([words(name), plain(factor * value, places(factor * value)), unit, one.text])
    rest = len(result.totals) - len(rows)
    more = f"\n  and {rest} outcomes that this world has nothing of, in outcomes.csv" if rest else ""
    return table(["outcome", "value", "unit", "meaning"], rows, numeric=(1,)) + more


def explain_partnership(scenario: str, number: int, policy: str | None, replicate: int, change: list[str],
                        seed: int | None, rules: list[str]) -> None:
    """Say why a partnership formed: what was asked for, who was considered, who came and who declined."""
    from sim.report.why import explanation, why
    from sim.run import run_world

    spec = plan(scenario, policy, replicate, 0, change, seed, rules)
    world: Any = run_world([spec], log=True)[0].world
    count = int(world.n.partnerships)
    if number >= count:
        raise UsageError(f"--partnership {number}: this run formed {count} partnerships, numbered from 0")
    story = why(world, number)
    console.document(story)
    console.answer(explanation(story), f"Partnership {number} under {spec.policy}, world {replicate}")
    console.finish(then=again(["mobilise", "run", scenario, "--policy", spec.policy, "--replicate", replicate], change,
                              seed, rules))
