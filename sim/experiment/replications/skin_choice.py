"""SKIN's partner choice and INFSO-SKIN's call process, as policies of the engine.

Choice: firms with drawn fields seek partners under `skin_conservative` and `skin_progressive`; what is checked comes
from the engine's own log of candidates: their attraction against its definition in sets, who was a candidate, who was
taken. Call process: leads invite previous partners, then partners of partners, then anybody, until it is eligible.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.errors import UsageError
from sim.experiment.replications.bare_world import BareWorld, luck
from sim.experiment.replications.base import (
    PUBLISHED,
    THEORY,
    Cell,
    Outcome,
    Parameter,
    Replication,
    Values,
    label,
    mean_and_error,
)
from sim.experiment.replications.skin_calls import LEAD, SCAN, call_cells
from sim.luck import stream
from sim.phases import commit, mobilise, part
from sim.phases.desks import Desks
from sim.rules import registry
from sim.vocab import MAX_FIELDS, MAX_FIELDS_HELD, Fate, Source

FIELD = stream("replication.skin.field")
TERM = {"skin_conservative": "skin_overlap", "skin_progressive": "skin_difference"}
EXACT = 1e-12


def by_sets(policy: str, lead: set[int], other: set[int]) -> float:
    """Return the attraction in the published words: shared over the smaller set; difference over the sum of sizes."""
    if policy == "skin_conservative":
        return len(lead & other) / min(len(lead), len(other))
    return len(lead ^ other) / (len(lead) + len(other)) if lead & other else 0.0


def share_attractive(policy: str, v: Values) -> float:
    """Return the chance that two sets drawn without replacement attract above the threshold (hypergeometric)."""
    length, fields, total = int(v["length"]), int(v["fields"]), 0.0
    for shared in range(max(0, 2 * length - fields), length + 1):
        attraction = by_sets(policy, set(range(length)), set(range(length - shared, 2 * length - shared)))
        ways = math.comb(length, shared) * math.comb(fields - length, length - shared)
        total += ways / math.comb(fields, length) if attraction > v["threshold"] else 0.0
    return total


class Choice:
    """Firms that choose partners under one policy; ``wrong`` counts what breaks the published rule."""

    def __init__(self, policy: str, v: Values, seed: int) -> None:
        self.policy, self.v = policy, v
        self.bare = BareWorld(
            policy,
            {
                "threshold": v["threshold"],
                "candidates": int(v["candidates"]),
                "usual_size": int(v["size"]),
                "max_size": int(v["size"]),
            },
            SCAN,
            seed,
        )
        self.bare.world.log = True
        self.desks = Desks(1)
        self.bare.enter(int(v["firms"]))
        self.held = [self.draw_fields(firm) for firm in range(int(v["firms"]))]
        self.partners: list[set[int]] = [set() for _ in self.held]
        self.gap, self.wrong, self.strangers, self.attractive = 0.0, 0, 0, 0

    def draw_fields(self, firm: int) -> set[int]:
        """Give a firm its fields, drawn without replacement."""
        world, many = self.bare.world, int(self.v["fields"])
        coins = [luck(world.seed, FIELD, firm * many + field) for field in range(many)]
        fields = np.argsort(coins, kind="stable")[: int(self.v["length"])]
        world.orgs.fields[firm] = -1
        world.orgs.fields[firm, : len(fields)], world.orgs.levels[firm, : len(fields)] = fields, 1.0
        world.orgs.mask[firm] = np.uint64(sum(1 << int(field) for field in fields))
        return {int(field) for field in fields}

    def call(self, step: int) -> None:
        """Let one firm look for partners, and check what the engine noted."""
        world = self.bare.world
        world.n.step, before = step, int(world.n.whys)
        lead = int(len(self.held) * luck(world.seed, LEAD, step))
        self.bare.call_on(lead)
        mobilise.mobilise(world, self.desks)
        self.check(lead, [row for row in world.whys[before : int(world.n.whys)] if row.org >= 0])
        formed = int(world.n.partnerships)
        commit.commit(world, self.desks.get(world)[0])
        if int(world.n.partnerships) > formed:
            self.remember(self.bare.team())
        part.part(world, self.desks)

    def check(self, lead: int, rows: list[Any]) -> None:
        """Compare candidates, attraction and choice with the published rule."""
        term = registry.rule_id("terms", TERM[self.policy])
        candidates = {int(row.org): row for row in rows}
        for firm, row in candidates.items():
            attraction = by_sets(self.policy, self.held[lead], self.held[firm])
            self.gap = max(self.gap, abs(float(row.terms[term]) - attraction))
            self.wrong += (row.fate == Fate.ACCEPTED) and not attraction > self.v["threshold"]
            if row.source == Source.OPEN_CALL:
                self.strangers += 1
                self.attractive += attraction > self.v["threshold"]
        known = self.partners[lead]
        self.wrong += len(candidates) != min(self.v["candidates"], len(self.held) - 1)
        self.wrong += len(known & set(candidates)) != min(len(known), self.v["candidates"])
        willing = sum(
            by_sets(self.policy, self.held[lead], self.held[firm]) > self.v["threshold"] for firm in candidates
        )
        taken = sum(row.fate == Fate.ACCEPTED for row in rows)
        self.wrong += taken != min(willing, self.v["size"] - 1)

    def remember(self, team: Any) -> None:
        """Note who has worked with whom."""
        for one in team:
            self.partners[int(one)] |= {int(other) for other in team if other != one}


def changed(v: Values) -> list[str]:
    """Return the parameters that differ from their defaults."""
    return [name for name, parameter in PARAMETERS.items() if v[name] != parameter.default]


def choice_cells(policy: str, v: Values, seeds: int) -> list[Cell]:
    """Return what the engine's choice shows under one policy."""
    worlds = [Choice(policy, v, seed) for seed in range(1, seeds + 1)]
    for world in worlds:
        for step in range(int(v["calls"])):
            world.call(step)
    text = ", ".join(filter(None, (policy, label(v, changed(v)))))
    shares = [world.attractive / max(1, world.strangers) for world in worlds]
    return [
        Cell(
            f"largest gap of the attraction to its definition, {text}",
            max(w.gap for w in worlds),
            0.0,
            0.0,
            PUBLISHED,
            EXACT,
            point=v,
        ),
        Cell(
            f"searches that break the rule of choice, {text}",
            float(sum(w.wrong for w in worlds)),
            0.0,
            0.0,
            PUBLISHED,
            point=v,
        ),
        Cell(
            f"share of strangers above the threshold, {text}",
            *mean_and_error(shares),
            share_attractive(policy, v),
            THEORY,
            point=v,
        ),
    ]


def check(v: Values) -> None:
    """Refuse settings that do not fit together."""
    if v["length"] > v["fields"]:
        raise UsageError(
            f"skin_choice: length = {v['length']:g} is not allowed; allowed: at most fields = {v['fields']:g}"
        )
    if v["firms"] < 4 * (v["eligible"] + 1):
        raise UsageError(
            f"skin_choice: firms = {v['firms']:g} is not allowed; allowed: at least four times the "
            f"members of a consortium, {4 * (v['eligible'] + 1):g}"
        )


def run(points: Sequence[Values], seeds: int) -> Outcome:
    """Check both choices and the call process at the points."""
    cells, curves = [], []
    for v in points:
        check(v)
        for policy in TERM:
            cells += choice_cells(policy, v, seeds)
        called, curve = call_cells(v, seeds, label(v, changed(v)))
        cells += called
        curves.append(curve)
    return Outcome(
        cells,
        curves,
        ("calls answered so far", "small firms' share of places"),
        remarks=(
            "A search breaks the rule if its candidates are not the previous partners topped up at random, if somebody "
            "at or below the threshold is taken, or fewer are taken than are willing and wanted.",
            "Inviting stops the moment the proposal is eligible: sizes of consortia say nothing beyond the rule.",
            "Small: below the median size, half of the firms. Sizes are Pareto with exponent 1; who leads is drawn by "
            "size, and a firm takes part in as many projects at once as its size over the median (assumed).",
        ),
    )


PARAMETERS = {
    "threshold": Parameter(0.3, 0.0, 1.0, "attraction above which a partner is acceptable", whole=False),
    "candidates": Parameter(5, 1, 8, "candidates: previous partners first, topped up at random"),
    "length": Parameter(5, 1, MAX_FIELDS_HELD, "fields of a firm"),
    "fields": Parameter(20, 1, MAX_FIELDS, "fields there are"),
    "size": Parameter(4, 2, 20, "members wanted in a partnership, the chooser included"),
    "firms": Parameter(200, 12, 5000, "firms"),
    "calls": Parameter(400, 20, 20_000, "searches of each kind"),
    "eligible": Parameter(5, 1, 60, "members that a proposal must exceed"),
    "duration": Parameter(8, 1, 100, "calls that a project of the call process lasts"),
}
REPLICATION = Replication(
    "skin_choice",
    "SKIN: who is attractive, and what a call selects",
    "Gilbert, Pyka & Ahrweiler 2001; INFSO-SKIN",
    PARAMETERS,
    [{}],
    run,
    seeds=12,
    needs=("sim.phases.mobilise:mobilise", "sim.phases.commit:commit", "sim.phases.part:part"),
)
