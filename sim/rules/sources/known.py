"""Partners the lead has worked with before."""

from __future__ import annotations

from sim.kernels.desk import eligible, look_at
from sim.kernels.pairs import next_relation, other


def known(w, s, q):
    """Partners the lead has worked with before: cheap to reach, seen without blur, trusted by experience.

    Formula: all organisations alive with which the lead has a relation
    Also known as: prior ties, existing partners
    Range: at most 4096 profiles, the latest relations first
    Source: Gulati 1995
    Special cases: of more than 64, the 64 best by the policy's own score plus the best for each role
    """
    rel = w.orgs[s.k.lead].head
    while rel >= 0:
        j = other(w, rel, s.k.lead)
        if eligible(w, s, q, j):
            look_at(s, j)
        rel = next_relation(w, rel, s.k.lead)
