"""Keyed luck: the published vectors, an independent reference, and mathematics against libraries."""

from __future__ import annotations

import hashlib
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import luck

WORD = 2**64
GOLDEN = 0x9E3779B97F4A7C15
words = st.integers(0, WORD - 1)


def mix(z):
    """The mixing of TRUST 1 in plain integers."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % WORD
    return z ^ (z >> 31)


def key(seed, stream, step):
    h = mix((seed + GOLDEN) % WORD)
    h = mix(((h ^ stream) + GOLDEN) % WORD)
    return mix(((h ^ step) + GOLDEN) % WORD)


def chain(k, *who):
    h = mix((who[0] * GOLDEN + k) % WORD)
    for other in who[1:]:
        h = mix(((h ^ other) * GOLDEN + k) % WORD)
    return h


def word(n):
    """A 64-bit word as compiled code passes it on; Numba hands it to Python as a plain number."""
    return np.uint64(n)


def key_of(*numbers):
    return word(luck.key(*(word(n) for n in numbers)))


def test_published_vectors():
    assert luck.draw(key_of(0, 0, 0), word(0)) == 0xD6A4E0A84661DE39
    assert luck.draw(key_of(1, 2, 3), word(4)) == 0x6837ACDA9ABDC402
    assert luck.pair(key_of(1, 2, 3), word(5), word(4)) == 0x4B521121B533A123
    assert luck.pair(key_of(1, 2, 3), word(4), word(5)) == 0x4B521121B533A123
    assert int(luck.stream("partnership.accept")) == 0xFB2BB195F8D1ECBF


@given(words, words, words, words, words, words)
def test_draws_follow_the_published_formula(seed, stream, step, a, b, c):
    k = key_of(seed, stream, step)
    assert int(k) == key(seed, stream, step)
    assert int(luck.draw(k, word(a))) == mix(mix((a * GOLDEN + int(k)) % WORD) ^ int(k))
    assert int(luck.chain2(k, word(a), word(b))) == chain(int(k), a, b)
    assert int(luck.chain3(k, word(a), word(b), word(c))) == chain(int(k), a, b, c)
    assert int(luck.pair(k, word(a), word(b))) == chain(int(k), min(a, b), max(a, b))


@given(words, words)
def test_mixing_can_be_undone(z, other):
    assert int(luck.mix(word(z))) == mix(z)
    assert (mix(z) == mix(other)) == (z == other)


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_a_stream_is_the_start_of_a_sha256(name):
    assert luck.stream(name) == int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")


@pytest.mark.parametrize("z", [0, 1, 2**12 - 1, 2**12, 2**63, WORD - 1])
def test_uniform_numbers_are_never_0_or_1(z):
    u = luck.u01(word(z))
    assert 0.0 < u < 1.0
    assert u == ((z >> 12) + 0.5) / 2**52


def test_an_order_matters_to_a_chain_and_not_to_a_pair():
    k = key_of(5, 6, 7)
    assert luck.chain2(k, word(1), word(2)) != luck.chain2(k, word(2), word(1))
    assert luck.pair(k, word(1), word(2)) == luck.pair(k, word(2), word(1))


def test_uniform_numbers_are_uniform():
    k = key_of(11, luck.stream("test.uniform"), 0)
    sample = [luck.u01(word(luck.draw(k, word(a)))) for a in range(20_000)]
    assert stats.kstest(sample, "uniform").pvalue > 1e-4


@given(st.floats(-700, 700))
def test_exp_is_within_an_ulp_or_two_of_the_library(x):
    assert abs(luck.exp(x) - math.exp(x)) <= 2 * math.ulp(math.exp(x))


@pytest.mark.parametrize(("x", "cut"), [(-1e6, -700.0), (1e6, 700.0)])
def test_exp_is_cut_outside_its_range(x, cut):
    assert luck.exp(x) == luck.exp(cut)


@given(st.floats(1e-300, 1e300))
def test_log_is_close_to_the_library(x):
    assert abs(luck.log(x) - math.log(x)) <= 4 * math.ulp(max(abs(math.log(x)), 1e-16)) + 1e-18


def test_exp_and_log_of_round_numbers():
    assert luck.exp(0.0) == 1.0
    assert luck.log(1.0) == 0.0


@given(st.floats(0.001, 1.0), st.floats(-8.0, 8.0))
def test_power_is_close_to_the_library(x, y):
    assert luck.power(x, y) == pytest.approx(x**y, rel=1e-13)


@given(st.floats(1e-12, 1 - 1e-12))
def test_normal_quantiles_are_close_to_scipy(u):
    assert luck.normal(u) == pytest.approx(stats.norm.ppf(u), rel=2e-9, abs=2e-9)


@given(words)
def test_bell_stays_in_its_range(z):
    assert abs(luck.bell(word(z))) <= 2 * math.sqrt(3)


def test_bell_has_mean_0_and_variance_1():
    k = key_of(3, luck.stream("test.bell"), 0)
    sample = np.array([luck.bell(word(luck.draw(k, word(a)))) for a in range(20_000)])
    assert abs(sample.mean()) < 5 / math.sqrt(len(sample))
    assert abs(sample.var() - 1) < 0.05
