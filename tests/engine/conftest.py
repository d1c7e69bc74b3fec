"""Small worlds made without scenario files, and what must hold in each of them after every step."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.parameters import make_params
from sim.rules import registry
from sim.simulation import Simulation, adopt_policy
from sim.vocab import MAX_FIELDS, Kind, Mode
from sim.world import tables as t
from sim.world.populate import populate
from sim.world.world import World

EVERYWHERE = ("known", "partners_of_partners", "own_cluster", "bridged_clusters", "open_call")
PRICES = {"known": "known", "partners_of_partners": "referred", "own_cluster": "own",
          "bridged_clusters": "bridged", "open_call": "open", "old_teams": "known", "by_activity": "open"}
RULES = {"accept": "standard", "produce": "ces", "trust": "standard", "learn": "standard", "part": "standard",
         "renew": "after_success"}
GROWING = {"orgs": "organisations", "rels": "relations", "parts": "partnerships"}


def policy_row(row, p, sources=EVERYWHERE, terms=None, fill="roles", growth="greedy", **settings):
    """Write one policy: by default the search for missing roles, as wide as needed, with the practice on."""
    terms = {"role_gain": 1.0, "trust": 0.3, "shared_vision": 0.2, "reputation": 0.1} if terms is None else terms
    for name, price in PRICES.items():
        source = registry.rule_id("sources", name)
        row["open"][source] = name in sources
        row["scan"][source] = p[f"search_{price}_scan"]
        row["contacts"][source] = p[f"search_{price}_contacts"]
        row["cost"][source] = p[f"search_{price}_cost"]
    directory = registry.rule_id("sources", "directory")
    row["open"][directory] = "directory" in sources
    row["scan"][directory] = row["contacts"][directory] = 64
    for name, weight in terms.items():
        row["weights"][registry.rule_id("terms", name)] = weight
    row["reads"] = registry.reads(terms)
    row["fill_rule"], row["growth_rule"] = registry.rule_id("fill", fill), registry.rule_id("growth", growth)
    usual = {"enough": 0.9, "min_gain": 0.1, "renew": 0.3, "usual_size": 4, "max_size": 12, "search": 1,
             "shared_goal": 1, "shares_by_role": 1, "trusted_lead": 1, "p": 0.4, "q": 0.8, "threshold": 0.3}
    for name, value in {**usual, **settings}.items():
        row[name] = value


def make(seed=7, policy=None, baseline=None, neutral=None, rules=None, populated=True, **values):
    """Return a world of 40 firms in 4 clusters, populated unless told not to; ``work__floor=0.2`` sets work.floor."""
    given = {"world.smes": 40, "world.clusters": 4, "challenges.rate": 0.3}
    given |= {key.replace("__", "."): value for key, value in values.items()}
    p = make_params(given)
    arms = t.POLICIES.allocate(3)
    plain = {"fill": "size", "sources": ("known", "own_cluster", "open_call"), "terms": {"trust": 0.5, "role_gain": 0.5}}
    policy_row(arms[0], p, **(policy or {}))
    policy_row(arms[1], p, **(policy or {} if baseline is None else baseline))
    policy_row(arms[2], p, **(plain if neutral is None else neutral))
    chosen = {family: registry.rule_id(family, name) for family, name in {**RULES, **(rules or {})}.items()}
    world = World(p, arms, chosen, seed)
    if populated:
        populate(world)
    return world


def begin(seed=7, share=1.0, log=False, threads=1, **settings):
    """Return a simulation of such a world in which a share follows the policy under study."""
    simulation = Simulation(make(seed, **settings), log=log, threads=threads)
    adopt_policy(simulation.world, share)
    return simulation


def rows(world, name):
    """Return the rows in use of a table."""
    return getattr(world, name)[: int(world.n[GROWING[name]])]


def bits(world, without=()):
    """Return the state of a world as bytes by table, logs apart."""
    state = {name: rows(world, name) for name in GROWING}
    state |= {"active": world.active[: int(world.n.active)], "ranking": world.ranking, "slots": world.slots,
              "market_open": world.market_open, "clusters": world.clusters}
    out = {}
    for name, table in state.items():
        for column in table.dtype.names or ("",):
            if column not in without:
                out[f"{name}.{column}"] = np.ascontiguousarray(table[column] if column else table).tobytes()
    out["seats"] = repr(sitting(world, everybody=True))
    out["roles"] = repr([[int(n) for n in world.roles[name][: int(world.n.roles)]] for name in ("holder", "deliveries")])
    return out


def sitting(world, everybody=False):
    """Return (partnership, organisation) of every seat that is taken, or with those who left."""
    found = []
    for a, part in enumerate(rows(world, "parts")):
        for seat in world.seats[part.seat0 : part.seat0 + part.seats]:
            assert seat.partnership == a
            if everybody or seat.left < 0:
                found.append((a, int(seat.org)))
    return found


def check(world):
    """Assert what must hold in every world after every step (MODEL 9, TRUST 3)."""
    _check_ranges(world)
    taken = sitting(world)
    _check_partnerships(world, taken)
    _check_pairs(world, taken)
    _check_organisations(world, taken)


def _in_unit(values):
    values = np.asarray(values)
    assert np.isfinite(values).all()
    assert ((values >= 0.0) & (values <= 1.0)).all()


def _check_ranges(world):
    orgs, parts = rows(world, "orgs"), rows(world, "parts")
    for name in ("openness", "reliability", "reputation", "vision", "levels"):
        _in_unit(orgs[name])
    for name in ("trust_ab", "trust_ba"):
        _in_unit(rows(world, "rels")[name])
    for name in ("coverage", "promise"):
        _in_unit(parts[name])
    _in_unit(parts.chance[parts.chance != -1.0])
    assert (world.seats.unhappy[: int(world.n.seats)] >= 0).all()


def _check_partnerships(world, taken):
    orgs, parts = rows(world, "orgs"), rows(world, "parts")
    active = [int(a) for a in world.active[: int(world.n.active)]]
    assert sorted(set(active)) == active == [int(a) for a in np.flatnonzero(parts.ended < 0)]
    assert len(set(taken)) == len(taken), "an organisation sits twice in one partnership"
    members = {a: [j for b, j in taken if b == a] for a in range(len(parts))}
    for a, part in enumerate(parts):
        assert part.members == len(members[a]) and part.seats <= part.seat_cap
        roles = world.roles[part.role0 : part.role0 + part.roles]
        if part.ended >= 0:
            assert not members[a] and part.reason > 0
            continue
        assert part.lead in members[a]
        assert set(roles.holder.tolist()) <= {*members[a], -1}
        assert ((roles.deliveries >= 0) & (roles.deliveries <= world.n.step - part.start)).all()
        clusters = {bool(orgs.kind[j] == Kind.CLUSTER_ORGANISATION) for j in members[a]}
        assert clusters == {bool(part.of_clusters)}
    assert (parts.cost == [int(world.seats.cost[x.seat0 : x.seat0 + x.seats].sum()) for x in parts]).all()
    assert len(np.unique(orgs.uid)) == len(orgs), "a uid was used twice"


def _check_pairs(world, taken):
    rels, orgs = rows(world, "rels"), rows(world, "orgs")
    assert (rels.a != rels.b).all()
    assert (orgs.uid[rels.a] < orgs.uid[rels.b]).all()
    together = {}
    by_partnership = {}
    for a, j in taken:
        for i in by_partnership.setdefault(a, []):
            pair = frozenset((i, j))
            together[pair] = together.get(pair, 0) + 1
        by_partnership[a].append(j)
    seen = {frozenset((int(r.a), int(r.b))): int(r.running) for r in rels}
    assert len(seen) == len(rels), "a pair has two relations"
    assert {pair: count for pair, count in seen.items() if count} == together
    assert (rels.successes + rels.failures <= rels.times).all()
    degree = np.bincount(np.concatenate([rels.a, rels.b]), minlength=len(orgs))
    assert (orgs.degree == degree).all()


def _check_organisations(world, taken):
    orgs = rows(world, "orgs")
    running = np.bincount([j for _, j in taken], minlength=len(orgs)) if taken else np.zeros(len(orgs))
    assert (orgs.running == running).all()
    assert (orgs.running <= orgs.capacity).all()
    gone = orgs.left >= 0
    assert not running[gone].any() and not orgs.capital[gone].any() and (orgs.renew[gone] == -1).all()
    slots = world.slots[world.slots >= 0]
    assert sorted(slots.tolist()) == np.flatnonzero(~gone).tolist()
    assert (world.slots[orgs.slot[~gone]] == np.flatnonzero(~gone)).all()
    for org in orgs[~gone]:
        held = [int(field) for field in org.fields if field >= 0]
        assert len(set(held)) == len(held)
        assert sum(1 << field for field in held) == int(org.mask) & ((1 << MAX_FIELDS) - 1)
        assert all(level > 0.0 for field, level in zip(org.fields, org.levels, strict=True) if field >= 0)


def wealth(world):
    """Return the cents all organisations hold."""
    return int(rows(world, "orgs").capital.sum())


def public(world):
    """Return the cents that programmes still hold."""
    pools = world.ledger.pools
    assert (pools.free >= 0).all() and (pools.promised >= 0).all()
    assert (pools.free + pools.promised + pools.paid + pools.administration == pools.budget).all()
    return int(pools.free.sum() + pools.promised.sum())


def step_and_check(simulation):
    """Do one quarter, check the world and that no cent came from nowhere."""
    world = simulation.world
    before, counted = wealth(world), int(world.n.partnerships)
    pools = public(world)
    simulation.step()
    check(world)
    flow = world.flow
    assert wealth(world) - before == (flow.value + flow.income + flow.born_capital
                                      + flow.grants - flow.programme
                                      - flow.search - flow.coordination - flow.goal - flow.lost_capital)
    assert pools - public(world) == flow.grants + flow.administration
    assert int(world.n.partnerships) - counted == flow.formed + flow.alone
    assert flow.formed + flow.alone + flow.lapsed == flow.proposals
    assert flow.by_source.sum() == flow.seats and flow.deliveries <= flow.attempts


@pytest.fixture(scope="session")
def engine():
    """Return what the tests of the engine share."""
    return SimpleNamespace(make=make, begin=begin, rows=rows, bits=bits, sitting=sitting, check=check, wealth=wealth,
                           step_and_check=step_and_check, policy_row=policy_row, everywhere=EVERYWHERE, Mode=Mode)
