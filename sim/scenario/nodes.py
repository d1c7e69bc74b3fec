"""From text to a tree of nodes that remember line and column, in one bounded pass over YAML events.

PyYAML's pure-Python scanner is used: it does not recurse, so nesting cannot exhaust the stack,
and events are asked for one at a time, so a limit stops the reading at once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml

from sim.errors import MOST_PROBLEMS, Problem, ScenarioError
from sim.scenario.characters import check_characters, describe, refused
from sim.scenario.scalars import NotPlain, Scalar, read_scalar

MOST_DEPTH = 20
MOST_VALUES = 50_000
MOST_SCALAR = 64 * 1024
Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """A position in a file, or the command-line option it stands for."""

    where: str
    line: int | None = None
    column: int | None = None

    def problem(
        self, key: str, message: str, given: str = "", allowed: str | None = None, close: str | None = None
    ) -> Problem:
        """Return a problem at this place."""
        return Problem(self.where, key, message, given, allowed, close, self.line, self.column)


@dataclass(frozen=True)
class Node:
    """A value, its place, and the place of the key in front of it."""

    value: Scalar | list[Node] | dict[str, Node]
    place: Place
    key: Place | None = None

    def plain(self) -> Any:
        """Return the value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def find(self, path: Path_) -> tuple[Node, int]:
        """Return the deepest node on the way to ``path`` and how many steps led to it."""
        node = self
        for depth, step in enumerate(path):
            if isinstance(node.value, dict) and step in node.value:
                node = node.value[str(step)]
            elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            else:
                return node, depth
        return node, len(path)


def dotted(path: Path_) -> str:
    """Return the address of a path as people write it: ``policies[2].terms.trust``."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read_nodes(text: str, where: str) -> Node:
    """Return the tree of one YAML document; refuse what is unsafe or ambiguous, all problems at once."""
    reader = _Reader(text, where)
    try:
        node = reader.document()
    except yaml.MarkedYAMLError as error:
        raise ScenarioError([*reader.problems, _syntax(error, where)]) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        reason = str(error).splitlines()[0]
        raise ScenarioError(
            [*reader.problems, reader.here().problem("", f"cannot be read as YAML: {reason}")]
        ) from None
    if reader.problems:
        raise ScenarioError(reader.problems)
    return node


def _syntax(error: yaml.MarkedYAMLError, where: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(where, mark.line + 1, mark.column + 1) if mark else Place(where)
    reason = error.problem or error.context or "unreadable"
    if "'\\t'" in reason:
        return place.problem("", "a tab is used for indentation; use spaces")
    if "'%'" in reason:
        return place.problem("", "a plain word cannot begin with '%'; put it in quotes")
    context = f" {error.context}" if error.context and error.problem else ""
    return place.problem("", f"cannot be read as YAML{context}: {reason}")


class _Reader:
    """One pass over the events of a text; collects problems that do not stop the reading."""

    def __init__(self, text: str, where: str) -> None:
        self.where = where
        self.problems: list[Problem] = []
        self.values = 0
        self.mark: Any = None
        self.events: Iterator[Any] = iter(yaml.parse(text, Loader=yaml.SafeLoader))

    def here(self) -> Place:
        """Return the place of the latest event."""
        return Place(self.where, self.mark.line + 1, self.mark.column + 1) if self.mark else Place(self.where)

    def next(self) -> Any:
        """Return the next event, noting where it is."""
        event = next(self.events)
        self.mark = event.start_mark
        return event

    def note(self, place: Place, key: str, message: str, given: str = "", close: str | None = None) -> None:
        """Keep a problem and go on, up to the most that is shown."""
        self.problems.append(place.problem(key, message, given, close=close))
        if len(self.problems) >= MOST_PROBLEMS:
            raise ScenarioError(self.problems)

    def stop(self, message: str) -> ScenarioError:
        """Return the error that ends the reading here."""
        return ScenarioError([*self.problems, self.here().problem("", message)])

    def document(self) -> Node:
        """Return the only document's tree."""
        self.next()
        start = self.next()
        if isinstance(start, yaml.StreamEndEvent):
            raise self.stop("the file is empty")
        if start.version or start.tags:
            raise self.stop("YAML directives (%YAML, %TAG) are not allowed")
        node = self.node(self.next(), (), None)
        self.next()
        if not isinstance(self.next(), yaml.StreamEndEvent):
            raise self.stop("a second document begins here; one file holds one document")
        return node

    def node(self, event: Any, path: Path_, key: Place | None) -> Node:
        """Return the node that an event opens."""
        self.values += 1
        place = self.here()
        if self.values > MOST_VALUES:
            raise self.stop(f"more than {MOST_VALUES:,} values")
        if len(path) > MOST_DEPTH:
            raise self.stop(f"nested deeper than {MOST_DEPTH} levels")
        if isinstance(event, yaml.AliasEvent):
            self.note(
                place, dotted(path), f"aliases (*{event.anchor}) are not allowed; write the value again"
            )
            return Node(None, place, key)
        self.plainness(event, place, path)
        if isinstance(event, yaml.ScalarEvent):
            return Node(self.scalar(event, place, path), place, key)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self.sequence(path), place, key)
        return Node(self.mapping(path), place, key)

    def plainness(self, event: Any, place: Place, path: Path_) -> None:
        """Note anchors and tags."""
        if event.anchor is not None:
            self.note(place, dotted(path), f"anchors (&{event.anchor}) are not allowed")
        if event.tag is not None:
            self.note(place, dotted(path), f"tags ({event.tag}) are not allowed")

    def scalar(self, event: Any, place: Place, path: Path_) -> Scalar:
        """Return the value of a scalar."""
        if len(event.value) > MOST_SCALAR:
            raise self.stop(f"a text is longer than {MOST_SCALAR:,} characters")
        if bad := next((c for c in event.value if refused(c)), None):
            self.note(place, dotted(path), f"character {describe(bad)} is not allowed")
            return None
        try:
            return read_scalar(event.value, event.style is None)
        except NotPlain as error:
            self.note(place, dotted(path), str(error), event.value[:80])
            return None

    def sequence(self, path: Path_) -> list[Node]:
        """Return the items up to the end of a sequence."""
        items: list[Node] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            items.append(self.node(event, (*path, len(items)), None))
        return items

    def mapping(self, path: Path_) -> dict[str, Node]:
        """Return the entries up to the end of a mapping; a key twice is a problem."""
        entries: dict[str, Node] = {}
        places: dict[str, Place] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            place = self.here()
            name = self.name(event, place, path)
            node = self.node(self.next(), (*path, name), place)
            if name in places:
                self.note(place, dotted((*path, name)), f"is set twice; first in line {places[name].line}")
            else:
                entries[name], places[name] = node, place
        return entries

    def name(self, event: Any, place: Place, path: Path_) -> str:
        """Return a key, composed the one way Unicode can be composed."""
        if not isinstance(event, yaml.ScalarEvent):
            raise self.stop("a key must be a plain word")
        self.plainness(event, place, path)
        name = unicodedata.normalize("NFC", event.value)
        if len(name) > 200 or any(refused(c) for c in name):
            raise self.stop("a key must be a plain word of at most 200 characters")
        if name == "<<":
            self.note(place, dotted((*path, name)), "merge keys (<<) are not allowed")
        return name


def read_value(text: str, where: str) -> Node:
    """Return the node of a value given on the command line, read as a scenario would read it."""
    try:
        check_characters(text, where)
        node = read_nodes(text, where) if text.strip() else Node(None, Place(where))
    except ScenarioError as error:
        raise ScenarioError(replace(problem, line=None, column=None) for problem in error.problems) from None
    return _moved(node, Place(where))


def wrap(value: Any, where: str) -> Node:
    """Return plain Python data as a tree without lines."""
    place = Place(where)
    if isinstance(value, dict):
        return Node({str(key): wrap(item, where) for key, item in value.items()}, place)
    if isinstance(value, list | tuple):
        return Node([wrap(item, where) for item in value], place)
    return Node(value, place)


def _moved(node: Node, place: Place) -> Node:
    value = node.value
    if isinstance(value, dict):
        value = {key: _moved(item, place) for key, item in value.items()}
    elif isinstance(value, list):
        value = [_moved(item, place) for item in value]
    return Node(value, place, None)
