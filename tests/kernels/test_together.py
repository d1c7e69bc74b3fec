"""Cents that several threads add to one purse."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np

from sim.kernels.together import add_cents
from sim.world.tables import ORGANISATIONS

TURNS = 20_000 if numba.config.DISABLE_JIT else 3_000_000


@numba.njit(nogil=True)
def add_many(orgs, cents, turns):
    for _ in range(turns):
        add_cents(orgs[1], cents)


def test_no_threads_cents_are_lost():
    orgs = ORGANISATIONS.allocate(3)
    orgs.capital[:] = 5
    before = orgs.copy()
    add_many(orgs, 0, 1)
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(add_many, orgs, cents, TURNS) for cents in (1, 1, -3)]:
            done.result()
    assert orgs.capital.tolist() == [5, 5 - TURNS, 5]
    for name in orgs.dtype.names:
        assert name == "capital" or (orgs[name] == before[name]).all(), name


def test_a_sum_may_be_larger_than_half_a_word():
    orgs = ORGANISATIONS.allocate(2)
    add_many(orgs, np.int64(3) * 2**40, 2)
    assert orgs.capital[1] == 3 * 2**41
