"""`mobilise compare`: the main job, policies side by side on the same worlds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.console import console
from sim.cli.options import Change, Force, Jobs, Json, Out, Quiet, Replicates, Rules, Scenario, Seed, again
from sim.cli.progress import Progress, counted, span

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison

HELP = """Compare policies on the same worlds: who is ahead, by how much, how surely, and what decides it.

\b
  mobilise compare scenarios/known_vs_strategic.yaml
  mobilise compare scenarios/classroom.yaml --dry-run
  mobilise compare scenarios/shock.yaml --set trust.general=0.5 --replicates 40 --out results/more_trust

Results are kept as they finish: the same command goes on where it was stopped.
"""
PARTIAL = 4
# CPU seconds on one core of a shared AMD EPYC, measured from 60 to 20 000 organisations; for the plan only.
TO_START = 2.5  # seconds
BYTES_PER_RUN = 9000
Policies = Annotated[str | None, typer.Option(metavar="A,B", help="Only these policies.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the plan and stop.")]
Figures = Annotated[bool, typer.Option("--figures/--no-figures", help="Draw pictures and write the report.")]


def compare(scenario: Scenario, replicates: Replicates = None, seed: Seed = None, jobs: Jobs = None,
            out: Out = None, policies: Policies = None, force: Force = False, dry_run: DryRun = False,
            figures: Figures = True, change: Change = [], rules: Rules = [],  # noqa: B006
            json: Json = False, quiet: Quiet = False) -> None:
    """Compare policies."""
    from sim.experiment import compare as study

    chosen = policies.split(",") if policies else None
    if dry_run:
        loaded = study.resolve(scenario, replicates, seed, change, chosen, rules)
        more = [*_given("--replicates", replicates), *_given("--policies", policies), *_given("--jobs", jobs),
                *_given("--out", out)]
        then = again(["mobilise", "compare", scenario, *more], change, seed, rules)
        _plan(loaded, jobs, out, rules, then)
        return
    with Progress(quiet or json) as progress:
        result = study.compare(scenario, replicates, seed, jobs, out, change, chosen, rules, force,
                               progress.tell)
    _say(result)
    # A choice of policies is kept with the results; whatever else was given is said to explain as it was here.
    then = again(["mobilise", "report", result.folder, "--channels"], rules=rules) if policies else again(
        ["mobilise", "explain", "--channels", "--scenario", scenario], change, seed, rules)
    console.finish(_files(result, figures), then)
    if result.findings.failures:
        raise typer.Exit(PARTIAL)


def _given(option: str, value: object) -> list[object]:
    return [] if value is None else [option, value]


def _say(result: Comparison) -> None:
    from sim.report.text import details, headline

    console.document({**result.findings.to_dict(), "folder": str(result.folder)})
    console.answer(details(result.findings), headline(result.findings))


def _files(result: Comparison, figures: bool) -> list[Path]:
    from sim.experiment.compare import TABLE
    from sim.experiment.shocks import SHOCKS

    wrote = [result.folder / TABLE, result.folder / "manifest.json"]
    wrote += [result.folder / SHOCKS] if result.findings.shocks else []
    if figures:
        from sim.report.report import write

        wrote += write(result)
    return wrote


def _plan(scenario: Any, jobs: int | None, out: Path | None, rules: list[str], then: str) -> None:
    """Print what would be run: worlds, runs, time and disk."""
    from sim.experiment.compare import default_folder
    from sim.experiment.design import plan
    from sim.experiment.runner import cores
    from sim.report.table import bullet
    from sim.scenario.budget import check_processes, seconds_of_world
    from sim.scenario.cautions import cautions

    worlds = plan(scenario, rules=rules)
    runs, workers = sum(map(len, worlds)), min(jobs or cores(), len(worlds))
    calm = scenario.replicates if scenario.shocks else 0  # own worlds run once more, without the shocks
    need = check_processes(scenario, workers)
    work = (len(worlds) + calm) * seconds_of_world(scenario, len(scenario.policies))
    content = {"scenario": scenario.name, "policies": [policy.name for policy in scenario.policies],
               "own_worlds": scenario.replicates, "futures": len(worlds) - scenario.replicates,
               "ranges": scenario.futures.resolved() if scenario.futures.count else {}, "runs": runs,
               "runs_without_shocks": calm * len(scenario.policies),
               "jobs": workers, "seconds": round(TO_START + work / workers, 1),
               "megabytes": round(runs * BYTES_PER_RUN / 1e6, 2),
               "memory_bytes": workers * need.bytes_at_once, "memory_available": need.bytes_available,
               "warnings": list(cautions(scenario)), "out": str(out or default_folder(scenario, worlds[0][0]))}
    console.document(content)
    console.answer("\n".join([_plan_text(content), *(bullet(f"warning: {text}") for text in content["warnings"])]))
    console.finish(then=then)


def _plan_text(content: dict[str, Any]) -> str:
    from sim.scenario.budget import gigabytes

    ranges = [f"    {key}: {low:g} to {high:g}" for key, (low, high) in content["ranges"].items()]
    worlds = (f"{counted(content['own_worlds'], 'world', 'worlds')} with the scenario's own values + "
              f"{counted(content['futures'], 'future', 'futures')}")
    return "\n".join([
        f"{content['scenario']}: {counted(content['runs'], 'run', 'runs')} = "
        f"{counted(len(content['policies']), 'policy', 'policies')} × ({worlds})",
        *([f"  and       {counted(content['runs_without_shocks'], 'run', 'runs')} of the own worlds without the shocks"]
          if content["runs_without_shocks"] else []),
        f"  policies  {', '.join(content['policies'])}",
        f"  time      about {span(content['seconds'])} on {counted(content['jobs'], 'process', 'processes')}, "
        "and up to a minute more to compile on first use",
        f"  memory    about {gigabytes(content['memory_bytes'])} in all"
        + (f"; this machine has {gigabytes(content['memory_available'])}" if content["memory_available"] else ""),
        f"  disk      about {gigabytes(int(1e6 * content['megabytes']))} in {content['out']}",
        *(["  futures   drawn from", *ranges] if ranges else []),
    ])
