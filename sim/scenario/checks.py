"""Checks that look at two settings at once, after each setting is valid on its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.errors import Problem, nearest
from sim.parameters import BY_KEY
from sim.scenario.instrument_checks import check_instruments
from sim.scenario.nodes import Node, Path_, dotted
from sim.scenario.policy import Policy, policy_names
from sim.scenario.problems import at, bounds
from sim.scenario.scenario import Scenario

NOT_ABOVE = (
    ("challenges.roles_min", "challenges.roles_max"),
    ("challenges.duration_min", "challenges.duration_max"),
    ("challenges.level_min", "challenges.level_max"),
    ("world.sectors", "world.fields"),
)
UPPER_LIMITS = {
    "market_closed": ("world.markets", "third markets"),
    "cluster_lost": ("world.clusters", "clusters"),
    "demand_shift": ("world.sectors", "sectors"),
}
TOGETHER = (("projects", "participations"), ("participations", "projects"), ("organisations", "clusters"))
APART = (("organisations", "projects"),)


def check(scenario: Scenario, node: Node) -> list[Problem]:
    """Return every problem between settings, in the order of the file."""
    checks = (_pairs, _world, _names, _shocks, _ranges, _tables)
    found = [problem for part in checks for problem in part(scenario, node)]
    found += check_instruments(scenario, node)
    for number, policy in enumerate(scenario.policies):
        found += check_policy(policy, node, ("policies", number))
    return sorted(found, key=lambda p: (p.where, p.line or 0, p.column or 0))


def _say(
    node: Node,
    path: Path_,
    message: str,
    given: Any = "",
    allowed: str | None = None,
    close: str | None = None,
    on_key: bool = False,
) -> Problem:
    return at(node, path, on_key).problem(dotted(path), message, str(given), allowed, close)


def _path(key: str) -> Path_:
    return tuple(key.split("."))


def _written(node: Node, *keys: str) -> Path_:
    """Return the path of the first of two settings that the file holds."""
    paths = [_path(key) for key in keys]
    return next((path for path in paths if node.find(path)[1] == len(path)), paths[0])


def _pairs(scenario: Scenario, node: Node) -> Iterator[Problem]:
    values = scenario.values()
    for low, high in NOT_ABOVE:
        if values[low] > values[high]:
            yield _say(
                node,
                _written(node, low, high),
                f"{low} is {values[low]:g} but {high} is {values[high]:g}; it may not be above it",
                values[low],
            )


def _world(scenario: Scenario, node: Node) -> Iterator[Problem]:
    world = scenario.world
    people = world.smes + world.research + world.large + world.public
    own = scenario.tables.given().keys() & {"organisations", "projects"}
    if people == 0 and not own:
        yield _say(node, ("world", "smes"), "the world has no organisation", 0, "at least 1 of any kind")
    if world.clusters == 0 and world.member_share > 0 and node.find(("world", "member_share"))[1] == 2:
        yield _say(
            node,
            ("world", "member_share"),
            "members need a cluster, but world.clusters is 0",
            world.member_share,
            "0, or at least one cluster",
        )
    if (
        world.markets == 0
        and scenario.challenges.third_market > 0
        and node.find(("challenges", "third_market"))[1] == 2
    ):
        yield _say(
            node,
            ("challenges", "third_market"),
            "there are no third markets: world.markets is 0",
            scenario.challenges.third_market,
            "0, or at least one market",
        )


def _names(scenario: Scenario, node: Node) -> Iterator[Problem]:
    seen: set[str] = set()
    allowed = [policy.name for policy in scenario.policies]
    for number, policy in enumerate(scenario.policies):
        if policy.name.lower() in seen:
            yield _say(node, ("policies", number), f"policy '{policy.name}' is there twice", policy.name)
        seen.add(policy.name.lower())
        written, depth = node.find(("policies", number))
        if depth == 2 and isinstance(written.value, dict) and policy.name in policy_names():
            yield _say(
                node,
                ("policies", number, "name"),
                f"'{policy.name}' is a built-in policy; choose another name",
                policy.name,
            )
    for key in ("baseline", "focus"):
        name = getattr(scenario, key)
        if name not in allowed:
            yield _say(
                node,
                (key,),
                f"'{name}' is not among the scenario's policies",
                name,
                ", ".join(allowed),
                nearest(name, allowed),
            )
    if len(allowed) > 1 and scenario.baseline == scenario.focus:
        yield _say(
            node,
            _written(node, "focus", "baseline"),
            f"focus and baseline are both '{scenario.focus}'",
            scenario.focus,
        )


def _shocks(scenario: Scenario, node: Node) -> Iterator[Problem]:
    steps, values = scenario.world.steps, scenario.values()
    for number, shock in enumerate(scenario.shocks):
        if shock.at > steps:
            yield _say(
                node, ("shocks", number, "at"), f"{shock.at} is after the end", shock.at, f"1 to {steps}"
            )
        key, what = UPPER_LIMITS[shock.kind]
        own_clusters = shock.kind == "cluster_lost" and scenario.tables.given()
        if shock.which < 0 and shock.kind != "demand_shift":
            yield _say(
                node, ("shocks", number), f"needs 'which': one of the {what}", "", f"0 to {values[key] - 1:g}"
            )
        elif shock.which >= values[key] and not own_clusters:
            yield _say(
                node,
                ("shocks", number, "which"),
                f"{shock.which} does not exist: {key} is {values[key]:g}",
                shock.which,
                f"0 to {int(values[key]) - 1}" if values[key] else f"nothing: there are no {what}",
            )


def _ranges(scenario: Scenario, node: Node) -> Iterator[Problem]:
    for key, (low, high) in (scenario.futures.ranges or {}).items():
        path, parameter = ("futures", "ranges", key), BY_KEY.get(key)
        if parameter is None:
            yield _say(node, path, "unknown parameter", key, close=nearest(key, BY_KEY), on_key=True)
        elif parameter.whole:
            yield _say(node, path, "is a whole number and cannot differ between futures", key, on_key=True)
        elif low >= high:
            yield _say(node, path, f"begins at {low:g} but ends at {high:g}; the low end comes first", low)
        elif low < parameter.low or high > parameter.high:
            yield _say(
                node, path, f"{low:g} to {high:g} is out of range", low, bounds(parameter.low, parameter.high)
            )


def _tables(scenario: Scenario, node: Node) -> Iterator[Problem]:
    given = scenario.tables.given()
    for one, other in TOGETHER:
        if one in given and other not in given:
            yield _say(node, ("tables", one), f"needs tables.{other} as well", on_key=True)
    for one, other in APART:
        if one in given and other in given:
            yield _say(node, ("tables", other), f"cannot be used together with tables.{one}", on_key=True)


def check_policy(policy: Policy, node: Node, path: Path_) -> list[Problem]:
    """Return the problems between the settings of one policy."""
    return list(_policy(policy, node, path))


def _policy(policy: Policy, node: Node, path: Path_) -> Iterator[Problem]:
    if policy.size > policy.max_size:
        yield _say(
            node, (*path, "size"), f"size is {policy.size} but max_size is {policy.max_size}", policy.size
        )
    if policy.fill == "alone":
        return
    if not policy.sources:
        yield _say(
            node,
            (*path, "sources"),
            f"policy '{policy.name}' looks nowhere",
            "",
            "at least one source, or fill: alone",
        )
    for number, source in enumerate(policy.sources):
        if source in policy.sources[:number]:
            yield _say(node, (*path, "sources", number), f"source '{source}' is there twice", source)
    for key in ("scan", "contacts"):
        for source in sorted(set(getattr(policy, key)) - set(policy.sources)):
            yield _say(
                node,
                (*path, key, source),
                "is not among the policy's sources",
                source,
                ", ".join(policy.sources),
                on_key=True,
            )
    if policy.growth != "team_assembly" and not any(weight > 0 for weight in policy.terms.values()):
        yield _say(
            node,
            (*path, "terms"),
            f"policy '{policy.name}' has no term with a weight above 0",
            "",
            "at least one weight above 0; the term 'chance' chooses at random",
        )
