"""Sets of agents as arrays of row numbers.

Mesa's `AgentSet` holds weak references, so a set of views that nobody else holds would be empty.
`RowSet` holds row numbers instead and overrides every method that reads or builds a set.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from math import ceil, inf
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa.agent import AgentSet, GroupBy

from sim.mesa_face.agents import COLUMNS, OrganisationAgent

if TYPE_CHECKING:
    from sim.mesa_face.model import CollaborationModel

Rows = Any  # [agents] i4: organisation rows, in the order of the set
Agents = Iterable[OrganisationAgent]


class RowSet(AgentSet):
    """An ordered set of organisations; behaves as Mesa's `AgentSet` does.

    An organisation that has left is in the set only while somebody holds its agent.

    Parameters
    ----------
    agents : views of one model's rows.
    random : generator that shuffles use; the model's by default.
    model : the model; needed when there are no agents.
    """

    def __init__(self, agents: Agents = (), random: Random | None = None,
                 model: CollaborationModel | None = None) -> None:
        given = list(agents)
        owner = model if model is not None else given[0].model if given else None
        if owner is None:
            raise ValueError("a set without agents needs its model: RowSet([], model=model)")
        self._start(owner, [_row_in(owner, agent) for agent in given], random)

    @classmethod
    def of_rows(cls, model: CollaborationModel, rows: Iterable[int], random: Random | None = None) -> RowSet:
        """Return the set of the organisations in ``rows``."""
        fresh = object.__new__(RowSet)
        fresh._start(model, rows, random)
        return fresh

    def _start(self, model: CollaborationModel, rows: Iterable[int], random: Random | None) -> None:
        self._model = model
        self.random: Random = model.random if random is None else random
        self._put(rows)

    def _put(self, rows: Iterable[int]) -> RowSet:
        if not isinstance(rows, np.ndarray):
            rows = np.fromiter(dict.fromkeys(rows), np.int32)
        self._kept_rows = np.asarray(rows, np.int32)
        self._seen: Any = None
        return self

    @property
    def rows(self) -> Rows:
        """Rows of the organisations now in the set, in its order."""
        now = self._model.moment
        if self._seen != now:
            here = self._model.are_here(self._kept_rows)
            self._kept_rows = self._kept_rows[here]
            ghosts = (self._model.organisations.left[self._kept_rows] >= 0).any()
            self._seen = None if ghosts else now
        return self._kept_rows

    def _present(self, rows: Iterable[int]) -> Iterator[OrganisationAgent]:
        """Make the agents of ``rows`` one by one; one that left in the meantime is passed over."""
        for row in rows:
            if self._model.is_here(row):
                yield self._model.view_of(row)

    def _new(self, rows: Iterable[int]) -> RowSet:
        return RowSet.of_rows(self._model, rows, self.random)

    def _with(self, rows: Iterable[int], inplace: bool) -> RowSet:
        return self._put(rows) if inplace else self._new(rows)

    def _update(self, agents: Agents) -> RowSet:
        return self._put([_row_in(self._model, agent) for agent in agents])

    def _from_iterable(self, agents: Iterable[Any]) -> AgentSet:
        """Build the result of a set operation; with agents of other models it is a plain set."""
        found = list(agents)
        if all(isinstance(agent, OrganisationAgent) and agent.model is self._model for agent in found):
            return self._new([agent.row for agent in found])
        return AgentSet(found, self.random)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[OrganisationAgent]:
        return self._present(self.rows.tolist())

    def __reversed__(self) -> Iterator[OrganisationAgent]:
        return self._present(self.rows[::-1].tolist())

    def __contains__(self, agent: object) -> bool:
        return (isinstance(agent, OrganisationAgent) and agent.model is self._model
                and bool((self.rows == agent.row).any()))

    def __getitem__(self, item: int | slice) -> Any:
        if isinstance(item, slice):
            return list(self._present(self.rows[item].tolist()))
        return self._model.view_of(int(self.rows[operator.index(item)]))

    def __getstate__(self) -> dict[str, Any]:
        return {"model": self._model, "rows": self.rows.copy(), "random": self.random}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._start(state["model"], state["rows"], state["random"])

    def select(self, filter_func: Callable[[Any], bool] | None = None, at_most: float = inf,
               inplace: bool = False, agent_type: Any = None) -> RowSet:
        """Return those that pass the filter and are of the type, at most so many, the first ones."""
        rows = self.rows
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(rows) * at_most)
        most = len(rows) if at_most == inf else max(0, ceil(at_most))
        if filter_func is None:
            chosen = rows[self._model.are_of_type(rows, agent_type)] if agent_type else rows
            return self._with(chosen[:most].copy(), inplace)
        kept: list[int] = []
        for agent in self._present(rows.tolist()):
            if len(kept) >= most:
                break
            if filter_func(agent) and (not agent_type or isinstance(agent, agent_type)):
                kept.append(agent.row)
        return self._with(kept, inplace)

    def shuffle(self, inplace: bool = False) -> RowSet:
        """Put the agents into random order."""
        return self._with(self._shuffled(), inplace)

    def _shuffled(self) -> list[int]:
        rows: list[int] = self.rows.tolist()
        self.random.shuffle(rows)
        return rows

    def sort(self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False) -> RowSet:
        """Sort the agents by an attribute or a function."""
        rows = self.rows
        if isinstance(key, str) and self._is_column(key):
            values = self.get(key)
        else:
            ask = operator.attrgetter(key) if isinstance(key, str) else key
            values = [ask(agent) for agent in self._present(rows.tolist())]
        order = sorted(range(len(values)), key=values.__getitem__, reverse=not ascending)
        return self._with(rows[np.array(order, np.int64)], inplace)

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> RowSet:
        """Call a method or a function on each agent."""
        return self._do(self.rows.tolist(), method, args, kwargs)

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> RowSet:
        """Call a method or a function on each agent, in random order."""
        return self._do(self._shuffled(), method, args, kwargs)

    def _do(self, rows: list[int], method: str | Callable[..., Any], args: Any, kwargs: Any) -> RowSet:
        for agent in self._present(rows):
            _call(agent, method, args, kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Return what a method or a function gives for each agent."""
        return [_call(agent, method, args, kwargs) for agent in self._present(self.rows.tolist())]

    def get(self, attr_names: str | list[str], handle_missing: str = "error",
            default_value: Any = None) -> list[Any]:
        """Return the attribute, or a list of the attributes, of each agent."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f"Unknown handle_missing option: {handle_missing}, "
                             "should be one of 'error' or 'default'")
        default = () if handle_missing == "error" else (default_value,)
        if isinstance(attr_names, str):
            return self._values(attr_names, default)
        return [[getattr(agent, name, *default) for name in attr_names] for agent in self]

    def _values(self, name: str, default: tuple[Any, ...]) -> list[Any]:
        if not self._is_column(name):
            return [getattr(agent, name, *default) for agent in self]
        values = self._model.organisations[name][self.rows]
        return list(values) if COLUMNS[name] > 1 else list(values.tolist())

    def _is_column(self, name: str) -> bool:
        """Whether the attribute can be read from the table, without making agents."""
        return name in COLUMNS and not any(hasattr(view, name) for view in self._model.views)

    def groupby(self, by: Callable[[Any], Any] | str, result_type: str = "agentset") -> GroupBy:
        """Group the agents by an attribute or a function."""
        groups: dict[Any, list[OrganisationAgent]] = defaultdict(list)
        for agent in self:
            groups[by(agent) if callable(by) else getattr(agent, by)].append(agent)
        if result_type != "agentset":
            return GroupBy(groups)
        return GroupBy({name: self._new([agent.row for agent in found]) for name, found in groups.items()})

    def add(self, agent: OrganisationAgent) -> None:
        """Put an agent at the end, unless it is in the set."""
        row = _row_in(self._model, agent)
        if not (self.rows == row).any():
            self._put(np.append(self.rows, row))

    def discard(self, agent: object) -> None:
        """Take an agent out, if it is in the set."""
        if agent in self:
            self._put(self.rows[self.rows != _row_in(self._model, agent)])

    def remove(self, agent: object) -> None:
        """Take an agent out of the set; raise KeyError when it is not in it."""
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def clear(self) -> None:
        """Empty the set."""
        self._put(self.rows[:0])


class LiveSet(RowSet):
    """The organisations that exist now, of all types or of one; newborns are appended."""

    @classmethod
    def of_model(cls, model: CollaborationModel,
                 view: type[OrganisationAgent] = OrganisationAgent) -> LiveSet:
        """Return the living set of a model's organisations that are seen as ``view``."""
        fresh = object.__new__(LiveSet)
        fresh._view, fresh._born = view, 0
        fresh._start(model, [], None)
        return fresh

    @property
    def rows(self) -> Rows:
        """Rows of the living, in the order of the set."""
        now = self._model.moment
        if self._seen != now:
            born = np.arange(self._born, len(self._model.organisations), dtype=np.int32)
            self._born += len(born)
            rows = np.concatenate([self._kept_rows, born[self._model.are_of_type(born, self._view)]])
            self._kept_rows, self._seen = rows[self._model.organisations.left[rows] < 0], now
        return self._kept_rows

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how a copy is made: a set that stays as it is, as a copy of Mesa's own set does."""
        return RowSet.of_rows, (self._model, self.rows.copy(), self.random)


def _row_in(model: CollaborationModel, agent: Any) -> int:
    """Return the agent's row; raise TypeError when it is no organisation of this model."""
    if not isinstance(agent, OrganisationAgent) or agent.model is not model:
        raise TypeError(f"{agent!r} is not an organisation of this model")
    return agent.row


def _call(agent: OrganisationAgent, method: str | Callable[..., Any], args: Any, kwargs: Any) -> Any:
    if isinstance(method, str):
        return getattr(agent, method)(*args, **kwargs)
    return method(agent, *args, **kwargs)
