"""Populate: the same seed the same bits, one more changes nobody else, whatever compiles it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from sim.vocab import Kind

TABLES = ("orgs", "rels", "clusters", "slots", "members", "index")
PLACES = ("slot", "head", "degree", "joined")  # depend on others by nature
HERE = """
import hashlib, warnings
from sim.parameters import make_params
from sim.world import tables as t
from sim.world.populate import populate
from sim.world.world import RULE_FAMILIES, World
warnings.simplefilter("ignore")
policies = t.POLICIES.allocate(3)
policies.max_size[:] = 12
values = {"world.smes": 120, "world.clusters": 4, "world.research": 9, "world.member_share": 0.9}
world = World(make_params(values), policies, dict.fromkeys(RULE_FAMILIES, 0), 7)
populate(world)
print(hashlib.sha256(b"".join(getattr(world, name).tobytes() for name in
      ("orgs", "rels", "clusters", "slots", "members", "index"))).hexdigest())
"""


def bits(world):
    return hashlib.sha256(b"".join(getattr(world, name).tobytes() for name in TABLES)).hexdigest()


def by_uid(world, without=PLACES):
    names = [name for name in world.orgs.dtype.names if name not in without]
    return {int(org.uid): tuple(np.asarray(org[name]).tobytes() for name in names)
            for org in world.orgs[: world.n.organisations]}


def pairs(world):
    uid, rels = world.orgs.uid, world.rels[: world.n.relations]
    return {(int(uid[a]), int(uid[b])) for a, b in zip(rels.a, rels.b, strict=True)}


def test_the_same_seed_gives_the_same_bits_and_another_seed_others(make):
    one, same, other = (bits(make(seed, smes=150)) for seed in (3, 3, 4))
    assert one == same != other


@pytest.mark.slow
def test_the_same_bits_with_and_without_the_compiler():
    found = set()
    for switch in ("0", "1"):
        env = {**os.environ, "NUMBA_DISABLE_JIT": switch}
        run = subprocess.run([sys.executable, "-c", HERE], env=env, capture_output=True, text=True,
                             check=True)
        found.add(run.stdout.strip())
    assert len(found) == 1


@pytest.mark.parametrize("kind", ["smes", "research", "large", "public"])
def test_one_organisation_more_changes_nobody_elses_traits(make, kind):
    values = {"smes": 300, "clusters": 6, "research": 10, "large": 5, "public": 5}
    before = by_uid(make(**values))
    after = by_uid(make(**{**values, kind: values[kind] + 1}))
    assert len(after) == len(before) + 1
    offers = {uid for uid, traits in before.items() if after[uid] != traits}
    assert len(offers) <= 1  # at most the portfolio of the cluster organisation it joined


def test_one_isolated_organisation_more_changes_nobody_at_all(make):
    values = {"smes": 300, "clusters": 6, "start_relations": 0, "member_share": 0}
    one, other = make(**values), make(**values, public=1)
    assert len(one.slots) == len(other.slots)
    before, after = by_uid(one, ()), by_uid(other, ())
    assert all(after[uid] == traits for uid, traits in before.items())


@pytest.mark.slow
def test_one_organisation_more_disturbs_only_relations_that_draw_it(make):
    values = {"smes": 1000, "clusters": 8}
    before, after = pairs(make(**values)), pairs(make(**values, public=1))
    assert len(before - after) <= 8  # about 2.5 are drawn by others; each replaces one pair
    assert len(after - before) <= 12


def test_one_cluster_more_keeps_the_uids_and_traits_of_firms(make):
    moved = (*PLACES, "cluster", "country", "sector", "fields", "levels", "mask")
    before, after = by_uid(make(smes=200, clusters=5), moved), by_uid(make(smes=200, clusters=6), moved)
    assert len(after) == len(before) + 1
    assert all(after[uid] == traits for uid, traits in before.items())


def test_nobody_shares_a_uid(large):
    assert len(set(large.orgs.uid[: large.n.organisations].tolist())) == large.n.organisations


def test_rows_are_cluster_organisations_first_then_by_kind(make):
    world = make(smes=5, clusters=3, research=2, large=4, public=1)
    kinds = [Kind.CLUSTER_ORGANISATION] * 3 + [Kind.SME] * 5 + [Kind.RESEARCH] * 2 + [Kind.LARGE] * 4
    assert list(world.orgs.kind[: world.n.organisations]) == [*kinds, Kind.PUBLIC]
    assert list(world.orgs.cluster[:3]) == list(world.clusters.org) == [0, 1, 2]


def test_a_cluster_organisation_stands_for_its_cluster(large):
    rows = large.orgs[: large.n.clusters]
    assert (rows.reliability == large.clusters.management).all()
    assert (rows.country == large.clusters.country).all()
    assert (rows.sector == large.clusters.sector).all()
    assert large.clusters.alive.all()


@pytest.mark.parametrize("values", [
    {"smes": 0, "clusters": 0}, {"smes": 1, "clusters": 0}, {"smes": 0, "clusters": 1},
    {"smes": 3, "clusters": 50}, {"smes": 30, "clusters": 2, "sectors": 1, "fields": 1, "countries": 1},
    {"smes": 30, "clusters": 2, "member_share": 0, "markets": 0},
])
def test_worlds_at_the_edges(make, values):
    world = make(**values)
    assert world.n.organisations == values["smes"] + values["clusters"]
    orgs = world.orgs[: world.n.organisations]
    assert ((orgs.slot >= 0) & (orgs.slot < len(world.slots))).all()
    assert ((orgs.reliability > 0) & (orgs.reliability < 1)).all()


@pytest.mark.slow
def test_a_world_of_a_hundred_thousand_is_made_in_a_moment(make):
    world = make(smes=100_000, clusters=800)
    assert world.n.organisations == 100_800
    assert world.n.births_refused == 0
