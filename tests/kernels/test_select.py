"""The k smallest and the small sort, against the library's sort."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.kernels.select import bound_of_smallest, keep_smallest, sort_by

numbers = st.lists(st.floats(-1e6, 1e6), max_size=60, unique=True)


def kept(values, k):
    best, items, count = np.empty(max(k, 1)), np.empty(max(k, 1), np.int64), 0
    for item, value in enumerate(values):
        count = keep_smallest(value, item, k, best, items, count)
    sort_by(best, items, count)
    return [float(x) for x in best[:count]], [int(x) for x in items[:count]]


@given(numbers, st.integers(0, 70))
def test_the_smallest_are_kept(values, k):
    want = sorted(values)[:k]
    best, items = kept(values, k)
    assert best == want
    assert [values[item] for item in items] == want


@given(numbers, st.integers(0, 20), st.floats(-1e6, 1e6))
def test_an_entry_that_is_not_chosen_changes_no_choice(values, k, extra):
    best, _ = kept(values, k)
    if k == 0 or (len(best) == k and extra > best[-1]):
        assert kept([*values, extra], k)[0] == best


@given(st.lists(st.integers(0, 5), max_size=30))
def test_sorting_is_stable(values):
    keys, items = np.array(values, float), np.arange(len(values))
    sort_by(keys, items, len(values))
    assert list(items) == sorted(range(len(values)), key=lambda k: values[k])


@given(st.lists(st.integers(0, 3), max_size=40), st.integers(0, 10))
def test_equal_values_keep_the_right_values(values, k):
    assert kept([float(x) for x in values], k)[0] == sorted(values)[:k]


@given(st.lists(st.floats(0.001, 0.999), max_size=80, unique=True), st.integers(0, 90))
def test_below_the_bound_lie_the_smallest_and_no_other(values, k):
    bound = bound_of_smallest(np.array(values, float), len(values), k)
    assert sorted(value for value in values if value < bound) == sorted(values)[:k]
