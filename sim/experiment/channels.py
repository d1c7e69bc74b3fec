"""Which channel carries the difference: switch each one off, and in the other direction all but one.

The two policies of the headline are compared in the scenario's own worlds as they are, with each
channel off, with all off, and with all off but one. What a channel carries is how much the
difference changes; the two directions agree only where channels do not depend on one another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment import statistics
from sim.experiment.campaign import NothingRan, about, conduct
from sim.experiment.compare import CHANNELS, CHANNELS_FILE, default_folder, resolve
from sim.experiment.design import World
from sim.experiment.findings import Estimate, Failure, without_nan
from sim.experiment.runner import Progress
from sim.experiment.shards import OUTCOME, study_of
from sim.experiment.store import Store
from sim.outcomes.registry import outcomes
from sim.record import write_json
from sim.run import RunSpec, engine
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_WORLDS = 10
NOTHING: tuple[str, ...] = ()


@dataclass(frozen=True)
class Switch:
    """A channel, in plain words, and the settings that switch it off."""

    text: str
    off: Mapping[str, float | str]


SWITCHES: dict[str, Switch] = {
    "information": Switch("strangers are seen as clearly as partners",
                          {"search.noise": 0.0, "search.noise_own": 0.0}),
    "search cost": Switch("contacts cost nothing", {"search.cost_scale": 0.0}),
    "trust in acceptance": Switch("everybody invited accepts", {"rules.accept": "always"}),
    "delivery": Switch("delivery depends on reliability alone, not on trust",
                       {"work.trust_share": 0.0, "work.lead_base": 1.0, "work.lead_trust": 0.0}),
    "coordination": Switch("coordination costs nothing", {"work.coordination_cost": 0.0}),
    "coverage": Switch("success does not depend on covered roles", {"rules.produce": "constant"}),
    "learning": Switch("competences stay as they are",
                       {"learn.doing": 0.0, "learn.partners": 0.0, "learn.acquire": 0.0, "learn.fade": 0.0}),
    "alignment": Switch("visions that differ do no harm", {"work.misalignment_loss": 0.0}),
}


@dataclass(frozen=True)
class Channel:
    """What one channel carries of the difference between two policies.

    Parameters
    ----------
    name, text : the channel, and what switching it off means.
    without : the difference with this channel off.
    loss : how much of the difference is gone then (difference as it is − difference without).
    alone : the difference with every other channel off.
    gain : how much this channel alone adds (difference alone − difference with all off).
    """

    name: str
    text: str
    without: Estimate
    loss: Estimate
    alone: Estimate
    gain: Estimate


@dataclass(frozen=True)
class Channels:
    """Channels by how much they carry, the largest first; the outcome is the headline's.

    Parameters
    ----------
    policy, against : the two policies. outcome, unit : what is measured.
    full, none : the difference with all channels on, and with all off (what no channel explains).
    """

    scenario: str
    policy: str
    against: str
    outcome: str
    unit: str
    worlds: int
    full: Estimate
    none: Estimate
    channels: tuple[Channel, ...]
    failures: tuple[Failure, ...]
    folder: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists, dicts, texts and numbers, for ``--json``."""
        plain: dict[str, Any] = without_nan(asdict(self))
        return plain


def switched_off(scenario: Scenario, names: Sequence[str]) -> Scenario:
    """Return the scenario with these channels off."""
    update: dict[str, Any] = {}
    for name in names:
        for address, value in SWITCHES[name].off.items():
            section, key = address.split(".", 1)
            before = update.get(section, getattr(scenario, section))
            update[section] = before.model_copy(update={key: value})
    return scenario.model_copy(update=update)


def variants() -> list[tuple[str, ...]]:
    """Return the sets of channels that are switched off, as they are run."""
    every = tuple(SWITCHES)
    one_off = [(name,) for name in every]
    one_on = [tuple(other for other in every if other != name) for name in every]
    return [NOTHING, *one_off, every, *one_on]


def channels(scenario: str | Path | Scenario, replicates: int | None = None, seed: int | None = None,
             jobs: int | None = None, out: str | Path | None = None,
             overrides: Sequence[str] | Mapping[str, Any] = (), rules: Sequence[str] = (),
             force: bool = False, progress: Progress | None = None) -> Channels:
    """Say which channel carries the difference between the scenario's focus and baseline.

    Parameters are those of `sim.compare`; ``replicates`` defaults to 10 worlds (each takes 36 runs).
    """
    chosen = resolve(scenario, None, seed, overrides, None, rules)
    count = replicates or min(DEFAULT_WORLDS, chosen.replicates)
    files = tuple(str(Path(path).resolve()) for path in rules)
    worlds = {(off, k): [RunSpec(switched_off(chosen, off), name, 0, (), k, files)
                         for name in (chosen.focus, chosen.baseline)]
              for k in range(count) for off in variants()}
    whole = worlds[NOTHING, 0][0]
    store = Store(out or default_folder(chosen, whole, CHANNELS))
    path = None if isinstance(scenario, Scenario) else str(scenario)
    with store.writing():
        tasks = list(worlds.values())
        failures = conduct(store, tasks, about(chosen, path), jobs, path, progress, force)
        runs = store.runs([spec.run_id for task in tasks for spec in task])
    if runs.empty:
        raise NothingRan(f"no run finished; the first error: {failures[0].error}")
    found = said(chosen, runs.set_index("run_id"), worlds, failures, store.folder)
    write_json(store.folder / CHANNELS_FILE, {**found.to_dict(), "study": study_of(whole), "engine": engine()})
    return found


def said(scenario: Scenario, runs: pd.DataFrame, worlds: Mapping[tuple[tuple[str, ...], int], World],
         failures: tuple[Failure, ...], folder: Path) -> Channels:
    """Return what the runs say of each channel."""
    head = next(one for one in outcomes().values() if one.headline)
    values = runs[f"{OUTCOME}{head.name}"].to_dict()
    count = 1 + max(k for _, k in worlds)

    def gap(off: tuple[str, ...]) -> Any:
        pairs = [worlds[off, k] for k in range(count)]
        return np.array([values.get(a.run_id, statistics.NAN) - values.get(b.run_id, statistics.NAN)
                         for a, b in pairs], float)

    every, full = tuple(SWITCHES), gap(NOTHING)
    none, found = gap(every), []
    for name, switch in SWITCHES.items():
        without, alone = gap((name,)), gap(tuple(other for other in every if other != name))
        found.append(Channel(name, switch.text, statistics.estimate(without),
                             statistics.estimate(full - without), statistics.estimate(alone),
                             statistics.estimate(alone - none)))
    found.sort(key=lambda channel: -abs(channel.loss.mean))
    return Channels(scenario.name, scenario.focus, scenario.baseline, head.name, head.unit, count,
                    statistics.estimate(full), statistics.estimate(none), tuple(found), failures, str(folder))
