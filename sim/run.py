"""One run: a scenario, a policy, a future and a replicate in; series, outcomes and a manifest out.

A run is a pure function of its `RunSpec`. All policies of one world (future and replicate) share
what came before the comparison: the world is built and burnt in once, then copied for each policy.
"""

from __future__ import annotations

import hashlib
import json
import platform
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import UsageError, nearest

if TYPE_CHECKING:
    from sim.outcomes.registry import Start
    from sim.scenario.policy import Policy
    from sim.scenario.scenario import Scenario
    from sim.simulation import Simulation
    from sim.world.world import World

RESULT_VERSION = 12  # raised whenever the same run gives other numbers; see CHANGELOG, tag OUTPUT
HERE = Path(__file__).parent
NOT_THE_MODEL = {"cli", "report", "app", "experiment", "mesa_face.py", "__main__.py"}
MOST_ARMS = 1000
_ARMS: dict[int, tuple[Scenario, dict[str, str]]] = {}  # holds each scenario, so that no other takes its id
NOT_THE_RUN = {"policies", "baseline", "focus", "replicates", "futures"}


@cache
def engine() -> str:
    """Return 16 hex digits over the model's sources: numbers of another engine are not mixed with these."""
    digest = hashlib.sha256(f"result version {RESULT_VERSION}".encode())
    for file in sorted(HERE.rglob("*")):
        path = file.relative_to(HERE)
        if path.suffix in (".py", ".yaml") and not NOT_THE_MODEL & {path.parts[0]}:
            digest.update(path.as_posix().encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def checksum_of(path: str) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


@dataclass(frozen=True)
class RunSpec:
    """One planned run; plain, picklable, named by the hash of all that decides its result.

    Parameters
    ----------
    scenario : the validated scenario.
    policy : name of one of its policies.
    future, values : number of the future (0: the scenario's own values) and what it changes,
        as pairs of address and value.
    replicate : number of the luck; with the scenario's seed it gives the run seed.
    rules : the user's rule files, named on the command line.
    """

    scenario: Scenario
    policy: str
    future: int = 0
    values: tuple[tuple[str, float], ...] = ()
    replicate: int = 0
    rules: tuple[str, ...] = ()

    def content(self) -> dict[str, Any]:
        """Return all that decides the result, as JSON-able data."""
        return {**arm_content(self.scenario, self.policy, self.rules), "values": dict(self.values),
                "replicate": self.replicate}

    @cached_property
    def run_id(self) -> str:
        """First 32 hex digits of SHA-256 over what the arm, the future and the luck are."""
        text = json.dumps([arm_hash(self.scenario, self.policy, self.rules), self.values, self.replicate])
        return sha256(text)[:32]


def arm_content(scenario: Scenario, policy: str, rules: tuple[str, ...]) -> dict[str, Any]:
    """Return what all runs of a policy in a scenario share, whatever the future and the luck."""
    canonical = scenario.canonical()
    content: dict[str, Any] = {key: canonical[key] for key in canonical if key not in NOT_THE_RUN}
    content["policy"] = scenario.arm(find_policy(scenario, policy))
    if float(canonical.get("adopters", 1.0)) < 1.0:
        content["others"] = find_policy(scenario, scenario.baseline).canonical()
    content.update(result_version=RESULT_VERSION, rule_files=[checksum_of(path) for path in rules])
    return content


def arm_hash(scenario: Scenario, policy: str, rules: tuple[str, ...]) -> str:
    """Return the SHA-256 of `arm_content`; a scenario never changes, so each arm is hashed once."""
    if id(scenario) not in _ARMS:
        while len(_ARMS) >= MOST_ARMS:
            del _ARMS[next(iter(_ARMS))]
        _ARMS[id(scenario)] = (scenario, {})
    known = _ARMS[id(scenario)][1] if not rules else {}  # a rule file may change while we live
    if policy not in known:
        content = arm_content(scenario, policy, rules)
        known[policy] = sha256(json.dumps(content, sort_keys=True, separators=(",", ":"), default=str))
    return known[policy]


def sha256(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class RunResult:
    """What one run gave.

    Parameters
    ----------
    spec : what was run.
    series : name to [steps] float64, one value for each compared quarter (`sim.outcomes.observe`).
    totals : value of each outcome.
    sectors : [sectors, sectors] float64, ties alive at the end.
    start : organisations alive when the comparison began.
    manifest : versions, hashes and seeds.
    accounts : [instruments, `sim.outcomes.accounts.FIELDS`] float64, the money of each instrument in force.
    world : the world at the end; stays in the process that ran it.
    """

    spec: RunSpec
    series: dict[str, np.ndarray[Any, Any]]
    totals: dict[str, float]
    sectors: np.ndarray[Any, Any]
    start: int
    manifest: dict[str, Any] = field(default_factory=dict)
    accounts: np.ndarray[Any, Any] = field(default_factory=lambda: np.zeros((0, 0)))
    world: World | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "world": None}


@dataclass(frozen=True)
class Broken:
    """A run that raised an error, and what the error said."""

    spec: RunSpec
    error: str
    traceback: str


def find_policy(scenario: Scenario, name: str) -> Policy:
    """Return one of the scenario's policies, or a built-in one, by name; `UsageError` names the nearest."""
    from sim.scenario.policy import policy_names

    names = [policy.name for policy in scenario.policies]
    if name in names or name in policy_names():
        return scenario.policy(name)
    close = nearest(name, (*names, *policy_names()))
    hint = f"; did you mean '{close}'?" if close else ""
    raise UsageError(f"the scenario has no policy '{name}'; it has {', '.join(names)}{hint}")


def manifest_of(spec: RunSpec) -> dict[str, Any]:
    """Return what is needed to make this run again and to tell whether it is the same."""
    import numba

    return {"run_id": spec.run_id, "scenario": spec.scenario.canonical(), "policy": spec.policy,
            "future": spec.future, "values": dict(spec.values), "replicate": spec.replicate,
            "result_version": RESULT_VERSION, "engine": engine(), "python": platform.python_version(),
            "numpy": np.__version__, "numba": numba.__version__}


def begin(spec: RunSpec, threads: int = 1) -> World:
    """Build the world of ``spec`` and burn it in under the neutral policy."""
    from sim.rules import registry
    from sim.scenario.build import build
    from sim.simulation import Simulation

    for path in spec.rules:
        registry.add_user_file(Path(path))
    policy = find_policy(spec.scenario, spec.policy)
    world = build(spec.scenario, policy, dict(spec.values), spec.replicate)
    Simulation(world, threads=threads).burn_in()
    return world


def set_out(spec: RunSpec, world: World, log: bool = False, threads: int = 1) -> Simulation:
    """Return the clock of one policy, at the end of the burn-in; ``world`` is changed in place."""
    from sim.scenario.build import adopt, programmes_of
    from sim.simulation import Simulation

    policy = find_policy(spec.scenario, spec.policy)
    adopt(world, spec.scenario, policy)
    return Simulation(world, shocks=spec.scenario.dated_shocks(), log=log, threads=threads,
                      programmes=programmes_of(spec.scenario, policy, world.p))


def conclude(spec: RunSpec, simulation: Simulation, start: Start) -> RunResult:
    """Return what a run gave that began at ``start``."""
    from sim.outcomes.accounts import accounts
    from sim.outcomes.network import sector_ties
    from sim.outcomes.registry import Record, measure

    world = simulation.world
    record = Record(simulation.series, world, start)
    return RunResult(spec, dict(simulation.series), measure(record), sector_ties(record), start.alive,
                     manifest_of(spec), accounts(record), world)


def _arm(spec: RunSpec, world: World, log: bool, threads: int = 1) -> RunResult:
    """Run one policy from the end of the burn-in."""
    from sim.outcomes.registry import start_of

    simulation = set_out(spec, world, log, threads)
    start = start_of(world)
    simulation.run(int(world.p.world_steps))
    return conclude(spec, simulation, start)


def run_each(specs: Sequence[RunSpec], log: bool = False) -> Iterator[RunResult | Broken]:
    """Run all policies of one world one after the other; an error in one spares the others."""
    try:
        world = begin(specs[0])
    except Exception as problem:
        yield from (_broken(spec, problem) for spec in specs)
        return
    for number, spec in enumerate(specs, 1):
        try:
            yield _arm(spec, world if number == len(specs) else world.copy(), log)
        except Exception as problem:
            yield _broken(spec, problem)


def _broken(spec: RunSpec, problem: Exception) -> Broken:
    trace = "".join(traceback.format_exception(problem))
    return Broken(spec, f"{type(problem).__name__}: {problem}", trace)


def run_world(specs: Sequence[RunSpec], log: bool = False) -> list[RunResult]:
    """Run all policies of one world (same scenario, future and replicate); raise on the first error.

    The world is built and burnt in once, then copied for each policy but the last, which may have it.
    """
    if len({(spec.future, spec.values, spec.replicate) for spec in specs}) > 1:
        raise UsageError("run_world takes the policies of one world: one future, one replicate")
    if not specs:
        return []
    world = begin(specs[0])
    return [_arm(spec, world if number == len(specs) else world.copy(), log) for number, spec in enumerate(specs, 1)]


def run(spec: RunSpec, threads: int = 1) -> RunResult:
    """Run one spec on so many threads, which change no bit."""
    return _arm(spec, begin(spec, threads), False, threads)
