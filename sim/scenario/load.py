"""From a file to a `Scenario`: read, lay over its base, apply overrides, validate, check."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError
from sim.scenario.budget import check_budget
from sim.scenario.characters import decode, read_bytes
from sim.scenario.checks import check
from sim.scenario.files import Outside, inside, sha256_of, table_path
from sim.scenario.names import RESERVED, SAFE_NAME
from sim.scenario.nodes import Node, Place, read_nodes
from sim.scenario.overrides import apply_overrides
from sim.scenario.policy import NEUTRAL, builtin
from sim.scenario.problems import validate
from sim.scenario.scenario import Scenario
from sim.scenario.shipped import located
from sim.scenario.tables import check_tables

MOST_BASES = 5


def load(path: str | os.PathLike[str], overrides: Mapping[str, Any] | None = None) -> Scenario:
    """Return the scenario in a file, or shipped under a plain name, changed by ``overrides`` (address to value).

    Raises
    ------
    ScenarioError
        With all problems of the first stage that finds any: reading, settings, settings together, tables.
    """
    file = located(Path(path))
    return from_node(read_tree(file), file.parent, dict(overrides or {}))


def loads(
    text: str,
    overrides: Mapping[str, Any] | None = None,
    where: str = "scenario.yaml",
    folder: str | os.PathLike[str] = ".",
) -> Scenario:
    """Return the scenario in a text, as `load` does for a file that lies in ``folder``."""
    node = _with_base(_root(text.encode("utf-8", "surrogatepass"), where), Path(folder), ())
    return from_node(node, Path(folder), dict(overrides or {}))


def read_tree(path: Path) -> Node:
    """Return the tree of a scenario file, laid over its bases, before validation."""
    return _with_base(_root(read_bytes(path), path.name), path.parent, (path.resolve(),), path)


def read_root(path: Path) -> Node:
    """Return the tree of one file, named after the file where it gives no name; bases are left alone."""
    return _with_stem(_root(read_bytes(path), path.name), path)


def from_node(node: Node, folder: Path, overrides: Mapping[str, Any]) -> Scenario:
    """Return the validated scenario of a tree."""
    if isinstance(node.value, dict) and "scenario" in node.value:
        raise ScenarioError([node.value["scenario"].place.problem(
            "", "this is a study, not a scenario; run it with mobilise sweep")])
    node, problems = apply_overrides(node, overrides)
    if problems:
        raise ScenarioError(problems)
    scenario = _named(_with_counterfactuals(validate(Scenario, node)), node)
    if problems := check(scenario, node):
        raise ScenarioError(problems)
    from sim.scenario.futures_file import with_futures

    scenario = with_futures(_with_tables(scenario, node, folder), node, folder)
    if problems := check_budget(scenario, node):
        raise ScenarioError(problems)
    return scenario


def _root(raw: bytes, where: str) -> Node:
    node = read_nodes(decode(raw, where), where)
    if not isinstance(node.value, dict):
        what = (
            "a list" if isinstance(node.value, list) else "empty" if node.value is None else "one plain value"
        )
        raise ScenarioError([node.place.problem("", f"the file is {what}, not settings (key: value)")])
    return node


def _with_base(node: Node, folder: Path, seen: tuple[Path, ...], path: Path | None = None) -> Node:
    entries = dict(node.value) if isinstance(node.value, dict) else {}
    base = entries.pop("base", None)
    own = _with_stem(Node(entries, node.place, node.key), path)
    if base is None:
        return own
    below_path = _base_path(base, folder, seen)
    try:
        below = _root(read_bytes(below_path), below_path.name)
    except ScenarioError as error:
        raise ScenarioError(
            [base.place.problem("base", f"its base cannot be used: {error.problems[0]}")]
        ) from None
    return merge(_with_base(below, folder, (*seen, below_path.resolve())), own)


def _base_path(base: Node, folder: Path, seen: tuple[Path, ...]) -> Path:
    if not isinstance(base.value, str):
        raise ScenarioError(
            [base.place.problem("base", "expected the name of a scenario file in the same folder")]
        )
    try:
        path = inside(base.value, folder)
    except Outside as error:
        raise ScenarioError([base.place.problem("base", f"'{base.value}' {error}", base.value)]) from None
    if path.resolve() in seen:
        raise ScenarioError([base.place.problem("base", f"'{base.value}' comes back to itself", base.value)])
    if len(seen) > MOST_BASES:
        raise ScenarioError(
            [base.place.problem("base", f"more than {MOST_BASES} bases on top of each other")]
        )
    return path


def merge(below: Node, above: Node) -> Node:
    """Return ``above`` laid over ``below``: settings merge, everything else is replaced."""
    if isinstance(below.value, dict) and isinstance(above.value, dict):
        merged = dict(below.value)
        for key, node in above.value.items():
            merged[key] = merge(merged[key], node) if key in merged else node
        return Node(merged, above.place, above.key)
    return above


def _with_stem(node: Node, path: Path | None) -> Node:
    """Name a scenario after its file where it gives no name."""
    assert isinstance(node.value, dict)
    if (
        path is None
        or "name" in node.value
        or not SAFE_NAME.fullmatch(path.stem)
        or path.stem.lower() in RESERVED
    ):
        return node
    return Node({**node.value, "name": Node(path.stem, Place(path.name))}, node.place, node.key)


def _named(scenario: Scenario, node: Node) -> Scenario:
    """Spell out which policies the headline compares."""
    names = [policy.name for policy in scenario.policies]
    baseline = scenario.baseline or next((n for n in names if n != scenario.focus), names[0])
    focus = scenario.focus or next((n for n in names if n != baseline), baseline)
    return scenario.model_copy(update={"baseline": baseline, "focus": focus})


def _with_counterfactuals(scenario: Scenario) -> Scenario:
    """Set a scenario with instruments and no policies of its own against the label alone and against nothing."""
    if not scenario.instruments or "policies" in scenario.model_fields_set:
        return scenario
    neutral = builtin(NEUTRAL)
    arms: dict[str, tuple[str, dict[str, Any]]] = {
        "programme": (f"All instruments are in force. {neutral.text}", {}),
        "label_only": ("Clusters that work together already and qualify get the label; nobody gets money, and nobody "
                       "new is chosen.", {"grants": False}),
        "nothing": ("There is no programme.", {"instruments": ()}),
    }
    policies = tuple(
        neutral.model_copy(update={"name": name, "text": text, **settings}) for name, (text, settings) in arms.items()
    )
    update = {"policies": policies, "focus": scenario.focus or "programme", "baseline": scenario.baseline or "nothing"}
    return scenario.model_copy(update=update)


def _with_tables(scenario: Scenario, node: Node, folder: Path) -> Scenario:
    given = scenario.tables.given()
    if not given:
        return scenario
    problems: list[Problem] = []
    paths: dict[str, str] = {}
    hashes: dict[str, str] = {}
    for key, name in given.items():
        written, _ = node.find(("tables", key))
        try:
            path = table_path(written, name, folder)
            paths[key], hashes[key] = str(path), sha256_of(path)
        except Outside as error:
            problems.append(written.place.problem(f"tables.{key}", f"'{name}' {error}", name))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "no such file"
            problems.append(
                written.place.problem(f"tables.{key}", f"'{name}' cannot be read: {reason}", name)
            )
    if problems:
        raise ScenarioError(problems)
    scenario = scenario.with_tables(paths, hashes)
    check_tables(scenario)
    return scenario


@dataclass(frozen=True)
class Change:
    """One setting in which an overlay differs from its base."""

    key: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.key}: {self.before} -> {self.after}"


def difference(
    path: str | os.PathLike[str], overrides: Mapping[str, Any] | None = None
) -> tuple[Change, ...]:
    """Return what an overlay and the overrides change, against its base (or against the defaults)."""
    file = located(Path(path))
    after = load(file, overrides)
    own = _root(read_bytes(file), file.name)
    base = own.value.get("base") if isinstance(own.value, dict) else None
    if base is not None:
        before = load(_base_path(base, file.parent, (file.resolve(),)))
    else:
        before = load(file) if overrides else _named(Scenario(), own)
    return changes(before, after)


def changes(before: Scenario, after: Scenario) -> tuple[Change, ...]:
    """Return every setting in which two scenarios differ in meaning, by address."""
    one, other = _flat(before.canonical(), ""), _flat(after.canonical(), "")
    keys = sorted(one.keys() | other.keys())
    return tuple(Change(key, one.get(key), other.get(key)) for key in keys if one.get(key) != other.get(key))


def _flat(value: Any, key: str) -> dict[str, Any]:
    if isinstance(value, list) and value and all(isinstance(item, dict) and "name" in item for item in value):
        value = {item["name"]: {k: v for k, v in item.items() if k != "name"} for item in value}
    if not isinstance(value, dict):
        return {key: value}
    flat: dict[str, Any] = {}
    for name, item in value.items():
        flat |= _flat(item, f"{key}.{name}" if key else name)
    return flat
