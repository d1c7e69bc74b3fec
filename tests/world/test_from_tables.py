"""Worlds from a user's tables and from past projects, against hand calculation and a dictionary."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.scenario.codes import code_of, uids
from sim.scenario.own_world import table_world
from sim.scenario.themes import field_of_rank, most_frequent, past_of, past_world, portfolios_of, ranked
from sim.vocab import Kind
from sim.world.from_tables import populate_from

CLUSTERS = {"id": ["west", "east"], "country": ["FR", "AT"], "sector": ["wood", "steel"],
            "management": np.array([0.6, 0.9]), "region": ["", ""]}
PEOPLE = {"id": ["a", "b", "c", "d"], "kind": np.array([0, 0, 2, 4], np.int8),
          "country": ["FR", "AT", "DE", "AT"], "sector": ["wood", "wood", "steel", "textile"],
          "cluster": ["west", "east", "", "east"], "activity": np.array([np.nan, 2.0, 0.1, np.nan]),
          "portfolio": [((3, 0.5), (12, 1.0)), (), (), ()]}


def world_from(empty_world, own, seed=7, **values):
    counts = {key.replace(".", "__"): value for key, value in own.counts().items()}
    world = empty_world(seed, **{**values, **counts})
    populate_from(world, own)
    return world


@pytest.fixture(scope="module")
def small(empty_world):
    return world_from(empty_world, table_world(CLUSTERS, PEOPLE, 10))


def test_counts_are_those_of_the_tables():
    assert table_world(CLUSTERS, PEOPLE, 10).counts() == {
        "world.countries": 3, "world.clusters": 2, "world.smes": 2, "world.research": 1, "world.large": 0,
        "world.public": 1}


def test_everything_in_the_tables_is_in_the_world(small):
    # countries AT DE FR, sectors steel textile wood and rows (east, west; a, b, c, d) in order of the alphabet
    rows = small.orgs[: small.n.organisations]
    assert list(rows.kind) == [Kind.CLUSTER_ORGANISATION] * 2 + [0, 0, 2, 4]
    assert list(rows.country) == [0, 2, 2, 0, 1, 0]
    assert list(rows.sector) == [0, 2, 2, 2, 0, 1]
    assert list(rows.cluster) == [0, 1, 1, 0, -1, 0]
    assert list(rows.reliability[:2]) == list(small.clusters.management) == [0.9, 0.6]
    assert list(small.clusters.member_count) == [2, 1]


def test_given_traits_replace_drawn_ones(small):
    assert list(small.orgs.fields[2]) == [3, 12, -1, -1, -1, -1]
    assert list(small.orgs.levels[2]) == [0.5, 1, 0, 0, 0, 0]
    assert int(small.orgs.mask[2]) % 2**56 == 2**3 + 2**12
    assert list(small.orgs.activity[3:5]) == [2.0, 0.1]
    assert list(small.orgs.capacity[3:5]) == [6, 1]
    assert small.orgs.activity[2] not in (0.0, 2.0)
    assert (small.orgs.fields[3] >= 0).sum() >= 2


def test_rows_may_be_reordered_or_added_without_changing_traits(empty_world):
    def traits(order):
        people = {name: [column[k] for k in order] if isinstance(column, list) else column[order]
                  for name, column in PEOPLE.items()}
        world = world_from(empty_world, table_world(CLUSTERS, people, 10))
        return {int(org.uid): (org.openness, org.activity, tuple(org.fields), tuple(org.levels), org.born)
                for org in world.orgs[2 : world.n.organisations]}
    few, all_, turned = traits([0, 1, 3]), traits([0, 1, 2, 3]), traits([3, 1, 0, 2])
    assert all_ == turned
    assert {uid: all_[uid] for uid in few} == few


def test_clusters_alone_are_filled_by_drawn_members(empty_world):
    own = table_world({**CLUSTERS, "management": np.array([0.6, np.nan])}, None, 10)
    assert own.counts() == {"world.countries": 2, "world.clusters": 2}
    world = world_from(empty_world, own, smes=400)
    assert world.clusters.member_count.sum() == 400
    assert world.clusters.management[1] == 0.6  # west, after east
    assert 0 < world.clusters.management[1] < 1
    members = world.orgs[2:402]
    assert (members.country == world.clusters.country[members.cluster]).all()


def test_uids_are_those_of_the_names():
    assert list(uids("cluster", ["x"])) != list(uids("organisation", ["x"]))
    assert len(set(uids("organisation", range(1000)).tolist())) == 1000


@pytest.mark.parametrize(("words", "codes"), [
    (["b", "a", "b"], {"a": 0, "b": 1}), (["2", "0"], {"0": 0, "2": 2}),
    (["7", "9"], {"7": 0, "9": 1}), ([], {}),
])
def test_words_become_codes(words, codes):
    assert code_of(words, 5, "sector") == codes


def test_more_sectors_than_the_world_has_are_refused():
    with pytest.raises(ScenarioError, match=r"6 different values.*at most world\.sectors: 5"):
        code_of("abcdef", 5, "sector")


# --- past projects ---------------------------------------------------------------------------


def day(*days):
    return np.array(days, "datetime64[D]")


PROJECTS = {"project": ["p2", "p1", "p3"], "start": day("2017-05-01", "2014-01-15", "2017-06-30"),
            "end": day("2018-01-01", "2016-01-01", "2019-01-01"), "theme": ["X;Y", "X", ""],
            "undated": frozenset()}
TOOK_PART = {"project": ["p1", "p1", "p1", "p2", "p2", "p3", "p2"],
             "org": ["u", "v", "w", "v", "u", "z", "u"],
             "role": list("CPPCPCA"), "type": ["PRC", "HES", "PUB", "HES", "PRC", "OTH", "PRC"],
             "country": ["DE", "FR", "FR", "FR", "DE", "IT", "DE"], "ec_eur": np.zeros(7)}


@pytest.fixture(scope="module")
def past(empty_world):
    return world_from(empty_world, past_world(PROJECTS, TOOK_PART, 40, 10, 1.0))


def test_a_past_becomes_organisations(past):
    rows = past.orgs[: past.n.organisations]  # u v w z; no cluster is large enough
    assert past.n.clusters == 0
    assert list(rows.kind) == [Kind.SME, Kind.RESEARCH, Kind.PUBLIC, Kind.PUBLIC]
    assert list(rows.country) == [0, 1, 1, 2]
    assert list(rows.joined) == [2, 2, 1, 1]  # u is in p2 twice and counts once
    # activity: participations over their mean 6/4, times the mean of the law
    assert rows.activity == pytest.approx([2 / 1.5 * math.exp(0.5)] * 2 + [1 / 1.5 * math.exp(0.5)] * 2)


def test_portfolios_begin_with_the_themes_of_projects(past):
    # X is the most frequent theme: first field of the first sector; Y: first field of the second
    assert [list(fields[:2]) for fields in past.orgs.fields[:2]] == [[0, 4], [0, 4]]
    assert past.orgs.fields[2, 0] == 0
    assert ((past.orgs.fields[:4] >= 0).sum(axis=1) >= 2).all()


def test_pairs_remember_how_often_and_when_they_met(past):
    rels = past.rels[: past.n.relations]
    rows = {frozenset((int(rel.a), int(rel.b))): rel for rel in rels}
    # quarters before the first step: p1 2014 Q1 is 14 before 2017 Q3, p2 2017 Q2 is the one before it
    assert {pair: (int(rel.times), int(rel.first), int(rel["last"])) for pair, rel in rows.items()} == {
        frozenset((0, 1)): (2, -14, -1), frozenset((0, 2)): (1, -14, -14), frozenset((1, 2)): (1, -14, -14)}
    def faded(full, age):
        return 0.3 + (full - 0.3) * 0.5 ** (age / 12)
    assert rows[frozenset((0, 1))].trust_ab == pytest.approx(faded(1 - 0.5 * 0.9, 1))
    assert rows[frozenset((0, 2))].trust_ba == pytest.approx(faded(0.5, 14))


def test_pairs_of_many_projects_against_a_dictionary(empty_world):
    rng = np.random.default_rng(3)
    teams = [sorted(rng.choice(300, rng.integers(1, 15), replace=False)) for _ in range(400)]
    start = day("2015-01-01") + rng.integers(0, 1000, 400)
    projects = {"project": [str(n) for n in range(400)], "start": start, "theme": ["T"] * 400}
    rows = [(str(n), f"{org:03d}") for n, team in enumerate(teams) for org in team]
    took_part = {"project": [project for project, _ in rows], "org": [org for _, org in rows],
                 "type": ["PRC"] * len(rows), "country": ["BE"] * len(rows)}
    world = world_from(empty_world, past_world(projects, took_part, 40, 10, 1.0))
    names = sorted(set(took_part["org"]))
    twin = {}
    for team in teams:
        for pair in itertools.combinations(team, 2):
            twin[pair] = twin.get(pair, 0) + 1
    first = int(world.n.clusters)  # one cluster: all are Belgian and of one theme
    found = {tuple(sorted((int(names[rel.a - first]), int(names[rel.b - first])))): int(rel.times)
             for rel in world.rels[: world.n.relations]}
    assert first == 1
    assert world.clusters.member_count[0] == len(names)
    assert found == twin
    trust = world.rels.trust_ab[: world.n.relations]
    assert (trust > 0.3).all()
    assert (trust < 1).all()


def test_only_ten_of_a_country_and_sector_are_a_cluster(empty_world):
    orgs = [f"{n:02d}" for n in range(21)]
    took_part = {"project": ["p"] * 21, "org": orgs, "type": ["PRC"] * 21,
                 "country": ["BE"] * 10 + ["DK"] * 9 + ["AT"] * 2}
    projects = {"project": ["p"], "start": day("2020-02-02"), "theme": ["T"]}
    own = past_world(projects, took_part, 40, 10, 1.0)
    assert list(own.organisations.cluster) == [0] * 10 + [-1] * 11
    world = world_from(empty_world, own)
    assert world.n.relations == 21 * 20 / 2


def test_ranked_and_most_frequent():
    group, code = np.array([0, 0, 0, 2, 2, 2, 2]), np.array([5, 1, 5, 4, 3, 3, 4])
    assert [list(x) for x in ranked(group, code)] == [[0, 0, 2, 2], [5, 1, 3, 4]]
    assert list(most_frequent(group, code, 4)) == [5, 0, 3, 0]


def test_projects_are_ordered_by_start_and_members_counted_once():
    past = past_of(day("2020-12-31", "2020-01-01"), np.array([0, 0, 1, 0]), np.array([1, 0, 2, 1]))
    assert list(past.quarter) == [-4, -1]
    assert list(past.offset) == [0, 1, 3]
    assert list(past.member) == [2, 0, 1]


@pytest.mark.parametrize(("fields", "sectors", "dealt"), [
    (6, 3, [0, 2, 4, 1, 3, 5]), (5, 2, [0, 3, 1, 4, 2]), (3, 1, [0, 1, 2]),
])
def test_themes_are_dealt_over_sectors_in_turn(fields, sectors, dealt):
    assert list(field_of_rank(fields, sectors)) == dealt


def test_more_themes_than_fields_begin_anew():
    themes = [";".join(["c", "b", "a"]), "a;b", "a"]
    held = portfolios_of(themes, np.array([0, 2]), np.array([0, 1]), 3, np.array([0, 1]))
    assert [list(row[:3]) for row in held] == [[0, 1, -1], [0, -1, -1], [-1, -1, -1]]


def test_projects_without_any_theme():
    held = portfolios_of(["", " ; "], np.array([0, 1]), np.array([0, 1]), 2, np.array([0, 1]))
    assert (held == -1).all()


def test_bridges_of_a_past_world_are_drawn_and_keep_their_trust(empty_world):
    took_part = {"project": ["p"] * 24, "org": [f"{n:02d}" for n in range(24)], "type": ["PRC"] * 24,
                 "country": ["BE"] * 12 + ["DK"] * 12}
    projects = {"project": ["p"], "start": day("2020-02-02"), "theme": ["T"]}
    world = world_from(empty_world, past_world(projects, took_part, 40, 10, 1.0), start_trust=0.9)
    rels = world.rels[: world.n.relations]
    assert len(rels) == 1 + 24 * 23 / 2
    assert [int(kind) for kind in world.orgs.kind[:2]] == [Kind.CLUSTER_ORGANISATION] * 2
    assert (int(rels.a[0]) + int(rels.b[0]), rels.trust_ab[0]) == (1, 0.9)
    assert rels.trust_ab[1] < 0.9


def test_past_projects_are_partnerships_that_have_ended(empty_world):
    projects = {"project": ["a", "b"], "start": day("2014-01-01", "2016-01-01"), "theme": ["T", "T"]}
    took_part = {"project": list("aaabbb"), "org": list("123124"), "type": ["PRC"] * 6, "country": ["BE"] * 6}
    world = world_from(empty_world, past_world(projects, took_part, 40, 10, 1.0))
    first, parts = int(world.n.clusters), world.parts[: world.n.partnerships]
    assert parts.seats.tolist() == [3, 3] and (parts.ended == 0).all() and world.n.active == 0
    members = [world.seats.org[p.seat0 : p.seat0 + p.seats].tolist() for p in parts]
    assert members == [[first, first + 1, first + 2], [first, first + 1, first + 3]]
    seats, seat = [], int(world.orgs.seat[first])  # organisation 1: the later project first
    while seat >= 0:
        seats.append(int(world.seats.partnership[seat]))
        seat = int(world.seats.behind[seat])
    assert seats == [1, 0] and world.orgs.joined[first] == 2
