"""Verbs about one run: run, and why a partnership formed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.console import console
from sim.cli.options import Change, Json, Quiet, Rules, Scenario, Seed, overrides
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.run import RunResult, RunSpec

HELP = """Run one policy in one world and say what came of it.

\b
  mobilise run scenarios/classroom.yaml --policy strategic_mobilisation --replicate 3
"""


def run(scenario: Scenario,
        policy: Annotated[str | None, typer.Option(help="One of the scenario's policies; default: the focus.")] = None,
        replicate: Annotated[int, typer.Option(min=0, help="Which world: number of the luck.")] = 0,
        future: Annotated[int, typer.Option(min=0, help="Which plausible future; 0: own values.")] = 0,
        out: Annotated[Path, typer.Option("--out", "-o", help="Folder for results.")] = Path("results"),
        seed: Seed = None, change: Change = [], rules: Rules = [], json: Json = False,  # noqa: B006
        quiet: Quiet = False) -> None:
    """Run one policy in one world."""
    from sim.experiment.store import Store
    from sim.run import run as run_one

    spec = plan(scenario, policy, replicate, future, change, seed, rules)
    result = run_one(spec)
    store = Store(out / spec.scenario.name / "single")
    store.keep([result])
    console.document({"run_id": spec.run_id, "policy": spec.policy, "future": spec.future,
                      "replicate": spec.replicate, "values": dict(spec.values), "totals": result.totals,
                      "series": {name: values.tolist() for name, values in result.series.items()},
                      "manifest": result.manifest})
    console.answer(_totals(result), f"{spec.policy} in world {spec.replicate} of {spec.scenario.name}")
    console.finish([store.folder], f"mobilise compare {scenario}")


def plan(scenario: str, policy: str | None, replicate: int, future: int, change: list[str], seed: int | None,
         rules: list[str]) -> RunSpec:
    """Return the run that the options name."""
    from sim.run import RunSpec, find_policy
    from sim.scenario.load import load

    loaded = load(scenario, overrides(change, seed))
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
    from sim.outcomes.registry import outcomes
    from sim.report.numbers import places, plain, words
    from sim.report.table import table

    known = outcomes()
    rows = [[words(name), plain(value, places(value)) if value == value else "–", known[name].unit, known[name].text]
            for name, value in result.totals.items()]
    return table(["outcome", "value", "unit", "meaning"], rows, numeric=(1,))


def explain_partnership(scenario: str, number: int, policy: str | None, replicate: int, change: list[str],
                        seed: int | None, rules: list[str]) -> None:
    """Say why a partnership formed: what was asked for, who was considered, who came and who declined."""
    from sim.report.why import explanation, why
    from sim.run import run as run_one

    spec = plan(scenario, policy, replicate, 0, change, seed, rules)
    world: Any = run_one(spec, log=True).world
    count = int(world.n.partnerships)
    if number >= count:
        raise UsageError(f"--partnership {number}: this run formed {count} partnerships, numbered from 0")
    story = why(world, number)
    console.document(story)
    console.answer(explanation(story), f"Partnership {number} under {spec.policy}, world {replicate}")
    console.finish(then=f"mobilise run {scenario} --policy {spec.policy} --replicate {replicate}")
