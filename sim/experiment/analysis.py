"""From runs to findings: differences, effects of the design, regret, reach, crossing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment import statistics as st
from sim.experiment.findings import (
    Crossing, Difference, Effect, Failure, Findings, Level, Reach, Regret, Share,
)
from sim.outcomes.registry import Outcome, outcomes

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

SMALLEST_SHARE = 0.02  # smallest difference of interest: this share of the baseline's level (assumed)
ORACLE = "oracle"
COST_SERIES = ("search", "coordination", "goal")
CENTS = 1e-5
MANY_OUTCOMES = ("{n} outcomes are compared at once: at 95 % about one in twenty intervals misses by chance alone; "
                 "net value is the one stated before.")


class Worlds:
    """Outcome values by policy, one entry for each world in which every policy finished."""

    def __init__(self, runs: pd.DataFrame, policies: Sequence[str]) -> None:
        wide = runs.set_index(["future", "replicate", "policy"]).sort_index()
        counts = runs.groupby(["future", "replicate"])["policy"].nunique()
        self.index = [key for key, count in counts.items() if count == len(policies)]
        self.wide, self.policies = wide, policies
        self.own = np.array([key[0] == 0 for key in self.index], bool)

    def values(self, policy: str, outcome: str) -> Any:
        """Return [worlds] float64 of one outcome."""
        column = self.wide[f"outcome_{outcome}"]
        return np.array([column[(*key, policy)] for key in self.index], float)


def analyse(scenario: Scenario, runs: pd.DataFrame, series: pd.DataFrame, failures: Sequence[Failure]) -> Findings:
    """Return everything the finished worlds say."""
    names = tuple(policy.name for policy in scenario.policies)
    worlds, known = Worlds(runs, names), outcomes()
    baseline, focus = scenario.baseline or names[0], scenario.focus or names[-1]
    head = next(one for one in known.values() if one.headline)
    ordered = [head] + [one for one in known.values() if one is not head]
    others = [name for name in names if name != baseline]
    differences = [difference(worlds, name, baseline, one) for one in ordered for name in others]
    if focus == baseline:
        differences.append(difference(worlds, focus, baseline, head))
    headline = next(d for d in differences if d.policy == focus and d.outcome == head.name)
    return Findings(
        scenario.name, scenario.question, scenario.expectation, names,
        {policy.name: policy.text for policy in scenario.policies}, baseline, (focus, baseline),
        int(scenario.values()["world.steps"]), float(runs["start"].mean()),
        int(worlds.own.sum()), int((~worlds.own).sum()), scenario.futures.resolved() if scenario.futures.count else {},
        tuple(Level(name, one.name, one.unit, st.estimate(worlds.values(name, one.name)[worlds.own]))
              for one in ordered for name in names),
        tuple(differences), headline, crossing(series, runs, focus, baseline),
        decomposition(worlds, head, focus, baseline), effects(worlds, head), regrets(worlds, head),
        reach(scenario, series), tuple(failures), notes(worlds, known))


def difference(worlds: Worlds, policy: str, against: str, one: Outcome) -> Difference:
    """Return one policy against another in one outcome."""
    a, b = worlds.values(policy, one.name), worlds.values(against, one.name)
    gap, own = a - b, worlds.own
    value = st.estimate(gap[own])
    smallest = SMALLEST_SHARE * abs(float(np.nanmean(b[own]))) if np.isfinite(b[own]).any() else 0.0
    return Difference(policy, against, one.name, one.unit, one.direction, value, st.led(gap[own], one.direction),
                      st.futures(gap[~own], one.direction), smallest, st.verdict(value, smallest, one.direction),
                      st.variance_ratio(a[own], b[own]))


def crossing(series: pd.DataFrame, runs: pd.DataFrame, policy: str, against: str) -> Crossing:
    """Return when the cumulative difference of net value keeps its final sign."""
    own = series[series["future"] == 0]
    net = own["value"] - own[list(COST_SERIES)].sum(axis=1)
    wide = own.assign(net=net).pivot(index=["replicate", "step"], columns="policy", values="net")
    gap = (wide[policy] - wide[against]).unstack("step").dropna().to_numpy().cumsum(axis=1)
    mean = gap.mean(axis=0) if len(gap) else np.zeros(1)
    turns = [turn for turn in (last_turn(row) for row in gap) if turn is not None]
    low, high = np.quantile(turns, [0.25, 0.75]) if turns else (None, None)
    signs = np.sign(mean[mean != 0])
    starts = "ahead" if len(signs) and signs[0] > 0 else "behind"
    ends = "ahead" if len(signs) and signs[-1] > 0 else "behind"
    return Crossing(policy, against, starts, last_turn(mean), ends, None if low is None else float(low),
                    None if high is None else float(high), int((np.diff(signs) != 0).sum()))


def last_turn(cumulative: Any) -> int | None:
    """Return the quarter (1 is the first) from which the sign stays as it ends, None if it never changed."""
    signs = np.sign(cumulative)
    different = np.flatnonzero((signs != signs[-1]) & (signs != 0))
    return int(different[-1]) + 2 if len(different) else None


def cells(worlds: Worlds) -> dict[tuple[int, int, int], str]:
    """Return the design cells that were run: (reach, fit, practice) to policy name."""
    found = {}
    for reach_level, reach_name in enumerate(("known", "wide")):
        for fit_level, fit_name in enumerate(("trust", "fit")):
            for practice, suffix in enumerate(("", "_with_practice")):
                name = f"{reach_name}_by_{fit_name}{suffix}"
                if name in worlds.policies:
                    found[reach_level, fit_level, practice] = name
    return found


FACTORS = (("reach", "all five sources instead of known partners only"),
           ("fit", "choosing by role gain instead of trust"),
           ("practice", "shared goal, shares by role, most trusted lead"))


def effects(worlds: Worlds, one: Outcome) -> tuple[Effect, ...]:
    """Return main effects and interactions of the full factorial that was run."""
    found = cells(worlds)
    plain = [(r, f, 0) for r in (0, 1) for f in (0, 1)]
    full = [(r, f, p) for r in (0, 1) for f in (0, 1) for p in (0, 1)]
    chosen = full if all(cell in found for cell in full) else plain
    if not all(cell in found for cell in chosen):
        return ()
    factors = 3 if chosen is full else 2
    values = {cell: worlds.values(found[cell], one.name) for cell in chosen}
    made = []
    for subset in range(1, 2**factors):
        parts = [k for k in range(factors) if subset >> k & 1]
        contrast = sum(value * np.prod([1 if cell[k] else -1 for k in parts]) for cell, value in values.items())
        contrast = contrast * 2 ** len(parts) / len(values)
        name = " x ".join(FACTORS[k][0] for k in parts)
        text = FACTORS[parts[0]][1] if len(parts) == 1 else "how much one changes the effect of the other"
        made.append(Effect(name, text, one.name, one.unit, st.estimate(contrast[worlds.own]),
                           st.futures(contrast[~worlds.own], one.direction)))
    return tuple(sorted(made, key=lambda effect: effect.name.count(" x ")))


STEPS = (("known_by_trust", "same search, team filled by roles instead of habit"), ("known_by_fit", "choice by role gain"),
         ("wide_by_fit", "all five sources"))


def decomposition(worlds: Worlds, one: Outcome, focus: str, baseline: str) -> tuple[Share, ...]:
    """Return the steps from same known partners to strategic mobilisation along the design."""
    if (baseline, focus) != ("same_known_partners", "strategic_mobilisation"):
        return ()
    if not all(name in worlds.policies for name, _ in STEPS):
        return ()
    last = (focus, "sequential search, trust, vision and reputation in the score, practice on")
    made, before = [], baseline
    for name, text in (*STEPS, last):
        gap = worlds.values(name, one.name) - worlds.values(before, one.name)
        made.append(Share(f"to {name}", text, st.estimate(gap[worlds.own])))
        before = name
    return tuple(made)


def regrets(worlds: Worlds, one: Outcome) -> tuple[Regret, ...]:
    """Return what each policy leaves on the table in each world."""
    compared = [name for name in worlds.policies if name != ORACLE]
    table = np.array([worlds.values(name, one.name) for name in compared])
    if table.size == 0:
        return ()
    best, made = table.max(axis=0), []
    ceiling = worlds.values(ORACLE, one.name) if ORACLE in worlds.policies else None
    for name, row in zip(compared, table, strict=True):
        gap = share = None
        if ceiling is not None and worlds.own.any():
            gap = st.estimate((ceiling - row)[worlds.own])
            share = float(row[worlds.own].mean() / ceiling[worlds.own].mean())
        made.append(Regret(name, gap, share, float((best - row).mean()), float((best - row).max()), float(row.min()),
                           float((row == best).mean())))
    return tuple(made)


def reach(scenario: Scenario, series: pd.DataFrame) -> tuple[Reach, ...]:
    """Return realised beside nominal reach."""
    names = [name for name in series.columns if name.startswith("from_")]
    sums = series[series["future"] == 0].groupby("policy")[names].sum()
    made = []
    for policy in scenario.policies:
        if policy.name in sums.index and sums.loc[policy.name].sum() > 0:
            shares = sums.loc[policy.name] / sums.loc[policy.name].sum()
            made.append(Reach(policy.name, tuple(policy.sources),
                              {name.removeprefix("from_"): float(value) for name, value in shares.items()}))
    return tuple(made)


def notes(worlds: Worlds, known: dict[str, Outcome]) -> tuple[str, ...]:
    """Return the plain warnings."""
    lines = [MANY_OUTCOMES.format(n=len(known))]
    if worlds.own.sum() < 10:
        lines.append(f"Only {worlds.own.sum()} worlds: intervals are wide; more with --replicates.")
    return tuple(lines)
