"""What a study will take, reckoned before anything is run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.experiment.lattice import Lattice
from sim.experiment.points import points
from sim.experiment.sweep import rule_of
from sim.scenario.budget import seconds_of_world

if TYPE_CHECKING:
    from sim.scenario.load_study import Study


@dataclass(frozen=True)
class Size:
    """Futures, replicates in each, runs in all, CPU seconds; ``at_most`` where a rule may end it sooner."""

    futures: int
    replicates: int
    runs: int
    seconds: float
    at_most: bool


def size_of(study: Study, verb: str = "sweep") -> Size:
    """Return what a verb takes; adaptive ones are bounded by their full lattice or budget."""
    rule = rule_of(study)
    replicates = rule.most if rule else study.text.replicates
    futures, adaptive = 0, rule is not None
    if verb == "regime" and study.text.map is not None:
        lattice = Lattice(study.text.map.steps, study.text.map.refine)
        futures = (lattice.side + 1) ** 2 * (1 + len(study.text.map.prices)) + 1
        adaptive = adaptive or study.text.map.refine > 0
    elif verb == "calibrate" and study.text.calibrate is not None:
        futures = study.text.calibrate.trials
    else:
        futures = len(points(study))
    runs = futures * replicates * len(study.policies)
    seconds = futures * replicates * seconds_of_world(study.scenario, len(study.policies))
    return Size(futures, replicates, runs, seconds, adaptive)
