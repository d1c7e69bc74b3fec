"""Agents as views of rows: made when asked for, the same object while somebody holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.errors import MobiliseError
from sim.vocab import Kind
from sim.world.tables import ORGANISATIONS

if TYPE_CHECKING:
    from sim.mesa_face.agentset import RowSet
    from sim.mesa_face.model import CollaborationModel

COLUMNS = {column.name: column.width for column in ORGANISATIONS.columns}
# What a user may change between quarters. The other columns hang together with other tables.
FREE_COLUMNS = frozenset({"activity", "capacity", "capital", "label", "levels", "openness", "policy",
                          "reliability", "reputation", "vision"})
OF_THE_ROW = frozenset({"model", "row", "unique_id"})
ONE_PATH = ("the engine steps all organisations at once, so {what} would never be called; write a rule "
            "instead: `mobilise rules` lists the families, sim/rules holds one short file for each rule")
ENGINE_CALLS = ("step", "advance")


class StepOverriddenError(MobiliseError, TypeError):
    """Somebody gave a row view a step of its own."""

    def __init__(self, what: str) -> None:
        super().__init__(ONE_PATH.format(what=what))


class OrganisationAgent(mesa.Agent):
    """One organisation, seen as a Mesa agent: a view of one row of the organisations table.

    Every column of `sim.world.tables.ORGANISATIONS` is an attribute (``agent.openness``,
    ``agent.capital`` in cents). Columns that stand for themselves can be set between quarters and
    reach the engine; those that hang together with other tables cannot. Any other attribute is the
    user's own and stays with the agent until the organisation leaves.

    Parameters
    ----------
    model : the model that owns the world.
    row : row of the organisation; rows are never reused.
    """

    kinds: tuple[Kind, ...] = tuple(Kind)
    pos = None

    def __new__(cls, model: CollaborationModel, row: int | None = None) -> OrganisationAgent:
        """Return the view of ``row``: the one that exists, or a new one."""
        if row is None:
            raise TypeError(f"{cls.__name__} is a view of a row: organisations are founded by the demography "
                            "phase, and found in model.agents")
        return model.view_of(int(row), cls)

    def __init__(self, model: CollaborationModel, row: int | None = None) -> None:
        """Do nothing: a view is complete when `__new__` returns it, and is registered by its row."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a class with a step of its own."""
        super().__init_subclass__(**kwargs)
        for name in ENGINE_CALLS:
            if getattr(cls, name) is not getattr(mesa.Agent, name):
                raise StepOverriddenError(f"{cls.__name__}.{name}")

    def __getattr__(self, name: str) -> Any:
        if name not in COLUMNS:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        value = self.model.organisations[name][self.row]
        return value.copy() if COLUMNS[name] > 1 else value.item()

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ENGINE_CALLS:
            raise StepOverriddenError(f"the {name} of one agent")
        if name in OF_THE_ROW or (name in COLUMNS and name not in FREE_COLUMNS):
            raise AttributeError(f"'{name}' is kept by the engine and cannot be set; free to set: "
                                 f"{', '.join(sorted(FREE_COLUMNS))} and attributes of your own")
        if name in FREE_COLUMNS and not hasattr(type(self), name):
            self.model.organisations[name][self.row] = value
        else:
            object.__setattr__(self, name, value)
            self.model.keep(self)

    def __getnewargs__(self) -> tuple[CollaborationModel, int]:
        """Return what a copy is made from."""
        return self.model, self.row

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unique_id}>"

    @property
    def unique_id(self) -> int:
        """Number of the organisation in the order in which they came, from 1 as in Mesa; never given to another.

        It is not the slot, which a later newborn may take again. To find the same organisation under another
        policy, compare ``uid``.
        """
        return self.row + 1

    @property
    def alive(self) -> bool:
        """Whether the organisation still exists."""
        return bool(self.model.organisations.left[self.row] < 0)

    @property
    def partners(self) -> RowSet:
        """Living organisations it has a relation with, the latest first."""
        relations, orgs = self.model.world.rels, self.model.organisations
        rows, relation = [], int(orgs.head[self.row])
        while relation >= 0:
            first = relations.a[relation] == self.row
            other = int(relations.b[relation] if first else relations.a[relation])
            if orgs.left[other] < 0:
                rows.append(other)
            relation = int(relations.next_a[relation] if first else relations.next_b[relation])
        return self.model.rows_as_set(rows)

    def remove(self) -> None:
        """Let the organisation leave its partnerships and then the world, as one that dies does."""
        if self.alive:
            self.model.deregister_agent(self)


class SMEAgent(OrganisationAgent):
    """A small or medium-sized firm."""

    kinds = (Kind.SME,)


class ClusterAgent(OrganisationAgent):
    """The organisation that runs a cluster."""

    kinds = (Kind.CLUSTER_ORGANISATION,)

    @property
    def members(self) -> RowSet:
        """Living members of its cluster, without itself."""
        orgs = self.model.organisations
        here = (orgs.cluster == self.cluster) & (orgs.left < 0) & (orgs.kind != Kind.CLUSTER_ORGANISATION)
        return self.model.rows_as_set(np.flatnonzero(here))


class ResearchAgent(OrganisationAgent):
    """A university or research organisation."""

    kinds = (Kind.RESEARCH,)


class LargeFirmAgent(OrganisationAgent):
    """A large firm."""

    kinds = (Kind.LARGE,)


class PublicAgent(OrganisationAgent):
    """A public body."""

    kinds = (Kind.PUBLIC,)


VIEWS: tuple[type[OrganisationAgent], ...] = (SMEAgent, ClusterAgent, ResearchAgent, LargeFirmAgent,
                                             PublicAgent)
