"""Whoever is active, wherever one hears of them."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.crowd import ANYWHERE, IN_COUNTRY, IN_SECTOR, pick
from sim.kernels.desk import fits, kind_sought, look_at, profiles_wanted, speaker
from sim.luck import absorb, chain3, key, stream, u01
from sim.vocab import MAX_FIELDS, Source

NEAR, ROLE, DRAW = stream("search.near"), stream("search.near_role"), stream("search.active")
ID = int(Source.BY_ACTIVITY)
ATTEMPTS = 64


@jit
def _sector_asked(w, s, q, number):
    """Return the sector of one of the roles that are asked, the lead's where a market is asked."""
    luck = u01(chain3(key(w.seed, ROLE, w.n.step), w.props[q].uid, s.k.place, number))
    field = s.fields[np.int64(luck * s.k.roles)]
    return np.int64(w.sector_of[field] if field < MAX_FIELDS else w.orgs[s.k.lead].sector)


@jit
def _draw(w, s, q, number):
    """Look at one organisation by activity: half of the attempts in the circle, the others anywhere."""
    near = u01(chain3(key(w.seed, NEAR, w.n.step), w.props[q].uid, s.k.place, number))
    by, group = ANYWHERE, 0
    if near < w.p.search_in_country:
        by, group = IN_COUNTRY, np.int64(w.orgs[speaker(w, s, q)].country)
    elif near < w.p.search_in_country + w.p.search_in_theme:
        by, group = IN_SECTOR, _sector_asked(w, s, q, number)
    k, kind = key(w.seed, DRAW, w.n.step), kind_sought(w, s, q)
    who = chain3(k, w.props[q].uid, s.k.place, number)
    for attempt in range(ATTEMPTS):
        if attempt == ATTEMPTS // 2:
            by, group = ANYWHERE, 0
        j = np.int64(pick(w, by, group, u01(absorb(k, who, attempt))))
        if j >= 0 and fits(w, s, q, j, kind):
            look_at(s, j)
            return
    s.k.cap_hits += 1


def by_activity(w, s, q):
    """Whoever is active: the busier an organisation, the likelier one hears of it, mostly in the theme or nearby.

    Formula: a draw in proportion to activity among those in the country of a present member (chance in_country), in
        the sector of a role asked (chance in_theme), or anywhere; for some places (chance in_kind) only those of a
        present member's kind
    Also known as: preferential search, visibility, home bias
    Range: at most `search.open_scan` profiles; one for an open place when the policy searches by place
    Source: Horizon 2020 projects of 2014 to 2016 (experiments/evidence.md); form assumed
    Special cases: after 32 draws in vain anywhere, after 64 nobody; nobody when a cluster organisation leads
    """
    if w.props[q].of_clusters == 1:
        return
    for number in range(profiles_wanted(w, s, ID)):
        _draw(w, s, q, number)
