"""Outcomes against small worlds drawn by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.outcomes.network import relatedness_of, sector_ties
from sim.outcomes.observe import FLOWS, SERIES, observe
from sim.outcomes.registry import FAMILIES, Record, Start, measure, outcome, outcomes, start_of
from sim.parameters import make_params
from sim.vocab import Kind
from sim.world import tables as t

KILO = 100_000  # cents in a kEUR


def organisations(count: int, **columns: Any) -> Any:
    orgs = t.ORGANISATIONS.allocate(count)
    orgs.cluster[:] = 0
    for name, values in columns.items():
        orgs[name][:] = values
    return orgs


def relations(*rows: dict[str, Any]) -> Any:
    rels = t.RELATIONS.allocate(len(rows))
    for k, row in enumerate(rows):
        for name, value in row.items():
            rels[name][k] = value
    return rels


def world(orgs: Any, rels: Any = (), parts: Any = (), seats: Any = (), step: int = 20) -> SimpleNamespace:
    rels = rels if len(rels) else t.RELATIONS.allocate(0)
    parts = parts if len(parts) else t.PARTNERSHIPS.allocate(0)
    seats = seats if len(seats) else t.SEATS.allocate(0)
    counts = t.COUNTERS.allocate(1)[0]
    counts.organisations, counts.relations, counts.partnerships = len(orgs), len(rels), len(parts)
    counts.seats, counts.step, counts.active = len(seats), step, 3
    values = make_params({"world.sectors": 3, "demography.home_income": 2})
    return SimpleNamespace(orgs=orgs, rels=rels, parts=parts, seats=seats, n=counts, p=values,
                           flow=t.FLOWS.allocate(1)[0], relatedness=np.eye(5))


def start(orgs: Any, **changes: Any) -> Start:
    given: dict[str, Any] = {"step": 10, "alive": len(orgs), "organisations": len(orgs), "partnerships": 0,
                             "seats": 0, "relations": 0, "capital": np.full(len(orgs), 100 * KILO), "openness": 0.3}
    return Start(**{**given, **changes})


def record(made: SimpleNamespace, begun: Start | None = None, **series: list[float]) -> Record:
    known = {name: np.array(values, float) for name, values in series.items()}
    return Record({name: known.get(name, np.zeros(2)) for name in SERIES}, made, begun or start(made.orgs))


def value(name: str, of: Record) -> float:
    return outcomes()[name].measure(of)


# --- the registry ----------------------------------------------------------------------------

def test_every_outcome_says_what_it_is() -> None:
    for one in outcomes().values():
        assert one.text.endswith(".") and one.unit and one.source and "\n" not in one.text, one.name
        assert one.direction in ("higher", "lower", "neither") and one.family in FAMILIES
    assert [one.name for one in outcomes().values() if one.headline] == ["net_value"]
    assert list(dict.fromkeys(one.family for one in outcomes().values())) == list(FAMILIES)


def test_what_was_asked_for_is_there() -> None:
    asked = ("net_value value search_cost coordination_cost success partnerships lapsed coverage trust newcomers "
             "repeat_pairs tie_survival partners_gain worst_tenth reach_known reach_open_call gini cross_sector lock_in "
             "spanning openness capital")
    assert set(asked.split()) <= set(outcomes())


def test_an_outcome_is_a_function_under_a_decorator() -> None:
    @outcome("1", "higher", "here")
    def one(record: Record) -> float:
        """One."""
        return 1.0

    made = one.outcome  # type: ignore[attr-defined]
    assert (made.name, made.text, made.family) == ("one", "One.", "test_outcomes")
    assert "one" not in outcomes()


def test_an_empty_world_has_no_numbers_but_no_error() -> None:
    found = measure(record(world(organisations(0), step=10)))
    assert set(found) == set(outcomes())
    assert math.isnan(found["net_value"]) and math.isnan(found["gini"]) and math.isnan(found["tie_survival"])


# --- money and outputs -----------------------------------------------------------------------

def test_net_value_counts_every_cost_once() -> None:
    of = record(world(organisations(4)), value=[50 * KILO, 30 * KILO], search=[KILO, KILO],
                coordination=[10 * KILO, 0], goal=[0, 4 * KILO])
    assert value("net_value", of) == (80 - 2 - 10 - 4) / 4
    assert value("value", of) == 20 and value("search_cost", of) == 0.5
    assert value("coordination_cost", of) == 2.5 and value("goal_cost", of) == 1
    assert value("value_per_euro", of) == 5.0


def test_shares_of_flows() -> None:
    of = record(world(organisations(50)), succeeded=[1, 2], failed=[3, 0], broken=[0, 2], lapsed=[1, 4],
                proposals=[10, 10], formed=[5, 5], seats=[20, 10], newcomers=[3, 0], pairs=[40, 10],
                repeat_pairs=[5, 5], deliveries=[3, 3], attempts=[4, 4], renewed=[0, 1], invited=[8, 8], declined=[4, 0],
                challenges=[10, 15], alone=[5, 0], from_known=[10, 5], from_open_call=[3, 0], search=[0, 30 * KILO])
    expected = {"success": 3 / 8, "lapsed": 0.25, "partnerships": 20.0, "newcomers": 0.1, "repeat_pairs": 0.2,
                "delivered": 0.75, "spanning": 0.1, "declined": 0.25, "alone": 0.2, "reach_known": 0.5,
                "reach_open_call": 0.1, "broken": 0.25, "team_size": 4.0, "cost_per_success": 10.0}
    assert {name: value(name, of) for name in expected} == pytest.approx(expected)


def test_reach_adds_up_to_one() -> None:
    shares = {name: [float(k + 1)] for k, name in enumerate(FLOWS) if name.startswith("from_") and name != "from_self"}
    of = record(world(organisations(3)), **shares, seats=[sum(v[0] for v in shares.values())])
    assert sum(one.measure(of) for one in outcomes().values() if one.name.startswith("reach_")) == pytest.approx(1.0)


def test_coverage_and_unfinished_value_leave_out_clusters_and_the_past() -> None:
    parts = t.PARTNERSHIPS.allocate(4)
    parts.coverage[:] = [0.1, 0.5, 0.7, 1.0]
    parts.of_clusters[:] = [0, 0, 0, 1]
    parts.ended[:] = [-1, 15, -1, -1]
    parts.value[:] = 60 * KILO
    of = record(world(organisations(6), parts=parts), start(organisations(6), partnerships=1))
    assert value("coverage", of) == pytest.approx(0.6)
    assert value("unfinished", of) == 10.0


# --- firms -----------------------------------------------------------------------------------

def seated(*members: list[int]) -> tuple[Any, Any]:
    parts, seats = t.PARTNERSHIPS.allocate(len(members)), t.SEATS.allocate(sum(len(m) + 2 for m in members))
    first = 0
    for a, team in enumerate(members):
        parts.seat0[a], parts.seats[a] = first, len(team)
        for k, org in enumerate(team):
            seats.org[first + k], seats.partnership[first + k] = org, a
        first += len(team) + 2  # two places reserved and never taken
    return parts, seats


def test_results_take_off_home_income_and_the_past() -> None:
    orgs = organisations(4, capital=[150 * KILO, 120 * KILO, 90 * KILO, 500 * KILO], left=[-1, -1, -1, 15],
                         kind=[Kind.SME] * 4)
    parts, seats = seated([0, 1], [0, 3])
    of = record(world(orgs, parts=parts, seats=seats))
    # ten quarters at 2 kEUR: 30, 0 and -30 kEUR; the fourth died
    assert value("result", of) == pytest.approx(0.0)
    assert value("partners_gain", of) == 0.5
    assert value("worst_tenth", of) == -30.0
    assert value("survived", of) == 0.75 and value("took_part", of) == 0.75
    assert value("top_tenth", of) == 0.5


def test_results_of_adopters_and_others_are_apart() -> None:
    orgs = organisations(4, capital=[150 * KILO, 130 * KILO, 110 * KILO, 500 * KILO], policy=[0, 0, 1, 2],
                         kind=[Kind.SME] * 4)
    of = record(world(orgs))
    assert value("adopter_result", of) == pytest.approx(20.0) and value("other_result", of) == pytest.approx(-10.0)
    orgs.policy[:] = 0
    assert math.isnan(value("other_result", of))


def test_cluster_organisations_have_no_result() -> None:
    orgs = organisations(2, capital=[150 * KILO, 900 * KILO], kind=[Kind.SME, Kind.CLUSTER_ORGANISATION])
    assert value("result", record(world(orgs))) == 30.0


@pytest.mark.parametrize(("earned", "gini"), [([5, 5, 5, 5], 0.0), ([0, 0, 0, 8], 0.75), ([1, 3], 0.25),
                                              ([-9, 1, 3], 0.5), ([0, 0], math.nan)])
def test_gini(earned: list[float], gini: float) -> None:
    orgs = organisations(len(earned), capital=[(120 + e) * KILO for e in earned])
    assert value("gini", record(world(orgs))) == pytest.approx(gini, nan_ok=True)


# --- network ---------------------------------------------------------------------------------

def tied() -> SimpleNamespace:
    """Return six organisations and five pairs; the world is at step 20."""
    orgs = organisations(6, sector=[0, 0, 1, 2, 1, 0], country=[0, 1, 0, 0, 0, 0], cluster=[0, 0, 1, 1, 1, 0],
                         kind=[0, 0, 0, 0, 0, Kind.CLUSTER_ORGANISATION], left=[-1, -1, -1, -1, 18, -1])
    orgs.fields[:4, 0] = [0, 1, 0, 1]
    orgs.fields[0, 1] = 1
    return world(orgs, relations(
        {"a": 0, "b": 1, "times": 1, "running": 1, "last": 20, "first": -5},   # alive, at work
        {"a": 0, "b": 2, "times": 2, "last": 12, "first": 11},                 # alive, 8 quarters ago
        {"a": 1, "b": 3, "times": 1, "last": 11, "first": 11},                 # gone, 9 quarters ago
        {"a": 2, "b": 4, "times": 1, "last": 17, "first": 12},                 # one side is dead
        {"a": 0, "b": 5, "times": 1, "last": 19, "first": 12}))                # a cluster organisation


def test_ties_alive() -> None:
    of = record(tied(), start(tied().orgs, relations=1), alive=[5, 5])
    assert value("ties", of) == pytest.approx(2 * 2 / 5)
    assert value("tie_survival", of) == pytest.approx(1 / 3)
    assert value("cross_sector", of) == 0.5 and value("cross_country", of) == 0.5
    assert value("cross_cluster", of) == 0.5


def test_sector_ties_are_symmetric() -> None:
    assert sector_ties(record(tied())).tolist() == [[2, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_lock_in_is_the_relatedness_of_those_who_came_back() -> None:
    of = record(tied())  # 0 and 1 worked together and do so again, 0 and 2 twice
    assert value("lock_in", of) == pytest.approx(0.5)
    assert relatedness_of(of.orgs, np.eye(5), np.array([0, 0, 2]), np.array([1, 2, 3])).tolist() == [0.5, 0.5, 0.0]


def test_no_ties_no_shares() -> None:
    of = record(world(organisations(3)), alive=[3, 3])
    assert value("ties", of) == 0.0
    assert all(math.isnan(value(name, of)) for name in ("cross_sector", "lock_in", "tie_survival"))


# --- observing -------------------------------------------------------------------------------

def test_observe_sees_flows_and_state() -> None:
    made = tied()
    made.rels.trust_ab[:], made.rels.trust_ba[:] = [0.2, 0.4, 0.6, 1.0, 0.5], [0.4, 0.6, 0.8, 1.0, 0.5]
    made.orgs.openness[:], made.orgs.capital[:] = [0.1, 0.2, 0.3, 0.4, 0.9, 0.5], [1, 2, 3, 4, 99, 5]
    made.flow.value, made.flow.by_source[0], made.flow.by_source[-1] = 77, 5, 2
    seen = observe(made)
    assert set(seen) == set(SERIES) and all(isinstance(number, float) for number in seen.values())
    assert (seen["value"], seen["from_known"], seen["from_other"]) == (77.0, 5.0, 2.0)
    assert (seen["alive"], seen["active"], seen["relations"], seen["ties"]) == (5.0, 3.0, 5.0, 3.0)
    assert seen["mean_trust"] == pytest.approx((0.6 + 1.0 + 1.4 + 1.0) / 8)
    assert seen["team_trust"] == pytest.approx(0.3)
    assert (seen["mean_openness"], seen["mean_capital"]) == pytest.approx((0.3, 3.0))


def test_observing_an_empty_world() -> None:
    seen = observe(world(organisations(0)))
    assert seen["alive"] == 0.0 and math.isnan(seen["mean_trust"]) and math.isnan(seen["mean_capital"])


def test_observing_changes_nothing() -> None:
    made = tied()
    before = made.orgs.tobytes() + made.rels.tobytes() + made.n.tobytes()
    observe(made)
    measure(record(made, alive=[5, 5]))
    start_of(made)
    assert made.orgs.tobytes() + made.rels.tobytes() + made.n.tobytes() == before


def test_the_start_is_a_copy() -> None:
    made = tied()
    begun = start_of(made)
    made.orgs.capital[:] = 7
    assert begun.capital.sum() == 0 and (begun.alive, begun.organisations, begun.relations) == (5, 6, 5)


# --- what a changed line would not have been noticed by ------------------------------------------

def test_net_value_pays_for_what_programmes_support_and_for_raising_public_money() -> None:
    """Value 80; search 2, supported work 20 and administration 4 once; a fifth of grants 15 and administration 4 beside."""
    of = record(world(organisations(4)), value=[80 * KILO, 0], search=[2 * KILO, 0], programme=[0, 20 * KILO],
                administration=[0, 4 * KILO], grants=[15 * KILO, 0])
    assert value("net_value", of) == pytest.approx((80 - 2 - 20 - 4 - 0.2 * 19) / 4)


def test_ties_of_one_meeting_live_and_lock_nobody_in() -> None:
    """At step 20: 0-1 met once a year ago (alive, no lock-in); 0-2 twice, lately (related 0); 1-2 twice, but before the
    comparison began; 0-3 and 1-3 twice, but last nine quarters ago."""
    orgs = organisations(4)
    orgs.fields[:, 0] = [0, 0, 1, 0]
    made = world(orgs, relations(
        {"a": 0, "b": 1, "times": 1, "last": 16, "first": 13}, {"a": 0, "b": 2, "times": 2, "last": 15, "first": 12},
        {"a": 1, "b": 2, "times": 2, "last": 13, "first": 11}, {"a": 0, "b": 3, "times": 2, "last": 11, "first": 11},
        {"a": 1, "b": 3, "times": 2, "last": 11, "first": 10}))
    of = record(made, start(orgs, step=14), alive=[4, 4])
    assert value("lock_in", of) == 0.0 and value("ties", of) == pytest.approx(2 * 3 / 4)
    assert value("tie_survival", of) == pytest.approx(2 / 4), "of the four met by step 12, the first pair being too young"


def test_partners_gain_counts_who_gained_of_those_who_took_part() -> None:
    orgs = organisations(5, capital=[150 * KILO, 130 * KILO, 110 * KILO, 120 * KILO, 900 * KILO])
    parts, seats = seated([0, 1], [2, 3])
    of = record(world(orgs, parts=parts, seats=seats))  # home income leaves 30, 10, -10 and 0; the fifth took no part
    assert value("partners_gain", of) == 0.5 and value("took_part", of) == 0.8
    orgs.capital[3] = 125 * KILO
    assert value("partners_gain", record(world(orgs, parts=parts, seats=seats))) == 0.75
