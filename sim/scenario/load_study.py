"""From a study file to a `Study`: its text and its scenario validated, all problems of a stage at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from sim.errors import ScenarioError
from sim.scenario.check_study import check_study
from sim.scenario.load import from_node, load, merge, read_root, read_tree
from sim.scenario.nodes import Node, wrap
from sim.scenario.overrides import apply_overrides
from sim.scenario.policy import Policy
from sim.scenario.problems import validate
from sim.scenario.scenario import Scenario
from sim.scenario.shipped import is_plain, located, shipped
from sim.scenario.study import StudyText

PASSED_ON = ("policies", "baseline", "focus")
OF_SCENARIOS = Scenario.model_fields.keys() - StudyText.model_fields.keys()
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Study:
    """A validated study.

    Parameters
    ----------
    text : what its file says. scenario : its world, with everything laid over it.
    tree, folder : the scenario as a tree, and where its tables lie; for futures that change settings.
    file_folder : where the study's own file lies.
    """

    text: StudyText
    scenario: Scenario
    tree: Node = field(repr=False, compare=False)
    folder: Path = field(compare=False)
    file_folder: Path = field(compare=False)

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """The levers compared."""
        return self.scenario.policies

    def changed(self, settings: Mapping[str, Any]) -> Scenario:
        """Return the scenario with other settings (address to value), validated as a whole."""
        return from_node(self.tree, self.folder, settings) if settings else self.scenario

    def content(self) -> dict[str, Any]:
        """Return all that is needed to make the study again, as plain data."""
        return {"text": self.text.model_dump(mode="json"), "tree": self.tree.plain(), "folder": str(self.folder),
                "file_folder": str(self.file_folder)}


def load_study(path: str | os.PathLike[str], overrides: Mapping[str, Any] | None = None) -> Study:
    """Return the study in a file, changed by ``overrides`` (address to value or value text).

    Raises `ScenarioError` with all problems of the first stage that finds any.
    """
    file = located(Path(path))
    return from_study_node(read_root(file), file.parent, overrides or {})


def is_study(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a study (it names a scenario) and not a scenario itself; an unreadable one is neither."""
    try:
        node = read_root(located(Path(path)))
    except ScenarioError:
        return False
    return isinstance(node.value, dict) and "scenario" in node.value


def load_world(path: str | os.PathLike[str], overrides: Mapping[str, Any] | None = None) -> Scenario:
    """Return the scenario in a file, or the one that a study is about as the study changes it."""
    if not is_study(path):
        return load(path, overrides)
    given = {key if key.split(".")[0] in StudyText.model_fields else f"set.{key}": value
             for key, value in (overrides or {}).items()}
    return load_study(path, given).scenario


def from_study_node(node: Node, folder: Path, overrides: Mapping[str, Any]) -> Study:
    """Return the study that a tree describes; ``folder`` is where its file lies."""
    if isinstance(node.value, dict) and "scenario" not in node.value and node.value.keys() & OF_SCENARIOS:
        raise ScenarioError([node.place.problem(
            "", "this is a scenario, not a study (which names one, scenario: ...); run it with mobilise compare")])
    node, problems = apply_overrides(node, overrides)
    if problems:
        raise ScenarioError(problems)
    text = validate(StudyText, node)
    path = _scenario_path(text, node, folder)
    return _finished(text, node, merge(_tree(path, node), overlay(text, node)), path.parent, folder)


def restored(content: Mapping[str, Any]) -> Study:
    """Return the study that `Study.content` described."""
    tree, folder = wrap(content["tree"], "manifest.json"), Path(content["folder"])
    node = wrap(content["text"], "manifest.json")
    text = validate(StudyText, node)
    return Study(text, from_node(tree, folder, {}), tree, folder, Path(content["file_folder"]))


def _finished(text: StudyText, node: Node, tree: Node, folder: Path, file_folder: Path) -> Study:
    study = Study(text, from_node(tree, folder, {}), tree, folder, file_folder)
    if problems := check_study(study, node):
        raise ScenarioError(problems)
    return study


def _scenario_path(text: StudyText, node: Node, folder: Path) -> Path:
    name = text.scenario
    path = PurePosixPath(name.replace("\\", "/"))
    written, _ = node.find(("scenario",))
    if is_plain(Path(path)) and path.name in shipped():
        return shipped()[path.name]
    if path.is_absolute() or ":" in name:
        message = "must be a path relative to the study's folder, like ../scenarios/classroom.yaml"
        raise ScenarioError([written.place.problem("scenario", f"'{name}' {message}", name)])
    if path.suffix not in SUFFIXES:
        message = "must be a scenario file (.yaml) or the name of a shipped one"
        raise ScenarioError([written.place.problem("scenario", f"'{name}' {message}", name)])
    return folder.joinpath(*path.parts)


def _tree(path: Path, node: Node) -> Node:
    try:
        return read_tree(path)
    except ScenarioError as error:
        written, _ = node.find(("scenario",))
        said = f"its scenario cannot be used: {error.problems[0]}"
        raise ScenarioError([written.place.problem("scenario", said)]) from None


def overlay(text: StudyText, node: Node) -> Node:
    """Return what a study lays over its scenario, each setting with the place where it is written."""
    written: dict[str, Node] = dict(node.value) if isinstance(node.value, dict) else {}
    set_node = written.get("set", Node({}, node.place))
    entries: dict[str, Node] = dict(set_node.value) if isinstance(set_node.value, dict) else {}
    if "policies" in written:  # the scenario's baseline and focus may not be among them
        entries |= {key: wrap("", node.place.where) for key in ("baseline", "focus")}
    entries |= {key: written[key] for key in PASSED_ON if key in written}
    fixed = {"replicates": text.replicates, "futures": {"count": 0}, "name": text.name}
    fixed |= {} if text.seed is None else {"seed": text.seed}
    entries |= {key: wrap(value, node.place.where) for key, value in fixed.items()}
    return Node(entries, node.place)
