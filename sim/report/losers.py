"""Who loses: the same organisations under both policies, in one world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.report.numbers import plain, signed, words
from sim.vocab import Kind

CENTS = 1e-5
THIRDS = ("few partners at the start", "some partners at the start", "many partners at the start")


@dataclass(frozen=True)
class Group:
    """A group of organisations: how many, the share that ends with less, the mean change in kEUR."""

    name: str
    count: int
    share: float
    change: float


@dataclass(frozen=True)
class Losers:
    """Organisations alive at the end under both policies: share with less under the first, mean change, by group."""

    count: int
    share: float
    change: float
    groups: tuple[Group, ...]

    def sentence(self, one: str, other: str) -> str:
        """Return who loses in one or two sentences."""
        said = (f"In the average world shown below, {self.share:.0%} of the {self.count:,} organisations alive at the "
                f"end under both have less capital under {words(one)} than under {words(other)}; the mean change over "
                f"all of them is {signed(self.change)} kEUR.")
        worst = max(self.groups, key=self._beyond, default=None)
        if worst is None:
            return said
        if self._beyond(worst) <= CHANCE:
            return f"{said} No group does so more often than chance among {len(self.groups)} groups would bring."
        return (f"{said} Most often {worst.name}: {worst.share:.0%} end with less, with a mean change of "
                f"{signed(worst.change)} kEUR.")

    def _beyond(self, group: Group) -> float:
        """Return by how many standard errors more of a group than of all end with less."""
        return (group.share - self.share) / max(1e-9, (self.share * (1 - self.share) / group.count) ** 0.5)

    def rows(self) -> list[list[str]]:
        """Return the groups as a table."""
        return [[group.name, plain(group.count, 0), f"{group.share:.0%}", signed(group.change)]
                for group in self.groups]


SMALLEST_GROUP = 10
CHANCE = 2.7  # standard errors that chance alone takes the worst of a dozen groups beyond one time in twenty


def losers(one: Any, other: Any, since: int) -> Losers | None:
    """Compare the capital of every organisation alive in both worlds; ``since``: step the comparison began at."""
    a, b = (world.orgs[: int(world.n.organisations)] for world in (one, other))
    _, left, right = np.intersect1d(a.uid, b.uid, return_indices=True)
    both = (a.left[left] == -1) & (b.left[right] == -1) & (a.kind[left] != Kind.CLUSTER_ORGANISATION)
    left, right = left[both], right[both]
    if not len(left):
        return None
    change = (a.capital[left] - b.capital[right]) * CENTS
    groups = [*_by_sector(a.sector[left], change), *_by_start(one, left, since, change)]
    found = tuple(group for group in groups if group is not None)
    return Losers(len(left), float((change < 0).mean()), float(change.mean()), found)


def _group(name: str, change: Any) -> Group | None:
    if len(change) < SMALLEST_GROUP:
        return None
    return Group(name, len(change), float((change < 0).mean()), float(change.mean()))


def _by_sector(sector: Any, change: Any) -> list[Group | None]:
    return [_group(f"sector {number + 1}", change[sector == number]) for number in np.unique(sector)]


def _by_start(world: Any, rows: Any, since: int, change: Any) -> list[Group | None]:
    """Return thirds by the number of partners an organisation had when the comparison began."""
    rels = world.rels[: int(world.n.relations)]
    old = rels[rels["first"] < since]
    count = np.bincount(np.concatenate([old.a, old.b]), minlength=len(world.orgs))[rows]
    order = np.argsort(count, kind="stable")
    return [_group(f"the third with {name}", change[part])
            for name, part in zip(THIRDS, np.array_split(order, 3), strict=True)]
