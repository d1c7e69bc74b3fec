"""Those whom the lead's partners recommend."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.desk import look_at, race_links
from sim.kernels.fetch import fetch_partners
from sim.luck import absorb, first, key, stream
from sim.vocab import Source

REFERRER, REFERRAL = stream("search.referrer"), stream("search.referral")
ID = int(Source.PARTNERS_OF_PARTNERS)
REFERRERS = 4


@jit
def _recommend(w, s, q, friend, count):
    """Look at ``count`` partners of ``friend``, the more trusted by it the likelier."""
    k = key(w.seed, REFERRAL, w.n.step)
    mine = absorb(k, first(k, w.orgs[s.k.lead].uid), w.orgs[friend].uid)
    for n in range(race_links(w, s, q, friend, k, mine, count, True, s.race, s.heap)):
        look_at(s, s.heap[n])


def partners_of_partners(w, s, q):
    """Those whom the lead's partners recommend: triads close through a common friend.

    Formula: 4 partners drawn by the lead's trust; each names its part of the profiles, drawn by its own trust
        (the labelled times programmes.label_weight)
    Also known as: referrals, triadic closure
    Range: at most `search.referred_scan` profiles
    Source: Granovetter 1973; Uzzi 1997
    Special cases: a partner of weight 0 is never asked
    """
    k = key(w.seed, REFERRER, w.n.step)
    races, friends = np.empty(REFERRERS), np.empty(REFERRERS, np.int64)
    found = race_links(w, s, q, s.k.lead, k, first(k, w.orgs[s.k.lead].uid), REFERRERS, False, races, friends)
    fetch_partners(w, friends, found, s.heap)
    each = w.pol[s.k.policy].scan[ID] // max(1, found)
    for n in range(found):
        _recommend(w, s, q, friends[n], each)
