"""Rules against numbers worked out by hand and limits known from the literature."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.parameters import make_params
from sim.rules import linked, registry
from sim.rules.candidate import Candidate
from sim.vocab import MAX_ROLES, Reason, TrustEvent
from sim.world import tables as t

PLAIN = {"work.familiarity_gain": 0.0, "work.misalignment_loss": 0.0}
chances = st.lists(st.floats(0.01, 1), min_size=1, max_size=MAX_ROLES)


def ask(family, name, *values):
    return getattr(linked, family)(registry.rule_id(family, name), *values)


def produced(name, x, s=-2.0, familiarity=0.0, alignment=1.0, **more):
    p = make_params({**PLAIN, "work.complementarity": s, **more})
    return ask("produce", name, np.array([*x] + [0.0] * (MAX_ROLES - len(x))), len(x), familiarity, alignment, p)


@given(chances)
def test_ces_runs_through_the_known_means(x):
    assert produced("ces", x, 1.0) == pytest.approx(np.mean(x))
    assert produced("ces", x, 0.0) == pytest.approx(math.exp(np.mean(np.log(x))))
    assert produced("ces", x, -1.0) == pytest.approx(len(x) / sum(1 / y for y in x))
    assert produced("o_ring", x) == pytest.approx(math.prod(x))
    assert produced("weakest_link", x) == min(x)
    assert produced("best_shot", x) == max(x)


@given(chances, st.floats(-8, 1), st.floats(-8, 1))
def test_the_more_roles_can_stand_in_for_one_another_the_better(x, one, two):
    low, high = sorted((one, two))
    assert produced("ces", x, low) <= produced("ces", x, high) + 1e-9
    assert min(x) - 1e-9 <= produced("ces", x, low) <= max(x) + 1e-9


@pytest.mark.parametrize("name", registry.names("produce"))
@given(chances, st.integers(0, MAX_ROLES - 1), st.floats(0, 1), st.floats(0, 1))
def test_better_never_lowers_success(name, x, at, familiarity, alignment):
    given_ = {"work.familiarity_gain": 0.2, "work.misalignment_loss": 0.3}
    base = produced(name, x, familiarity=familiarity, alignment=alignment, **given_)
    better = list(x)
    better[at % len(x)] = 1.0
    assert produced(name, better, familiarity=familiarity, alignment=alignment, **given_) >= base - 1e-12
    assert produced(name, x, familiarity=1.0, alignment=alignment, **given_) >= base
    assert produced(name, x, familiarity=familiarity, alignment=1.0, **given_) >= base


def test_routine_and_alignment_by_hand():
    made = produced("constant", [0.3], familiarity=0.5, alignment=0.5,
                    **{"work.familiarity_gain": 0.2, "work.misalignment_loss": 0.3})
    assert made == pytest.approx(0.5 * 1.1 * 0.85)


def trusted(name, trust, event, prior=0.0, speed=1.0):
    return ask("trust", name, trust, int(event), prior, speed, make_params())


def test_trust_by_hand():
    assert trusted("standard", 0.5, TrustEvent.DELIVERED) == pytest.approx(0.55)
    assert trusted("standard", 0.5, TrustEvent.FAILED) == pytest.approx(0.4)
    assert trusted("standard", 0.5, TrustEvent.JOINT_SUCCESS, speed=0.5) == pytest.approx(0.525)
    assert trusted("symmetric", 0.5, TrustEvent.JOINT_FAILURE) == pytest.approx(0.45)
    assert trusted("fixed", 0.5, TrustEvent.FAILED) == 0.5


@given(st.floats(0, 1), st.floats(0, 1))
def test_idle_trust_halves_its_distance_to_the_prior_in_twelve_quarters(trust, prior):
    now = trust
    for _ in range(12):
        now = trusted("standard", now, TrustEvent.IDLE, prior)
    assert now == pytest.approx((trust + prior) / 2)


def test_trust_tends_to_where_gains_and_losses_balance():
    """Mean of a+ s / (a+ s + a- (1 - s)) under deliveries with chance s (TRUST 3), here by fixed luck."""
    luck, trust, seen, p = np.random.default_rng(1), 0.3, [], make_params()
    rule = registry.rule("trust", "standard").function()
    for _ in range(30_000):
        event = TrustEvent.DELIVERED if luck.random() < 0.8 else TrustEvent.FAILED
        trust = rule(trust, event, 0.0, 1.0, p)
        seen.append(trust)
    assert np.mean(seen) == pytest.approx(0.1 * 0.8 / (0.1 * 0.8 + 0.2 * 0.2), abs=0.01)


def test_acceptance_by_hand():
    assert ask("accept", "standard", 0.4, 0.5, 0.5, 2.0, 1.0) == pytest.approx(0.55)
    for name in ("standard", "by_trust", "if_it_pays"):
        assert ask("accept", name, 0.9, 0.5, 0.5, 1.0, 1.0) == 0.0
    assert ask("accept", "by_trust", 0.4, 0.5, 0.5, 2.0, 1.0) == 0.4
    assert ask("accept", "if_it_pays", 0.0, 0.0, 0.0, 2.0, 1.0) == 1.0
    assert ask("accept", "always", 0.0, 0.0, 0.0, 0.0, 9.0) == 1.0


def test_learning_by_hand():
    p = make_params()
    assert ask("learn", "standard", 0.5, 1.0, 1.0, 0.0, 1.0, 1.0, p) == pytest.approx(0.6)
    assert ask("learn", "standard", 0.5, 0.2, 1.0, 0.0, 1.0, 1.0, p) == 0.5
    assert ask("learn", "standard", 0.5, 0.0, 0.0, 1.0, 1.0, 1.0, p) == pytest.approx(0.51)
    assert ask("learn", "standard", 0.5, 0.0, 0.0, 0.0, 0.0, 1.0, p) == pytest.approx(0.4975)
    assert ask("learn", "doing_only", 0.5, 1.0, 1.0, 0.0, 1.0, 1.0, p) == 0.5
    # by doing: held 0.5 + 0.02 (1 - 0.5); neither held nor used 0.5 - 0.005 * 0.5; used elsewhere: as it was
    assert ask("learn", "doing_only", 0.5, 0.0, 0.0, 1.0, 1.0, 1.0, p) == pytest.approx(0.51)
    assert ask("learn", "doing_only", 0.5, 1.0, 1.0, 0.0, 0.0, 1.0, p) == pytest.approx(0.4975)
    assert ask("learn", "none", 0.5, 1.0, 1.0, 1.0, 1.0, 1.0, p) == 0.5


def test_parting_by_hand():
    p = make_params()
    assert ask("part", "standard", 1, 5.0, 6.0, p) == Reason.NONE
    assert ask("part", "standard", 2, 5.0, 6.0, p) == Reason.DISTRUST
    assert ask("part", "standard", 0, 7.0, 6.0, p) == Reason.COSTS
    assert ask("part", "cost_only", 9, 5.0, 6.0, p) == Reason.NONE
    assert ask("part", "loyal", 9, 7.0, 6.0, p) == Reason.NONE


def test_renewal_and_filling_by_hand():
    p = make_params()
    assert ask("renew", "after_success", True, 0.3, 0.5, p) == 0.3
    assert ask("renew", "by_trust", True, 0.3, 0.5, p) == pytest.approx(0.15)
    assert ask("renew", "after_success", False, 0.3, 0.5, p) == ask("renew", "never", True, 0.3, 0.5, p) == 0.0
    assert ask("fill", "roles", 0.1, 1, 3, 4, 12, 0.1) and not ask("fill", "roles", 0.09, 1, 3, 4, 12, 0.1)
    assert not ask("fill", "roles", 0.5, 0, 3, 4, 12, 0.1) and not ask("fill", "roles", 0.5, 1, 12, 4, 12, 0.1)
    assert ask("fill", "size", 0.0, 0, 3, 4, 12, 0.1) and not ask("fill", "size", 0.5, 2, 4, 4, 12, 0.1)
    assert ask("fill", "everyone", 0.0, 0, 24, 4, 25, 0.1) and not ask("fill", "everyone", 1.0, 3, 25, 4, 25, 0.1)
    assert not ask("fill", "alone", 1.0, 3, 1, 4, 25, 0.1)


@pytest.mark.parametrize(("slot_luck", "joined", "incumbents", "linked_", "second_luck", "expected"), [
    (0.1, 3.0, 2.0, 1.0, 0.1, 2.5),  # an incumbent is wanted, a past collaborator too, and this is one
    (0.1, 3.0, 2.0, 0.0, 0.1, 1.5), (0.1, 3.0, 2.0, 1.0, 0.9, 1.5),
    (0.1, 3.0, 0.0, 1.0, 0.1, 1.5),  # nobody in the team has a past: any incumbent does
    (0.1, 0.0, 2.0, 1.0, 0.1, 0.5), (0.9, 3.0, 2.0, 1.0, 0.1, 0.5), (0.9, 0.0, 2.0, 1.0, 0.1, 1.5),
])
def test_team_assembly_by_hand(slot_luck, joined, incumbents, linked_, second_luck, expected):
    policy = t.POLICIES.allocate(1)[0]
    policy.p, policy.q = 0.4, 0.8
    seen = Candidate(**{**dict.fromkeys(Candidate._fields, 0.0), "joined": joined, "luck": 0.5})
    assert ask("growth", "team_assembly", 0.0, seen, 3, incumbents, linked_, policy, slot_luck, second_luck) == expected


@pytest.mark.parametrize(("score", "times", "expected"), [
    (0.3, 1.0, -1.0), (0.2, 0.0, -1.0), (0.31, 0.0, 0.25), (0.9, 0.0, 0.25), (0.31, 2.0, 1.25)])
def test_whoever_is_acceptable_is_taken_by_luck_and_known_ones_first(score, times, expected):
    """At the threshold itself nobody is acceptable; how far above it a score lies changes nothing."""
    policy = t.POLICIES.allocate(1)[0]
    policy.threshold = 0.3
    seen = Candidate(**{**dict.fromkeys(Candidate._fields, 0.0), "times": times, "luck": 0.25})
    assert ask("growth", "threshold", score, seen, 1, 0, 0, policy, 0.5, 0.5) == expected
