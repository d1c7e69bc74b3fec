"""A recording: two to four policies in one world, complete enough to be played without the engine.

The format is documented by ``recording.schema.json`` beside this file. Quarter 0 is the end of the shared
burn-in; quarter t is the state after t compared quarters. Organisations are numbered once for all runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.app.levers import levers
from sim.app.tape import FOREVER, Watch, derive, fixes, partnership_columns, steps_of, watched
from sim.errors import UsageError
from sim.run import RunResult, RunSpec, begin, conclude, find_policy, set_out
from sim.vocab import Kind, Reason, Source

if TYPE_CHECKING:
    from sim.instruments.common.programme import Programme
    from sim.scenario.scenario import Scenario

FORMAT, VERSION = "mobilise-recording", 1
MOST_RUNS = 4
MOST_ORGANISATIONS = 20_000
CENTS = 1e-5
DIGITS = 4  # significant digits kept of a series
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Lane:
    """One run to be recorded.

    Parameters
    ----------
    spec : scenario, policy and world. label : what people call it.
    then, at : the run as it goes on after quarter ``at`` (another policy, other parameters), or None.
    """

    spec: RunSpec
    label: str
    then: RunSpec | None = None
    at: int = 0


@dataclass
class Taped:
    """A lane that was run."""

    lane: Lane
    result: RunResult
    watch: Watch
    founders: int


def record(lanes: Sequence[Lane], about: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Run the lanes in one world and return the recording.

    Parameters
    ----------
    lanes : one to four; scenario, future and replicate of all agree.
    about : what the recording says besides: ``headline`` (text), ``worlds`` (gaps of all paired worlds), ``lesson``.
    """
    check(lanes)
    world = begin(lanes[0].spec)
    founders = int(world.n.organisations)
    past = _past(world)
    taped = [_tape(lane, world.copy(), founders) for lane in lanes]
    newborn, columns = _organisations(taped, founders)
    scenario = lanes[0].spec.scenario
    runs = [_run(one, past, newborn) for one in taped]
    return {"format": FORMAT, "version": VERSION, "scenario": scenario.name, "question": scenario.question,
            "look_for": scenario.look_for, "replicate": lanes[0].spec.replicate, "future": lanes[0].spec.future,
            "quarters": len(taped[0].watch.trust) - 1, "words": _words(), "organisations": columns,
            "clusters": _clusters(taped[0].result.world), "past": _columns_of(past), "marks": marks(scenario),
            "levers": levers(scenario, [find_policy(scenario, (lane.then or lane.spec).policy) for lane in lanes]),
            "runs": runs, **(about or {})}


def check(lanes: Sequence[Lane]) -> None:
    """Refuse what cannot be played, with the limit."""
    if not 1 <= len(lanes) <= MOST_RUNS:
        raise UsageError(f"a recording holds 1 to {MOST_RUNS} policies, not {len(lanes)}")
    if len({(lane.spec.future, lane.spec.values, lane.spec.replicate) for lane in lanes}) > 1:
        raise UsageError("a recording shows one world: one future, one replicate")
    size = lanes[0].spec.scenario.values()["world.smes"]
    if size > MOST_ORGANISATIONS:
        raise UsageError(f"{size:,.0f} organisations are too many to watch; a recording holds at most "
                         f"{MOST_ORGANISATIONS:,} (--set world.smes=2000)")


def _tape(lane: Lane, world: Any, founders: int) -> Taped:
    from sim.outcomes.registry import start_of

    simulation = set_out(lane.spec, world, log=True)
    start, watch = start_of(world), Watch(int(world.n.step))
    quarters = int(world.p.world_steps)
    watched(simulation, lane.at if lane.then else quarters, watch)
    if lane.then:
        turn(world, lane.spec, lane.then)
        simulation.programmes = still_in_force(simulation.programmes, lane)
        watch.trust.pop()
        watched(simulation, quarters - lane.at, watch)
    return Taped(lane, conclude(lane.then or lane.spec, simulation, start), watch, founders)


def turn(world: Any, before: RunSpec, after: RunSpec) -> None:
    """Let a running world go on under another policy or other parameters."""
    from sim.parameters import BY_KEY
    from sim.scenario.build import adopt

    old, new = before.scenario.values(), after.scenario.values()
    for key in (key for key in new if new[key] != old[key]):
        if key.startswith("world."):
            raise UsageError(f"{key} cannot change while the world runs")
        world.p[BY_KEY[key].name] = new[key]
    adopt(world, after.scenario, find_policy(after.scenario, after.policy))


def still_in_force(programmes: Sequence[Programme], lane: Lane) -> tuple[Programme, ...]:
    """Return a run's programmes as its branch leaves them: those its policy is without make no more calls.

    What they promised is paid. Programmes that the run did not have do not begin: there is no money set aside for them.
    """
    assert lane.then is not None
    policy = find_policy(lane.then.scenario, lane.then.policy)
    kept = {one.name for one in lane.then.scenario.in_force(policy)}
    return tuple(replace(one, money=one.money and policy.grants) if one.name in kept
                 else replace(one, end=min(one.end, lane.at - 1)) for one in programmes)


def _past(world: Any) -> list[list[int]]:
    """Return [organisation, organisation, first, last] of those who had worked together before the comparison."""
    since = int(world.n.step)
    rels = world.rels[: int(world.n.relations)]
    rels = rels[(rels.times > 0) | (rels.running > 0)]
    first, last = (rels[name].astype(np.int64) - since + 1 for name in ("first", "last"))
    return np.stack([rels.a, rels.b, first, last], axis=1).tolist()


def _columns_of(past: list[list[int]]) -> dict[str, list[int]]:
    return {name: [row[k] for row in past] for k, name in enumerate(("a", "b", "first", "last"))}


Newborn = dict[int, int]


def _organisations(taped: Sequence[Taped], founders: int) -> tuple[Newborn, dict[str, Any]]:
    """Return the number of each newborn uid, and the columns of all organisations that live in any run."""
    rows: dict[int, Any] = {}
    for one in taped:
        orgs = one.result.world.orgs[founders: int(one.result.world.n.organisations)]  # type: ignore[union-attr]
        rows |= {int(org.uid): org for org in orgs if int(org.uid) not in rows}
    order = sorted(rows, key=lambda uid: (int(rows[uid].born), uid))
    first = taped[0].result.world.orgs[:founders]  # type: ignore[union-attr]
    everybody = [*first, *(rows[uid] for uid in order)]
    since = taped[0].watch.since
    columns = {name: [int(org[name]) for org in everybody] for name in ("kind", "cluster", "sector", "country")}
    born = [int(rows[uid].born) - since + 1 for uid in order]
    return ({uid: founders + k for k, uid in enumerate(order)},
            {**columns, "founders": founders, "born": born})


def _node(one: Taped, newborn: Newborn) -> Array:
    """Return the recording's number of each row of a run's organisations."""
    world: Any = one.result.world
    later = [newborn[int(uid)] for uid in world.orgs.uid[one.founders: int(world.n.organisations)]]
    return np.array([*range(one.founders), *later], np.int64)


def _run(one: Taped, past: list[list[int]], newborn: Newborn) -> dict[str, Any]:
    world: Any = one.result.world
    node, since = _node(one, newborn), one.watch.since
    columns, found = partnership_columns(one.result, since, node)
    left = world.orgs.left[: len(node)]
    gone = {int(node[row]): int(left[row]) - since + 1 for row in np.flatnonzero(left >= 0)}
    until = np.full(one.founders + len(newborn), FOREVER)
    until[list(gone)] = list(gone.values())
    rels = world.rels[: int(world.n.relations)]
    wrong, level = fixes(derive(past, found), one.watch, node[np.stack([rels.a, rels.b], 1)], until)
    policy = find_policy(one.result.spec.scenario, one.result.spec.policy)
    there = set(node.tolist())
    return {"policy": policy.name, "label": one.lane.label, "text": policy.text,
            "branch": {"at": one.lane.at, "of": one.lane.spec.policy} if one.lane.then else None,
            "gone": [[k, gone[k]] for k in sorted(gone)],
            "absent": [k for k in sorted(newborn.values()) if k not in there],
            "partnerships": columns, "trust": steps_of(level), "fixes": wrong,
            "series": _series(one.result), "totals": {k: _short(v) for k, v in one.result.totals.items()}}


def _series(result: RunResult) -> dict[str, list[float | None]]:
    """Return the series that the page draws, money in kEUR per organisation alive at the start."""
    given, scale = result.series, CENTS / max(result.start, 1)
    costs = given["search"] + given["coordination"] + given["goal"]
    with np.errstate(invalid="ignore", divide="ignore"):
        repeat = given["repeat_pairs"] / given["pairs"]
        won = given["succeeded"] / (given["succeeded"] + given["failed"] + given["broken"])
    drawn = {"net": (given["value"] - costs) * scale, "search": given["search"] * scale,
             "work": (given["coordination"] + given["goal"]) * scale, "ties": given["ties"],
             "trust": given["team_trust"], "repeat": repeat, "won": won, "formed": given["formed"]}
    return {name: [_short(value) for value in values] for name, values in drawn.items()}


def _short(value: float) -> float | None:
    number = float(f"{float(value):.{DIGITS}g}")
    return number if np.isfinite(number) else None


def _words() -> dict[str, list[str]]:
    """Return the names that codes stand for, in their order."""
    from sim.rules.registry import names

    return {"kinds": [kind.name.lower() for kind in Kind], "reasons": [reason.name.lower() for reason in Reason],
            "sources": [source.name.lower() for source in Source], "terms": ["", *names("terms")]}


def _clusters(world: Any) -> dict[str, list[int]]:
    rows = world.clusters[: int(world.n.clusters)]
    return {"sector": rows.sector.tolist(), "hub": rows.org.tolist()}


def marks(scenario: Scenario) -> list[dict[str, Any]]:
    """Return dated things for the scrubber: shocks, and the start and end of programmes where there are any."""
    found: list[dict[str, Any]] = [{"t": shock.at, "kind": "shock", "text": shock.kind.replace("_", " ")}
                                   for shock in scenario.shocks]
    for one in scenario.instruments:
        name = one.name.replace("_", " ")
        found += [{"t": one.start, "kind": "programme", "text": f"{name} starts"},
                  {"t": one.end, "kind": "programme", "text": f"{name} ends"}]
    steps = int(scenario.values()["world.steps"])
    found = [mark for mark in found if mark["t"] <= steps]
    return sorted(found, key=lambda mark: (mark["t"], mark["text"]))




def lanes_of(scenario: Scenario, policies: Sequence[str], replicate: int = 0, future: int = 0,
             rules: Sequence[str] = ()) -> list[Lane]:
    """Return one lane for each policy in one world of a scenario."""
    from sim.experiment.design import FUTURES_FROM, futures

    values: tuple[tuple[str, float], ...] = ()
    if future:
        drawn = futures(scenario)
        if future > len(drawn):
            raise UsageError(f"future {future}: the scenario draws {len(drawn)} plausible futures")
        values, replicate = drawn[future - 1], FUTURES_FROM + future - 1
    return [Lane(RunSpec(scenario, find_policy(scenario, name).name, future, values, replicate, tuple(rules)),
                 name.replace("_", " ")) for name in policies]


def branch(lane: Lane, at: int, scenario: Scenario, policy: str, label: str) -> Lane:
    """Return a lane that shares the past of ``lane`` until quarter ``at`` and then goes on otherwise."""
    return Lane(lane.spec, label, replace(lane.spec, scenario=scenario, policy=policy), at)


