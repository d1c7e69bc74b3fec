"""Numbers and names as people read them; the same in figures and in the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.experiment.findings import Estimate


ORACLE = "oracle"


def words(name: str) -> str:
    """Return a registered name as people read it: ``same_known_partners`` is same known partners."""
    return name.replace("_", " ")


def parameter(key: str, text: str) -> str:
    """Return a parameter as people read it, then its key: "cost of coordinating two strangers" (work...)."""
    short = text.split(":", maxsplit=1)[0].rstrip(".")
    return f'"{short[:1].lower()}{short[1:]}" ({key})'


def titled(policy: str) -> str:
    """Return a policy's name in a list of policies; the oracle is marked as what nobody can do."""
    return f"{words(policy)} (ceiling)" if policy == ORACLE else words(policy)


def signed(value: float, digits: int | None = None) -> str:
    """Return a number with its sign and about three significant digits: +38.2, −0.012, 0; a dash for none."""
    if math.isnan(value):
        return "–"
    text = f"{abs(value):,.{places(value) if digits is None else digits}f}"
    if float(text.replace(",", "")) == 0:
        return text
    return ("+" if value > 0 else "−") + text


def plain(value: float, digits: int) -> str:
    """Return a number with a minus but no plus: 38.2, −0.5."""
    return signed(value, digits).removeprefix("+")


def estimate(mean: float, low: float, high: float, digits: int | None = None) -> str:
    """Return a difference with its interval: +38.2 [35.1, 41.3]; without one where there is none."""
    digits = places(mean) if digits is None else digits
    if math.isnan(low) or math.isnan(high):
        return signed(mean, digits)
    return f"{signed(mean, digits)} [{plain(low, digits)}, {plain(high, digits)}]"


def interval(value: Estimate, factor: float = 1.0) -> str:
    """Return a difference with its 95 % interval, times a factor."""
    mean, low, high = (factor * one for one in (value.mean, value.low, value.high))
    return estimate(mean, low, high, places(max(abs(mean), abs(high - low))))


def natural(unit: str) -> tuple[float, str]:
    """Return a unit as people say it, and the factor that leads to it: shares are said in per cent."""
    return (100.0, "%") if unit == "share" else (1.0, "" if unit == "1" else unit)


def level(value: Estimate, unit: str = "") -> str:
    """Return a mean that is not negative, with its interval, cut to what is possible, where that says more."""
    factor, most = natural(unit)[0], 1.0 if unit in ("share", "1") else math.inf
    if not math.isfinite(value.mean):
        return "–"
    mean, low, high = (factor * one for one in (value.mean, max(0.0, value.low), min(most, value.high)))
    if not math.isfinite(value.low) or value.low == value.high:
        return plain(mean, places(mean))
    digits = places(max(mean, factor * (value.high - value.low)))
    return f"{plain(mean, digits)} [{plain(low, digits)}, {plain(high, digits)}]"


def places(value: float) -> int:
    """Return how many decimals show about three significant digits of ``value``."""
    if value == 0 or not math.isfinite(value):
        return 0
    return int(min(4, max(0, 2 - math.floor(math.log10(abs(value))))))


def share(value: float, nominal: bool) -> str:
    """Return a share in per cent; a dot for nothing where nothing could be."""
    return "·" if value == 0 and not nominal else f"{value:.0%}"
