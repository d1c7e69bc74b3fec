"""Those whom the lead's partners recommend."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.desk import eligible, is_new, look_at
from sim.kernels.fetch import fetch_partners
from sim.kernels.near import label_weight
from sim.kernels.pairs import next_relation, other, trust_of
from sim.kernels.select import keep_smallest
from sim.luck import chain2, chain3, key, log, stream, u01
from sim.vocab import Source

REFERRER, REFERRAL = stream("search.referrer"), stream("search.referral")
ID = int(Source.PARTNERS_OF_PARTNERS)
REFERRERS = 4


@jit
def _recommend(w, s, q, friend, count):
    """Look at ``count`` partners of ``friend``, the more trusted by it the likelier."""
    k = key(w.seed, REFERRAL, w.n.step)
    found, rel = 0, w.orgs[friend].head
    while rel >= 0:
        j = other(w, rel, friend)
        trust = trust_of(w, friend, j, rel)
        if trust > 0.0 and is_new(s, j) and eligible(w, s, q, j):
            luck = u01(chain3(k, w.orgs[s.k.lead].uid, w.orgs[friend].uid, w.orgs[j].uid))
            race = -log(luck) / (trust * label_weight(w, j))
            found = keep_smallest(race, j, count, s.race, s.heap, found)
        rel = next_relation(w, rel, friend)
    for n in range(found):
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
    found, rel = 0, w.orgs[s.k.lead].head
    races, friends = np.empty(REFERRERS), np.empty(REFERRERS, np.int64)
    while rel >= 0:
        j = other(w, rel, s.k.lead)
        trust = trust_of(w, s.k.lead, j, rel)
        if trust > 0.0 and eligible(w, s, q, j):
            race = -log(u01(chain2(k, w.orgs[s.k.lead].uid, w.orgs[j].uid))) / trust
            found = keep_smallest(race, j, REFERRERS, races, friends, found)
        rel = next_relation(w, rel, s.k.lead)
    fetch_partners(w, friends, found, s.heap)
    each = w.pol[s.k.policy].scan[ID] // max(1, found)
    for n in range(found):
        _recommend(w, s, q, friends[n], each)
