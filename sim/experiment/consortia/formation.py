"""Consortia formed by the engine: the phases `mobilise` and `commit` at the observed calls, from an empty memory.

The calls are given: so many projects of such sizes and themes on such days. Everything about who sits in them comes
from the policy (`sim/policies/old_teams.yaml` unless another is studied) and its rules; a day is a step, so that
projects of one day are blind to each other. Organisations are a pool larger than those ever active, by type of
organisation (`data.TYPES`), each with a home community (theme, and whether its consortia are large), a country and
a log-normal activity. Newcomers are first draws: there is no rule for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sim.experiment.consortia.data import TYPES, UNKNOWN, Consortia, Floats, Integers
from sim.kernels.consortia import draws, quantiles
from sim.kernels.crowd import draw_leads
from sim.luck import key, stream
from sim.parameters import make_params
from sim.phases.commit import commit
from sim.phases.desks import Desks
from sim.phases.mobilise import mobilise
from sim.rules import registry
from sim.scenario.build import policy_rows
from sim.scenario.policy import Policy, builtin
from sim.scenario.themes import KINDS
from sim.world.crowds import gather_crowds
from sim.world.world import RULE_FAMILIES, World

RULES = {"accept": "always", "produce": "constant", "trust": "fixed", "learn": "none", "part": "loyal",
         "renew": "never"}
LARGE = 21  # partners from which a consortium belongs to the large ones of its theme
MOST_THEMES = 28  # twice as many communities fit into the engine's 56 sectors
IDLE = 0.02  # share of activity of the least active, who are not laid out
BUSIEST = 32_000  # partnerships at once: no bound here
KIND_OF = np.array([KINDS[name] for name in TYPES])  # what a user's table of past projects makes of a type
UID, CALL, LEAD, SPREAD, HOME, FOLLOW = (stream(f"consortia.{name}") for name in (
    "uid", "call", "lead", "spread", "home", "follow"))


@dataclass(frozen=True)
class Formation:
    """What is fitted.

    Parameters
    ----------
    pool : organisations that could take part, by type; most never do (newcomer inflow).
    sigma : spread of the log-normal activity, by type.
    strength : value of the policy's one repeat parameter (by default ``search.recall``).
    policy : name of the policy, or policies that leads follow with the chances ``shares``.
    parameter : address of the repeat parameter, empty for none.
    values : further parameters by address (ablations).
    """

    pool: tuple[float, ...]
    sigma: tuple[float, ...]
    strength: float = 0.1
    policy: str | tuple[Policy, ...] = "old_teams"
    shares: tuple[float, ...] = (1.0,)
    parameter: str = "search.recall"
    values: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Calls:
    """The calls to be answered, and what is known of organisations from the fitted years.

    Parameters
    ----------
    consortia : the observed projects; of their members only the number is used.
    community : [projects] int64, theme and size class, as sectors of the engine.
    communities, countries : how many there are.
    share : [types] share of seats of each type in the fitted years.
    homes, lands : for each type, communities of its seats and countries of its organisations in the fitted years.
    """

    consortia: Consortia
    community: Integers
    communities: int
    countries: int
    share: Floats
    homes: tuple[Integers, ...]
    lands: tuple[Integers, ...]


def calls_of(consortia: Consortia, fitted: tuple[int, int]) -> Calls:
    """Return the calls of all years, with the traits of the organisations seen in the fitted years."""
    community, communities = communities_of(consortia)
    year = consortia.year[consortia.project_of]
    seen = (year >= fitted[0]) & (year <= fitted[1])
    kind = consortia.kind[seen]
    first = np.zeros(len(kind), bool)
    first[np.unique(consortia.org[seen], return_index=True)[1]] = True
    home, land = community[consortia.project_of[seen]], consortia.country[seen]
    types = range(len(TYPES))
    return Calls(consortia, community, communities, max(1, len(consortia.countries)),
                 np.bincount(kind, minlength=len(TYPES)) / len(kind),
                 tuple(home[kind == k] for k in types), tuple(_lands(land[first], kind[first], k) for k in types))


def _lands(land: Integers, kind: Integers, k: int) -> Integers:
    """Return the known countries of organisations of one type; of all types where it has none; else the first."""
    known = land >= 0
    for mine in (known & (kind == k), known):
        if mine.any():
            return land[mine]
    return np.zeros(1, np.int64)


def communities_of(consortia: Consortia) -> tuple[Integers, int]:
    """Return [projects] the community of each project, and how many there are.

    A project of several programme parts counts for the most frequent of them; rare parts are taken together.
    """
    count: dict[str, int] = {}
    projects = np.bincount(consortia.theme, minlength=len(consortia.themes))
    for theme, number in zip(consortia.themes, projects.tolist(), strict=True):
        for part in theme.split(";"):
            count[part] = count.get(part, 0) + number
    frequent = sorted(count, key=lambda part: (-count[part], part))[: MOST_THEMES - 1]
    place = {part: n for n, part in enumerate(frequent)}
    other = len(frequent)
    main = [min((place.get(part, other) for part in theme.split(";")), default=other) for theme in consortia.themes]
    return 2 * np.array(main, np.int64)[consortia.theme] + (consortia.size >= LARGE), 2 * (other + 1)


def form(calls: Calls, formation: Formation, seed: int) -> Consortia:
    """Return the consortia that form at these calls; ``seed`` names the luck."""
    world, kind = make_world(calls, formation, seed)
    partnership = answer_all(world, calls)
    return _as_consortia(calls.consortia, world, kind, partnership)


def make_world(calls: Calls, formation: Formation, seed: int) -> tuple[World, Integers]:
    """Return a world of the pool without any past, and the type of each organisation."""
    values = {"world.fields": calls.communities, "world.sectors": calls.communities, "world.countries": calls.countries,
              **formation.values}
    if formation.parameter:
        values[formation.parameter] = formation.strength
    policies = (builtin(formation.policy),) if isinstance(formation.policy, str) else formation.policy
    p = make_params(values)
    rules = {name: registry.rule_id(name, RULES[name]) for name in RULE_FAMILIES}
    world = World(p, policy_rows(policies, p), rules, seed)
    kind = _populate(world, calls, formation)
    gather_crowds(world)
    return world, kind


def _populate(world: World, calls: Calls, formation: Formation) -> Integers:
    """Lay out the organisations; return the type of each."""
    activity = [spread(formation.pool[k], formation.sigma[k], share) for k, share in enumerate(calls.share)]
    kind = np.repeat(np.arange(len(activity)), [len(values) for values in activity])
    world.reserve("orgs", len(kind))
    world.n.organisations = len(kind)
    rows = world.orgs[: len(kind)]
    rows.uid, rows.capacity, rows.openness, rows.reliability = _luck(world, UID, len(kind)), BUSIEST, 0.5, 0.5
    rows.kind = KIND_OF[kind]
    rows.activity = np.concatenate(activity)
    rows.policy = np.searchsorted(np.cumsum(formation.shares)[:-1], _luck(world, FOLLOW, len(kind)) / 2.0**64)
    rows.sector = _dealt(world, SPREAD, kind, calls.homes)
    rows.country = _dealt(world, HOME, kind, calls.lands)
    rows.fields[:, 0], rows.levels[:, 0] = rows.sector, 1.0
    rows.mask = np.uint64(1) << rows.sector.astype(np.uint64)
    return kind


def spread(pool: float, sigma: float, share: float) -> Floats:
    """Return the activities of a pool: the quantiles of a log-normal law, scaled to the pool's share of all activity.

    The least active, who together have 2 % of it, are left out: next to none of them ever takes part.
    """
    count = max(1, round(pool)) if share > 0 else 0
    activity = quantiles(count, sigma)
    kept = np.cumsum(activity) > IDLE * activity.sum()
    return share * activity[kept] / max(activity[kept].sum(), 1e-300)


def _luck(world: World, name: Any, count: int) -> Any:
    return draws(np.uint64(key(world.seed, name, np.uint64(0))), count)


def _dealt(world: World, name: Any, kind: Integers, stock: tuple[Integers, ...]) -> Integers:
    """Return for each organisation one entry of the stock of its type, each with the same chance."""
    luck, dealt = _luck(world, name, len(kind)), np.zeros(len(kind), np.int64)
    for k, values in enumerate(stock):
        mine = kind == k
        if mine.any():
            dealt[mine] = values[(luck[mine] % np.uint64(len(values))).astype(np.int64)]
    return dealt


def answer_all(world: World, calls: Calls) -> Integers:
    """Let every call be answered, day by day; return the partnership of each project, -1 where none came about."""
    consortia, desks = calls.consortia, Desks(1)
    uid = _luck(world, CALL, consortia.projects)
    lead = np.empty(consortia.projects, np.int64)
    draw_leads(world.view(), np.uint64(key(world.seed, LEAD, np.uint64(0))), uid, calls.community, lead)
    partnership = np.full(consortia.projects, -1)
    days = np.flatnonzero(np.diff(consortia.start, prepend=consortia.start[0] - 1))
    for first, last in zip(days, [*days[1:], consortia.projects], strict=True):
        today = slice(first, last)
        _call(world, uid[today], lead[today], consortia.size[today], calls.community[today])
        mobilise(world, desks)
        commit(world, desks.get(world)[0])
        partnership[today] = world.props.partnership[: last - first]
        world.n.step += 1
    return partnership


def _call(world: World, uid: Any, lead: Integers, size: Integers, community: Integers) -> None:
    """Write the calls of one day as proposals with one role: the community's field."""
    count = len(uid)
    world.reserve_proposals(count)
    world.n.proposals = count
    rows = world.props[:count]
    rows.uid = rows.contest = uid
    rows.lead = rows.initiator = lead
    rows.asked, rows.roles, rows.duration, rows.market, rows.partnership = size, 1, 1, -1, -1
    rows.renewal = rows.contested = rows.of_clusters = rows.brokered = 0
    rows.fields[:, 0], rows.levels[:, 0] = community, 1.0


def _as_consortia(calls: Consortia, world: World, kind: Integers, partnership: Integers) -> Consortia:
    """Return the partnerships as consortia, organisations numbered anew."""
    formed = np.flatnonzero(partnership >= 0)
    part = world.parts[partnership[formed]]
    size = part.seats.astype(np.int64)
    first = np.concatenate([[0], np.cumsum(size)])
    seat = np.repeat(part.seat0.astype(np.int64) - first[:-1], size) + np.arange(first[-1])
    org = world.seats.org[seat].astype(np.int64)
    unknown = np.full(len(org), UNKNOWN)
    return replace(calls, start=calls.start[formed], year=calls.year[formed], theme=calls.theme[formed], first=first,
                   org=np.unique(org, return_inverse=True)[1], country=world.orgs.country[org].astype(np.int64),
                   kind=kind[org], region=unknown, sme=unknown, budget=np.full(len(org), np.nan))
