"""Checks of instruments against each other and against the world: what nobody could enter, or never acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.errors import Problem, nearest
from sim.scenario.instrument import Instrument, kind_of
from sim.scenario.nodes import Node, Path_, dotted
from sim.scenario.policy import policy_names
from sim.scenario.problems import at
from sim.scenario.scenario import Scenario
from sim.vocab import MAX_TEAM

CALLS = ("consortium_call", "preparatory_action", "operational_action", "follow_up_action",
         "large_scale_demonstrator", "good_practice_exchange")
SUCCESSORS = ("operational_action", "follow_up_action")
PLACES = (("countries", "world.countries", "countries"), ("sectors", "world.sectors", "sectors"),
          ("clusters", "world.clusters", "clusters"))
Found = Iterator[Problem]


def check_instruments(scenario: Scenario, node: Node) -> Found:
    """Return every problem of the instruments and of the policies that name them."""
    seen: set[str] = set()
    for number, one in enumerate(scenario.instruments):
        path: Path_ = ("instruments", number)
        if one.name.lower() in seen:
            yield _say(node, (*path, "name"), f"instrument '{one.name}' is there twice", one.name)
        seen.add(one.name.lower())
        for part in (_twice, _window, _money, _places, _closed, _consortium, _order):
            yield from part(scenario, one, node, path)
    yield from _arms(scenario, node)
    yield from _observed(scenario, node)


def _say(node: Node, path: Path_, message: str, given: Any = "", allowed: str | None = None,
         close: str | None = None) -> Problem:
    return at(node, path).problem(dotted(path), message, str(given), allowed, close)


def _twice(scenario: Scenario, one: Instrument, node: Node, path: Path_) -> Found:
    lists: tuple[tuple[Path_, tuple[Any, ...]], ...] = (
        (("markets",), one.markets), (("after",), one.after),
        *((("applicants", key), getattr(one.applicants, key)) for key in ("countries", "sectors", "clusters")),
        (("eligibility", "only_clusters"), one.eligibility.only_clusters))
    for key, given in lists:
        yield from _repeated(given, node, (*path, *key))


def _repeated(given: tuple[Any, ...], node: Node, path: Path_) -> Found:
    for number, item in enumerate(given):
        if item in given[:number]:
            yield _say(node, (*path, number), f"{item} is there twice", item, "each one once")


def _window(scenario: Scenario, one: Instrument, node: Node, path: Path_) -> Found:
    steps = scenario.world.steps
    if one.end < one.start:
        yield _say(node, (*path, "end"), f"ends in quarter {one.end}, before it starts in {one.start}", one.end)
    elif one.start > steps:
        yield _say(node, (*path, "start"), f"{one.start} is after the end of the comparison", one.start,
                   f"1 to {steps}")
    elif one.end > steps:
        yield _say(node, (*path, "end"), f"{one.end} is after the end of the comparison", one.end, f"1 to {steps}")


def _money(scenario: Scenario, one: Instrument, node: Node, path: Path_) -> Found:
    if one.kind in CALLS and one.budget > 0:
        if one.grant <= 0:
            yield _say(node, path, f"'{one.name}' has a budget but no 'grant': what does a consortium get?")
        elif one.budget < one.grant:
            yield _say(node, (*path, "budget"), f"{one.budget:g} kEUR do not pay for one grant of {one.grant:g}",
                       one.budget, f"0, or at least {one.grant:g}")
        if one.co_funding == 0:
            yield _say(node, (*path, "co_funding"), "a grant of nothing: the rate is 0", 0, "above 0 to 1")
    if one.kind == "large_scale_demonstrator" and one.budget > 0:
        passed = one.pass_through * one.grant
        if passed > 0 and not 0 < one.project_grant <= passed:
            yield _say(node, (*path, "project_grant"),
                       f"{passed:g} kEUR are passed on; a project gets {one.project_grant:g}", one.project_grant,
                       f"above 0, at most {passed:g}")
    if one.kind == "matchmaking" and one.budget > 0 and one.meetings == 0:
        yield _say(node, path, f"'{one.name}' has a budget but no 'meetings' a quarter")


def _places(scenario: Scenario, one: Instrument, node: Node, path: Path_) -> Found:
    values = scenario.values()
    own = scenario.tables.given()
    kind = f"world.{kind_of(one)}"
    if one.budget > 0 and not own and values.get(kind, 1) == 0:
        yield _say(node, (*path, "applicants", "kind"), f"nobody can enter: {kind} is 0", kind_of(one))
    for key, address, what in PLACES:
        if own and key != "sectors":
            continue
        for number, place in enumerate(getattr(one.applicants, key)):
            if not 0 <= place < values[address]:
                yield _say(node, (*path, "applicants", key, number), f"{place} does not exist: {address} is "
                           f"{values[address]:g}", place, _span(values[address], what))
        least = getattr(one.eligibility, key)
        if one.kind in CALLS and least > values[address]:
            yield _say(node, (*path, "eligibility", key), f"nobody can enter: {least} {what} are asked for, "
                       f"but {address} is {values[address]:g}", least, f"at most {values[address]:g}")
    for number, market in enumerate(one.markets):
        if not 0 <= market < values["world.markets"]:
            yield _say(node, (*path, "markets", number), f"unknown market {market}: world.markets is "
                       f"{values['world.markets']:g}", market, _span(values["world.markets"], "third markets"))


def _closed(scenario: Scenario, one: Instrument, node: Node, path: Path_) -> Found:
    named, rule = one.eligibility.only_clusters, (*path, "eligibility", "only_clusters")
    clusters = int(scenario.values()["world.clusters"])
    for number, place in enumerate(named if not scenario.tables.given() else ()):
        if not 0 <= place < clusters:
            yield _say(node, (*rule, number), f"{place} does not exist: world.clusters is {clusters}", place,
                       _span(clusters, "clusters"))
    if one.applicants.together and (not named or kind_of(one) != "cluster_organisation"):
        yield _say(node, (*path, "applicants", "together"), "who applies together? It needs eligibility.only_clusters, "
                   "and cluster organisations", True)
    least = one.eligibility.members[0]
    if named and kind_of(one) == "cluster_organisation" and len(named) < least:
        yield _say(node, rule, f"nobody can enter: {len(named)} clusters are named, {least} members are asked for",
                   list(named), f"at least {least}")
    if named and one.applicants.clusters and not set(named) & set(one.applicants.clusters):
        yield _say(node, rule, "nobody can enter: none of these clusters is among applicants.clusters", list(named))


def _span(count: float, what: str) -> str:
    return f"0 to {int(count) - 1}" if count else f"nothing: there are no {what}"


def _consortium(scenario: Scenario, one: Instrument, node: Node, path: Path_) -> Found:
    low, high = one.eligibility.members
    rule = (*path, "eligibility")
    if not 2 <= low <= high <= MAX_TEAM:
        yield _say(node, (*rule, "members"), f"{low} to {high} members", low, f"2 to {MAX_TEAM}, the fewest first")
    if one.kind not in CALLS:
        return
    for key in ("countries", "clusters", "sectors"):
        if getattr(one.eligibility, key) > high:
            yield _say(node, (*rule, key), f"nobody can enter: {getattr(one.eligibility, key)} {key} among at most "
                       f"{high} members", getattr(one.eligibility, key), f"at most {high}")
    clusters = scenario.world.clusters
    if kind_of(one) == "cluster_organisation" and not scenario.tables.given():
        if low > clusters:
            yield _say(node, (*rule, "members"), f"nobody can enter: {low} cluster organisations are asked for, "
                       f"world.clusters is {clusters}", low, f"at most {clusters}")
        if one.eligibility.sme_share > 0:
            yield _say(node, (*rule, "sme_share"), "nobody can enter: the members are cluster organisations, not SMEs",
                       one.eligibility.sme_share, "0")
    if one.policy is not None and one.policy not in policy_names():
        yield _say(node, (*path, "policy"), f"unknown policy '{one.policy}'", one.policy, ", ".join(policy_names()),
                   nearest(one.policy, policy_names()))


def _order(scenario: Scenario, one: Instrument, node: Node, path: Path_) -> Found:
    known = {other.name: other for other in scenario.instruments}
    if one.kind in CALLS and one.applicants.label and not any(
            other.kind == "label" and other.start <= one.start for other in scenario.instruments):
        yield _say(node, (*path, "applicants", "label"), "nobody can enter: no instrument labels anybody before", True)
    if one.kind in SUCCESSORS and one.budget > 0 and one.after and all(
            known[name].budget == 0 for name in one.after if name in known):
        yield _say(node, (*path, "after"), f"nobody can enter '{one.name}': what it follows has no budget", one.name)
    if one.kind in SUCCESSORS and one.budget > 0 and not one.after:
        yield _say(node, path, f"nobody can enter: '{one.name}' needs 'after', the instruments it follows")
    for number, name in enumerate(one.after):
        place = (*path, "after", number)
        if name not in known:
            yield _say(node, place, f"unknown instrument '{name}'", name, ", ".join(known), nearest(name, known))
        elif known[name].end >= one.start:
            yield _say(node, place, f"phases of one applicant overlap: '{name}' ends in quarter {known[name].end}, "
                       f"'{one.name}' starts in {one.start}", name, f"a start after quarter {known[name].end}")
        elif known[name].kind in ("label", "voucher", "matchmaking", "newcomer_quota", "good_practice_exchange"):
            yield _say(node, place, f"nobody can enter: a {known[name].kind} writes no strategy", name)
        elif one.kind in SUCCESSORS and kind_of(known[name]) != kind_of(one):
            yield _say(node, place, f"nobody can enter: '{name}' is led by a {kind_of(known[name])}, '{one.name}' asks "
                       f"for a {kind_of(one)}", name, f"applicants.kind: {kind_of(known[name])}")


def _arms(scenario: Scenario, node: Node) -> Found:
    known = [one.name for one in scenario.instruments]
    for number, policy in enumerate(scenario.policies):
        yield from _repeated(policy.instruments or (), node, ("policies", number, "instruments"))
        for place, name in enumerate(policy.instruments or ()):
            if name not in known:
                allowed = ", ".join(known) or "nothing: the scenario has no instruments"
                yield _say(node, ("policies", number, "instruments", place), f"unknown instrument '{name}'", name,
                           allowed, nearest(name, known))
        chosen = set(policy.instruments or ()) if policy.grants else set()
        for one in scenario.instruments:
            follows = one.name in chosen and one.kind in SUCCESSORS and one.budget > 0
            if follows and one.after and not set(one.after) & chosen:
                yield _say(node, ("policies", number, "instruments"), f"nobody can enter '{one.name}': what it follows "
                           "is not in force", one.name, f"with it {' or '.join(one.after)}")


def _observed(scenario: Scenario, node: Node) -> Found:
    for number, one in enumerate(scenario.observed):
        if one.value[0] > one.value[1]:
            yield _say(node, ("observed", number, "value"), "the lowest comes first", list(one.value))
