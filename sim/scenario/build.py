"""From text to a world: parameters, policies and rules become rows and numbers; then it is populated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.luck import draw, key, stream
from sim.parameters import make_params
from sim.rules import registry
from sim.scenario.instrument import programmes
from sim.scenario.own_world import own_world
from sim.scenario.policy import NEUTRAL, builtin
from sim.scenario.tables import read_relatedness
from sim.vocab import Mode, Search, Side, Source
from sim.world import tables as t
from sim.world.from_tables import populate_from
from sim.world.populate import populate
from sim.world.world import RULE_FAMILIES, World

if TYPE_CHECKING:
    from sim.instruments.common.programme import Programme
    from sim.scenario.policy import Policy
    from sim.scenario.scenario import Scenario

RUN_SEED = stream("run.seed")
SEARCH_KEYS = {Source.KNOWN: "known", Source.PARTNERS_OF_PARTNERS: "referred", Source.OWN_CLUSTER: "own",
               Source.BRIDGED_CLUSTERS: "bridged", Source.OPEN_CALL: "open",
               Source.OLD_TEAMS: "known", Source.BY_ACTIVITY: "open"}
ALL_PROFILES = 64
SAME_NAME = ("enough", "min_gain", "renew", "p", "q", "threshold", "max_size", "sees_truth", "ask_all",
             "candidates")


def build(scenario: Scenario, policy: Policy, future: Mapping[str, float], replicate: int) -> World:
    """Return the world of one future and replicate as it stands before the burn-in.

    Parameters
    ----------
    scenario, policy : what is studied; everybody follows the neutral policy until `adopt`.
    future : parameter address to the value it has in this future; empty for the scenario's own.
    replicate : number of the luck. The run seed comes from it and the scenario's seed alone, never
        from policy or future, so the same organisations meet the same luck in every arm.
    """
    own = own_world(scenario)
    counts = own.counts() if own else {}
    p = make_params({**scenario.values(), **counts, **future})
    rules = {family: registry.rule_id(family, getattr(scenario.rules, family)) for family in RULE_FAMILIES}
    world = World(p, arms(scenario, policy, p), rules, run_seed(scenario.seed, replicate))
    if scenario.tables.relatedness:
        world.set_relatedness(read_relatedness(scenario.tables.relatedness, int(p.world_fields)))
    if own:
        populate_from(world, own)
    else:
        populate(world)
    world.orgs.policy[:] = Side.NEUTRAL
    return world


def adopt(world: World, scenario: Scenario, policy: Policy) -> None:
    """Begin the comparison: the scenario's share of adopters follows ``policy``, the rest the baseline."""
    from sim.simulation import adopt_policy

    world.pol = arms(scenario, policy, world.p)
    world.plan_member = world.plan_member[:0]  # the largest team may differ: plans are laid out anew
    adopt_policy(world, float(scenario.adopters))


def programmes_of(scenario: Scenario, policy: Policy, p: Any) -> tuple[Programme, ...]:
    """Return the instruments in force under a policy, as the engine takes them."""
    def row(name: str) -> Any:
        return policy_rows((builtin(name),), p)[0]

    return programmes(scenario.in_force(policy), policy.grants, row)


def run_seed(seed: int, replicate: int) -> int:
    """Return the seed of all luck of one replicate."""
    return int(draw(np.uint64(key(np.uint64(seed), RUN_SEED, 0)), np.uint64(replicate)))


def arms(scenario: Scenario, policy: Policy, p: Any) -> Any:
    """Return the three rows of policies a world knows: under study, of non-adopters, of the burn-in."""
    baseline = scenario.policy(scenario.baseline) if scenario.baseline else policy
    return policy_rows((policy, baseline, builtin(NEUTRAL)), p)


def policy_rows(policies: Sequence[Policy], p: Any) -> Any:
    """Return one row of `tables.POLICIES` for each policy, under the parameters ``p``."""
    rows = t.POLICIES.allocate(len(policies))
    for number, policy in enumerate(policies):
        _write_policy(rows[number], policy)
        for source in registry.rules("sources"):
            _write_source(rows[number], policy, source.name, source.id, p)
    return rows


def _write_policy(row: Any, policy: Policy) -> None:
    for name in SAME_NAME:
        row[name] = getattr(policy, name)
    for name in ("shared_goal", "shares_by_role", "trusted_lead"):
        row[name] = getattr(policy.practice, name)
    row["usual_size"] = policy.size
    row["search"] = Search[policy.search.upper()]
    row["mode"] = Mode[policy.mode.upper()]
    row["growth_rule"] = registry.rule_id("growth", policy.growth)
    row["fill_rule"] = registry.rule_id("fill", policy.fill)
    weights = {name: weight for name, weight in policy.terms.items() if weight > 0}
    for name, weight in weights.items():
        row["weights"][registry.rule_id("terms", name)] = weight
    row["reads"] = registry.reads(weights)


def _write_source(row: Any, policy: Policy, name: str, source: int, p: Any) -> None:
    """Write how a policy uses a source; its price stands even where it is closed, for the fallback."""
    scan, contacts, cost = search_defaults(source, p)
    row["open"][source] = name in policy.sources
    row["scan"][source] = policy.scan.get(name, scan)
    row["contacts"][source] = policy.contacts.get(name, contacts)
    row["cost"][source] = 0.0 if policy.free_search else cost * float(p.search_cost_scale)


def search_defaults(source: int, p: Any) -> tuple[int, int, float]:
    """Return profiles looked at, contacts made and cost of a contact (kEUR) of a source.

    The directory is the oracle's: everything is seen, for nothing. A user's own source costs what
    an open call costs unless the policy says otherwise.
    """
    if source == Source.DIRECTORY:
        return ALL_PROFILES, ALL_PROFILES, 0.0
    name = SEARCH_KEYS.get(Source(source), "open") if source < len(Source) else "open"
    return int(p[f"search_{name}_scan"]), int(p[f"search_{name}_contacts"]), float(p[f"search_{name}_cost"])
