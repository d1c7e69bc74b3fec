"""The worlds that the benchmark starts from: the engine's own, after its common burn-in."""

from __future__ import annotations

from sim.parameters import make_params
from sim.rules import registry
from sim.scenario.build import policy_rows
from sim.scenario.policy import builtin
from sim.simulation import Simulation, adopt_policy
from sim.world.populate import populate
from sim.world.world import RULE_FAMILIES, World

RULES = {"accept": "standard", "produce": "ces", "trust": "standard", "learn": "standard", "part": "standard",
         "renew": "after_success"}


def populated(smes: int, clusters: int, policy: str, seed: int, burn_in: int = 0) -> World:
    """Return a new world of the default parameters."""
    p = make_params({"world.smes": smes, "world.clusters": clusters, "world.burn_in": burn_in})
    rows = policy_rows([builtin(policy), builtin("same_known_partners"), builtin("neutral")], p)
    rules = {family: registry.rule_id(family, RULES[family]) for family in RULE_FAMILIES}
    world = World(p, rows, rules, seed)
    populate(world)
    return world


def burnt_in(smes: int, clusters: int, policy: str, quarters: int, seed: int) -> World:
    """Return a world of the default parameters after its burn-in, everybody under ``policy``."""
    world = populated(smes, clusters, policy, seed, quarters)
    Simulation(world).burn_in()
    adopt_policy(world)
    return world
