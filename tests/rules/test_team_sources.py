"""The sources of real consortia: old teams that come along, and search by activity, filled place by place."""

from __future__ import annotations

import numpy as np
import pytest

from sim.kernels.crowd import ANYWHERE, IN_COUNTRY, IN_SECTOR, pick, span_over
from sim.kernels.team import remember_seat
from sim.parameters import make_params
from sim.phases.commit import commit
from sim.phases.desks import Desks
from sim.phases.mobilise import mobilise
from sim.rules import registry
from sim.scenario.build import policy_rows
from sim.scenario.policy import builtin
from sim.vocab import Kind, Source
from sim.world.crowds import gather_crowds
from sim.world.world import RULE_FAMILIES, World

RULES = {"accept": "always", "produce": "constant", "trust": "fixed", "learn": "none", "part": "loyal", "renew": "never"}
FIRMS = 60


def a_world(seed=3, firms=FIRMS, policy=None, **values):
    """Return a world of firms without a past; ``search__recall=1`` sets search.recall; every third is of sector 0."""
    given = {"world.fields": 3, "world.sectors": 3, "world.countries": 2}
    p = make_params(given | {key.replace("__", "."): value for key, value in values.items()})
    policy = policy or builtin("old_teams")
    world = World(p, policy_rows((policy,), p), {name: registry.rule_id(name, RULES[name]) for name in RULE_FAMILIES}, seed)
    world.reserve("orgs", firms)
    world.n.organisations = firms
    rows = world.orgs[:firms]
    rows.uid, rows.capacity, rows.activity = np.arange(1, firms + 1), 1000, 1.0
    rows.sector, rows.country = np.arange(firms) % 3, np.arange(firms) % 2
    return world


def call(world, leads, size, field=0):
    """Let the leads answer one call each; return the members of each partnership, the lead first."""
    count = len(leads)
    world.reserve_proposals(count)
    world.n.proposals = count
    rows = world.props[:count]
    rows.uid = rows.contest = np.uint64(1000) * np.uint64(int(world.n.step) + 1) + np.arange(count).astype(np.uint64)
    rows.lead = rows.initiator = leads
    rows.asked, rows.roles, rows.duration, rows.market, rows.partnership = size, 1, 1, -1, -1
    rows.renewal = rows.contested = rows.of_clusters = rows.brokered = 0
    rows.fields[:, 0], rows.levels[:, 0] = field, 1.0
    desks = Desks(1)
    mobilise(world, desks)
    commit(world, desks.get(world)[0])
    world.n.step += 1
    return [members(world, int(a)) for a in world.props.partnership[:count]]


def members(world, a):
    part = world.parts[a]
    return world.seats.org[part.seat0 : part.seat0 + part.seats].tolist()


def test_every_call_gets_the_size_it_asks_for():
    world = a_world()
    for size in (2, 7, 25):
        for team in call(world, [0, 1, 2], size):
            assert len(team) == len(set(team)) == size


def test_whole_old_teams_come_back_when_nothing_holds_them():
    # a share u^0 = 1: everybody comes along; recall 0.99 of the only team behind the lead
    world = a_world(search__recall=0.99, search__loyalty=0)
    first = call(world, [5], 8)[0]
    assert set(call(world, [5], 8)[0]) == set(first)


def test_nobody_is_recalled_at_recall_zero():
    world = a_world(search__recall=0, search__loyalty=0)
    for _ in range(3):
        call(world, [5], 8)
    assert Source.OLD_TEAMS not in set(world.seats.source[: int(world.n.seats)].tolist())


def test_a_large_exponent_lets_hardly_anybody_come_along():
    world = a_world(search__recall=0.99, search__loyalty=200)
    for _ in range(12):
        call(world, [5], 4)
    found = world.seats.source[: int(world.n.seats)]
    assert (found == Source.BY_ACTIVITY).sum() > 5 * (found == Source.OLD_TEAMS).sum()


@pytest.mark.slow
def test_a_team_of_the_size_wanted_is_recalled_rather():
    # 40 small teams and one of 20 behind the lead: one draw in 41 would find it; among six draws sizes are looked at
    def large_ones(alike):
        hits = 0
        for seed in range(30):
            world = a_world(seed, firms=400, search__recall=0.99, search__loyalty=0, search__alike=alike)
            old = set(call(world, [7], 20)[0])
            world.p.search_recall = 0.0
            for _ in range(8):
                call(world, [7], 3)
            world.p.search_recall = 0.99
            hits += len(old & set(call(world, [7], 20)[0])) >= 15
        return hits

    assert large_ones(1.5) > 1.5 * large_ones(100.0)


@pytest.mark.slow
def test_partners_of_several_projects_come_along_rather():
    # one uniform u: chance 1 - (1 - s)^k; k = 3 joint projects against 1
    together, once = 0, 0
    for seed in range(300):
        world = a_world(seed, search__recall=0, search__loyalty=1)
        view = world.view()
        for team in ((1, 2), (1, 2), (1, 2, 3)):
            found_team(world, view, team)
        world.p.search_recall = 0.99
        team = call(world, [1], 4)[0]
        together, once = together + (2 in team), once + (3 in team)
    assert together > 1.2 * once


def found_team(world, view, team):
    """Write a past partnership by hand."""
    from sim.phases.commit import meet
    from sim.phases.commit import remember_seat as remember

    world.reserve_partnerships(1, len(team), 0)
    world.reserve_relations(len(team) ** 2)
    view = world.view()
    a, first = int(world.n.partnerships), int(world.n.seats)
    world.parts[a].seat0, world.parts[a].seats, world.parts[a].seat_cap = first, len(team), len(team)
    for n, j in enumerate(team):
        for i in team[:n]:
            meet(view, i, j)
        world.seats[first + n].partnership, world.seats[first + n].org = a, j
        remember(view, first + n, j)
        world.orgs[j].joined += 1
    world.n.partnerships, world.n.seats = a + 1, first + len(team)


def test_seats_are_a_list_latest_first():
    world = a_world()
    teams = [call(world, [4], size)[0] for size in (3, 5, 2)]
    seat, sizes = int(world.orgs.seat[4]), []
    while seat >= 0:
        sizes.append(int(world.parts.seats[world.seats.partnership[seat]]))
        seat = int(world.seats.behind[seat])
    assert sizes == [2, 5, 3] and int(world.orgs.joined[4]) == len(teams)
    assert remember_seat is not None


def test_theme_and_country_only():
    themed = a_world(search__recall=0, search__in_theme=1, search__in_country=0)
    assert all(themed.orgs.sector[j] == 1 for j in call(themed, [1], 10, field=1)[0])
    at_home = a_world(search__recall=0, search__in_theme=0, search__in_country=1)
    assert len({int(at_home.orgs.country[j]) for j in call(at_home, [1], 10)[0]}) == 1


def with_kinds(**values):
    """Return a world whose firms are small firms and research bodies in turn; nobody is sought by theme or country."""
    world = a_world(search__in_theme=0, search__in_country=0, **values)
    world.orgs.kind[:FIRMS] = np.where(np.arange(FIRMS) % 2 == 0, Kind.SME, Kind.RESEARCH)
    return world


def kinds_of(world, team):
    return {int(world.orgs.kind[j]) for j in team}


def test_only_the_own_kind_is_found_and_comes_along():
    alike, any_kind = with_kinds(search__recall=0, search__in_kind=1), with_kinds(search__recall=0, search__in_kind=0)
    assert kinds_of(alike, call(alike, [1], 10)[0]) == {Kind.RESEARCH} and len(kinds_of(any_kind, call(any_kind, [1], 10)[0])) == 2
    world = with_kinds(search__recall=0.99, search__loyalty=0, search__in_kind=1, search__alike=100)
    found_team(world, None, list(range(10)))
    assert sorted(call(world, [1], 5)[0]) == [1, 3, 5, 7, 9], "all would come along, and five are of its kind"


def test_how_often_the_own_kind_is_sought():
    world = with_kinds(search__recall=0, search__in_kind=0.4)
    pairs = [call(world, [n % FIRMS], 2)[0] for n in range(3000)]
    same = np.mean([len(kinds_of(world, team)) == 1 for team in pairs])
    expected = 0.4 + 0.6 * 29 / 59  # of the other 59, equally active, 29 are of the lead's kind
    assert abs(same - expected) < 4 * np.sqrt(expected * (1 - expected) / 3000)


def test_a_sector_that_is_used_up_lets_others_in():
    world = a_world(search__recall=0, search__in_theme=1, search__in_country=0)
    team = call(world, [1], 40, field=1)[0]
    assert len(team) == 40 and len({int(world.orgs.sector[j]) for j in team}) == 3


def test_draws_are_in_proportion_to_activity():
    world = a_world(firms=4)
    world.orgs.activity[:4] = [1.0, 2.0, 3.0, 10.0]
    world.orgs.sector[:4] = 0
    gather_crowds(world)
    view = world.view()
    luck = (np.arange(16_000) + 0.5) / 16_000
    drawn = np.array([pick(view, ANYWHERE, 0, value) for value in luck])
    assert [int((drawn == j).sum()) for j in range(4)] == [1000, 2000, 3000, 10_000]
    assert pick(view, IN_SECTOR, 2, 0.5) == -1


def test_one_organisation_more_changes_no_other_draw():
    small, large = a_world(firms=20), a_world(firms=21)
    for world in (small, large):
        world.orgs.activity[:20] = np.linspace(0.1, 3, 20)
        gather_crowds(world)
    luck = np.random.default_rng(1).random(2000)
    for by, group in ((ANYWHERE, 0), (IN_SECTOR, 2), (IN_COUNTRY, 0)):
        before = np.array([pick(small.view(), by, group, value) for value in luck])
        after = np.array([pick(large.view(), by, group, value) for value in luck])
        assert ((before == after) | (after == 20)).all()


def test_cluster_organisations_are_in_no_crowd():
    world = a_world()
    world.orgs.kind[0] = Kind.CLUSTER_ORGANISATION
    gather_crowds(world)
    assert not (world.crowd[:, : FIRMS - 1] == 0).any()


@pytest.mark.parametrize(("total", "span"), [(0.0, 0.0), (1.0, 1.0), (1.01, 2.0), (0.3, 0.5), (0.25, 0.25), (1000.0, 1024.0)])
def test_span_is_the_next_power_of_two(total, span):
    assert span_over(total) == span


def test_projects_of_one_day_are_blind_to_each_other():
    world = a_world(search__recall=0.99, search__loyalty=0)
    call(world, [5, 5, 5], 6)
    found = world.seats.source[: int(world.n.seats)]
    assert Source.OLD_TEAMS not in set(found.tolist())
