"""The model and its agents: one stepping path, agents as rows, collectors and batch runs."""

from __future__ import annotations

import gc
from pathlib import Path

import mesa
import numpy as np
import pytest
from mesa.batchrunner import batch_run
from mesa.datacollection import DataCollector

from sim.mesa_face import ClusterAgent, CollaborationModel, OrganisationAgent, SMEAgent
from sim.mesa_face.agents import StepOverriddenError
from sim.run import RunSpec, run
from sim.scenario import load

CLASSROOM = Path(__file__).parents[2] / "scenarios" / "classroom.yaml"
QUARTERS = 3


def test_sets_by_type(pair):
    lazy, plain = pair.lazy, pair.plain
    assert lazy.agent_types == [ClusterAgent, SMEAgent]  # as Mesa does: in order of first appearance
    names = dict(zip(lazy.agent_types, plain.agent_types, strict=True))
    assert list(lazy.agents_by_type) == lazy.agent_types
    for kind, agents in lazy.agents_by_type.items():
        assert agents.get("unique_id") == plain.agents_by_type[names[kind]].get("unique_id")
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
    for attempt in (lambda: SMEAgent(model), lambda: mesa.Agent(model),
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
    for model, kind in ((pair.lazy, SMEAgent), (pair.plain, pair.plain.agent_types[1])):
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


def test_an_id_is_never_given_to_another(fresh):
    """A slot may be taken again by a newborn; the id of an agent may not (TRUST 3)."""
    model = CollaborationModel(simulation=fresh())
    ids = {}
    for _ in range(12):
        for agent in model.agents:
            assert ids.setdefault(agent.unique_id, agent.uid) == agent.uid
        model.step()
        for agent in list(model.agents)[::9]:  # make room, so that slots are taken again
            agent.remove()
    gone = [row for row, left in enumerate(model.organisations.left) if left >= 0]
    assert gone and len(set(ids.values())) == len(ids)


def test_reading_a_row(fresh):
    model = CollaborationModel(simulation=fresh())
    agent = model.agents[7]
    assert isinstance(agent, OrganisationAgent)
    assert agent.unique_id == agent.row + 1  # Mesa counts from 1
    assert isinstance(agent.capital, int)
    assert isinstance(agent.openness, float)
    assert agent.pos is None
    assert agent.random is model.random
    assert not hasattr(agent, "absent")
