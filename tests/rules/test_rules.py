"""Every rule of every registry keeps its contract: range, purity, same answer twice, its five sections."""

from __future__ import annotations

import copy
import inspect
import pickle
import re

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.parameters import make_params
from sim.rules import linked, registry
from sim.rules.candidate import Candidate
from sim.rules.link import SIGNATURES
from sim.scenario import loads
from sim.scenario.policy import policy_names
from sim.vocab import MAX_ROLES, Reason, TrustEvent
from sim.world import tables as t

ALL = [(family, name) for family in registry.FAMILIES for name in registry.names(family)]
CALLABLE = [(family, name) for family, name in ALL if family != "sources"]
SECTIONS = ("Formula", "Also known as", "Range", "Source", "Special cases")
unit = st.floats(0, 1)
counts = st.integers(0, 40).map(float)


def parameters():
    keys = {"work.complementarity": st.floats(-8, 1), "work.familiarity_gain": unit, "work.misalignment_loss": unit,
            "trust.gain": unit, "trust.loss": unit, "trust.half_life": st.floats(1, 400), "learn.doing": unit,
            "learn.partners": unit, "learn.fade": unit, "part.patience": st.floats(0, 100)}
    return st.fixed_dictionaries(keys).map(make_params)


@st.composite
def candidates(draw):
    own, other = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    overlap = draw(st.integers(0, min(own, other)))
    luck = draw(st.floats(0, 1, exclude_min=True, exclude_max=True))
    return Candidate(draw(unit), draw(unit), draw(counts), draw(unit), draw(st.floats(0, 2**0.5)), draw(unit),
                     draw(unit), draw(unit), draw(counts), draw(counts), draw(counts), float(overlap), float(other),
                     float(own), luck)


def policies():
    def row(values):
        made = t.POLICIES.allocate(1)[0]
        made.p, made.q, made.threshold = values
        return made
    return st.tuples(unit, unit, unit).map(row)


def roles():
    return st.lists(st.floats(0.001, 1), min_size=1, max_size=MAX_ROLES)


ARGUMENTS = {
    "accept": st.tuples(unit, unit, unit, st.floats(0, 1e4), st.floats(0, 1e4)),
    "fill": st.tuples(st.floats(0, 12), st.integers(0, 12), st.integers(1, 100), st.integers(1, 100),
                      st.integers(1, 100), unit),
    "growth": st.tuples(unit, candidates(), st.integers(1, 20), st.integers(0, 20), counts, policies(), unit, unit),
    "learn": st.tuples(unit, unit, unit, st.sampled_from([0.0, 1.0]), st.sampled_from([0.0, 1.0]), unit, parameters()),
    "part": st.tuples(st.integers(0, 80), st.floats(0, 1e12), st.floats(0, 1e12), parameters()),
    "produce": st.tuples(roles(), unit, unit, parameters()).map(
        lambda a: (np.array(a[0] + [np.nan] * (MAX_ROLES - len(a[0]))), len(a[0]), *a[1:])),
    "renew": st.tuples(st.booleans(), unit, unit, parameters()),
    "terms": st.tuples(candidates()),
    "trust": st.tuples(unit, st.sampled_from([int(e) for e in TrustEvent]), unit, unit, parameters()),
}
OF_A_POLICY = {"fill", "growth", "sources", "terms"}
IN_UNIT = {"accept", "learn", "produce", "renew", "terms", "trust"}


def same(a, b):
    return all(np.array_equal(x, y, equal_nan=True) if isinstance(x, np.ndarray) else x == y
               for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize(("family", "name"), CALLABLE)
@given(data=st.data())
def test_a_rule_keeps_its_range_changes_nothing_and_answers_the_same_twice(family, name, data):
    given_ = data.draw(ARGUMENTS[family])
    before = copy.deepcopy(given_)
    number = registry.rule_id(family, name)
    answer = getattr(linked, family)(number, *given_)
    assert same(given_, before), "a rule changed what it was given"
    assert getattr(linked, family)(number, *given_) == answer
    if family in IN_UNIT:
        assert 0.0 <= answer <= 1.0
    elif family == "part":
        assert answer in (Reason.NONE, Reason.DISTRUST, Reason.COSTS)
    elif family == "fill":
        assert answer in (True, False)
    else:
        assert np.isfinite(answer)


@pytest.mark.parametrize(("family", "name"), CALLABLE)
@given(data=st.data())
def test_compiled_and_plain_python_agree(family, name, data):
    given_ = data.draw(ARGUMENTS[family])
    plain = registry.rule(family, name).function()(*given_)
    assert getattr(linked, family)(registry.rule_id(family, name), *given_) == pytest.approx(plain, rel=1e-12, abs=0)


@pytest.mark.parametrize(("family", "name"), ALL)
def test_a_rule_says_what_it_is(family, name):
    rule = registry.rule(family, name)
    first, *lines = rule.text().splitlines()
    assert first.endswith(".") and len(first) < 110
    assert rule.file.read_text(encoding="utf-8").startswith('"""')
    found = [line.partition(":")[0] for line in lines if re.match(r"[A-Z][a-z ]+: \S", line)]
    assert found == list(SECTIONS)


@pytest.mark.parametrize(("family", "name"), ALL)
def test_a_rule_takes_what_its_family_takes(family, name):
    taken = inspect.signature(registry.rule(family, name).function()).parameters
    assert ", ".join(taken) == SIGNATURES[family]


@pytest.mark.parametrize(("family", "name"), ALL)
def test_a_rule_travels_between_processes_and_through_yaml(family, name):
    rule = registry.rule(family, name)
    assert pickle.loads(pickle.dumps(rule)) == rule
    assert pickle.loads(pickle.dumps(rule.function())) is rule.function()
    named = {"sources": f"sources: [{name}]", "terms": f"terms: {{{name}: 0.5}}"}.get(family, f"{family}: {name}")
    needs = {"fill": ", sources: [known], terms: {trust: 1}", "growth": ", sources: [known], terms: {trust: 1}",
             "sources": ", terms: {trust: 1}", "terms": ", sources: [known]"}.get(family, "")
    inside = f"policies:\n  - {{name: mine, {named}{needs}}}\n" if family in OF_A_POLICY else f"rules: {{{named}}}\n"
    scenario = loads("name: one\n" + inside)
    written = yaml.safe_dump({"name": "one", "rules": scenario.rules.model_dump(),
                              "policies": [policy.name if policy.name in policy_names() else policy.model_dump(mode="json")
                                           for policy in scenario.policies]})
    assert name in written and loads(written).canonical() == scenario.canonical()


@given(roles(), unit, unit, st.randoms())
@pytest.mark.parametrize("name", registry.names("produce"))
def test_success_does_not_depend_on_the_order_of_roles(name, x, familiarity, alignment, random):
    """Relabelling roles; sums in another order differ in their last bits."""
    turned = x.copy()
    random.shuffle(turned)
    p, number = make_params(), registry.rule_id("produce", name)
    made = [linked.produce(number, np.array([*one, *[np.nan] * (MAX_ROLES - len(x))]), len(x), familiarity, alignment, p)
            for one in (x, turned)]
    assert made[0] == pytest.approx(made[1], rel=1e-12)


@pytest.mark.parametrize("family", registry.FAMILIES)
def test_ids_count_up_and_names_are_unique(family):
    found = registry.rules(family)
    assert [rule.id for rule in found] == list(range(len(found)))
    assert len({rule.name for rule in found}) == len(found)
    assert all(registry.rule_id(family, rule.name) == rule.id for rule in found)


def test_terms_fit_into_the_table_of_weights():
    assert len(registry.names("terms")) <= t.TERMS


@pytest.mark.parametrize("name", registry.names("terms"))
@given(one=candidates(), two=candidates())
def test_a_term_reads_what_its_source_says(name, one, two):
    """Change every field that is not read: the answer stays."""
    read = registry.fields_read(registry.rule("terms", name).file)
    assert read
    mixed = two._replace(**{field: getattr(one, field) for field in read})
    number = registry.rule_id("terms", name)
    assert linked.terms(number, one) == linked.terms(number, mixed)


def test_reads_are_a_mask_of_the_fields():
    def bit(field):
        return 1 << Candidate._fields.index(field)

    assert registry.reads(["trust"]) == bit("trust")
    assert registry.reads(["trust", "role_gain", "familiarity"]) == bit("trust") | bit("gain") | bit("times")
    assert registry.reads(["skin_overlap"]) == bit("overlap") | bit("fields") | bit("lead_fields")
    assert registry.reads([]) == 0
