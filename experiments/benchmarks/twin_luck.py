"""Where the twin's luck comes from: Python's own generator (timed), or keyed draws (oracle mode).

Both offer the same few calls. The keyed one is written in plain Python integers, apart from the
engine's code, so that an error in either shows as a difference.
"""

from __future__ import annotations

import hashlib
import heapq
import math
import random
from collections.abc import Iterable, Sequence
from typing import Any

MASK = (1 << 64) - 1
G = 0x9E3779B97F4A7C15
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
INVERSE_LN2 = 1.44269504088896338700
E = [1.0 / math.factorial(k) for k in range(14)]
SQRT_HALF = 0.7071067811865476
ROOT3 = 1.7320508075688772


def mix(z: int) -> int:
    """Return 64 well-mixed bits of a 64-bit word."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def bell_of(z: int) -> float:
    """Return the sum of the four quarters of a word, centred and scaled to variance 1."""
    total = 0.0
    for shift in (0, 16, 32, 48):
        total += float((z >> shift) & 0xFFFF)
    return ((total + 2.0) / 65536.0 - 2.0) * ROOT3


class RandomLuck:
    """Luck from one `random.Random`: what a plain Mesa model would use."""

    exp, log = staticmethod(math.exp), staticmethod(math.log)
    power = staticmethod(math.pow)

    def __init__(self, seed: int) -> None:
        self._source = random.Random(seed)
        self._random = self._source.random

    def uniform(self, stream: str, step: int, *who: int) -> float:
        """Return a number in [0, 1)."""
        return self._random()

    def bits(self, stream: str, step: int, *who: int) -> int:
        """Return a 64-bit word."""
        return self._source.getrandbits(64)

    def bell(self, stream: str, step: int, *who: int) -> float:
        """Return a bell-shaped number of mean 0 and variance 1: the sum of four uniform ones."""
        draw = self._random
        return (draw() + draw() + draw() + draw() - 2.0) * ROOT3

    def two_bells(self, stream: str, step: int, who: int) -> tuple[float, float]:
        """Return two bell-shaped numbers."""
        return self.bell(stream, step), self.bell(stream, step)

    def order(self, items: Iterable[Any], stream: str, step: int) -> list[Any]:
        """Return the items in random order."""
        shuffled = list(items)
        self._source.shuffle(shuffled)
        return shuffled

    def sample(self, items: Sequence[Any], count: int, stream: str, step: int, who: int) -> list[Any]:
        """Return up to ``count`` of the items, all equally likely."""
        return self._source.sample(items, min(count, len(items)))

    def weighted(self, items: Iterable[tuple[Any, float]], count: int, stream: str, step: int,
                 *who: int) -> list[Any]:
        """Return up to ``count`` of the items, drawn by weight without replacement."""
        draw, log = self._random, math.log
        races = [(-log(1.0 - draw()) / weight, number, item) for number, (item, weight) in enumerate(items)]
        return [item for _, _, item in heapq.nsmallest(count, races)]

    def anyone(self, model: Any, of_clusters: bool, lead: int, attempt: int) -> Any:
        """Return somebody anywhere in the world."""
        return self._source.choice(model.clusters).organisation if of_clusters else self._source.choice(model.living)

    def enter(self, agent: Any) -> None:
        """Nothing to do: there are no slots."""

    leave = enter


class KeyedLuck:
    """Luck keyed by (seed, stream, step, who): the engine's draws in plain Python integers."""

    def __init__(self, seed: int, slots: list[Any]) -> None:
        self.seed = seed
        self.slots = slots
        self._keys: dict[tuple[str, int], int] = {}

    def _key(self, stream: str, step: int) -> int:
        if (stream, step) not in self._keys:
            word = int.from_bytes(hashlib.sha256(stream.encode()).digest()[:8], "little")
            state = mix((self.seed + G) & MASK)
            state = mix(((state ^ word) + G) & MASK)
            self._keys[stream, step] = mix(((state ^ step) + G) & MASK)
        return self._keys[stream, step]

    def bits(self, stream: str, step: int, *who: int) -> int:
        """Return the word of one actor or of an ordered chain of them."""
        k = self._key(stream, step)
        state = mix((who[0] * G + k) & MASK)
        if len(who) == 1:
            return mix(state ^ k)
        for element in who[1:]:
            state = mix(((state ^ element) * G + k) & MASK)
        return state

    def uniform(self, stream: str, step: int, *who: int) -> float:
        """Return a number in (0, 1)."""
        return (float(self.bits(stream, step, *who) >> 12) + 0.5) * 2.0**-52

    def bell(self, stream: str, step: int, *who: int) -> float:
        """Return a bell-shaped number."""
        return bell_of(self.bits(stream, step, *who))

    def two_bells(self, stream: str, step: int, who: int) -> tuple[float, float]:
        """Return two bell-shaped numbers of one word."""
        z = self.bits(stream, step, who)
        return bell_of(z), bell_of(mix(z))

    def order(self, items: Iterable[Any], stream: str, step: int) -> list[Any]:
        """Return the items in the order of their words."""
        return sorted(items, key=lambda item: self.bits(stream, step, getattr(item, "uid", item)))

    def sample(self, items: Sequence[Any], count: int, stream: str, step: int, who: int) -> list[Any]:
        """Return the ``count`` smallest of a race over the items, in the order of the items."""
        races = [self.uniform(stream, step, who, item.uid) for item in items]
        last = heapq.nsmallest(count, races)[-1] if count and races else 0.0
        return [item for race, item in zip(races, items) if race <= last]

    def weighted(self, items: Iterable[tuple[Any, float]], count: int, stream: str, step: int,
                 *who: int) -> list[Any]:
        """Return the ``count`` smallest of an exponential race by weight."""
        return smallest(((-self.log(self.uniform(stream, step, *who, item.uid)) / weight, item)
                         for item, weight in items), count)

    def anyone(self, model: Any, of_clusters: bool, lead: int, attempt: int) -> Any:
        """Return who sits in the slot drawn, or None."""
        places = len(model.clusters) if of_clusters else len(self.slots)
        size = 1 << max(0, (places - 1).bit_length())
        place = self.bits("search.open_call", model.quarter, lead, attempt) & (size - 1)
        if place >= places:
            return None
        return model.clusters[place].organisation if of_clusters else self.slots[place]

    def enter(self, agent: Any) -> None:
        """Give a newborn the first free slot from its home."""
        place = mix(agent.uid) & (len(self.slots) - 1)
        while self.slots[place] is not None:
            place = (place + 1) & (len(self.slots) - 1)
        self.slots[place] = agent

    def leave(self, agent: Any) -> None:
        """Free the slot of the dead."""
        self.slots[self.slots.index(agent)] = None

    @staticmethod
    def exp(x: float) -> float:
        """Return e**x by the engine's series."""
        x = min(700.0, max(-700.0, x))
        n = int(x * INVERSE_LN2 + (0.5 if x >= 0.0 else -0.5))
        r = (x - n * LN2_HIGH) - n * LN2_LOW
        r2 = r * r
        r4 = r2 * r2
        low = (E[2] + E[3] * r) + r2 * (E[4] + E[5] * r)
        middle = (E[6] + E[7] * r) + r2 * (E[8] + E[9] * r)
        high = (E[10] + E[11] * r) + r2 * (E[12] + E[13] * r)
        return math.ldexp(1.0 + (r + r2 * (low + r4 * (middle + r4 * high))), n)

    @staticmethod
    def log(x: float) -> float:
        """Return the logarithm by the engine's series."""
        m, n = math.frexp(x)
        m, n = 2.0 * m, n - 1
        if m > 2.0 * SQRT_HALF:
            m, n = 0.5 * m, n + 1
        s = (m - 1.0) / (m + 1.0)
        square = s * s
        fourth = square * square
        low = (1.0 + (1.0 / 3.0) * square) + fourth * ((1.0 / 5.0) + (1.0 / 7.0) * square)
        middle = ((1.0 / 9.0) + (1.0 / 11.0) * square) + fourth * ((1.0 / 13.0) + (1.0 / 15.0) * square)
        high = ((1.0 / 17.0) + (1.0 / 19.0) * square) + fourth * (1.0 / 21.0)
        t = low + fourth * fourth * (middle + fourth * fourth * high)
        return n * LN2_HIGH + (2.0 * s * t + n * LN2_LOW)

    def power(self, x: float, y: float) -> float:
        """Return x**y for x > 0."""
        return self.exp(y * self.log(x))


def smallest(races: Iterable[tuple[float, Any]], count: int) -> list[Any]:
    """Return the items of the ``count`` smallest values, in the order of the engine's heap."""
    heap: list[tuple[float, Any]] = []
    for race in races:
        if len(heap) < count:
            _rise(heap, race)
        elif count and race[0] < heap[0][0]:
            _sink(heap, race)
    return [item for _, item in heap]


def _rise(heap: list[tuple[float, Any]], race: tuple[float, Any]) -> None:
    at = len(heap)
    heap.append(race)
    while at > 0 and heap[(at - 1) // 2][0] < race[0]:
        heap[at] = heap[(at - 1) // 2]
        at = (at - 1) // 2
    heap[at] = race


def _sink(heap: list[tuple[float, Any]], race: tuple[float, Any]) -> None:
    at = 0
    while 2 * at + 1 < len(heap):
        child = 2 * at + 1
        if child + 1 < len(heap) and heap[child + 1][0] > heap[child][0]:
            child += 1
        if heap[child][0] <= race[0]:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = race
