"""Verbs about study files: sweep and regime (and what all of them share)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.console import console
from sim.cli.options import Change, Force, Jobs, Json, Out, Quiet, Rules, Seed, again
from sim.cli.progress import Progress, counted, span
from sim.errors import UsageError
from sim.experiment.findings import AHEAD, BEHIND, OPEN

if TYPE_CHECKING:
    from sim.experiment.campaign import How
    from sim.scenario.load_study import Study

SWEEP = """Run a study: policies × futures × replicates. Stopped at any moment, it goes on from there.

\b
  mobilise sweep experiments/adopters.yaml
  mobilise sweep experiments/adopters.yaml --dry-run
  mobilise sweep experiments/adopters.yaml --shard 2/8                    one of eight array jobs
  mobilise sweep experiments/adopters.yaml --scheduler tcp://head:8786    on a Dask cluster
"""
REGIME = """Draw the regime map: for two conditions, which policy wins where, by how much, and where it cannot be told.

\b
  mobilise regime experiments/regime_face.yaml
  mobilise regime experiments/regime_face.yaml --set map.refine=3 --set replicates=10
"""
SENSITIVITY = """Say what decides: which conditions move the difference between two policies, and which turn it.

\b
  mobilise sensitivity experiments/what_decides_morris.yaml    screen many conditions
  mobilise sensitivity experiments/what_decides_sobol.yaml     share out the variance among few
"""
CALIBRATE = """Find conditions under which outcomes come close to what was observed; keep them as futures for compare.

\b
  mobilise calibrate experiments/calibrate_trust.yaml
"""
PARTIAL = 4
BYTES_PER_RUN = 1200
StudyFile = Annotated[str, typer.Argument(metavar="STUDY", help="A study file, or the name of a shipped one.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the plan and stop.")]
Scheduler = Annotated[str | None, typer.Option(metavar="tcp://HOST:PORT", help="Run on this Dask cluster.")]
ShardOf = Annotated[str | None, typer.Option("--shard", metavar="K/N", help="Run only the k-th of n parts.")]
Boxes = Annotated[bool, typer.Option("--boxes", help="Say where it is behind or open (needs mobilise[discovery]).")]
Figures = Annotated[bool, typer.Option("--figures/--no-figures", help="Draw pictures.")]


def opened(path: str, change: list[str], seed: int | None) -> Study:
    """Return the study in a file, as the options change it."""
    from sim.cli.options import overrides
    from sim.scenario.load_study import load_study

    return load_study(path, overrides(change, seed))


@contextlib.contextmanager
def how(path: str, jobs: int | None, scheduler: str | None, shard: str | None, force: bool, rules: list[str],
        ) -> Iterator[How]:
    """Give how a study is run, with progress on stderr."""
    from sim.experiment.campaign import How, Shard

    part = Shard.of(shard) if shard else None
    with contextlib.ExitStack() as stack:
        pool = None
        if scheduler:
            from sim.experiment.pools import Cluster

            pool = stack.enter_context(contextlib.closing(Cluster(scheduler)))
        progress = stack.enter_context(Progress(console.quiet or console.json))
        yield How(jobs, pool, part, force, progress.tell, progress.note, path, tuple(rules))


def finish(found: Any, text: str, strong: str, wrote: list[Path], then: str) -> None:
    """Say the answer of a study, what was written and what to do next; exit 4 when a run failed."""
    console.document(found.to_dict())
    console.answer(text, strong)
    console.finish(wrote, then)
    if found.failures:
        raise typer.Exit(PARTIAL)


def sweep(study: StudyFile, jobs: Jobs = None, out: Out = None, force: Force = False, dry_run: DryRun = False,
          scheduler: Scheduler = None, shard: ShardOf = None, boxes: Boxes = False, seed: Seed = None,
          change: Change = [], rules: Rules = [], json: Json = False, quiet: Quiet = False) -> None:  # noqa: B006
    """Run a study."""
    from sim.experiment.sweep import TABLE
    from sim.experiment.sweep import sweep as run
    from sim.report.text_studies import sweep_text

    loaded = opened(study, change, seed)
    if dry_run:
        plan(loaded, jobs, out, "sweep", again(["mobilise", "sweep", study], change, seed, rules))
        return
    with how(study, jobs, scheduler, shard, force, rules) as way:
        found = run(loaded, out, way)
    strong, text = sweep_text(found)
    if boxes:
        from sim.experiment.discovery import boxes as find
        from sim.report.text_studies import boxes_text

        text += "\n\n" + boxes_text(find(found.rows, (BEHIND, OPEN, AHEAD)))
    finish(found, text, strong, [found.folder / TABLE], next_verb(loaded, study, found.folder))


def next_verb(study: Study, path: str, folder: Path) -> str:
    """Return the useful command after a sweep."""
    if study.text.map is not None:
        return f"mobilise regime {path}"
    if study.text.design.kind in ("sobol", "morris"):
        return f"mobilise sensitivity {path}"
    return f"mobilise export {folder}"


def regime(study: StudyFile, jobs: Jobs = None, out: Out = None, force: Force = False, dry_run: DryRun = False,
           scheduler: Scheduler = None, shard: ShardOf = None, figures: Figures = True, seed: Seed = None,
           change: Change = [], rules: Rules = [], json: Json = False, quiet: Quiet = False) -> None:  # noqa: B006
    """Draw the regime map."""
    from sim.experiment.regime import TABLE
    from sim.experiment.regime import regime as run
    from sim.report.text_studies import regime_text

    loaded = opened(study, change, seed)
    if dry_run:
        plan(loaded, jobs, out, "regime", again(["mobilise", "regime", study], change, seed, rules))
        return
    with how(study, jobs, scheduler, shard, force, rules) as way:
        found = run(loaded, out, way)
    strong, text = regime_text(found)
    wrote = [found.folder / TABLE]
    if figures and way.shard is None:
        from sim.report.study_gallery import draw_regime

        wrote += draw_regime(found)
    finish(found, text, strong, wrote, f"mobilise export {found.folder}")


def plan(study: Study, jobs: int | None, out: Path | None, verb: str, then: str) -> None:
    """Print what would be run: futures, runs, time and disk."""
    from sim.experiment.campaign import folder_for
    from sim.experiment.pools import cores
    from sim.experiment.sizes import size_of
    from sim.scenario.budget import gigabytes

    size, workers = size_of(study, verb), jobs or cores()
    content = {"study": study.text.name, "policies": [policy.name for policy in study.policies],
               "futures": size.futures, "replicates": size.replicates, "at_most": size.at_most, "runs": size.runs,
               "jobs": workers, "seconds": round(2.5 + size.seconds / workers, 1),
               "megabytes": round(size.runs * BYTES_PER_RUN / 1e6, 3), "out": str(folder_for(study, out))}
    most = "at most " if size.at_most else ""
    console.document(content)
    console.answer("\n".join([
        f"{study.text.name}: {most}{size.runs:,} runs = {len(study.policies)} policies × {size.futures:,} futures × "
        f"{most}{size.replicates} replicates",
        *(["  futures   one of them is the scenario's own values, run first"] if verb != "calibrate" else []),
        f"  policies  {', '.join(content['policies'])}",  # type: ignore[arg-type]
        f"  time      {most}about {span(content['seconds'])} on {counted(workers, 'process', 'processes')}, "  # type: ignore[arg-type]
        "and up to a minute more to compile on first use",
        f"  disk      {most}about {gigabytes(size.runs * BYTES_PER_RUN)} in {content['out']}"]))
    console.finish(then=then)


def sensitivity(study: StudyFile, jobs: Jobs = None, out: Out = None, force: Force = False, dry_run: DryRun = False,
                scheduler: Scheduler = None, shard: ShardOf = None, figures: Figures = True, seed: Seed = None,
                change: Change = [], rules: Rules = [], json: Json = False, quiet: Quiet = False) -> None:  # noqa: B006
    """Say what decides."""
    from sim.experiment.sensitivity import TABLE
    from sim.experiment.sensitivity import sensitivity as run
    from sim.report.text_sensitivity import sensitivity_text

    loaded = opened(study, change, seed)
    if dry_run:
        plan(loaded, jobs, out, "sensitivity", again(["mobilise", "sensitivity", study], change, seed, rules))
        return
    with how(study, jobs, scheduler, shard, force, rules) as way:
        if way.shard is not None:
            raise UsageError("--shard: run the parts with mobilise sweep, then mobilise sensitivity once")
        found = run(loaded, out, way)
    strong, text = sensitivity_text(found)
    wrote = [found.folder / TABLE]
    if figures:
        from sim.report.study_gallery import draw_sensitivity

        wrote += draw_sensitivity(found)
    finish(found, text, strong, wrote, f"mobilise export {found.folder}")


def calibrate(study: StudyFile, jobs: Jobs = None, out: Out = None, force: Force = False, dry_run: DryRun = False,
              scheduler: Scheduler = None, shard: ShardOf = None, seed: Seed = None,
              change: Change = [], rules: Rules = [], json: Json = False, quiet: Quiet = False) -> None:  # noqa: B006
    """Bring outcomes close to what was observed."""
    from sim.experiment.calibrate import calibrate as run
    from sim.report.text_calibrate import calibration_text

    loaded = opened(study, change, seed)
    if dry_run:
        plan(loaded, jobs, out, "calibrate", again(["mobilise", "calibrate", study], change, seed, rules))
        return
    with how(study, jobs, scheduler, shard, force, rules) as way:
        found = run(loaded, out, way)
    strong, text = calibration_text(found)
    then = f"mobilise compare {loaded.text.scenario.rsplit('/', 1)[-1]} --set futures.file={found.file}"
    finish(found, text, strong, [found.file, found.folder / "trials.csv"], then)
