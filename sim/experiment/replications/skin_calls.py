"""INFSO-SKIN's call process: invite previous partners, then theirs, then anybody, and stop when eligible."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.experiment.replications.bare_world import UNLIMITED, BareWorld, luck
from sim.experiment.replications.base import PUBLISHED, Cell, Curve, Values, label, mean_and_error
from sim.luck import stream
from sim.phases import commit, mobilise, part
from sim.phases.desks import Desks
from sim.rules import registry
from sim.vocab import Source
from sim.world.tables import SOURCES

LEAD, SIZE = stream("replication.skin.lead"), stream("replication.skin.size")
PARTS = 10  # parts of the series of calls over which small firms' share is followed
SCAN = 64
CIRCLES = (Source.KNOWN, Source.PARTNERS_OF_PARTNERS, Source.OPEN_CALL)


class Calls:
    """INFSO-SKIN's call process: sizes of the consortia, and small firms' share of their places over time."""

    def __init__(self, v: Values, seed: int, sources: Sequence[Source]) -> None:
        self.v = v
        opened = np.zeros(SOURCES, np.int8)
        opened[list(sources)] = 1
        members = int(v["eligible"]) + 1
        self.bare = BareWorld(
            "random",
            {
                "open": opened,
                "search": 1,
                "usual_size": members,
                "max_size": members,
                "fill_rule": registry.rule_id("fill", "size"),
            },
            SCAN,
            seed,
        )
        self.desks = Desks(1)
        firms = int(v["firms"])
        self.size = np.array([luck(seed, SIZE, firm) for firm in range(firms)]) ** -1.0  # Pareto, exponent 1
        self.small = self.size < np.median(self.size)
        capacity = np.minimum(UNLIMITED, np.maximum(1, np.floor(self.size / np.median(self.size))))
        self.bare.enter(firms, capacity.astype(np.int16))
        self.chance = np.cumsum(self.size) / self.size.sum()

    def run(self) -> tuple[list[int], list[float]]:
        """Return the sizes of all consortia, and small firms' share of places in each."""
        sizes, shares = [], []
        world = self.bare.world
        for step in range(int(self.v["calls"])):
            world.n.step = step
            lead = min(int(np.searchsorted(self.chance, luck(world.seed, LEAD, step))), len(self.size) - 1)
            self.bare.call_on(lead, int(self.v["duration"]))
            before = int(world.n.partnerships)
            mobilise.mobilise(world, self.desks)
            commit.commit(world, self.desks.get(world)[0])
            if int(world.n.partnerships) > before:
                team = self.bare.team()
                sizes.append(len(team))
                shares.append(float(self.small[team].mean()))
            part.part(world, self.desks)
        return sizes, shares


def call_cells(v: Values, seeds: int, text: str) -> tuple[list[Cell], Curve]:
    """Return what the call process shows, and small firms' share over the series of calls."""
    found = [Calls(v, seed, CIRCLES).run() for seed in range(1, seeds + 1)]
    anybody = [Calls(v, seed, CIRCLES[-1:]).run() for seed in range(1, seeds + 1)]
    last = [
        float(np.mean(called[-len(called) // PARTS :]) - np.mean(drawn[-len(drawn) // PARTS :]))
        for (_, called), (_, drawn) in zip(found, anybody, strict=True)
    ]
    wanted, end = int(v["eligible"]) + 1, f", {text}" if text else ""
    parts = np.array([[np.mean(block) for block in np.array_split(shares, PARTS)] for _, shares in found])
    means = [mean_and_error(column.tolist()) for column in parts.T]
    cells = [
        Cell(
            f"consortia of another size than threshold + 1{end}",
            float(sum(size != wanted for sizes, _ in found for size in sizes)),
            0.0,
            0.0,
            PUBLISHED,
            point=v,
        ),
        Cell(f"small firms' share of places, first tenth of calls{end}", *means[0], point=v),
        Cell(f"small firms' share of places, last tenth of calls{end}", *means[-1], point=v),
        Cell(
            f"small firms' share, last less first tenth{end}",
            *mean_and_error((parts[:, -1] - parts[:, 0]).tolist()),
            point=v,
        ),
        Cell(
            f"small firms' share of places, last tenth, less their share of firms{end}",
            means[-1][0] - 0.5,
            means[-1][1],
            kind=PUBLISHED,
            point=v,
            sign=-1,
        ),
        Cell(
            f"small firms' share, last tenth, less the same with everybody invited at random{end}",
            *mean_and_error(last),
            kind=PUBLISHED,
            point=v,
            sign=-1,
        ),
    ]
    x = [(n + 0.5) * v["calls"] / PARTS for n in range(PARTS)]
    return cells, Curve(label(v, ("eligible",)), x, [m for m, _ in means], [e for _, e in means])
