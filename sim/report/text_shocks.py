"""What a comparison says of dated shocks: the level before, the fall, what is lost, when it is made up for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report.numbers import interval, places, plain, titled, words
from sim.report.table import bullet, table

if TYPE_CHECKING:
    from sim.experiment.findings import Findings
    from sim.experiment.shocks import Recovery

READ = ("Before: net value a quarter, in the year before. Worst year, lost: against the same worlds without shocks, "
        "from where the year before stood. Back: quarters until a year lacks less than 2 % of the level before; 0: "
        "none lacked more.")


HEADS = ("policy", "before", "worst year [95 %]", "lost in all [95 %]", "back after [95 %]")


def shocks(findings: Findings) -> dict[str, list[list[str]]]:
    """Return a table's rows for each date of shocks, by its title."""
    found: dict[str, list[list[str]]] = {}
    for one in findings.shocks:
        title = f"Quarter {one.at}, {one.shock}: to quarter {one.until} (kEUR of net value per organisation)"
        found.setdefault(title, []).append([
            titled(one.policy), plain(one.before.mean, places(one.before.mean)), interval(one.fall), interval(one.lost),
            _back(one)])
    return found


def recovery(findings: Findings) -> str:
    """Return what the shocks did, a table for each date; nothing for a scenario without."""
    found = [f"{title}\n{table(HEADS, rows, numeric=range(1, 5))}" for title, rows in shocks(findings).items()]
    return "\n\n".join([*found, "\n".join(map(bullet, [*gaps(findings), READ]))]) if found else ""


def gaps(findings: Findings) -> list[str]:
    """Return the headline's difference before and after each shock, as sentences."""
    one, other = (words(name) for name in findings.focus)
    return [f"Quarter {shock.at}: {one} against {other}, {interval(shock.ahead_before)} a quarter in the year before, "
            f"{interval(shock.ahead_after)} in the year after." for shock in findings.shocks
            if shock.policy == findings.focus[0] and findings.focus[1] == findings.baseline]


def _back(one: Recovery) -> str:
    if math.isnan(one.back_low):
        return _quarters(one.back)
    return f"{_quarters(one.back)} [{_quarters(one.back_low)}, {_quarters(one.back_high)}]"


def _quarters(count: float) -> str:
    return f"{count:.0f}" if math.isfinite(count) else "not yet"
