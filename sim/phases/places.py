"""Search by place: for each open place the sources are asked anew, and whoever the first of them names sits down.

So a present member can bring several of an old team along, and the next place is filled from the team as it then
stands.
"""

from __future__ import annotations

from sim.jit import jit
from sim.kernels.desk import MAX_CANDIDATES
from sim.phases.desk_work import (
    gain_of,
    is_wanted,
    join,
    missing,
    put,
    weigh,
)
from sim.phases.shortlist import approach
from sim.phases.teams import seats_came_free
from sim.rules.linked import sources
from sim.vocab import Fate

FREE, ACCEPTED = int(Fate.FREE), int(Fate.ACCEPTED)
PLENTY = 1e9
PLACES_PER_SEAT = 8  # places asked for before a search gives up, for each seat of the largest team


@jit
def assemble_by_place(w, s, q):
    """Fill the places, invite, strike those who decline, fill again, until the team stands or nobody is left to ask."""
    while True:
        fill_places(w, s, q)
        if not seats_came_free(w, s, q):
            return


@jit
def fill_places(w, s, q):
    """Fill one open place after the other; stop when the team is complete or no source names anybody."""
    most = PLACES_PER_SEAT * min(w.pol[s.k.policy].max_size, len(s.team))
    while has_place(w, s) and s.k.place < most:
        s.k.place += 1
        if not fill_place(w, s, q):
            return


@jit
def has_place(w, s):
    """Whether somebody more is wanted and fits in."""
    largest = min(w.pol[s.k.policy].max_size, len(s.team))
    return s.k.seated < largest and s.k.count < MAX_CANDIDATES - 1 and is_wanted(w, s, PLENTY, missing(w, s))


@jit
def fill_place(w, s, q):
    """Ask the sources in order until one names somebody who can come; return whether anybody sat down."""
    before = s.k.seated
    for source in range(w.pol.open.shape[1]):
        if w.pol[s.k.policy].open[source]:
            s.k.scanned = 0
            sources(source, w, s, q)
            s.k.profiles += s.k.scanned
            for n in range(s.k.scanned):
                if has_place(w, s):
                    take(w, s, q, s.scan[n], source)
            if s.k.seated > before:
                return True
    return False


@jit
def take(w, s, q, j, source):
    """Approach j and seat it, unless it is of no use or has no spare capacity."""
    k = put(w, s, q, j, source)
    gain = gain_of(s, k)
    if not is_wanted(w, s, gain, missing(w, s)):
        s.k.count = k
        return
    weigh(w, s, k, gain)
    approach(w, s, k, source)
    if s.fate[k] == FREE:
        join(w, s, k)
        s.fate[k] = ACCEPTED
