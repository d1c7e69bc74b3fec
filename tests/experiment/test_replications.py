"""Known results, small: each against values in print, a proof, or a plain twin of the published rule written here."""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import replace
from types import SimpleNamespace

import networkx as nx
import numpy as np
import pytest

from sim.errors import UsageError
from sim.experiment.replications import cowan_jonard_2004 as cowan
from sim.experiment.replications import hong_page_2004 as hong
from sim.experiment.replications import jackson_wolinsky_1996 as jackson
from sim.experiment.replications import skin_calls
from sim.experiment.replications import skin_choice as skin
from sim.experiment.replications import team_assembly_2005 as teams
from sim.experiment.replications.base import Cell, mean_and_error
from sim.experiment.replications.registry import names, replicate, replication
from sim.experiment.replications.watch import NotCalledError, watch
from sim.rules import registry


def by_name(found, text):
    (cell,) = [cell for cell in found if cell.name.startswith(text)]
    return cell


# --- verdicts --------------------------------------------------------------------------------

@pytest.mark.parametrize(("cell", "verdict"), [
    (Cell("a", 1.0), "no known value"),
    (Cell("a", 1.0, 0.0, 1.004, rounding=0.005), "agrees"),
    (Cell("a", 1.0, 0.0, 1.006, rounding=0.005), "differs"),
    (Cell("a", 1.0, 0.1, 1.29), "agrees"),
    (Cell("a", 1.0, 0.1, 1.31), "differs"),
    (Cell("a", 1.0, 0.03, 1.14, known_error=0.04), "agrees"),
    (Cell("a", 1.0, math.nan, 1.0), "cannot tell: one seed"),
    (Cell("a", 1.0, 0.3, sign=1), "agrees"),
    (Cell("a", 1.0, 0.3, sign=-1), "differs"),
    (Cell("a", 1.0, 0.4, sign=1), "cannot tell: more seeds"),
    (Cell("a", 1.0, 0.1, 1.5), "differs"),
    (Cell("a", 1.0, 0.05, 1.2, draws=10), "agrees"),  # t with 9 degrees of freedom: 4.09 standard errors
    (Cell("a", 1.0, 0.05, 1.21, draws=10), "differs"),
    (Cell("a", 1.0, 0.01, 1.01, draws=7), "cannot tell: fewer than 8 seeds"),
    (Cell("a", 1.0, 0.01, 1.01, draws=8), "agrees"),
    (Cell("a", 1.0, 0.1, 1.5, draws=3), "cannot tell: fewer than 8 seeds"),  # within 19.2 standard errors
    (Cell("a", 1.0, 0.1, 2.95, draws=3), "differs"),
    (Cell("a", 1.0, 0.01, sign=1, draws=3), "cannot tell: fewer than 8 seeds"),
    (Cell("a", 1.0, 0.07, 1.0, draws=10), "cannot tell: too wide"),  # 0.286 allowed, more than a quarter
    (Cell("a", 1.0, 0.06, 1.0, draws=10), "agrees"),
    (Cell("a", 1.0, 0.07, 1.5, draws=10), "differs"),  # farther than even that
    (Cell("a", 0.43, 0.024, 0.33, draws=20, known_error=0.062, telling=0.1), "cannot tell: too wide"),
    (Cell("a", 0.02, 0.002, 0.02, draws=20, known_error=0.005, telling=0.1), "agrees"),
    (Cell("a", 0.0, 0.0, 0.0), "agrees"),  # exact: no tolerance at all
])
def test_a_verdict_follows_from_the_errors(cell, verdict):
    assert cell.verdict == verdict


def test_the_standard_error_is_that_of_a_mean():
    assert mean_and_error([1.0, 2.0, 3.0, 4.0]) == pytest.approx((2.5, np.std([1, 2, 3, 4], ddof=1) / 2))
    assert math.isnan(mean_and_error([1.0])[1])


# --- which parts of the engine are called ----------------------------------------------------

def test_a_part_that_is_not_called_is_noticed():
    with pytest.raises(NotCalledError, match="commit"), watch(["sim.phases.commit:commit"]):
        pass


def test_calls_are_counted_and_the_engine_is_as_before():
    from sim.phases import commit

    before = commit.commit
    with watch(["sim.phases.commit:commit"]) as calls:
        skin_calls.Calls(replication("skin_choice").complete({"calls": 20.0, "firms": 40.0}), 1, skin_calls.CIRCLES).run()
    assert calls == {"sim.phases.commit:commit": 20}
    assert commit.commit is before


@pytest.mark.parametrize("name", ["team_assembly_2005", "skin_choice"])
def test_a_replication_that_goes_around_a_phase_fails(name, monkeypatch):
    from sim.phases import part

    for module in {"team_assembly_2005": [teams], "skin_choice": [skin, skin_calls]}[name]:
        monkeypatch.setattr(module, "part", SimpleNamespace(part=part.part))  # its own copy: the engine's is never asked
    small = {"team_assembly_2005": {"teams": ["5"]}, "skin_choice": {"calls": ["20"], "firms": ["40"]}}[name]
    with pytest.raises(NotCalledError, match="part"):
        replicate(replication(name), small, 1)


def test_knowledge_moves_by_the_engines_learning_rule_alone():
    v = replication("cowan_jonard_2004").complete({"agents": 40.0, "neighbours": 4.0})
    assert cowan.one_world(v, 1, "none")[2] == 0
    assert cowan.one_world(v, 1, "standard")[2] > 0


# --- team assembly ---------------------------------------------------------------------------

def plain_field(m, p, q, tau, teams, seed, netlogo=False):
    """Return giant share, repeat share, agents and links of the published rule, told with sets and lists."""
    luck, last, partners, repeats, pairs, count = random.Random(seed), {}, {}, 0, 0, 0
    for step in range(teams + netlogo):
        team, old = [], []
        for _ in range(m):
            crowd = [i for i in last if i not in team]
            if luck.random() >= p or not crowd:
                team.append(count)
                partners[count] = set()
                count += 1
                continue
            near = crowd
            if (netlogo or old) and luck.random() < q:
                asked = team if netlogo else [luck.choice(old)]
                near = [i for i in crowd if any(i in partners[j] for j in asked)] or crowd
            old.append(luck.choice(near))
            team.append(old[-1])
        for i, j in itertools.combinations(team, 2):
            pairs, repeats = pairs + 1, repeats + (j in partners[i])
            partners[i].add(j)
            partners[j].add(i)
        last.update(dict.fromkeys(team, step))
        last = {i: t for i, t in last.items() if step - t <= tau}
    graph = nx.Graph((i, j) for i in last for j in partners[i] if j in last)
    graph.add_nodes_from(last)
    largest = max(len(part) for part in nx.connected_components(graph))
    return largest / len(last), repeats / pairs, len(last), graph.number_of_edges()


@pytest.mark.parametrize(("m", "p", "q", "tau", "steps", "netlogo"), [
    (4, 0.4, 0.5, 60, 180, False), (3, 0.6, 1.0, 60, 180, False), (6, 0.3, 0.8, 30, 90, False), (4, 0.4, 0.65, 40, 100, True)])
def test_the_engines_team_assembly_is_the_published_rule(m, p, q, tau, steps, netlogo):
    v = {"m": m, "p": p, "q": q, "tau": tau, "teams": steps, "netlogo": int(netlogo)}
    ours = np.array([teams.grow(v, seed)[:4] for seed in range(1, 31)])
    plain = np.array([plain_field(m, p, q, tau, steps, seed, netlogo) for seed in range(150)])
    error = np.sqrt(ours.var(axis=0, ddof=1) / len(ours) + plain.var(axis=0, ddof=1) / len(plain))
    assert (np.abs(ours.mean(axis=0) - plain.mean(axis=0)) < 4 * error).all()


@pytest.mark.parametrize(("p", "q", "giant", "within"), [(0.5, 0.5, 0.92, 0.025), (0.5, 1.0, 0.02, 0.01)])
def test_only_known_partners_collapse_the_community(p, q, giant, within):
    found = teams.grow(replication("team_assembly_2005").complete({"p": p, "q": q}), 1)
    assert found.giant == pytest.approx(giant, abs=within)  # four spreads over seeds: 0.006 and 0.002


def test_limits_of_team_assembly():
    base = replication("team_assembly_2005").complete({"teams": 30.0, "m": 3.0})
    assert teams.grow({**base, "p": 0.0}, 1)[:4] == (pytest.approx(1 / 30), 0.0, 90, 90)  # newcomers only
    assert teams.grow({**base, "p": 1.0}, 1)[:4] == (1.0, pytest.approx(29 / 30), 3, 3)  # the first team for ever
    assert teams.grow({**base, "p": 0.0, "tau": 5.0}, 1).agents == 18  # the teams of the last step and five before


@pytest.mark.parametrize(("q", "verdict"), [(0.5, "agrees"), (0.2, "differs"), (0.8, "differs")])
def test_a_verdict_on_team_assembly_finds_out_another_rule(q, verdict, monkeypatch):
    v = {"m": 4.0, "p": 0.6, "q": q, "tau": 60.0, "teams": 240.0, "netlogo": 0.0}
    plain = [plain_field(4, 0.6, 0.5, 60, 240, seed)[1] for seed in range(60)]
    monkeypatch.setattr(teams, "STANDARD", {name: v[name] for name in ("m", "tau", "teams", "netlogo")})
    monkeypatch.setattr(teams, "REPEAT", {(0.6, q): float(np.mean(plain))})  # told by the twin, with q at a half
    known = replace(replication("team_assembly_2005"), printed=[v])
    assert by_name(replicate(known, {}, 12)[0].cells, "share of repeat links").verdict == verdict


def test_netlogos_variant_counts_links_used_twice():
    found = replicate(replication("team_assembly_2005"), {"netlogo": ["1"]}, 1)[0].cells
    assert "differs" not in {cell.verdict for cell in found}
    assert [by_name(found, f"NetLogo, tick 100: {name}").verdict for name in ("agents", "links")] == ["agrees"] * 2
    assert by_name(found, "NetLogo, tick 100: repeat links").known == 1.1


# --- Hong & Page -----------------------------------------------------------------------------

def plain_relay(ring, team, one_pass=False):
    def stop(at, steps):
        failures = 0
        for step in itertools.cycle(steps):
            if ring[(at + step) % len(ring)] > ring[at]:
                at, failures = (at + step) % len(ring), 0
            else:
                failures += 1
            if failures == len(steps):
                return at
        return at

    total = 0.0
    for start in range(len(ring)):
        at = start
        while True:
            before = at
            for steps in team:
                at = stop(at, steps)
            if one_pass or at == before:
                break
        total += ring[at]
    return total / len(ring)


@pytest.mark.parametrize("one_pass", [False, True])
def test_a_relay_goes_on_until_no_member_can_improve(one_pass):
    luck = random.Random(1)
    for _ in range(4):
        ring = np.array([luck.random() for _ in range(60)])
        team = np.array([luck.sample(range(1, 9), 3) for _ in range(5)])
        assert hong.relay(ring, team, one_pass) == pytest.approx(plain_relay(ring, team.tolist(), one_pass), rel=1e-12)


def test_the_ablest_are_the_ablest_alone():
    ring = np.array([random.Random(2).random() for _ in range(50)])
    heuristics = np.array(list(itertools.permutations(range(1, 5), 3)))
    ability = np.empty(len(heuristics))
    hong.abilities(ring, heuristics, ability)
    assert ability == pytest.approx([plain_relay(ring, [steps], True) for steps in heuristics.tolist()])


def test_random_teams_beat_the_ablest():
    found = replicate(replication("hong_page_2004"), {}, 30)[0].cells
    assert {cell.verdict for cell in found if cell.known is not None} == {"agrees"}
    lead = by_name(found, "random less best")
    assert lead.ours > 3 * lead.error


@pytest.mark.parametrize("changes", [{"l": ["3"], "N": ["7"]}, {"l": ["40"], "k": ["5"]}])
def test_impossible_rings_are_refused(changes):
    with pytest.raises(UsageError, match="allowed"):
        replicate(replication("hong_page_2004"), changes, 1)


# --- Jackson & Wolinsky ----------------------------------------------------------------------

def plain_connections(n, delta, cost):
    """Return efficient value and number of pairwise-stable labelled graphs, by networkx."""
    def utilities(graph):
        lengths = dict(nx.all_pairs_shortest_path_length(graph))
        return [sum(delta**d for j, d in lengths[i].items() if j != i) - cost * graph.degree(i) for i in range(n)]

    def is_stable(graph):
        now = utilities(graph)
        for i, j in pairs:
            other = graph.copy()
            other.remove_edge(i, j) if graph.has_edge(i, j) else other.add_edge(i, j)
            gains = [utilities(other)[k] - now[k] for k in (i, j)]
            if graph.has_edge(i, j):
                if max(gains) > 1e-9:
                    return False
            elif min(gains) > -1e-9 and max(gains) > 1e-9:
                return False
        return True

    pairs, best, stable = list(itertools.combinations(range(n), 2)), -math.inf, 0
    for chosen in itertools.product([0, 1], repeat=len(pairs)):
        graph = nx.empty_graph(n)
        graph.add_edges_from(pair for pair, there in zip(pairs, chosen, strict=True) if there)
        best = max(best, sum(utilities(graph)))
        stable += is_stable(graph)
    return best, stable


@pytest.mark.parametrize(("n", "delta", "cost"), [(3, 0.8, 0.3), (4, 0.5, 0.3), (4, 0.9, 0.4), (4, 0.6, 0.6)])
def test_stable_networks_against_networkx(n, delta, cost):
    value, _, stable = jackson.enumerate_graphs(n, delta, cost)
    assert (value, stable) == (pytest.approx(plain_connections(n, delta, cost)[0]), plain_connections(n, delta, cost)[1])


def test_all_printed_networks_agree():
    found = replicate(replication("jackson_wolinsky_1996"), {})[0].cells
    assert {cell.verdict for cell in found} == {"agrees"}
    assert [cell.ours for cell in found if cell.name.startswith("pairwise")] == [1, 7, 16, 1]


@pytest.mark.parametrize("n", [2, 3, 5, 6])
def test_the_efficient_network_is_complete_star_or_empty(n):
    for delta, cost in itertools.product((0.3, 0.5, 0.8), (0.05, 0.21, 0.25, 0.4, 1.5)):
        value, links, _ = jackson.enumerate_graphs(n, delta, cost)
        assert (value, links) == (pytest.approx(jackson.theory(n, delta, cost)[0], abs=1e-9), jackson.theory(n, delta, cost)[1])


# --- Cowan & Jonard --------------------------------------------------------------------------

def test_rewiring_keeps_the_number_of_links():
    for p in (0.0, 0.3, 1.0):
        links = np.zeros((50, 50), np.bool_)
        cowan.small_world(np.uint64(3), 50, 6, p, links)
        assert links.sum() == 300
        assert not links.diagonal().any()
        assert (links == links.T).all()
    ring = nx.from_numpy_array(links)
    assert nx.average_clustering(ring) < 0.3


def test_experts_are_as_many_as_asked_in_each_type():
    level = np.empty((80, 5))
    cowan.endow(np.uint64(1), level, 7, 1.0)
    assert ((level == 1.0).sum(axis=0) == 7).all()
    assert level[level < 1.0].max() <= 0.1


def test_a_barter_swaps_as_many_types_as_both_can_offer():
    from sim.parameters import make_params

    level = np.array([[0.5, 0.5, 0.5, 0.1], [0.3, 0.3, 0.3, 0.2]])
    before, scratch = level.copy(), (np.empty(4, np.int64), np.empty(4, np.int64))
    cowan.barter(level, 0, 1, registry.rule_id("learn", "standard"), make_params({"learn.partners": 0.1}), np.uint64(9), *scratch)
    changed = level != before
    assert changed[0].tolist() == [False, False, False, True]
    assert changed[1, :3].sum() == 1
    assert level[0, 3] == pytest.approx(0.11)
    assert level[1, changed[1]] == pytest.approx([0.32])


def test_long_links_in_plenty_hold_knowledge_back():
    found = replicate(replication("cowan_jonard_2004"), {"p": ["0", "0.1", "1"]}, 8)[0].cells
    assert by_name(found, "mean at p=0.1 less the mean at p=1").verdict == "agrees"


# --- SKIN ------------------------------------------------------------------------------------

@pytest.mark.parametrize("changes", [{}, {"threshold": ["0.6"], "candidates": ["3"], "length": ["3"], "fields": ["9"]}])
def test_skin_choice_through_the_engine(changes):
    found = replicate(replication("skin_choice"), {"calls": ["60"], "firms": ["60"], **changes}, 2)[0].cells
    for text in ("largest gap", "searches that break"):
        assert [cell.ours for cell in found if cell.name.startswith(text)] == [0.0, 0.0]
    for cell in found:
        if cell.name.startswith("share of strangers"):
            assert cell.ours == pytest.approx(cell.known, abs=0.08)  # 100 to 600 draws
    assert by_name(found, "consortia of another size").ours == 0


def test_attractive_share_is_hypergeometric():
    v = replication("skin_choice").complete({"length": 2.0, "fields": 4.0})
    assert skin.share_attractive("skin_conservative", v) == pytest.approx(5 / 6)  # any shared field: 1/2 of the smaller set
    assert skin.share_attractive("skin_progressive", v) == pytest.approx(4 / 6)  # exactly one shared: 2/4


# --- the registry ----------------------------------------------------------------------------

def test_all_five_are_there():
    assert names() == ["cowan_jonard_2004", "hong_page_2004", "jackson_wolinsky_1996", "skin_choice", "team_assembly_2005"]


@pytest.mark.parametrize("name", names())
def test_every_parameter_may_take_its_bounds_and_nothing_beyond(name):
    known = replication(name)
    for key, parameter in known.parameters.items():
        assert known.check(key, str(parameter.low)) == parameter.low
        assert known.check(key, str(parameter.high)) == parameter.high
        for wrong in (parameter.low - 1, parameter.high + 1, "nan", "x", ""):
            with pytest.raises(UsageError, match="allowed"):
                known.check(key, str(wrong))
    for point in known.printed:
        assert set(known.complete(point)) == set(known.parameters)
