"""The lead's desk against naive twins: sets of who was looked at, sorted lists, luck in plain integers."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernels import desk
from sim.kernels.pairs import insert
from sim.luck import first as first_element
from sim.luck import stream
from sim.parameters import make_params
from sim.phases.desk_work import list_ties, shared_partners
from sim.vocab import Kind, Search
from sim.world import tables as t
from sim.world.world import RULE_FAMILIES, World
from tests.test_luck import chain, key

FIRMS = 30
WORD = 2**64


@pytest.fixture(scope="module")
def place():
    """A world of one cluster of thirty firms, and its desk."""
    world = World(make_params({"world.smes": 50, "world.clusters": 2}), t.POLICIES.allocate(3), dict.fromkeys(RULE_FAMILIES, 0), 3)
    world.orgs = t.ORGANISATIONS.allocate(FIRMS)
    world.n.organisations = FIRMS
    world.orgs.uid[:] = np.random.default_rng(2).permutation(FIRMS).astype(np.uint64) + np.uint64(2**63)
    world.clusters = t.CLUSTERS.allocate(2)
    world.members, world.member_uids = np.zeros(FIRMS, np.int32), np.zeros(FIRMS, np.uint64)
    world.reserve_proposals(2)
    return SimpleNamespace(world=world, desk=desk.make_desk(FIRMS, 2, FIRMS))


def sweep(place, stamp=5):
    """Clear the desk for another search."""
    s = place.desk
    s.k.stamp, s.k.scanned, s.k.count = stamp, 0, 0
    s.looks.seen = 0
    return place.world.view(), s


def looked_at(s):
    return s.scan[: int(s.k.scanned)].tolist()


def uniform(word):
    return ((word >> 12) + 0.5) / 2**52


@given(st.lists(st.integers(0, FIRMS - 1), max_size=60), st.integers(0, 4))
def test_each_is_looked_at_once_in_order(place, asked, room):
    _, s = sweep(place)
    seen = []
    for j in asked:
        assert desk.is_new(s, j) == (j not in seen)
        desk.look_at(s, j)
        seen += [] if j in seen else [j]
    assert looked_at(s) == seen
    s.k.scanned = desk.MAX_SCAN - room
    before = int(s.k.scanned)
    more = [j for j in range(FIRMS) if j not in seen]
    for j in more:
        desk.look_at(s, j)
    assert s.k.scanned == before + min(room, len(more)), "nobody is written beyond the list"


@given(st.sets(st.integers(0, FIRMS - 1)), st.sets(st.integers(0, FIRMS - 1)), st.integers(0, FIRMS + 5),
       st.integers(0, FIRMS), st.integers(0, WORD - 1), st.integers(0, WORD - 1))
def test_some_of_a_cluster_are_the_smallest_of_the_race_over_the_new(place, members, before, count, first, k, who):
    """The race is `chain2(k, who, uid)`; whoever was looked at before takes no part."""
    view, s = sweep(place)
    rows = sorted(members)
    place.world.clusters[1].first = first = min(first, FIRMS - len(rows))
    place.world.clusters[1].member_count = len(rows)
    place.world.members[first : first + len(rows)] = rows
    place.world.member_uids[first : first + len(rows)] = place.world.orgs.uid[rows]
    for j in before:
        s.looks[j].seen = s.k.stamp
    mine = first_element(np.uint64(k), np.uint64(who))
    desk.look_at_some(view, s, 1, np.uint64(k), np.uint64(mine), count)
    race = {j: uniform(chain(k, who, int(place.world.orgs.uid[j]))) for j in rows if j not in before}
    assert looked_at(s) == sorted(sorted(race, key=race.__getitem__)[:count])


@given(st.lists(st.integers(0, FIRMS - 1), min_size=1, max_size=12, unique=True), st.integers(0, WORD - 1), st.integers(0, 8))
def test_the_speaker_is_a_member_by_the_luck_of_the_place(place, team, uid, number):
    view, s = sweep(place)
    place.world.props[1].uid = uid
    for n, j in enumerate(team):
        s.team[n], s.org[len(team) - n] = len(team) - n, j
    s.k.seated, s.k.place = len(team), number
    luck = uniform(chain(key(3, int(stream("search.speaker")), int(place.world.n.step)), uid, number))
    assert desk.speaker(view, s, 1) == team[int(luck * len(team))]


@given(st.booleans(), st.sampled_from([Kind.SME, Kind.CLUSTER_ORGANISATION]), st.booleans(), st.booleans())
def test_who_can_be_a_partner(place, of_clusters, kind, gone, is_lead):
    view, s = sweep(place)
    s.k.lead = 3 if is_lead else 4
    place.world.props[0].of_clusters, place.world.orgs[3].kind = of_clusters, kind
    place.world.orgs["left"][3] = 2 if gone else -1
    want = not gone and not is_lead and of_clusters == (kind == Kind.CLUSTER_ORGANISATION)
    assert bool(desk.eligible(view, s, 0, 3)) == want


@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_a_copied_candidate_is_the_same_in_everything_that_was_seen_and_nobody_else_changes(place, k, to, roles, seed):
    _, s = sweep(place)
    rng = np.random.default_rng(seed)
    s.k.roles = roles
    for name in ("org", "source", "rel", "fate"):
        getattr(s, name)[:] = rng.integers(0, 99, len(getattr(s, name)))
    for name in ("score", "seen", "cover", "sight"):
        getattr(s, name)[:] = rng.random(getattr(s, name).shape)
    before = {name: getattr(s, name).copy() for name in ("org", "source", "rel", "fate", "score", "seen", "cover", "sight")}
    desk.copy_candidate(s, k, to)
    for name, old in before.items():
        by_candidate, new = (old.T, getattr(s, name).T) if name == "cover" else (old, getattr(s, name))
        width = roles if name in ("seen", "cover") else None
        want = by_candidate.copy()
        want[(to, slice(width)) if want.ndim == 2 else to] = by_candidate[(k, slice(width)) if want.ndim == 2 else k]
        assert np.array_equal(new, want)


@pytest.mark.parametrize(("search", "want"), [(Search.BY_PLACE, 1), (Search.SEQUENTIAL, 17), (Search.ALL, 17)])
def test_profiles_wanted(place, search, want):
    view, s = sweep(place)
    place.world.pol[2].search, s.k.policy = search, 2
    place.world.pol[2].scan[1] = 17
    assert desk.profiles_wanted(view, s, 1) == want


@pytest.mark.parametrize("size", [1, desk.LINKS - 1, desk.LINKS, 2 * desk.LINKS + 5])
@pytest.mark.parametrize("anew", [False, True])
def test_a_race_over_links_is_that_of_a_sorted_list(size, anew):
    """The race is -log(u)/trust over living partners; lists longer than the scratch are raced in parts."""
    world = World(make_params({"world.smes": 1, "world.clusters": 1}), t.POLICIES.allocate(3), dict.fromkeys(RULE_FAMILIES, 0), 3)
    world.orgs = t.ORGANISATIONS.allocate(size + 1)
    world.n.organisations = size + 1
    world.orgs.uid[:] = np.arange(size + 1, dtype=np.uint64) + np.uint64(10)
    world.orgs.left[3::7] = 0
    world.reserve_relations(size)
    world.reserve_proposals(1)
    for j in range(1, size + 1):
        insert(world.view(), 0, j, j % 5 / 4, 0.0)
    view, s = world.view(), desk.make_desk(size + 1, 1, 1)
    s.k.stamp, s.k.lead = 5, 0
    s.looks.seen[2::5] = 5
    mine, values, items = first_element(np.uint64(9), np.uint64(10)), np.empty(8), np.empty(8, np.int64)
    found = desk.race_links(view, s, 0, 0, np.uint64(9), np.uint64(mine), 8, anew, values, items)
    race = {j: -math.log(uniform(chain(9, 10, 10 + j))) / (j % 5 / 4) for j in range(1, size + 1)
            if j % 5 and world.orgs.left[j] < 0 and not (anew and s.looks.seen[j] == 5)}
    assert sorted(items[:found].tolist()) == sorted(sorted(race, key=race.__getitem__)[:8])


@pytest.mark.parametrize("widest", [0, 10_000])
def test_a_desk_has_room_for_a_scan_and_for_the_widest_cluster(widest):
    s = desk.make_desk(5, 2, widest)
    assert len(s.race) == max(desk.MAX_SCAN, widest) == len(s.heap) - 1 and len(s.scan) == desk.MAX_SCAN
    assert s.cover.shape[1] > len(s.org) == s.seen.shape[0] == desk.MAX_CANDIDATES


@given(st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] < pair[1])))
def test_shared_partners_are_those_of_two_sets(pairs):
    """Whichever of the two lists is shorter, whether lead and candidate have met or not."""
    world = World(make_params({"world.smes": 1, "world.clusters": 1}), t.POLICIES.allocate(3), dict.fromkeys(RULE_FAMILIES, 0), 3)
    world.orgs = t.ORGANISATIONS.allocate(9)
    world.n.organisations = 9
    world.orgs.uid[:] = np.arange(9, dtype=np.uint64) + np.uint64(10)
    world.reserve_relations(len(pairs))
    world.reserve_proposals(1)
    met = {i: {j for pair in pairs for j in pair if i in pair and j != i} for i in range(9)}
    for i, j in sorted(pairs):
        insert(world.view(), i, j, 0.5, 0.5)
    view, s = world.view(), desk.make_desk(9, 1, 1)
    s.k.stamp, s.k.lead = 5, 0
    list_ties(view, s)
    assert [shared_partners(view, s, j) for j in range(1, 9)] == [len(met[0] & met[j]) for j in range(1, 9)]
