"""Sets against Mesa's own: each public method on lazy and on plain agents with the same values."""

from __future__ import annotations

import copy
import inspect
import random

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet

from sim.mesa_face import CollaborationModel, RowSet, SMEAgent


def sme(agents):
    return SMEAgent if isinstance(agents, RowSet) else agents[0].model.agent_types[-1]


def evens(agent) -> bool:
    return agent.unique_id % 2 == 0


QUESTIONS = {
    "len": len,
    "iter": list,
    "reversed": lambda s: list(reversed(s)),
    "getitem": lambda s: [s[0], s[-1], s[np.int64(2)], s[3:9:2], s[::-1]],
    "contains": lambda s: (s[3] in s, s[3] in s.select(at_most=2), 7 in s),
    "index": lambda s: s.index(s[7]),
    "count": lambda s: s.count(s[7]),
    "select": lambda s: s.select(),
    "select filter": lambda s: s.select(evens),
    "select at most": lambda s: s.select(at_most=7),
    "select share": lambda s: s.select(at_most=0.3),
    "select whole": lambda s: s.select(at_most=1.0),
    "select one": lambda s: s.select(at_most=1),
    "select fraction above one": lambda s: s.select(at_most=2.5),
    "select none": lambda s: s.select(at_most=0),
    "select negative": lambda s: s.select(at_most=-1),
    "select both": lambda s: s.select(evens, at_most=5),
    "select type": lambda s: s.select(agent_type=sme(s)),
    "select base type": lambda s: s.select(agent_type=mesa.Agent),
    "select all three": lambda s: s.select(evens, at_most=0.2, agent_type=sme(s)),
    "select inplace": lambda s: s.select(evens, inplace=True) is s,
    "shuffle": lambda s: s.shuffle(),
    "shuffle twice": lambda s: s.shuffle().shuffle(inplace=True),
    "shuffle inplace": lambda s: s.shuffle(inplace=True) is s,
    "sort": lambda s: s.sort("openness"),
    "sort ascending": lambda s: s.sort("openness", ascending=True),
    "sort ties": lambda s: s.sort("cluster"),
    "sort function": lambda s: s.sort(lambda a: (a.sector, -a.capital), ascending=True),
    "sort id": lambda s: s.sort("unique_id"),
    "sort inplace": lambda s: s.sort("reputation", inplace=True) is s,
    "map": lambda s: s.map(lambda a, more: a.sector + more, 3),
    "map name": lambda s: s.map("__hash__") and len(s.map("step")),
    "agg": lambda s: s.agg("openness", sum),
    "agg many": lambda s: s.agg("capital", [min, max, np.mean]),
    "get": lambda s: s.get("openness"),
    "get many": lambda s: s.get(["capital", "unique_id"]),
    "get no names": lambda s: s.get([]),
    "get default": lambda s: s.get("absent", handle_missing="default", default_value=4),
    "get many default": lambda s: s.get(["absent", "sector"], "default"),
    "groupby": lambda s: s.groupby("cluster").groups,
    "groupby function": lambda s: s.groupby(evens).count(),
    "groupby list": lambda s: s.groupby("sector", result_type="list").groups,
    "groupby agg": lambda s: s.groupby("sector").agg("openness", max),
    "groupby map": lambda s: s.groupby("sector").map("get", "unique_id"),
    "groupby do": lambda s: s.groupby("sector").do(lambda group: group.set("mark", len(group))) and s.get("mark"),
    "do": lambda s: s.do("step") is s,
    "copy": copy.copy,
    "random": lambda s: [s.random.random(), s.random.choice(s), s.random.sample(list(s), 3)],
    "or": lambda s: s.select(at_most=3) | s.select(evens, at_most=4),
    "and": lambda s: s & s.select(evens),
    "sub": lambda s: s - s.select(evens),
    "xor": lambda s: s.select(at_most=6) ^ s.select(evens),
    "compare": lambda s: (s.select(evens) <= s, s < s, s >= s.select(evens), s == s.select(), s != s.select(evens)),
    "isdisjoint": lambda s: s.select(evens).isdisjoint(s.select(lambda a: not evens(a))),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_answers_are_those_of_plain_agents(pair, name):
    pair.agree(QUESTIONS[name])


def changed(change):
    def question(agents):
        derived = agents.select(evens)
        answer = change(derived, agents)
        return [answer if answer is not derived else "itself", derived]
    return question


CHANGES = {
    "add": lambda d, s: d.add(s[1]) or d.add(s[1]),
    "discard": lambda d, s: d.discard(d[2]) or d.discard(s.select(lambda a: not evens(a))[0]),
    "remove": lambda d, s: d.remove(d[0]),
    "pop": lambda d, s: d.pop(),
    "clear": lambda d, s: d.clear(),
    "ior": lambda d, s: d.__ior__(s.select(at_most=5)),
    "iand": lambda d, s: d.__iand__(s.select(at_most=9)),
    "isub": lambda d, s: d.__isub__(s.select(at_most=9)),
    "ixor": lambda d, s: d.__ixor__(s.select(at_most=9)),
    "set": lambda d, s: d.set("mark", 3) and (d.get("mark"), s.get("mark", "default", 0)),
    "set a column": lambda d, s: d.set("openness", 0.25) and s.get("openness"),
    "do function": lambda d, s: d.do(lambda a, by: setattr(a, "capital", a.capital + by), 5) and s.get("capital"),
    "shuffle_do": lambda d, s: [d.shuffle_do(seen.append) and seen for seen in [[]]],
    "shuffle_do by name": lambda d, s: d.shuffle_do("advance"),
    "keeps on leaving": lambda d, s: s[0].remove(),
    "leaving in a loop": lambda d, s: len(d.do("remove")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_those_of_plain_agents(pair, name):
    pair.agree(changed(CHANGES[name]))


def test_every_public_method_of_mesa_is_covered():
    ours = {"get", "set", "agg", "index", "count", "pop", "isdisjoint"}  # work through what is overridden
    public = {name for name, _ in inspect.getmembers(AgentSet, callable) if not name.startswith("_")}
    assert public - set(RowSet.__dict__) - ours == set()
    asked = " ".join((*QUESTIONS, *CHANGES)).split()
    assert public - set(asked) == set()


@pytest.mark.parametrize("wrong", [
    lambda s: s[10_000], lambda s: s.select(at_most=2).remove(s[5]), lambda s: s.get("absent"),
    lambda s: s.get("openness", handle_missing="perhaps"), lambda s: s.sort("absent"), lambda s: s["0"],
    lambda s: s.do("absent"), lambda s: s.groupby("absent"), lambda s: s.select(at_most=0).pop()])
def test_errors_are_those_of_plain_agents(pair, wrong):
    kinds = []
    for agents in (pair.lazy.agents, pair.plain.agents):
        with pytest.raises(Exception) as caught:
            wrong(agents)
        kinds.append(caught.type)
    assert kinds[0] is kinds[1]


def test_sets_join_with_agents_of_other_models(pair):
    mixed = pair.lazy.agents.select(at_most=2) | pair.plain.agents.select(at_most=2)
    assert not isinstance(mixed, RowSet)
    assert isinstance(RowSet([], model=pair.lazy), RowSet)
    assert RowSet(pair.lazy.agents) == pair.lazy.agents
    with pytest.raises(ValueError, match="model"):
        RowSet([])
    with pytest.raises(TypeError, match="not an organisation"):
        pair.lazy.agents.add(pair.plain.agents[0])


def test_shuffles_depend_on_the_seed(fresh):
    orders = [CollaborationModel(simulation=fresh(), seed=seed).agents.shuffle().rows.tolist() for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]
    reference = list(range(len(orders[0])))
    random.Random(1).shuffle(reference)
    assert [orders[0][place] for place in np.argsort(reference)] == sorted(orders[0])
