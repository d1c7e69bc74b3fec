"""The model: owns a simulation, steps it, and shows its organisations as agents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import mesa
import numpy as np
from mesa.datacollection import DataCollector

from sim.kernels.members import group_members
from sim.mesa_face.agents import VIEWS, OrganisationAgent
from sim.mesa_face.agentset import LiveSet, RowSet
from sim.outcomes.observe import SERIES
from sim.phases.demography import bury
from sim.phases.part import forget_ended
from sim.phases.shocks import lose_cluster
from sim.scenario import Policy, Scenario, load
from sim.scenario.build import adopt, build, programmes_of
from sim.simulation import Simulation
from sim.vocab import Kind

if TYPE_CHECKING:
    from random import Random


class CollaborationModel(mesa.Model):
    """Organisations that meet challenges and mobilise partners, as a Mesa model.

    One step is one quarter. After each the series are collected into `datacollector`; whoever puts
    another collector there collects with it, as in any Mesa model.

    Parameters
    ----------
    study : path of a scenario file, or a `Scenario`; the default scenario when left out.
    policy : name of the policy under study, or a `Policy`; the scenario's focus when left out.
    seed : number that all luck comes from; the scenario's own when left out.
    replicate : number of the luck under that seed.
    future : parameter address to value, such as ``{"world.smes": 60}``.
    log : whether to keep the event log.
    simulation : a simulation that is ready to be stepped; then nothing else is built.

    A subclass may name its own classes of agents in ``agent_classes``, each derived from one here.
    """

    agent_classes: tuple[type[OrganisationAgent], ...] = ()

    def __init__(self, study: str | Path | Scenario | None = None, policy: str | Policy | None = None,
                 seed: int | None = None, replicate: int = 0, future: Mapping[str, float] | None = None,
                 log: bool = False, simulation: Simulation | None = None) -> None:
        self.simulation = simulation or simulate(study, policy, seed, replicate, future or {}, log)
        super().__init__(rng=int(self.simulation.world.seed) if seed is None else seed)  # of shuffles only
        self.steps_planned = int(self.simulation.world.p.world_steps)
        self.running = self.simulation.quarter + 1 < self.steps_planned
        self._views: WeakValueDictionary[int, OrganisationAgent] = WeakValueDictionary()
        self._own_attributes: dict[int, OrganisationAgent] = {}
        self._departures = 0
        self._class_of = {kind: view for view in (*VIEWS, *self.agent_classes) for kind in view.kinds}
        self._everyone = LiveSet.of_model(self)
        self._by_type: dict[type[OrganisationAgent], LiveSet] = {}
        self._collected = DataCollector(model_reporters={name: partial(_latest, name) for name in SERIES})
        self.datacollector = self._collected

    def step(self) -> None:
        """Let the engine do one quarter."""
        self.simulation.step()
        self.running = self.simulation.quarter + 1 < self.steps_planned
        self._forget_the_dead()
        if self.datacollector is self._collected:
            self._collected.collect(self)

    @property
    def series(self) -> dict[str, np.ndarray[Any, Any]]:
        """Name to [quarters] float64: what the engine observed after each quarter."""
        return self.simulation.series

    @property
    def world(self) -> Any:
        """The engine's tables, see `sim.world.world.World`."""
        return self.simulation.world

    @property
    def organisations(self) -> Any:
        """[organisations] The table's rows in use, living or not."""
        world = self.world
        return world.orgs[: int(world.n.organisations)]

    @property
    def agents(self) -> RowSet:
        """The living organisations."""
        return self._everyone

    @property
    def agents_by_type(self) -> dict[type[OrganisationAgent], RowSet]:
        """The living organisations of each type that this world has ever had."""
        kinds, first = np.unique(self.organisations.kind, return_index=True)
        for kind in kinds[np.argsort(first)]:
            view = self._class_of[Kind(kind)]
            if view not in self._by_type:
                self._by_type[view] = LiveSet.of_model(self, view)
        return dict(self._by_type)

    @property
    def agent_types(self) -> list[type[OrganisationAgent]]:
        """The types of organisation that this world has ever had."""
        return list(self.agents_by_type)

    def register_agent(self, agent: Any) -> None:
        """Refuse: organisations are rows of the world."""
        raise TypeError(f"{type(agent).__name__} cannot be registered: organisations are founded by the "
                        "demography phase; a scenario's tables can bring your own")

    def deregister_agent(self, agent: OrganisationAgent) -> None:
        """Let one organisation leave the world; raise KeyError when it is not in it."""
        if agent not in self._everyone:
            raise KeyError(agent)
        self._leave([agent.row])

    def remove_all_agents(self) -> None:
        """Let every organisation leave the world."""
        self._leave(self._everyone.rows.tolist())

    def _leave(self, rows: list[int]) -> None:
        """Bury firms as demography does; lose the clusters whose organisation leaves, as a shock does."""
        world, orgs = self.world, self.organisations
        clusters = [row for row in rows if orgs.kind[row] == Kind.CLUSTER_ORGANISATION]
        dying = np.zeros(len(orgs), np.bool_)
        dying[rows] = True
        dying[clusters] = False
        if world.log:
            world.reserve("events", 3 * len(rows) + 3 * int(world.n.seats))
        bury(world.view(), dying)
        forget_ended(world.view())
        for row in clusters:
            lose_cluster(world, int(orgs.cluster[row]))
        group_members(world.view())
        self._departures += 1
        self._forget_the_dead()

    def _forget_the_dead(self) -> None:
        left = self.organisations.left
        for row in [row for row in self._own_attributes if left[row] >= 0]:
            del self._own_attributes[row]

    # What views and sets ask of the model.

    @property
    def views(self) -> tuple[type[OrganisationAgent], ...]:
        """The classes that agents of this model have."""
        return tuple(self._class_of.values())

    @property
    def moment(self) -> tuple[int, int]:
        """Changes whenever organisations may have come or gone."""
        return int(self.world.n.step), self._departures

    def view_of(self, row: int, asked: type[OrganisationAgent] = OrganisationAgent) -> Any:
        """Return the agent of a row, an ``asked``; the same object as long as somebody holds it."""
        view = self._views.get(row)
        if view is None:
            view = self._make_view(row)
        if not isinstance(view, asked):
            raise TypeError(f"row {row} is a {type(view).__name__}, not a {asked.__name__}")
        return view

    def _make_view(self, row: int) -> OrganisationAgent:
        organisations = self.organisations
        if not 0 <= row < len(organisations):
            raise IndexError(f"there is no organisation in row {row}")
        fresh = object.__new__(self._class_of[Kind(organisations.kind[row])])
        object.__setattr__(fresh, "model", self)
        object.__setattr__(fresh, "row", row)
        self._views[row] = fresh
        return fresh

    def keep(self, agent: OrganisationAgent) -> None:
        """Hold an agent that carries attributes of the user's own, until it leaves."""
        if agent.alive:
            self._own_attributes[agent.row] = agent

    def rows_as_set(self, rows: Iterable[int], random: Random | None = None) -> RowSet:
        """Return the set of the organisations in ``rows``."""
        return RowSet.of_rows(self, rows, random)

    def is_here(self, row: int) -> bool:
        """Whether an organisation is alive, or has left and somebody still holds its agent."""
        return bool(self.world.orgs.left[row] < 0) or row in self._views

    def are_here(self, rows: Any) -> Any:
        """Return [rows] bool, `is_here` of each."""
        here = self.world.orgs.left[rows] < 0
        gone = np.flatnonzero(~here)
        here[gone] = [int(rows[place]) in self._views for place in gone]
        return here

    def are_of_type(self, rows: Any, agent_type: Any) -> Any:
        """Return [rows] bool, whether the agent of each is an ``agent_type``."""
        fits = np.zeros(len(Kind), np.bool_)
        for kind, view in self._class_of.items():
            fits[kind] = issubclass(view, agent_type)
        return fits[self.organisations.kind[rows]]


def simulate(study: str | Path | Scenario | None, policy: str | Policy | None, seed: int | None,
             replicate: int, future: Mapping[str, float], log: bool) -> Simulation:
    """Return a simulation whose burn-in is done and whose comparison is about to begin."""
    scenario = study if isinstance(study, Scenario) else load(study) if study is not None else Scenario()
    if seed is not None:
        scenario = scenario.model_copy(update={"seed": int(seed)})
    name = policy or scenario.focus or scenario.policies[-1].name
    studied = scenario.policy(name) if isinstance(name, str) else name
    world = build(scenario, studied, future, replicate)
    Simulation(world).burn_in()
    adopt(world, scenario, studied)
    return Simulation(world, scenario.dated_shocks(), log, programmes=programmes_of(scenario, studied, world.p))


def _latest(name: str, model: CollaborationModel) -> float:
    return model.simulation.rows[-1][name]
