"""What a study will take, reckoned before anything is built, and refused where it cannot fit in memory."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.errors import Problem, UsageError
from sim.scenario.nodes import Node
from sim.scenario.own_world import own_world
from sim.scenario.problems import at
from sim.scenario.scenario import Scenario
from sim.world.from_tables import COUNTED
from sim.world.slots import power_of_two
from sim.world.tables import ORGANISATIONS, PARTNERSHIPS, RELATIONS, ROLES, SEATS

# Measured in worlds of 1 000 to 200 000 organisations under the two bundles (experiments/benchmarks): an estimate.
MET = 0.75  # share of the challenges drawn that organisations with spare capacity meet
RELATIONS_PER_CHALLENGE = 6  # new pairs of a team and of those who join later; most others met before
SEATS_PER_CHALLENGE, ROLES_PER_CHALLENGE = 10, 4.5  # reserved and asked
PLACES = 24  # bytes of each organisation beside its row: member list, its uid there, what a search has looked at
ENTRY = 12  # bytes of each relation beside its row: entry in the pair index, tie of two seats
SLOTS, SLOT = 4, 4  # for each founder, rounded up to a power of two; bytes of one
SLACK = 1.25  # tables grow by a quarter at a time
# CPU seconds of one AMD EPYC core, from worlds of 65 to 93 000 organisations, drawn and from a real past
PER_RUN, PER_BIRTH, PER_END = 5e-3, 4.6e-6, 5e-7  # a run; an organisation built; a relation copied and measured
PER_QUARTER, PER_LIFE, PER_CHALLENGE, PER_RELATION = 4e-4, 4e-7, 4e-5, 1.2e-7  # of each quarter
PER_PARTNER, LOOKED_AT = 4e-8, 64  # a candidate's partner walked over (terms `WALKS`); candidates of a challenge
WALKS = {"shared_partners"}
STAY = 0.45  # of those born are not made up for by deaths
LOOKED = 12  # bytes of each organisation that each further thread keeps: what a search has looked at
LOGGED = 3_000  # bytes of each organisation while a quarter's log is gathered and written
CONTROL_GROUP = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True)
class Budget:
    """What a study takes: sizes of one world, and the number of runs."""

    organisations: int
    relations: int
    runs: int
    organisation_steps: int
    bytes_per_world: int  # at the end of the longest run
    bytes_at_once: int  # the most that one process holds: two worlds where policies share one, and a table that grows
    bytes_available: int | None


def budget(scenario: Scenario, policies: int | None = None) -> Budget:
    """Return what a study of the scenario's policies, or of so many, takes.

    A world is largest at the end: all who were born and all pairs that met have rows.
    """
    policies = policies or len(scenario.policies)
    quarters = scenario.world.steps + scenario.world.burn_in
    start = begins(scenario)
    people = start.organisations
    runs = policies * (scenario.replicates + scenario.futures.count)
    rows = people * (1.0 + scenario.demography.birth * quarters)
    met = people * scenario.challenges.rate * MET * quarters
    relations = int(start.relations + met * RELATIONS_PER_CHALLENGE)
    largest = SLACK * max(rows * ORGANISATIONS.dtype.itemsize, relations * RELATIONS.dtype.itemsize)
    size = SLACK * (rows * (ORGANISATIONS.dtype.itemsize + PLACES) + relations * (RELATIONS.dtype.itemsize + ENTRY)
                    + met * bytes_of_partnership() + start.bytes_of_past) + SLOT * power_of_two(SLOTS * people)
    worlds = 2 if policies > 1 else 1
    return Budget(people, relations, runs, people * quarters * runs, int(size), int(worlds * size + largest),
                  memory_available())


@dataclass(frozen=True)
class Start:
    """What a world begins with, drawn or from the user's tables."""

    organisations: int
    relations: int
    bytes_of_past: int  # past projects with their seats
    partners: float  # of an organisation met as somebody's partner: the busy are met more often


def begins(scenario: Scenario) -> Start:
    """Return what the scenario's world begins with; of past projects that share pairs, no more than all pairs."""
    world, own = scenario.world, own_world(scenario)
    counts = {"world.clusters": world.clusters} | {key: getattr(world, key.removeprefix("world."))
                                                   for key in COUNTED.values()} | (own.counts() if own else {})
    people = int(sum(counts[key] for key in ("world.clusters", *COUNTED.values())))
    if own is None or own.past is None:
        return Start(people, int(people * world.start_relations / 2), 0, world.start_relations)
    sizes = np.diff(own.past.offset)
    size = len(sizes) * PARTNERSHIPS.dtype.itemsize + int(sizes.sum()) * SEATS.dtype.itemsize
    met = np.bincount(own.past.member, np.repeat(sizes - 1, sizes)).astype(float)
    return Start(people, int((sizes * (sizes - 1) // 2).sum()), size, float((met**2).sum() / max(1.0, met.sum())))


def seconds_of_world(scenario: Scenario, policies: int) -> float:
    """Return the CPU seconds of one world: building, the burn-in its policies share, the quarters of each."""
    world, start, end = scenario.world, begins(scenario), budget(scenario).relations
    count = world.burn_in + world.steps
    walking = [bool(WALKS & set(policy.terms)) for policy in scenario.policies]
    each = PER_CHALLENGE + PER_PARTNER * LOOKED_AT * start.partners * sum(walking) / len(walking)
    alive = start.organisations * (1.0 + STAY * scenario.demography.birth) ** np.arange(count)
    relations = start.relations + (end - start.relations) * (np.arange(count) + 0.5) / count
    challenges = alive * scenario.challenges.rate * MET
    quarters = PER_QUARTER + PER_LIFE * alive + each * challenges + PER_RELATION * relations
    shared = PER_BIRTH * start.organisations + float(quarters[:world.burn_in].sum())
    return shared + policies * (PER_RUN + float(quarters[world.burn_in:].sum()) + PER_END * end)


def bytes_of_partnership() -> float:
    """Return the bytes of a partnership with its seats and roles."""
    return (PARTNERSHIPS.dtype.itemsize + SEATS_PER_CHALLENGE * SEATS.dtype.itemsize
            + ROLES_PER_CHALLENGE * ROLES.dtype.itemsize)


def memory_available() -> int | None:
    """Return the bytes this process may use at most, or None where the system does not say."""
    limits: list[int] = []
    with contextlib.suppress(OSError, ValueError, AttributeError):
        limits.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    with contextlib.suppress(OSError, ValueError):
        limits.append(int(CONTROL_GROUP.read_text()))
    return min(limits) if limits else None


def check_budget(scenario: Scenario, node: Node) -> list[Problem]:
    """Return the problem of a world that does not fit in memory, and what would fit."""
    need = budget(scenario)
    if need.bytes_available is None or need.bytes_at_once <= need.bytes_available:
        return []
    fits = int(scenario.world.smes * need.bytes_available / need.bytes_at_once * 0.95)
    message = (
        f"needs about {gigabytes(need.bytes_at_once)} of memory ({need.organisations:,} organisations, "
        f"{need.relations:,} relations at the end), this machine has {gigabytes(need.bytes_available)}; "
        f"about {fits:,} SMEs would fit, or fewer quarters, or one policy at a time"
    )
    return [at(node, ("world", "smes")).problem("world.smes", message, str(scenario.world.smes))]


def check_processes(scenario: Scenario, processes: int) -> Budget:
    """Return what a study takes; raise `UsageError` if so many worlds at once do not fit, and say how many would."""
    need = budget(scenario)
    if need.bytes_available is not None and processes * need.bytes_at_once > need.bytes_available:
        raise UsageError(f"{processes} worlds at once need {gigabytes(processes * need.bytes_at_once)} of memory, "
                         f"this machine has {gigabytes(need.bytes_available)}; "
                         f"--jobs {max(1, need.bytes_available // need.bytes_at_once)} fits")
    return need


def check_run(scenario: Scenario, logged: bool, threads: int = 1) -> Budget:
    """Return what one run takes, with its event log if it is ``logged``; raise `UsageError` if that does not fit."""
    need = budget(scenario, policies=1)
    need = replace(need, bytes_at_once=need.bytes_at_once + (threads - 1) * LOOKED * need.organisations)
    if logged:
        need = replace(need, bytes_at_once=need.bytes_at_once + LOGGED * need.organisations)
    if need.bytes_available is not None and need.bytes_at_once > need.bytes_available:
        kept, less = ("its events", "leave --events out") if logged else (f"{threads} threads", "take fewer threads")
        raise UsageError(f"with {kept} the run needs {gigabytes(need.bytes_at_once)} of memory, this machine has "
                         f"{gigabytes(need.bytes_available)}; {less}, or fewer SMEs")
    return need


def gigabytes(size: int) -> str:
    """Return a size in words."""
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if size >= 0.05 * unit:
            return f"{size / unit:,.1f} {name}"
    return f"{size / 1e3:,.0f} kB"
