"""`mobilise compare`: the main job, policies side by side on the same worlds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.console import console
from sim.cli.options import Change, Json, Quiet, Rules, Scenario, Seed
from sim.cli.progress import Progress, span

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison

HELP = """Compare policies on the same worlds: who is ahead, by how much, how surely, and what decides it.

\b
  mobilise compare scenarios/known_vs_strategic.yaml
  mobilise compare scenarios/classroom.yaml --dry-run
  mobilise compare scenarios/shock.yaml --set trust.general=0.5 --replicates 40 --out results/more_trust

Results are kept as they finish: the same command goes on where it was stopped.
"""
PARTIAL, FAILED = 4, 1
SECONDS_PER_RUN = 1.2e-5  # per organisation and quarter, on one core of a laptop; only for the plan
BYTES_PER_RUN = 9000


def compare(scenario: Scenario,
            replicates: Annotated[int | None, typer.Option(min=1, help="Worlds with the own values.")] = None,
            seed: Seed = None,
            jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; default: cores.")] = None,
            out: Annotated[Path | None, typer.Option("--out", "-o", help="Default: results/<name>.")] = None,
            policies: Annotated[str | None, typer.Option(metavar="A,B", help="Only these policies.")] = None,
            force: Annotated[bool, typer.Option("--force/--resume", help="Run again what is kept.")] = False,
            dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan and stop.")] = False,
            figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw pictures.")] = True,
            change: Change = [], rules: Rules = [], json: Json = False, quiet: Quiet = False) -> None:  # noqa: B006
    """Compare policies."""
    from sim.experiment.compare import compare as study
    from sim.experiment.compare import resolve

    chosen = policies.split(",") if policies else None
    if dry_run:
        loaded = resolve(scenario, replicates, seed, change, chosen, rules)
        return _plan(scenario, loaded, jobs, out or Path("results") / loaded.name)
    with Progress(quiet or json) as progress:
        result = study(scenario, replicates, seed, jobs, out, change, chosen, rules, force, progress.tell)
    _say(result)
    wrote = [result.folder / "comparison.csv", result.folder]
    if figures:
        from sim.report.gallery import draw

        wrote.insert(1, draw(result)[0].parent)
    console.finish(wrote, f"mobilise explain --channels --scenario {scenario}")
    if result.findings.failures:
        raise typer.Exit(PARTIAL)


def _say(result: Comparison) -> None:
    from sim.report.text import details, headline

    console.document({**result.findings.to_dict(), "folder": str(result.folder)})
    console.answer(details(result.findings), headline(result.findings))


def _plan(path: str, scenario: Any, jobs: int | None, folder: Path) -> None:
    """Print what would be run: worlds, runs, time and disk."""
    import os

    values = scenario.values()
    own, futures = scenario.replicates, scenario.futures.count
    runs = (own + futures) * len(scenario.policies)
    quarters = values["world.steps"] + values["world.burn_in"]
    workers = jobs or os.cpu_count() or 1
    seconds = runs * quarters * values["world.smes"] * SECONDS_PER_RUN / workers
    content = {"scenario": scenario.name, "policies": [p.name for p in scenario.policies], "own_worlds": own,
               "futures": futures, "ranges": scenario.futures.resolved(), "runs": runs, "jobs": workers,
               "seconds": round(seconds), "megabytes": round(runs * BYTES_PER_RUN / 1e6, 1), "out": str(folder)}
    console.document(content)
    console.answer(_plan_text(content))
    console.finish(then=f"mobilise compare {path}")


def _plan_text(content: dict[str, Any]) -> str:
    ranges = "\n".join(f"    {key}: {low:g} to {high:g}" for key, (low, high) in content["ranges"].items())
    return (f"{content['scenario']}: {content['runs']:,} runs = {len(content['policies'])} policies × "
            f"({content['own_worlds']} worlds with the scenario's own values + {content['futures']} futures)\n"
            f"  policies  {', '.join(content['policies'])}\n"
            f"  time      about {span(content['seconds'])} on {content['jobs']} processes, "
            f"and up to a minute to compile on first use\n"
            f"  disk      about {content['megabytes']} MB in {content['out']}\n"
            f"  futures   drawn from\n{ranges}")


