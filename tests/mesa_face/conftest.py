"""A lazy model beside a plain Mesa model whose agents have the same values."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import mesa
import pytest
from mesa.agent import AgentSet

from sim.mesa_face import CollaborationModel
from sim.mesa_face.model import simulate
from sim.vocab import Kind

CLASSROOM = Path(__file__).parents[2] / "scenarios" / "classroom.yaml"
COPIED = ("openness", "capital", "cluster", "kind", "sector", "degree", "reputation")


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
