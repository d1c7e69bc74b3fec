"""All replications, found by being there; and the way to run one with its engine parts observed."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sim.errors import UsageError, nearest
from sim.experiment import replications
from sim.experiment.replications.base import Outcome, Replication
from sim.experiment.replications.watch import watch

HELPERS = {"bare_world", "base", "registry", "skin_calls", "watch"}


def names() -> list[str]:
    """Return the names of all replications."""
    return sorted(module.name for module in pkgutil.iter_modules(replications.__path__) if module.name not in HELPERS)


def replication(name: str) -> Replication:
    """Return one replication by name; a usage error names the nearest."""
    if name not in names():
        close = nearest(name, names()) or next((known for known in names() if name and known.startswith(name)), None)
        hint = f"; did you mean '{close}'?" if close else ""
        raise UsageError(f"there is no replication '{name}'{hint} (there are: {', '.join(names())})")
    found: Replication = importlib.import_module(f"sim.experiment.replications.{name}").REPLICATION
    return found


def replicate(
    known: Replication,
    changes: Mapping[str, Sequence[Any]],
    seeds: int | None = None,
) -> tuple[Outcome, dict[str, int]]:
    """Run it; return what came out and how often each part of the engine was called."""
    points = known.points(changes)
    with watch(known.needs) as calls:
        outcome = known.run(points, seeds or known.seeds)
    cells = [
        cell if cell.draws or not cell.error else replace(cell, draws=seeds or known.seeds) for cell in outcome.cells
    ]
    return replace(outcome, cells=cells), calls
