"""The checks behind the trust checklist. Each returns yes, no or not checked, and what was found."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import MobiliseError, ScenarioError
from sim.luck import draw, key, stream
from sim.parameters import PARAMETERS
from sim.record import read_json
from sim.scenario.build import adopt, build
from sim.scenario.load import loads
from sim.scenario.odd_ids import PARTS, ROOT, engine_files, ids_of, instrument_ids, rule_ids
from sim.scenario.scenario import Scenario
from sim.simulation import Simulation

Answer = tuple[bool | None, str]
SMALL = {"world.smes": 60, "world.clusters": 4, "world.burn_in": 1, "world.steps": 6}
VECTORS = {(0, 0, 0, 0): 0xD6A4E0A84661DE39, (1, 2, 3, 4): 0x6837ACDA9ABDC402}
STREAM = ("partnership.accept", 0xFB2BB195F8D1ECBF)
BANNED = {"fastmath", "argpartition", "default_rng", "RandomState", "shuffle"}
BAD = {"a: 1\na: 2\n": "a key twice", "name: x\ntrust: {initail: 1}\n": "a misspelt key",
       "name: x\nworld: {smes: -1}\n": "a number out of range", "name: !!python/name:os.system x\n": "code",
       "name: x\nworld: {smes: no}\n": "a word for a number"}
SAID = {"replicates": ("worlds",), "interval kind": ("95", "student"), "failed runs": ("failed runs",),
        "what is assumed": ("assumed",)}


def ids_are_tied() -> Answer:
    """Whether every id has code and every engine file an id."""
    places = [place for part in PARTS for place in part.code] + [*rule_ids().values(), *instrument_ids().values()]
    gone = [place for place in places if not (ROOT / place).exists()]
    orphans = [file for file in engine_files() if not ids_of(file)]
    wrong = [*gone, *orphans]
    ids = len(PARTS) + len(rule_ids()) + len(instrument_ids())
    return not wrong, f"{ids} ids, {len(engine_files())} files" + (f"; untied: {', '.join(wrong)}" if wrong else "")


def vectors() -> Answer:
    """Whether draws and stream names are the published numbers."""
    wrong = [str(words) for words, value in VECTORS.items() if int(_draw(*words)) != value]
    wrong += [STREAM[0]] if int(stream(STREAM[0])) != STREAM[1] else []
    return not wrong, f"{len(VECTORS) + 1} vectors" + (f"; wrong: {', '.join(wrong)}" if wrong else "")


def _draw(seed: int, purpose: int, step: int, number: int) -> Any:
    inner = key(np.uint64(seed), np.uint64(purpose), np.uint64(step))
    return np.uint64(draw(np.uint64(inner), np.uint64(number)))


def small(scenario: Scenario) -> Scenario:
    """Return the scenario's policies and rules in a world of sixty firms."""
    names = [policy.name for policy in scenario.policies][:2]
    world = "\n".join(f"  {name.partition('.')[2]}: {value}" for name, value in SMALL.items())
    rules = "\n".join(f"  {family}: {rule}" for family, rule in scenario.rules.model_dump().items())
    builtins = [name if _is_builtin(name) else "strategic_mobilisation" for name in names]
    policies = ", ".join(dict.fromkeys([*builtins, "same_known_partners", "solo"]))
    return loads(f"name: small\npolicies: [{policies}]\nworld:\n{world}\nrules:\n{rules}\nchallenges: {{rate: 0.5}}\n")


def _is_builtin(name: str) -> bool:
    from sim.scenario.policy import policy_names

    return name in policy_names()


def simulate(scenario: Scenario, threads: int = 1) -> Simulation:
    """Return a small simulation after its burn-in, its first policy adopted."""
    policy = scenario.policies[0]
    simulation = Simulation(build(scenario, policy, {}, 0), threads=threads)
    simulation.burn_in()
    adopt(simulation.world, scenario, policy)
    return simulation


def state(simulation: Simulation) -> str:
    """Return a hash of organisations, relations and partnerships."""
    world, digest = simulation.world, hashlib.sha256()
    for table, used in ((world.orgs, world.n.organisations), (world.rels, world.n.relations),
                        (world.parts, world.n.partnerships)):
        for name in table.dtype.names:
            digest.update(np.ascontiguousarray(table[name][: int(used)]).tobytes())
    return digest.hexdigest()[:12]


def same_bits(scenario: Scenario) -> Answer:
    """Whether a run repeated, and on two threads, ends in the same bytes."""
    found = []
    for threads in (1, 1, 2):
        simulation = simulate(small(scenario), threads)
        simulation.run()
        found.append(state(simulation))
    ends = ", ".join(dict.fromkeys(found))
    return len(set(found)) == 1, f"state {ends} after {SMALL['world.steps']} quarters, three runs"


def same_start(scenario: Scenario) -> Answer:
    """Whether the world before the comparison is the same under every policy."""
    made = small(scenario)
    found = {policy.name: state(Simulation(build(made, policy, {}, 0))) for policy in made.policies}
    seeds = {int(build(made, policy, {}, 0).seed) for policy in made.policies}
    return len(set(found.values())) == 1 and len(seeds) == 1, f"{len(found)} policies, {len(set(found.values()))} start"


def money(scenario: Scenario) -> Answer:
    """Whether in each quarter the organisations' wealth changes by exactly what the flows say."""
    simulation = simulate(small(scenario))
    world, wrong = simulation.world, 0
    for _ in range(SMALL["world.steps"]):
        before = _wealth(world)
        simulation.step()
        flow = world.flow
        came = flow.value + flow.income + flow.born_capital + flow.grants - flow.programme
        wrong += int(_wealth(world) - before != came - flow.search - flow.coordination - flow.goal - flow.lost_capital)
    return wrong == 0, f"{SMALL['world.steps']} quarters, {wrong} out of balance"


def _wealth(world: Any) -> int:
    return int(world.orgs.capital[: int(world.n.organisations)].sum())


def nothing_banned() -> Answer:
    """Whether the engine's sources name none of a short list that depends on machine or order."""
    found = []
    for file in engine_files():
        for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
            word = node.attr if isinstance(node, ast.Attribute) else node.arg if isinstance(node, ast.keyword) else None
            found += [f"{file}: {word}"] if word in BANNED else []
    said = f"{len(engine_files())} files name none of {', '.join(sorted(BANNED))}"
    return not found, said if not found else f"found {', '.join(found)}"


def bad_files() -> Answer:
    """Whether a few bad scenarios are refused with line and column."""
    wrong = []
    for text, what in BAD.items():
        try:
            loads(text)
            wrong.append(what)
        except ScenarioError as error:
            wrong += [] if error.problems[0].line else [f"{what} (no line)"]
    return not wrong, f"{len(BAD)} bad files" + (f"; not refused well: {', '.join(wrong)}" if wrong else " refused")


def parameters_speak() -> Answer:
    """Whether every parameter has what a reader needs."""
    mute = [p.key for p in PARAMETERS if not (p.unit and p.text and p.source and p.low <= p.default <= p.high)]
    return not mute, f"{len(PARAMETERS)} parameters" + (f"; incomplete: {', '.join(mute)}" if mute else "")


def manifests(results: Path) -> Answer:
    """Whether every kept comparison names result version, engine and scenario."""
    found = sorted(results.glob("*/manifest.json"))
    if not found:
        return None, f"no comparison is kept in {results}"
    wrong = [path.parent.name for path in found if not _speaks(path)]
    return not wrong, f"{len(found)} kept" + (f"; incomplete: {', '.join(wrong)}" if wrong else "")


def _speaks(path: Path) -> bool:
    try:
        text = str(read_json(path))
    except MobiliseError:
        return False
    return all(word in text for word in ("result_version", "seed", "scenario"))


def reports(results: Path) -> Answer:
    """Whether every kept report says what a reader must know."""
    found = sorted(results.glob("*/report.html"))
    if not found:
        return None, f"no report is kept in {results}"
    wrong = []
    for path in found:
        text = path.read_text(encoding="utf-8").lower()
        wrong += [f"{path.parent.name}: "
                  f"{what}" for what, words in SAID.items() if not all(word in text for word in words)]
    return not wrong, f"{len(found)} kept" + (f"; not said: {'; '.join(wrong)}" if wrong else "")


def can_reproduce() -> Answer:
    """Whether the engine can run a kept study's runs again and compare."""
    from sim.experiment import keeping

    there = hasattr(keeping, "reproduce")
    return there, "sim.experiment.keeping.reproduce" if there else "there is no such function"
