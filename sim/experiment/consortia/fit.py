"""Fit the formation model to some years: activity, newcomer inflow and one repeat parameter; its structure stays.

Each parameter is moved by the figure that it drives, world after world, in steps that shrink (stochastic
approximation): the pool of a type by the share of newcomers in its seats in the last fitted year, its activity by
the concentration of its participations over all fitted years, the repeat parameter by the share of repeat pairs in
each of them (relative misses, weighted by pairs). What few projects cannot tell is not asked of them: the less is known
of their repeat share, the more the repeat parameter keeps to where it begins (`PRIOR`). The answer is the mean over the
second half of the way.
Everything else that is reported is a prediction, also for the fitted years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.experiment.consortia.data import TYPES, Consortia, Floats
from sim.experiment.consortia.formation import Formation, calls_of, form
from sim.experiment.consortia.measure import pairs, two_days

WORLDS = 36  # simulated one after the other
FIT_SEED = 1_000_003  # luck of the fit; predictions use other numbers
POOL = (1.02, 80.0)  # over the organisations of the type that were seen
SIGMA = (0.3, 4.0)
STRENGTH = (1e-5, 0.95)
PRIOR = 0.4  # spread of the log of the repeat parameter over fits of single years and halves of the themes up to 2016
START = (8.0, 2.3)  # pool over the organisations seen, sigma
FEWEST = 30  # seats of a type below which its pool and activity are not fitted


@dataclass(frozen=True)
class Driven:
    """The figures that are fitted.

    Parameters
    ----------
    seats, organisations : [types] in all fitted years.
    newcomers : [types] share of newcomers among the seats of the last fitted year.
    top, unevenness : [types] participations of the busiest 10 %, and root of the sum of squared shares.
    repeat_share, pairs : [years] share of repeat pairs, and all pairs, of each fitted year.
    error : relative standard error of the share of repeat pairs, projects as clusters; inf without any.
    """

    seats: Floats
    organisations: Floats
    newcomers: Floats
    top: Floats
    unevenness: Floats
    repeat_share: Floats
    pairs: Floats
    error: float


@dataclass(frozen=True)
class Fit:
    """What was fitted, on which years, and how far the fitted figures were met."""

    formation: Formation
    years: tuple[int, int]
    observed: Driven
    reached: Driven
    worlds: int


def driven(consortia: Consortia) -> Driven:
    """Return the figures that are fitted."""
    last = int(consortia.year.max())
    project = consortia.project_of
    arrived = two_days(consortia.org, consortia.start[project], consortia.organisations)[0]
    new = arrived[consortia.org] == consortia.start[project]
    found = pairs(consortia)
    repeat = found.met[found.number] < consortia.start[found.project]
    recent = consortia.year[project] == last
    of_type = [_of_type(consortia, k, new, recent) for k in range(len(TYPES))]
    seats, organisations, newcomers, top, unevenness = np.array(of_type).T
    return Driven(seats, organisations, newcomers, top, unevenness,
                  *_of_years(consortia.year[found.project], repeat), _error(found.project, repeat))


def _error(project: Any, repeat: Any) -> float:
    """Return the relative standard error of the share of repeat pairs, projects as clusters (of a ratio, linear)."""
    pairs_of, repeats_of = np.bincount(project), np.bincount(project, repeat)
    if not repeat.any():
        return np.inf
    beside = repeats_of - repeats_of.sum() / pairs_of.sum() * pairs_of
    return float(np.sqrt((beside * beside).sum()) / repeats_of.sum())


def _of_years(year: Any, repeat: Any) -> tuple[Floats, Floats]:
    """Return the share of repeat pairs and the pairs of each year."""
    years, which = np.unique(year, return_inverse=True)
    count = np.bincount(which, minlength=len(years))
    return np.bincount(which, repeat, minlength=len(years)) / count, count.astype(float)


def _of_type(consortia: Consortia, k: int, new: Any, recent: Any) -> tuple[float, ...]:
    """Return seats, organisations, newcomer share, top share and unevenness of one type; zeros where there is none."""
    mine = consortia.kind == k
    held = np.bincount(consortia.org[mine])
    held = np.sort(held[held > 0], kind="stable")[::-1]
    if not len(held):
        return 0.0, 0.0, 0.0, 0.0, 0.0
    newcomers = new[mine & recent]
    top = held[: max(1, round(len(held) / 10))].sum() / held.sum()
    unevenness = np.sqrt(float((held * held).sum())) / held.sum()
    return (float(held.sum()), float(len(held)), float(newcomers.mean()) if len(newcomers) else 0.0, float(top),
            float(unevenness))


def fit(consortia: Consortia, years: tuple[int, int], start: Formation | None = None,
        worlds: int = WORLDS) -> Fit:
    """Return the model whose worlds meet the fitted figures of these years.

    Parameters
    ----------
    consortia : real ones; only what starts in ``years`` is looked at.
    start : policy, its repeat parameter and other settings.
    worlds : simulated ones.
    """
    seen = consortia.years(*years)
    organisations = driven(seen).organisations
    pool, sigma = np.maximum(1.0, START[0] * organisations), np.full(len(TYPES), START[1])
    now = replace(start or Formation((), ()), pool=tuple(pool), sigma=tuple(sigma))
    gains = [1.0 if step < worlds // 4 else 0.5 if step < worlds // 2 else 0.25 for step in range(worlds)]
    return walk(seen, years, now, gains, FIT_SEED)


def walk(seen: Consortia, years: tuple[int, int], now: Formation, gains: Sequence[float], luck: int) -> Fit:
    """Return the mean of the second half of the way from a model, a world for each gain; ``luck`` numbers the first."""
    calls, observed = calls_of(seen, years), driven(seen)
    way, reached = [], []
    for step, gain in enumerate(gains):
        simulated = driven(form(calls, now, luck + step))
        way.append(now)
        reached.append(simulated)
        now = _moved(now, observed, simulated, gain)
    half = len(gains) // 2
    return Fit(_mean(way[half:]), years, observed, _mean_reached(reached[half:]), len(gains))


def _moved(now: Formation, observed: Driven, simulated: Driven, gain: float) -> Formation:
    """Return the model one step nearer: more newcomers want a larger pool, more concentration a larger spread."""
    fitted = observed.seats >= FEWEST
    newcomers = np.where(fitted, observed.newcomers - simulated.newcomers, 0.0)
    uneven = np.log(np.maximum(observed.unevenness, 1e-9) / np.maximum(simulated.unevenness, 1e-9))
    concentration = np.where(fitted, 0.075 * uneven + 0.75 * (observed.top - simulated.top), 0.0)
    pool = np.array(now.pool) * np.exp(gain * np.clip(8 * newcomers + 3 * concentration, -1, 1))
    sigma = np.array(now.sigma) + gain * np.clip(6 * concentration, -0.5, 0.5)
    low, high = (np.maximum(1.0, end * observed.organisations) for end in POOL)
    strength = _strength(now, observed, simulated, gain)
    return replace(now, pool=tuple(np.clip(pool, low, high).tolist()), sigma=tuple(np.clip(sigma, *SIGMA).tolist()),
                   strength=strength)


def _strength(now: Formation, observed: Driven, simulated: Driven, gain: float) -> float:
    """Return the repeat parameter one step nearer to the repeat shares, and to where it began if they are uncertain."""
    counts = observed.repeat_share > 0
    if not now.parameter or not counts.any():
        return now.strength
    misses = 1.0 - simulated.repeat_share[counts] / observed.repeat_share[counts]
    miss, doubt = np.average(misses, weights=observed.pairs[counts]), (observed.error / PRIOR) ** 2
    pull = (miss + doubt * np.log(Formation.strength / now.strength)) / (1.0 + doubt)
    return float(np.clip(now.strength * np.exp(gain * np.clip(pull, -0.5, 0.5)), *STRENGTH))


def _mean(way: list[Formation]) -> Formation:
    pool = np.exp(np.mean([np.log(one.pool) for one in way], axis=0))
    sigma = np.mean([one.sigma for one in way], axis=0)
    strength = float(np.exp(np.mean([np.log(one.strength) for one in way])))
    return replace(way[-1], pool=tuple(pool.tolist()), sigma=tuple(sigma.tolist()), strength=strength)


def _mean_reached(reached: list[Driven]) -> Driven:
    names = ("seats", "organisations", "newcomers", "top", "unevenness", "repeat_share", "pairs", "error")
    return Driven(*(np.mean([getattr(one, name) for one in reached], axis=0) for name in names))
