"""The difference as it stands while a study runs: mean and interval over the worlds finished so far."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sim.experiment.worker import Report
from sim.run import RunSpec

if TYPE_CHECKING:
    from sim.scenario.load_study import Study


class Tally:
    """Pairs the focus with the baseline, world by world, as reports come in.

    Parameters
    ----------
    study : its first outcome is followed. say : called with a line whenever a world is complete.
    """

    def __init__(self, study: Study, say: Callable[[str], None] | None = None) -> None:
        self.outcome, self.say = study.text.outcomes[0], say
        self.pair = (study.scenario.focus, study.scenario.baseline)
        self.specs: Mapping[str, RunSpec] = {}
        self.waiting: dict[tuple[int, int], dict[str, float]] = {}
        self.count, self.mean, self.squares = 0, 0.0, 0.0

    def expect(self, planned: Mapping[str, RunSpec]) -> None:
        """Learn which runs there are."""
        self.specs = planned

    def hear(self, report: Report) -> None:
        """Take the totals of finished runs."""
        before = self.count
        for run_id, totals in report.totals.items():
            spec = self.specs.get(run_id)
            if spec is not None and spec.policy in self.pair and self.outcome in totals:
                self._enter(spec, totals[self.outcome])
        if self.say and self.count > before:
            self.say(self.text())

    def _enter(self, spec: RunSpec, value: float) -> None:
        world = self.waiting.setdefault((spec.future, spec.replicate), {})
        world[spec.policy] = value
        if len(world) == len(self.pair):
            gap = world[self.pair[0]] - world[self.pair[1]]
            del self.waiting[spec.future, spec.replicate]
            if math.isfinite(gap):
                self.count += 1
                step = gap - self.mean
                self.mean += step / self.count
                self.squares += step * (gap - self.mean)

    def text(self) -> str:
        """Return the line: difference and 95 % interval over all worlds of this session so far."""
        if self.count < 2:
            return f"{self.pair[0]} − {self.pair[1]}: {self.mean:+.3g} in one world"
        half = 1.96 * math.sqrt(self.squares / (self.count - 1) / self.count)
        return (f"{self.pair[0]} − {self.pair[1]}: {self.mean:+.3g} ± {half:.2g} {self.outcome} over {self.count} "
                "worlds and futures so far")
