"""What a study will take, reckoned before anything is built, and refused where it cannot fit in memory."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from sim.errors import Problem
from sim.scenario.nodes import Node
from sim.scenario.problems import at
from sim.scenario.scenario import Scenario

BYTES_PER_ORGANISATION = 350
BYTES_PER_RELATION = 60
RELATIONS_PER_PARTNERSHIP = 8  # new pairs of a team of about five, members that met before left out
CONTROL_GROUP = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True)
class Budget:
    """What a study takes: sizes of one world, and the number of runs."""

    organisations: int
    relations: int
    runs: int
    organisation_steps: int
    bytes_per_world: int
    bytes_available: int | None


def budget(scenario: Scenario) -> Budget:
    """Return what a study takes; relations are an upper estimate from challenges met over the horizon."""
    world, quarters = scenario.world, scenario.world.steps + scenario.world.burn_in
    people = world.smes + world.clusters + world.research + world.large + world.public
    met = people * scenario.challenges.rate * quarters
    relations = int(people * world.start_relations / 2 + met * RELATIONS_PER_PARTNERSHIP)
    runs = len(scenario.policies) * (scenario.replicates + scenario.futures.count)
    size = people * BYTES_PER_ORGANISATION + relations * BYTES_PER_RELATION
    return Budget(people, relations, runs, people * quarters * runs, size, memory_available())


def memory_available() -> int | None:
    """Return the bytes this process may use at most, or None where the system does not say."""
    limits: list[int] = []
    with contextlib.suppress(OSError, ValueError, AttributeError):
        limits.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    with contextlib.suppress(OSError, ValueError):
        limits.append(int(CONTROL_GROUP.read_text()))
    return min(limits) if limits else None


def check_budget(scenario: Scenario, node: Node) -> list[Problem]:
    """Return the problem of a world that does not fit in memory."""
    need = budget(scenario)
    if need.bytes_available is None or need.bytes_per_world <= need.bytes_available:
        return []
    message = (
        f"one world needs about {_gb(need.bytes_per_world)} of memory ({need.organisations:,} organisations, "
        f"{need.relations:,} relations), this machine has {_gb(need.bytes_available)}"
    )
    return [at(node, ("world", "smes")).problem("world.smes", message, str(scenario.world.smes))]


def _gb(size: int) -> str:
    return f"{size / 1e9:,.1f} GB"
