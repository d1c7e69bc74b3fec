"""What bears on the headline beside its interval: assumptions that turn it, and what was expected of it."""

from __future__ import annotations

from dataclasses import dataclass

HELD, BROKEN, UNCLEAR = "held", "did not hold", "cannot be told"


@dataclass(frozen=True)
class Band:
    """Plausible futures in which one assumption lies between two values.

    Parameters
    ----------
    low, high : lowest and highest value of the assumption among them.
    mean : mean difference of the headline's outcome over them.
    led : share of them in which the focus is ahead of the baseline.
    worlds : how many they are.
    """

    low: float
    high: float
    mean: float
    led: float
    worlds: int


@dataclass(frozen=True)
class Assumption:
    """How far one uncertain parameter turns the headline's difference over plausible futures.

    Parameters
    ----------
    key, text : address of the parameter and what it is, in one sentence.
    correlation : Spearman's rank correlation of its value with the difference, in [-1, 1].
    chance : absolute correlation that the largest of the scenario's assumptions exceeds by chance alone one
        time in twenty, with so many futures.
    bands : the futures in equal groups by its value, lowest first.
    """

    key: str
    text: str
    correlation: float
    chance: float
    bands: tuple[Band, ...]

    @property
    def clear(self) -> bool:
        """Whether it turns the difference by more than chance would."""
        return abs(self.correlation) > self.chance


@dataclass(frozen=True)
class Expectation:
    """What was expected before the run, and whether it held.

    Parameters
    ----------
    text : the expectation as the scenario states it.
    stated : "ahead", "behind", "not ahead" or "not behind": the focus against the baseline; None where
        the scenario says it in words only.
    verdict : "held", "did not hold" or "cannot be told" in the scenario's own worlds; None without ``stated``.
    futures_held, futures : plausible futures in which it held, and how many there are.
    """

    text: str
    stated: str | None
    verdict: str | None
    futures_held: float
    futures: int
