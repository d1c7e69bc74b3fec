"""What stands under the headline: what must be read with it, what turns it, whether it was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.experiment.doubts import UNCLEAR
from sim.experiment.findings import ALIKE
from sim.report.numbers import interval, parameter, places, plain, signed, words
from sim.report.table import bullet, paragraph, table

if TYPE_CHECKING:
    from sim.experiment.doubts import Assumption, Band, Expectation
    from sim.experiment.findings import Carrier, Difference, Findings
    from sim.scenario.fitted import Fitted

FORMATION = (
    "Formation can be calibrated, production is assumed: who teams up with whom can be checked against data, how much "
    "success a team makes of it cannot. So futures always vary the production form (work.complementarity)."
)
CALIBRATED = (
    "Rules of formation are calibrated, production is assumed: who teams up with whom under {policy} was fitted to "
    "real consortia of {years} (mobilise validate), and the futures draw from {draws} fits. How many organisations "
    "there are, what they remember at the start, who starts something and who accepts is this world's own. How much "
    "success a team then makes was not fitted: the plausible futures vary it as widely as nobody knows it."
)
CARRIES = (
    "Which channel carries the difference (information, search cost, trust in acceptance, delivery, coordination, "
    "coverage, learning, alignment) is not known yet: mobilise explain --channels switches each off, both ways."
)
SOLO = "solo"
NAMED = 3


def doubts(findings: Findings) -> str:
    """Return the sentences that stand under every headline, the two of the model last."""
    said = (*beside(findings), formation(findings), carried(findings.carriers))
    return "\n".join(map(bullet, filter(None, said)))


def beside(findings: Findings) -> tuple[str, ...]:
    """Return what must be read beside the headline: the expectation, adopters, the best of the others, solo."""
    said = (expected(findings.expectation), _adopters(findings), _best_of_the_others(findings), _alone(findings))
    return tuple(filter(None, said))


def formation(findings: Findings) -> str:
    """Say what is known of who teams up with whom: that of a fit, or what could be."""
    fit = findings.fitted
    return CALIBRATED.format(policy=fit.policy, years=fit.years, draws=fit.draws) if fit else FORMATION


def calibrated(findings: Findings) -> str:
    """Return the sentence of the headline on a fitted formation; nothing where formation is not that of a fit."""
    fit = findings.fitted
    if fit is None:
        return ""
    checked = (f"{fit.within} of {fit.figures} figures of {fit.predicted} met" if fit.predicted else
               "not checked on other years")
    return (f"Rules of formation are calibrated ({words(fit.policy)}, fitted to {fit.years}, {checked})"
            f"{_this_world(findings, fit)}; production is assumed.")


def _this_world(findings: Findings, fit: Fitted) -> str:
    """Say what became of the calibrated formation in the scenario's own worlds, beside what was observed."""
    found = {one.outcome: one.estimate.mean for one in findings.levels if one.policy == fit.policy}
    shares = [f"{found[name]:.0%} of {what} (observed: {fit.observed[name]:.0%})"
              for name, what in (("repeat_pairs", "pairs had met before"), ("newcomers", "partners were new"))
              if name in found and name in fit.observed]
    return f", but not this world: in it {' and '.join(shares)}" if shares else ", but not this world"


def expected(stated: Expectation | None) -> str:
    """Return the expectation of the scenario, and whether it held."""
    if stated is None:
        return ""
    text = f"Expected before it was run: {stated.text}"
    if stated.verdict is None:
        return f"{text} The scenario gives no sign for it (expected: ahead, say): whether it held is for you to read."
    held = "cannot be told whether this held" if stated.verdict == UNCLEAR else f"{stated.verdict}"
    worlds = f"In the scenario's own worlds {'it ' if stated.verdict == UNCLEAR else 'this '}{held}"
    if not stated.futures:
        return f"{text} {worlds}."
    return f"{text} {worlds}; in plausible futures it held in {stated.futures_held:g} of {stated.futures}."


def _adopters(findings: Findings) -> str:
    """Say what adopting is worth to who adopts and to the others, where only some do."""
    named = {d.outcome: d for d in findings.differences if d.policy == findings.focus[0]}
    if findings.adopters == 1 or not {"adopter_result", "other_result"} <= set(named):
        return ""
    own, others = named["adopter_result"], named["other_result"]
    return (f"Where {findings.adopters:.0%} adopt, the result of an adopter that survives changes by "
            f"{interval(own.estimate)} {own.unit}, that of one who stays with {words(findings.focus[1])} by "
            f"{interval(others.estimate)}. What all adopting gains: --set adopters=1.")


def _best_of_the_others(findings: Findings) -> str:
    """Say which of the other policies does best, against the headline's."""
    if not findings.beside:
        return ""
    rival, focus = findings.beside[0], words(findings.focus[0])
    name, size = words(rival.against), f"{interval(rival.estimate)} {rival.unit}"
    best = {regret.policy: f"{regret.best_share:.0%}" for regret in findings.regrets}
    said = {
        "behind": f"{name.capitalize()} does better still: {focus} against it is {size}",
        "ahead": f"No other policy compared does as well; {name} comes closest: {focus} against it is {size}",
        ALIKE: f"{name.capitalize()} does as well: {focus} against it is {size}",
    }.get(rival.verdict, f"{focus.capitalize()} and {name}, the strongest of the others, cannot be told apart: {size}")
    if rival.against in best and findings.focus[0] in best:
        said += (f". Over all worlds and futures {name} is the best of all in {best[rival.against]}, "
                 f"{focus} in {best[findings.focus[0]]}")
    return f"{said}."


def _alone(findings: Findings) -> str:
    """Say what doing without partners gives, as a yardstick that people forget."""
    head = findings.headline
    alone = next((d for d in findings.differences if d.policy == SOLO and d.outcome == head.outcome), None)
    against = next((d for d in findings.beside if d.against == SOLO), None)
    if alone is None or against is None:
        return ""
    said = (f"Nobody partnering at all (solo) is {_verdict(alone)} {words(alone.against)}, "
            f"{interval(alone.estimate)} {alone.unit}")
    if alone.verdict == "ahead":
        said += ": the baseline is a low bar"
    return f"{said}. {words(against.policy).capitalize()} against solo: {interval(against.estimate)}."


def _verdict(one: Difference) -> str:
    return {"ahead": "ahead of", "behind": "behind", ALIKE: "level with"}.get(one.verdict, "not to be told apart from")


def turned(findings: Findings) -> str:
    """Return what turns the answer, as a sentence for the headline; nothing where chance would do as much."""
    if not findings.assumptions or not findings.assumptions[0].clear:
        return ""
    one = findings.assumptions[0]
    first, last = (_band(one.bands[end], one) for end in (0, -1))
    said = "Its size hangs on" if one.bands[0].led == one.bands[-1].led else "What turns it is"
    return (f"{said} {parameter(one.key, one.text)}: ahead in {first[2]} futures where it is {first[0]}, "
            f"in {last[2]} where it is {last[0]}.")


def carried(carriers: tuple[Carrier, ...]) -> str:
    """Return which channels carry the difference, or how to find out."""
    if not carriers:
        return CARRIES
    named = "; ".join(f"{one.name} {interval(one.loss)} (alone {interval(one.gain)})" for one in carriers[:NAMED])
    rest = ", ".join(f"{one.name} {signed(one.loss.mean, places(carriers[0].loss.mean))}" for one in carriers[NAMED:])
    return (f"What carries the difference (how much of it is gone without a channel, so a minus works against it; in "
            f"brackets how much that channel adds when all others are off): {named}. The others: {rest}.")


def turning(findings: Findings) -> str:
    """Return which assumptions turn the answer over plausible futures, the first of them in groups."""
    if not findings.assumptions:
        return ""
    first = findings.assumptions[0]
    head = [first.key, "mean difference", f"{words(findings.focus[0])} ahead in"]
    futures = sum(band.worlds for band in first.bands)
    title = f"What turns it: the difference over {futures} plausible futures ({findings.headline.unit})"
    return "\n".join([title, table(head, [_band(band, first) for band in first.bands], numeric=(1, 2)),
                      paragraph(f"{first.key}: {first.text}", "  "),
                      paragraph(_correlations(findings.assumptions), "  ")])


def _band(band: Band, one: Assumption) -> list[str]:
    digits = places(max(abs(one.bands[0].low), abs(one.bands[-1].high)))
    most = places(max(abs(other.mean) for other in one.bands))
    return [f"{plain(band.low, digits)} to {plain(band.high, digits)}", signed(band.mean, most),
            f"{band.led * band.worlds:g} of {band.worlds}"]


def _correlations(found: tuple[Assumption, ...]) -> str:
    said = ", ".join(f"{one.key} {signed(one.correlation, 2)}" for one in found)
    chance = f"Among so many, chance alone brings the largest to ±{found[0].chance:.2f} one time in twenty"
    if not found[0].clear:
        chance += ": with so few futures none stands out; more with --replicates"
    return f"Rank correlation with the difference: {said}. {chance}."
