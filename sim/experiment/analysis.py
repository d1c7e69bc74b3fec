"""From runs to findings: differences, effects of the design, regret, reach, crossing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment import statistics as st
from sim.experiment.accounts import accounts
from sim.experiment.assumptions import assumptions
from sim.experiment.doubts import BROKEN, HELD, UNCLEAR, Expectation
from sim.experiment.findings import (
    AHEAD,
    BEHIND,
    Crossing,
    Difference,
    Effect,
    Failure,
    Findings,
    Level,
    Reach,
    Regret,
    Share,
)
from sim.experiment.observed import held
from sim.experiment.programme import bought
from sim.experiment.shards import OUTCOME
from sim.outcomes.registry import Outcome, outcomes, ratio
from sim.scenario.fitted import fitted

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

SMALLEST_SHARE = 0.02  # smallest difference of interest: this share of the baseline's level (assumed)
ORACLE = "oracle"
COST_SERIES = ("search", "coordination", "goal", "programme", "administration")
PUBLIC_SERIES = ("grants", "administration")
FEW_WORLDS = 10
MANY_OUTCOMES = ("{n} outcomes are compared at once: at 95 % about one interval in twenty misses by chance "
                 "alone; net value is the one stated before.")
Array = np.ndarray[Any, Any]
Pair = tuple[int, int]


class Worlds:
    """Outcome values by policy, one entry for each world in which every policy finished."""

    def __init__(self, runs: pd.DataFrame, policies: Sequence[str]) -> None:
        rows = {name: runs[runs["policy"] == name].set_index(["future", "replicate"]) for name in policies}
        whole = sorted(set.intersection(*({*frame.index} for frame in rows.values())))
        self.policies = tuple(policies)
        self.index: list[Pair] = whole
        self.own = np.array([future == 0 for future, _ in whole], np.bool_)
        self.drawn = np.array([future != 0 for future, _ in whole], np.bool_)
        self.futures = np.array([future for future, _ in whole if future], np.int64)
        self.rows = {name: frame.reindex(whole) for name, frame in rows.items()}

    def values(self, policy: str, outcome: str) -> Array:
        """Return [worlds] float64 of one outcome; nan where it could not be measured."""
        return self.rows[policy][f"{OUTCOME}{outcome}"].to_numpy(float)


def analyse(scenario: Scenario, runs: pd.DataFrame, series: pd.DataFrame, failures: Sequence[Failure],
            said: Sequence[str] = ()) -> Findings:
    """Return everything the finished worlds say; ``said`` are notes of those who ran them."""
    names = tuple(policy.name for policy in scenario.policies)
    worlds, known = Worlds(runs, names), outcomes()
    baseline = scenario.baseline if scenario.baseline in names else names[0]
    focus = scenario.focus if scenario.focus in names else names[-1]
    head = next(one for one in known.values() if one.headline)
    ordered = [head] + [one for one in known.values() if one is not head]
    others = [name for name in names if name != baseline]
    differences = [difference(worlds, name, baseline, one) for one in ordered for name in others]
    if focus == baseline:
        differences.append(difference(worlds, focus, baseline, head))
    headline = next(d for d in differences if d.policy == focus and d.outcome == head.name)
    gap = worlds.values(focus, head.name) - worlds.values(baseline, head.name)
    return Findings(
        scenario.name, scenario.question, expectation(scenario, headline, gap[worlds.drawn]), names,
        {policy.name: policy.text for policy in scenario.policies}, baseline, (focus, baseline),
        float(scenario.adopters), int(scenario.values()["world.steps"]), float(runs["start"].mean()),
        int(worlds.own.sum()), int(worlds.drawn.sum()),
        scenario.futures.resolved() if scenario.futures.count else {},
        tuple(Level(name, one.name, one.unit, st.estimate(worlds.values(name, one.name)[worlds.own]))
              for one in ordered for name in names),
        tuple(differences), headline, beside(worlds, head, focus, baseline),
        assumptions(scenario, worlds.futures, gap[worlds.drawn], head.direction),
        crossing(series, focus, baseline, float(scenario.values()["money.marginal_cost_of_public_funds"])),
        decomposition(worlds, head, focus, baseline), effects(worlds, head), regrets(worlds, head),
        reach(scenario, series), (), tuple(failures), (*notes(worlds, known), *said),
        fitted=fitted(scenario), accounts=accounts(scenario, runs), **public_money(scenario, worlds, focus))


def public_money(scenario: Scenario, worlds: Worlds, focus: str) -> dict[str, Any]:
    """Return what the focus's public money bought, and what was observed beside what is simulated."""
    def values(policy: str, outcome: str) -> Array:
        return worlds.values(policy, outcome)[worlds.own]

    if f"{OUTCOME}public_money" not in worlds.rows[focus]:
        return {}
    return {**bought(values, focus, worlds.policies), "observed": held(scenario, focus, worlds.policies, values)}


def difference(worlds: Worlds, policy: str, against: str, one: Outcome) -> Difference:
    """Return one policy against another in one outcome."""
    a, b = worlds.values(policy, one.name), worlds.values(against, one.name)
    own = worlds.own
    gap = a - b
    value, level = st.estimate(gap[own]), st.finite(b[own])
    smallest = SMALLEST_SHARE * abs(float(level.mean())) if len(level) else 0.0
    return Difference(policy, against, one.name, one.unit, one.direction, value,
                      st.led(gap[own], one.direction), st.futures(gap[worlds.drawn], one.direction), smallest,
                      st.verdict(value, smallest, one.direction), st.variance_ratio(a[own], b[own]))


def beside(worlds: Worlds, head: Outcome, focus: str, baseline: str) -> tuple[Difference, ...]:
    """Return the focus against every other policy but the baseline and the oracle, the strongest first."""
    others = [name for name in worlds.policies if name not in (focus, baseline, ORACLE)]
    found = [difference(worlds, focus, name, head) for name in others]
    sign = -1 if head.direction == "lower" else 1
    return tuple(sorted(found, key=lambda one: sign * one.estimate.mean))


def expectation(scenario: Scenario, headline: Difference, drawn: Array) -> Expectation | None:
    """Return what the scenario expects and whether it held: in its own worlds by the interval, in futures by sign."""
    if scenario.expectation is None and scenario.expected is None:
        return None
    text = scenario.expectation or f"The focus is {scenario.expected} of the baseline."
    if scenario.expected is None:
        return Expectation(text, None, None, 0.0, 0)
    sign = (1 if scenario.expected in ("ahead", "not_behind") else -1) * (-1 if headline.direction == "lower" else 1)
    low, high = sorted((sign * headline.estimate.low, sign * headline.estimate.high))
    strict = scenario.expected in (AHEAD, BEHIND)
    least = 0.0 if strict else -headline.smallest  # "not behind" allows what does not matter
    verdict = HELD if low > least else BROKEN if high < least else UNCLEAR
    kept = st.finite(drawn)
    held = float((sign * kept > 0).sum() if strict else (sign * kept >= least).sum())
    return Expectation(text, scenario.expected.replace("_", " "), verdict, held, len(kept))


def crossing(series: pd.DataFrame, policy: str, against: str, public_funds: float = 0.0) -> Crossing:
    """Return when the cumulative difference of net value keeps its final sign.

    Parameters
    ----------
    public_funds : what a cent of public money costs beyond itself.
    """
    own = series[series["future"] == 0]
    costs, public = (own[[name for name in names if name in own]].sum(axis=1) for names in (COST_SERIES, PUBLIC_SERIES))
    net = own["value"] - costs - public_funds * public
    wide = own.assign(net=net).pivot(index=["replicate", "step"], columns="policy", values="net")
    gap = (wide[policy] - wide[against]).unstack("step").dropna().to_numpy().cumsum(axis=1)
    mean = gap.mean(axis=0) if len(gap) else np.zeros(1)
    turns = [turn for turn in (last_turn(row) for row in gap) if turn is not None]
    low, high = np.quantile(turns, [0.25, 0.75]) if turns else (None, None)
    signs = np.sign(mean[mean != 0])
    starts = AHEAD if len(signs) and signs[0] > 0 else BEHIND
    ends = AHEAD if len(signs) and signs[-1] > 0 else BEHIND
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
        contrast = contrast_of(values, parts)
        name = " x ".join(FACTORS[k][0] for k in parts)
        text = FACTORS[parts[0]][1] if len(parts) == 1 else "how much one changes the effect of the other"
        made.append(Effect(name, text, one.name, one.unit, st.estimate(contrast[worlds.own]),
                           st.futures(contrast[worlds.drawn], one.direction)))
    return tuple(sorted(made, key=lambda effect: effect.name.count(" x ")))


def contrast_of(values: Mapping[tuple[int, int, int], Array], parts: Sequence[int]) -> Array:
    """Return [worlds] float64: main effect (one part) or interaction (a difference of differences)."""
    signs = {cell: math.prod(1 if cell[k] else -1 for k in parts) for cell in values}
    total = np.sum([signs[cell] * values[cell] for cell in sorted(values)], axis=0)
    return np.asarray(total * 2 ** len(parts) / len(values))


def decomposition(worlds: Worlds, one: Outcome, focus: str, baseline: str) -> tuple[Share, ...]:
    """Return the steps from same known partners to strategic mobilisation along the design; they add up.

    Reach and fit are main effects of the plain cells, so neither depends on which of them comes first.
    """
    needed = ("known_by_trust", "known_by_fit", "wide_by_trust", "wide_by_fit")
    if (baseline, focus) != ("same_known_partners", "strategic_mobilisation"):
        return ()
    if not all(name in worlds.policies for name in needed):
        return ()
    value = {name: worlds.values(name, one.name)[worlds.own] for name in (*needed, baseline, focus)}
    places = [(0, 0, 0), (0, 1, 0), (1, 0, 0), (1, 1, 0)]
    plain = {place: value[name] for place, name in zip(places, needed, strict=True)}
    steps = (("fill", "teams filled by the roles of the challenge instead of a usual size",
              value["known_by_trust"] - value[baseline]),
             ("fit", FACTORS[1][1], contrast_of(plain, [1])),
             ("reach", FACTORS[0][1], contrast_of(plain, [0])),
             ("bundle", "sources opened one after the other, trust and vision in the score, practice",
              value[focus] - value["wide_by_fit"]))
    return tuple(Share(name, text, st.estimate(gap)) for name, text, gap in steps)


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
            share = ratio(float(row[worlds.own].mean()), float(ceiling[worlds.own].mean()))
        short = best - row
        made.append(Regret(name, gap, share, float(short.mean()), float(short.max()), float(row.min()),
                           float((short == 0).mean())))
    return tuple(made)


def reach(scenario: Scenario, series: pd.DataFrame) -> tuple[Reach, ...]:
    """Return realised beside nominal reach."""
    names = [name for name in series.columns if name.startswith("from_") and name != "from_self"]
    sources = [name.removeprefix("from_") for name in names]
    sums = series[series["future"] == 0].groupby("policy")[names].sum()
    made = []
    for policy in scenario.policies:
        seats = np.asarray(sums.loc[policy.name], float) if policy.name in sums.index else np.zeros(1)
        if seats.sum() > 0:
            shares = (seats / seats.sum()).tolist()
            made.append(Reach(policy.name, tuple(policy.sources), dict(zip(sources, shares, strict=True))))
    return tuple(made)


def notes(worlds: Worlds, known: dict[str, Outcome]) -> tuple[str, ...]:
    """Return the plain warnings."""
    lines = [MANY_OUTCOMES.format(n=len(known))]
    own = int(worlds.own.sum())
    if own < FEW_WORLDS:
        few = f"Only {own} worlds: intervals are wide" if own > 1 else "One world: no interval"
        lines.append(f"{few}; more with --replicates.")
    return tuple(lines)
