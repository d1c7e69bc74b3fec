"""The face against Mesa itself: each method on lazy and on plain agents with the same values."""

from __future__ import annotations

import copy
import gc
import inspect
import random
from collections.abc import Iterator
from pathlib import Path

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet
from mesa.batchrunner import batch_run
from mesa.datacollection import DataCollector

from sim.mesa_face import ClusterAgent, CollaborationModel, OrganisationAgent, RowSet, SMEAgent
from sim.mesa_face.agents import StepOverriddenError
from sim.mesa_face.model import simulate
from sim.run import RunSpec, run
from sim.scenario import load
from sim.vocab import Kind

CLASSROOM = Path(__file__).parent.parent / "scenarios" / "classroom.yaml"
COPIED = ("openness", "capital", "cluster", "kind", "sector", "degree", "reputation")
QUARTERS = 3


class PlainSME(mesa.Agent):
    pass


class PlainCluster(mesa.Agent):
    pass


class Pair:
    """A lazy model and a plain Mesa model whose agents have the same values."""

    def __init__(self, simulation) -> None:
        self.lazy = CollaborationModel(simulation=simulation, seed=5)
        self.plain = mesa.Model(rng=5)
        for agent in self.lazy.agents:
            twin = (PlainSME if agent.kind == Kind.SME else PlainCluster)(self.plain)
            for name in COPIED:
                setattr(twin, name, getattr(agent, name))
            twin.unique_id = agent.unique_id

    def agree(self, question) -> None:
        lazy, plain = question(self.lazy.agents), question(self.plain.agents)
        assert told(lazy) == told(plain)
        assert told(self.lazy.agents) == told(self.plain.agents)


def told(answer):
    """What can be compared: agents by id, in order; classes by what they stand for."""
    if isinstance(answer, mesa.Agent):
        return answer.unique_id
    if isinstance(answer, dict):
        return {key: told(value) for key, value in answer.items()}
    if isinstance(answer, AgentSet | list | tuple | Iterator):
        return [told(one) for one in answer]
    return answer


def sme(agents):
    return SMEAgent if isinstance(agents, RowSet) else PlainSME


@pytest.fixture(scope="module")
def begun():
    """The classroom after its burn-in; tests work on copies."""
    return simulate(CLASSROOM, "strategic_mobilisation", 1, 0, {}, False)


@pytest.fixture
def fresh(begun):
    def make():
        twin = copy.copy(begun)
        twin.world, twin.rows = begun.world.copy(), []
        return twin
    return make


@pytest.fixture
def pair(fresh):
    return Pair(fresh())


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
        return [told(answer) if answer is not derived else "itself", told(derived)]
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
    "shuffle_do": lambda d, s: [d.shuffle_do(seen.append) and told(seen) for seen in [[]]],
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


def test_sets_by_type(pair):
    lazy, plain = pair.lazy, pair.plain
    names = {SMEAgent: PlainSME, ClusterAgent: PlainCluster}
    assert [names[kind] for kind in lazy.agent_types] == plain.agent_types
    assert list(lazy.agents_by_type) == lazy.agent_types
    for kind, agents in lazy.agents_by_type.items():
        assert told(agents) == told(plain.agents_by_type[names[kind]])
        assert all(type(agent) is kind for agent in agents)


def test_no_agent_is_made_before_it_is_asked_for(fresh):
    model = CollaborationModel(simulation=fresh())
    model.agents.shuffle().sort("openness").select(agent_type=SMEAgent, at_most=9).agg("capital", sum)
    assert len(model._views) == 0
    held = model.agents[4]
    assert model.agents[4] is held is SMEAgent.__mro__[1](model, held.row)
    del held
    gc.collect()
    assert len(model._views) == 0


def test_own_attributes_outlive_the_view(fresh):
    model = CollaborationModel(simulation=fresh())
    model.agents[6].mood = "hopeful"
    gc.collect()
    assert model.agents[6].mood == "hopeful"
    model.agents[6].remove()
    gc.collect()
    assert len(model._views) == 0


def test_agents_can_be_removed(pair):
    before = len(pair.lazy.agents)
    for model in (pair.lazy, pair.plain):
        first = model.agents[-1]
        first.remove()
        first.remove()
        assert first not in model.agents
        assert len(model.agents) == before - 1
        with pytest.raises(KeyError):
            model.deregister_agent(first)
    pair.lazy.step()
    for model in (pair.lazy, pair.plain):
        model.remove_all_agents()
        assert len(model.agents) == sum(len(group) for group in model.agents_by_type.values()) == 0
        assert len(model.agent_types) == 2
    pair.lazy.step()


def test_a_lost_cluster_organisation_leaves_its_members_alone(fresh):
    model = CollaborationModel(simulation=fresh())
    cluster = model.agents_by_type[ClusterAgent][0]
    members = cluster.members
    assert len(members) > 0
    assert set(members.get("cluster")) == {cluster.cluster}
    cluster.remove()
    assert set(members.get("cluster")) == {-1}
    model.step()


def test_organisations_come_from_the_engine_only(fresh):
    model = CollaborationModel(simulation=fresh())
    for attempt in (lambda: SMEAgent(model), lambda: PlainSME(model),
                    lambda: ClusterAgent(model, model.agents_by_type[SMEAgent][0].row)):
        with pytest.raises(TypeError):
            attempt()


def test_a_step_of_ones_own_is_refused(fresh):
    class Stepping:
        def step(self):
            raise AssertionError

    with pytest.raises(StepOverriddenError, match="sim/rules"):
        class Loud(SMEAgent):
            def step(self):
                raise AssertionError
    with pytest.raises(StepOverriddenError, match="rule"):
        type("Mixed", (Stepping, SMEAgent), {})
    with pytest.raises(StepOverriddenError, match="rule"):
        CollaborationModel(simulation=fresh()).agents[0].step = print


def test_columns_that_hang_together_cannot_be_set(fresh):
    agent = CollaborationModel(simulation=fresh()).agents[5]
    for name in ("cluster", "mask", "degree", "unique_id", "row", "model"):
        with pytest.raises(AttributeError, match="kept by the engine"):
            setattr(agent, name, 1)
    agent.vision = [0.25, 0.75]
    assert agent.model.organisations.vision[agent.row].tolist() == [0.25, 0.75] == agent.vision.tolist()


def test_a_class_of_ones_own(fresh):
    class Firm(SMEAgent):
        @property
        def capital(self):
            return self.model.organisations.capital[self.row] / 100

    class Model(CollaborationModel):
        agent_classes = (Firm,)

    model = Model(simulation=fresh())
    assert model.agent_types == [ClusterAgent, Firm]
    firms = model.agents_by_type[Firm]
    assert firms.get("capital") == [firm.capital for firm in firms]


def test_sets_follow_the_world(fresh):
    model = CollaborationModel(simulation=fresh())
    everyone, early = model.agents, model.agents.select()
    for _ in range(8):
        model.step()
    living = np.flatnonzero(model.organisations.left < 0)
    assert sorted(everyone.rows.tolist()) == living.tolist()
    assert all(agent.alive for agent in early)
    assert len(set(everyone.get("unique_id"))) == len(everyone) == model.series["alive"][-1]
    assert all(agent in everyone for agent in everyone[3].partners)


def test_stepping_the_face_is_running_the_engine():
    engine = run(RunSpec(load(CLASSROOM), "strategic_mobilisation", replicate=2))
    model = CollaborationModel(CLASSROOM, "strategic_mobilisation", replicate=2)
    while model.running:
        model.step()
        model.agents.shuffle().agg("openness", sum)
    assert model.series.keys() == engine.series.keys()
    for name, values in engine.series.items():
        assert model.series[name].tobytes() == values.tobytes(), name
    assert model.simulation.world.orgs.tobytes() == engine.world.orgs.tobytes()


def test_data_collector_as_with_plain_agents(pair):
    frames = []
    for model, kind in ((pair.lazy, SMEAgent), (pair.plain, PlainSME)):
        collector = DataCollector(
            model_reporters={"firms": lambda m: len(m.agents), "mean": lambda m: m.agents.agg("openness", np.mean)},
            agent_reporters={"capital": "capital", "double": lambda a: 2 * a.sector},
            agenttype_reporters={kind: {"openness": "openness"}})
        collector.collect(model)
        frames.append((collector.get_model_vars_dataframe(), collector.get_agent_vars_dataframe(),
                       collector.get_agenttype_vars_dataframe(kind)))
    for lazy, plain in zip(*frames, strict=True):
        assert lazy.equals(plain)


def test_own_collector_holds_the_series(fresh):
    model = CollaborationModel(simulation=fresh())
    for _ in range(QUARTERS):
        model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    for name, values in model.series.items():
        assert frame[name].to_numpy().tobytes() == values.tobytes(), name


class Watched(CollaborationModel):
    """A model with a collector of its own, in Mesa's usual way."""

    def __init__(self, **settings) -> None:
        super().__init__(CLASSROOM, **settings)
        self.datacollector = DataCollector({"alive": lambda m: len(m.agents)}, {"capital": "capital"})
        self.datacollector.collect(self)

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


def test_batch_run():
    policies = ["same_known_partners", "strategic_mobilisation"]
    rows = batch_run(CollaborationModel, {"study": str(CLASSROOM), "policy": policies, "seed": [3, 4]},
                     max_steps=QUARTERS - 1, display_progress=False)
    assert [(row["policy"], row["seed"]) for row in rows] == [(p, s) for p in policies for s in (3, 4)]
    for row in rows:
        model = CollaborationModel(CLASSROOM, row["policy"], row["seed"])
        for _ in range(QUARTERS):
            model.step()
        assert {name: values[-1] for name, values in model.series.items() if values[-1] == values[-1]}.items() \
            <= row.items()


def test_batch_run_with_agents():
    rows = batch_run(Watched, {"policy": "solo", "future": [{"world.burn_in": 0.0}]}, max_steps=1,
                     data_collection_period=1, display_progress=False)
    assert {row["Step"] for row in rows} == {0, 1}
    assert all(sum(r["Step"] == row["Step"] for r in rows) == row["alive"] for row in rows)
    assert all(isinstance(row["capital"], int) for row in rows)


def test_sets_join_with_agents_of_other_models(pair):
    mixed = pair.lazy.agents.select(at_most=2) | pair.plain.agents.select(at_most=2)
    assert not isinstance(mixed, RowSet)
    assert isinstance(RowSet([], model=pair.lazy), RowSet)
    assert told(RowSet(pair.lazy.agents)) == told(pair.lazy.agents)
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


def test_reading_a_row(fresh):
    model = CollaborationModel(simulation=fresh())
    agent = model.agents[7]
    assert isinstance(agent, OrganisationAgent)
    assert agent.unique_id == int(model.simulation.world.orgs.slot[agent.row])
    assert model.simulation.world.slots[agent.unique_id] == agent.row
    assert isinstance(agent.capital, int)
    assert isinstance(agent.openness, float)
    assert agent.pos is None
    assert agent.random is model.random
    assert not hasattr(agent, "absent")
