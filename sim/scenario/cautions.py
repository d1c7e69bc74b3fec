"""What a scenario may say and hardly means: programmes that pay for nothing, miss a market, or pay one applicant twice.

None of it is wrong enough to be refused. `mobilise check` and `mobilise compare` say it before and beside the answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import nearest
from sim.scenario.instrument import Instrument, kind_of
from sim.scenario.instrument_checks import CALLS, SUCCESSORS
from sim.scenario.scenario import Scenario

DEMONSTRATOR, ABROAD = "large_scale_demonstrator", ("consortium_call", *SUCCESSORS)
READ_BY = {"markets": ABROAD, "after": SUCCESSORS, "meetings": ("matchmaking",), "share": ("newcomer_quota",),
           "pass_through": (DEMONSTRATOR,), "project_grant": (DEMONSTRATOR,), "grant": CALLS, "policy": CALLS,
           "reserve": CALLS, "applications": CALLS, "pays": ("voucher",), "quota": (*CALLS, "label")}
Said = Iterator[str]


def cautions(scenario: Scenario) -> tuple[str, ...]:
    """Return what should be known before a scenario is run, in plain sentences; nothing where all is well."""
    each = [f"Instrument '{one.name}' {text}" for one in scenario.instruments
            for part in (_window, _abroad, _demonstrator, _meetings, _unread) for text in part(scenario, one)]
    return tuple(dict.fromkeys([*each, *_together(scenario), *_observed(scenario)]))


def quarters(one: Instrument) -> int:
    """Return how many quarters an instrument acts."""
    return one.end - one.start + 1


def _window(scenario: Scenario, one: Instrument) -> Said:
    if one.kind == "consortium_call" and one.markets and one.budget > 0 and quarters(one) == 1:
        yield "lasts one quarter, which goes into the strategy: nobody goes abroad, its markets are never visited."


def _abroad(scenario: Scenario, one: Instrument) -> Said:
    if one.kind not in ABROAD or one.budget <= 0:
        return
    left = quarters(one) if one.kind in SUCCESSORS else quarters(one) - max(1, quarters(one) // 2)
    if one.kind in SUCCESSORS and not one.markets:
        yield "has no 'markets': its money is paid, but nobody goes abroad, no firms meet, nothing is bought with it."
    if one.markets and 0 < left < len(one.markets):
        yield (f"has {len(one.markets)} markets for {left} {_quarters(left)} abroad: several missions share a quarter "
               "and its money, the last of them may meet nobody.")
    if one.markets and left > 0 and one.co_funding > 0:
        values = scenario.values()
        month = one.grant / one.co_funding / quarters(one) * (1 - values["programmes.administration"])
        if month < values["search.open_cost"]:
            yield f"spends {month:.2g} kEUR a quarter on a consortium, less than one meeting costs: nobody meets."


def _demonstrator(scenario: Scenario, one: Instrument) -> Said:
    needs = int(scenario.values()["programmes.project_quarters"])
    if one.kind != DEMONSTRATOR or one.budget <= 0 or one.pass_through == 0:
        return
    if quarters(one) <= needs:
        paid = " to be paid in full and" if quarters(one) < needs else ""
        yield (f"lasts {quarters(one)} {_quarters(quarters(one))}, a small project {needs} "
               f"(programmes.project_quarters): one round of projects, which are over too late{paid} for its real-life "
               "test.")
    elif quarters(one) == needs + 1:
        yield f"lasts one quarter more than a small project ({needs}): there is one round of projects, in its first."


def _meetings(scenario: Scenario, one: Instrument) -> Said:
    known = scenario.world.clusters if not scenario.tables.given() else 2
    clusters = min(len(one.applicants.clusters) or known, known)
    if one.kind == "matchmaking" and one.budget > 0 and clusters < 2:
        yield f"lets members of {clusters or 'no'} cluster meet, and nobody meets inside one: its money stays unspent."


def _unread(scenario: Scenario, one: Instrument) -> Said:
    for key, kinds in READ_BY.items():
        if one.kind not in kinds and getattr(one, key) != Instrument.model_fields[key].default:
            yield f"sets '{key}', which a {one.kind} does not read: it changes nothing."


def _quarters(count: int) -> str:
    return "quarter" if count == 1 else "quarters"


def _together(scenario: Scenario) -> Said:
    """What only shows when the instruments of one arm are looked at together."""
    for policy in scenario.policies:
        if policy.grants:
            yield from _overlaps(scenario.in_force(policy))
        yield from _quotas(scenario.in_force(policy))


def _overlaps(instruments: tuple[Instrument, ...]) -> Said:
    calls = [one for one in instruments if one.kind in CALLS and one.budget > 0]
    for number, one in enumerate(calls):
        for other in calls[:number]:
            if one.start <= other.end and other.start <= one.end and _same_applicants(one, other):
                yield (f"Phases of one applicant may overlap: instruments '{other.name}' and '{one.name}' (quarters "
                       f"{max(one.start, other.start)} to {min(one.end, other.end)}) are open to the same, and one "
                       "organisation may be paid by both at once. The answer counts them (funded_twice_at_once).")


def _same_applicants(one: Instrument, other: Instrument) -> bool:
    """Whether somebody may sit in consortia of both: the same kind, and no list of clusters that keeps them apart."""
    mine, theirs = set(one.eligibility.only_clusters), set(other.eligibility.only_clusters)
    return kind_of(one) == kind_of(other) and (not mine or not theirs or bool(mine & theirs))


def _quotas(instruments: tuple[Instrument, ...]) -> Said:
    for quota in instruments:
        deciding = any(one.kind in CALLS and quota.start <= one.start <= quota.end for one in instruments)
        if quota.kind == "newcomer_quota" and quota.share > 0 and not deciding:
            yield (f"Instrument '{quota.name}' binds nobody: no call starts, and so decides, in its quarters "
                   f"{quota.start} to {quota.end}.")


def _observed(scenario: Scenario) -> Said:
    names = [policy.name for policy in scenario.policies]
    for one in scenario.observed:
        if one.policy and one.policy not in names:
            close = nearest(one.policy, names)
            hint = f" (did you mean '{close}'?)" if close else ""
            yield (f"What was observed of '{one.policy}'{hint} is left out: no such arm is compared "
                   f"({', '.join(names)}).")
