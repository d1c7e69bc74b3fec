"""``--set key.path=value``: settings from the command line or from Python, read as a scenario reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sim.errors import Problem, UsageError
from sim.scenario.nodes import Node, Place, read_value, wrap

ASSIGNMENT = re.compile(r"(?:^|\s)([A-Za-z_][A-Za-z0-9_.]*)=")
ALIASES = {
    f"world.{name}": f"tables.{name}"
    for name in ("projects", "participations", "organisations", "relatedness")
}
ONE_KEY = ("futures.ranges.",)
MOST_STEPS = 8


def parse_overrides(items: Iterable[str]) -> dict[str, Any]:
    """Return address to value text; one item may hold several assignments separated by spaces.

    Raises
    ------
    UsageError
        When an item is not ``key.path=value``, or sets one address twice.
    """
    found: dict[str, Any] = {}
    for item in items:
        starts = list(ASSIGNMENT.finditer(item))
        if not starts or item[: starts[0].start()].strip():
            raise UsageError(f"--set {item}: expected key.path=value, for example --set trust.general=0.4")
        ends = [match.start() for match in starts[1:]] + [len(item)]
        for match, end in zip(starts, ends, strict=True):
            if match[1] in found:
                raise UsageError(f"--set {match[1]}: is set twice")
            found[match[1]] = item[match.end() : end].strip()
    return found


def rewritten(key: str) -> str | None:
    """Return what to write instead of an address that only ``--set`` knows, or None for any other address."""
    return f"write `{ALIASES[key]}`" if key in ALIASES else None


def apply_overrides(root: Node, overrides: Mapping[str, Any]) -> tuple[Node, list[Problem]]:
    """Return the tree with the overrides laid over it, and what is wrong with them."""
    problems: list[Problem] = []
    for key, value in overrides.items():
        address = ALIASES.get(key, key)
        where = f"--set {key}"
        steps = _steps(address)
        if len(steps) > MOST_STEPS or not all(steps):
            problems.append(Problem(where, key, "is not an address like trust.general", key))
            continue
        node = read_value(value, where) if isinstance(value, str) else wrap(value, where)
        root = _put(root, steps, node, Place(where), problems, key)
    return root, problems


def _steps(address: str) -> list[str]:
    for prefix in ONE_KEY:
        if address.startswith(prefix):
            return [*prefix.strip(".").split("."), address[len(prefix) :]]
    return address.split(".")


def _put(node: Node, steps: list[str], value: Node, place: Place, problems: list[Problem], key: str) -> Node:
    if not steps:
        return Node(value.value, value.place, place)
    if node.value is not None and not isinstance(node.value, dict):
        problems.append(place.problem(key, f"nothing can be set inside it, below '{steps[0]}'"))
        return node
    entries = dict(node.value or {})
    below = entries.get(steps[0], Node({}, place, place))
    entries[steps[0]] = _put(below, steps[1:], value, place, problems, key)
    return Node(entries, node.place, node.key)
