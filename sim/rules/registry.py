"""Rules are found by being there: ``rules/<family>/<name>.py`` holds one function ``<name>``.

A user's rule is a file of the same shape with one more line, ``FAMILY = "terms"``, and is loaded
only when it is named on the command line (``--rules my_rule.py``) or in `add_user_file`.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import UsageError, nearest
from sim.rules.candidate import Candidate
from sim.vocab import Source

HERE = Path(__file__).parent
FAMILIES = ("accept", "fill", "growth", "learn", "part", "produce", "renew", "sources", "terms", "trust")
FIRST_USER_SOURCE = len(Source)
_user_files: dict[tuple[str, str], Path] = {}


@dataclass(frozen=True)
class Rule:
    """One rule: its family, name, id in compiled code and source file."""

    family: str
    name: str
    id: int
    file: Path
    built_in: bool

    @property
    def module(self) -> str:
        """Importable module name."""
        return f"sim.rules.{self.family}.{self.name}" if self.built_in else f"mobilise_user_{self.name}"

    def function(self) -> Callable[..., Any]:
        """Return the plain Python function."""
        if not self.built_in and self.module not in sys.modules:
            spec = importlib.util.spec_from_file_location(self.module, self.file)
            assert spec is not None and spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            sys.modules[self.module] = module
            spec.loader.exec_module(module)
        return getattr(importlib.import_module(self.module), self.name)

    def text(self) -> str:
        """Return the docstring."""
        return inspect.getdoc(self.function()) or ""


def rules(family: str) -> tuple[Rule, ...]:
    """Return the rules of a family in the order of their ids: built-in first, then the user's."""
    if family not in FAMILIES:
        raise UsageError(f"unknown rule family '{family}'; allowed: {', '.join(FAMILIES)}")
    found = [path for path in (HERE / family).glob("*.py") if path.stem != "__init__"]
    if family == "sources":
        found.sort(key=lambda path: Source[path.stem.upper()])
    else:
        found.sort(key=lambda path: path.stem)
    built_in = [Rule(family, path.stem, number, path, True) for number, path in enumerate(found)]
    first = FIRST_USER_SOURCE if family == "sources" else len(built_in)
    users = sorted((name, path) for (kind, name), path in _user_files.items() if kind == family)
    return (*built_in, *(Rule(family, name, first + k, path, False) for k, (name, path) in enumerate(users)))


def names(family: str) -> tuple[str, ...]:
    """Return the names of a family's rules."""
    return tuple(rule.name for rule in rules(family))


def rule(family: str, name: str) -> Rule:
    """Return one rule by name; raise `UsageError` with the nearest name."""
    for candidate in rules(family):
        if candidate.name == name:
            return candidate
    close = nearest(name, names(family))
    hint = f"; did you mean '{close}'?" if close else ""
    raise UsageError(f"unknown {family} rule '{name}'{hint} (allowed: {', '.join(names(family))})")


def rule_id(family: str, name: str) -> int:
    """Return the number by which compiled code knows a rule."""
    return rule(family, name).id


def reads(term_names: Iterable[str]) -> int:
    """Return a bit mask of the `Candidate` fields that the terms read, found in their source."""
    mask = 0
    for name in term_names:
        for field in fields_read(rule("terms", name).file):
            mask |= 1 << Candidate._fields.index(field)
    return mask


def fields_read(file: Path) -> tuple[str, ...]:
    """Return the `Candidate` fields that a term's source mentions (``c.trust``), sorted."""
    found = {node.attr for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
             if isinstance(node, ast.Attribute) and node.attr in Candidate._fields}
    return tuple(sorted(found))


def user_files() -> tuple[Path, ...]:
    """Return the user's rule files in use, sorted."""
    return tuple(sorted(_user_files.values()))


def add_user_file(file: str | Path) -> Rule:
    """Register a user's rule file; must happen before the engine is first used in this process."""
    path = Path(file).resolve()
    family, name = _declared(path), path.stem
    if any(known.name == name and known.file != path for known in rules(family)):
        raise UsageError(f"{path.name}: there is already a {family} rule named '{name}'; rename the file")
    if "sim.rules.linked" in sys.modules and (family, name) not in _user_files:
        raise UsageError(f"{path.name}: the engine is already running in this process; "
                         "name rule files before the first run, or start a new Python")
    _user_files[family, name] = path
    return rule(family, name)


def _declared(path: Path) -> str:
    """Return the family that a user's file declares, checked without running the file."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name}: cannot be read as a rule file: {error}") from None
    family = next((node.value.value for node in tree.body if isinstance(node, ast.Assign)
                   and getattr(node.targets[0], "id", "") == "FAMILY" and isinstance(node.value, ast.Constant)), None)
    if family not in FAMILIES:
        raise UsageError(f"{path.name}: needs a line FAMILY = \"...\" with one of {', '.join(FAMILIES)}")
    if not any(isinstance(node, ast.FunctionDef) and node.name == path.stem for node in tree.body):
        raise UsageError(f"{path.name}: needs a function named '{path.stem}', like the file")
    return str(family)
