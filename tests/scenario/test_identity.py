"""Which scenarios are the same: spelling never matters, meaning always does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.parameters import PARAMETERS
from sim.scenario import (
    changes,
    fingerprint,
    loads,
)

NUMBERS = [p for p in PARAMETERS if not p.whole]


@st.composite
def settings_of_parameters(draw):
    chosen = draw(st.lists(st.sampled_from(NUMBERS), max_size=8, unique=True))
    return {
        p.key: draw(st.floats(p.low, p.high).map(lambda x: float(f"{x:.6f}")))
        for p in chosen
        if "death" not in p.key and "level" not in p.key
    }


def text_of(values, order):
    tree = {}
    for key in order:
        section, name = key.split(".", 1)
        tree.setdefault(section, {})[name] = values[key]
    lines = []
    for section, entries in tree.items():
        lines += [f"{section}:  # a comment", *(f"  {name}: {value:.6f}" for name, value in entries.items())]
    return "\n".join(lines) + "\n" if lines else "seed: 1\n"


@given(settings_of_parameters(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_order_comments_and_spelt_out_defaults_change_nothing(values, shuffler):
    order = list(values)
    one = loads(text_of(values, order))
    spelt = {
        p.key: p.default
        for p in NUMBERS
        if shuffler.random() < 0.3 and float(f"{p.default:.6f}") == p.default
    }
    more = {**spelt, **values}
    keys = list(more)
    shuffler.shuffle(keys)
    assert fingerprint(loads(text_of(more, keys))) == fingerprint(one)


@given(st.sampled_from(NUMBERS), st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_any_change_of_a_number_is_another_scenario(parameter, share):
    value = float(f"{parameter.low + share * (parameter.high - parameter.low):.6f}")
    try:
        other = loads("seed: 1\n", {parameter.key: value})
    except ScenarioError:
        return
    same = value == parameter.default
    assert (fingerprint(other) == fingerprint(loads("seed: 1\n"))) == same
    assert [c.key for c in changes(loads("seed: 1\n"), other)] == ([] if same else [parameter.key])


@pytest.mark.parametrize(
    "text", ["question: another\n", "name: other\n", "look_for: x\n", "expectation: x\n"]
)
def test_prose_changes_nothing(text):
    assert fingerprint(loads(text)) == fingerprint(loads("seed: 1\n"))


@pytest.mark.parametrize(
    "text",
    [
        "seed: 2\n",
        "adopters: 0.5\n",
        "rules: {produce: o_ring}\n",
        "policies: [solo, random]\n",
        "replicates: 21\n",
        "shocks: [{at: 3, kind: demand_shift}]\n",
        "futures: {count: 3}\n",
        "futures: {ranges: {trust.gain: [0.1, 0.2]}}\n",
        "policies: [same_known_partners, {name: strategic, like: strategic_mobilisation}]\n",
    ],
)
def test_every_semantic_change_is_another_scenario(text):
    assert fingerprint(loads(text)) != fingerprint(loads("seed: 1\n"))


def test_order_of_sources_does_not_matter():
    text = "policies: [{name: mine, sources: %s, terms: {trust: 1}}]\n"
    assert fingerprint(loads(text % "[known, open_call]")) == fingerprint(loads(text % "[open_call, known]"))
