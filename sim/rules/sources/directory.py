"""The best of the whole world for each role: the oracle's view."""

from __future__ import annotations

from sim.kernels.desk import eligible, look_at


def directory(w, s, q):
    """The best of the whole world for each role: what nobody can know, kept as a ceiling.

    Formula: for each role, the organisations with spare capacity of highest true level times reliability in its field
    Also known as: full information
    Range: at most 64 profiles for each role
    Source: benchmark
    Special cases: none
    """
    for r in range(s.k.roles):
        field = s.fields[r]
        for n in range(w.directory.shape[1]):
            j = w.directory[field, n]
            if j >= 0 and eligible(w, s, q, j):
                look_at(s, j)
