"""Who sits in a team before anybody is searched: those who stay, and those whom a closed call names (MODEL 5.3, 6)."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.desk import TOGETHER, is_named, is_new
from sim.phases.desk_work import RENEWED, SELF, seat_known
from sim.phases.settling import is_free
from sim.vocab import Source

KNOWN = int(Source.KNOWN)


@jit
def seat_stayers(w, s, q, a, source):
    """Seat those who sat in partnership a to its end, or sit there still."""
    for n in range(w.parts[a].seat0, w.parts[a].seat0 + w.parts[a].seats):
        j = np.int64(w.seats[n].org)
        stayed = w.seats[n].left == w.parts[a].ended
        fits = source == SELF or (is_free(w, j) and is_named(w, s, j))
        if j != s.k.lead and stayed and fits and s.k.seated < w.pol[s.k.policy].max_size:
            seat_known(w, s, q, j, source)


@jit
def seat_named(w, s, q):
    """Seat the free cluster organisations that a closed call names: they come as one, nobody is searched or asked."""
    for c in range(w.n.clusters):
        j = np.int64(w.clusters[c].org)
        if s.spans[c + 1].named and is_free(w, j) and is_new(s, j) and s.k.seated < w.pol[s.k.policy].max_size:
            seat_known(w, s, q, j, KNOWN)


@jit
def seat_team(w, s, q):
    """Seat who comes with the lead: a team that stays, a partnership that seeks a holder, a club that a call names."""
    a, source = w.props[q].partnership, SELF
    if a < 0 and w.props[q].renewal:
        a, source = w.orgs[s.k.lead].renew, RENEWED
    if a >= 0:
        seat_stayers(w, s, q, a, source)
    if s.k.closed == TOGETHER:
        seat_named(w, s, q)
