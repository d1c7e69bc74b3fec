"""What a lead sees: profiles become candidates with perceived levels and a score (MODEL 5.2, 5.3)."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.fetch import fetch_head
from sim.kernels.near import bridge_trusts, distance, level_of, prior_given, relatedness, seen_reputation, vision_gap
from sim.kernels.pairs import familiarity, find, next_relation, other, trust_of
from sim.luck import absorb, bell, first, key, stream, u01
from sim.rules.candidate import Candidate
from sim.rules.linked import fill, terms
from sim.vocab import MAX_FIELDS_HELD, Fate, Source

BLUR, COIN, ACCEPT = stream("search.perception"), stream("search.coin"), stream("partnership.accept")
SELF, RENEWED, BRIDGED, DIRECTORY = (int(Source.SELF), int(Source.RENEWED), int(Source.BRIDGED_CLUSTERS),
                                     int(Source.DIRECTORY))
FREE, ACCEPTED, BUSY = int(Fate.FREE), int(Fate.ACCEPTED), int(Fate.BUSY)
GAIN, TRUST, TIMES, REPUTATION, GAP, RELATEDNESS, DISTANCE, SAME_SECTOR, DEGREE, SHARED, JOINED, OVERLAP, FIELDS, \
    LEAD_FIELDS, LUCK = (Candidate._fields.index(name) for name in Candidate._fields)
ENOUGH_RELIABILITY = 0.6


@jit
def blur_of(w, s, i, j, source):
    """Return the size of the blur with which i sees j's levels, before familiarity."""
    if w.orgs[i].cluster >= 0 and w.orgs[i].cluster == w.orgs[j].cluster:
        return w.p.search_noise_own
    return s.k.broker_noise if source == BRIDGED else w.p.search_noise


@jit
def blur_from(w, s, j):
    """Return where the draws begin that blur j's levels in the lead's eyes, whatever the field."""
    return absorb(s.k.blur_key, s.k.blur_lead, w.orgs[j].uid)


@jit
def perceived(w, s, i, j, field, noise, luck_from):
    """Return the level that lead i sees in j, cut to [0, 1]; the misjudgement lasts until they are familiar."""
    level = level_of(w, j, field)
    if level == 0.0 or i == j:
        return level
    if w.pol[s.k.policy].sees_truth:
        return level * min(1.0, w.orgs[j].reliability / ENOUGH_RELIABILITY)
    return min(1.0, max(0.0, level + noise * bell(absorb(s.k.blur_key, luck_from, field))))


@jit
def aim(w, s, q):
    """Set the desk to the lead of proposal q: whose eyes, which policy, how sharp, which keys of perception."""
    i = np.int64(w.props[q].lead)
    s.k.lead, s.k.policy = i, w.orgs[i].policy
    s.k.blur_key = key(w.seed, BLUR, 0)
    s.k.blur_lead = first(s.k.blur_key, w.orgs[i].uid)
    s.k.broker_noise = w.p.search_noise
    if w.props[q].brokered:
        s.k.broker_noise -= w.clusters[w.orgs[i].cluster].management * (w.p.search_noise - w.p.search_noise_own)


@jit
def open_desk(w, s, q):
    """Clear the desk for proposal q and seat the lead as candidate 0."""
    aim(w, s, q)
    s.k.stamp += 1
    s.k.count = s.k.seated = s.k.accepted = s.k.incumbents = s.k.contacts = s.k.invited = s.k.declined = 0
    s.k.spent = s.k.vision_x = s.k.vision_y = 0.0
    s.k.roles = w.props[q].roles
    s.k.usual = w.props[q].asked if w.props[q].asked > 0 else w.pol[s.k.policy].usual_size
    s.k.place = 0
    s.k.coin_key, s.k.accept_key = key(w.seed, COIN, w.n.step), key(w.seed, ACCEPT, w.n.step)
    s.k.coin_from, s.k.accept_from = first(s.k.coin_key, w.props[q].uid), first(s.k.accept_key, w.props[q].uid)
    list_terms(w, s)
    list_ties(w, s)
    for r in range(s.k.roles):
        s.fields[r], s.levels[r], s.best[r] = w.props[q].fields[r], w.props[q].levels[r], 0.0
    seat_known(w, s, q, s.k.lead, SELF)


@jit
def list_terms(w, s):
    """List the score terms that the lead's policy uses."""
    s.k.terms = 0
    for t in range(w.pol.weights.shape[1]):
        if w.pol[s.k.policy].weights[t] != 0.0:
            s.term[s.k.terms], s.weight[s.k.terms] = t, w.pol[s.k.policy].weights[t]
            s.k.terms += 1


@jit
def list_ties(w, s):
    """Note all relations of the lead, so that no candidate's has to be looked up."""
    rel = np.int64(w.orgs[s.k.lead].head)
    while rel >= 0:
        j = other(w, rel, s.k.lead)
        s.looks[j].met, s.looks[j].rel = s.k.stamp, rel
        fetch_head(w.orgs[j])
        rel = next_relation(w, rel, s.k.lead)


@jit
def seat_known(w, s, q, j, source):
    """Put j on the desk and into the team: the lead, or one who stays from before."""
    s.looks[j].seen = s.k.stamp
    k = put(w, s, q, j, source)
    if w.log and s.k.seated > 0:
        weigh(w, s, k, gain_of(s, k))  # nobody asks for it but the log
    s.fate[k] = ACCEPTED
    join(w, s, k)
    s.k.accepted = s.k.seated


@jit
def put(w, s, q, j, source):
    """Write j as the next candidate: relation, perceived levels, what the lead sees. Return its number."""
    k = s.k.count
    s.org[k], s.source[k], s.fate[k] = j, source, FREE
    s.rel[k] = s.looks[j].rel if s.looks[j].met == s.k.stamp else -1
    noise = blur_of(w, s, s.k.lead, j, source)
    if s.rel[k] >= 0:
        noise *= 1.0 - familiarity(w.rels[s.rel[k]].times)
    luck_from = blur_from(w, s, j)
    for n in range(list_held(w, s, k, j)):
        r = s.held[n]
        s.seen[k, r] = perceived(w, s, s.k.lead, j, s.fields[r], noise, luck_from)
        s.cover[r, k] = min(1.0, s.seen[k, r] / s.levels[r])
    s.k.count = k + 1
    return k


@jit
def list_held(w, s, k, j):
    """Clear what the lead sees of candidate k and list the roles whose field j holds; return how many they are."""
    count, mask = 0, w.orgs[j].mask
    for r in range(s.k.roles):
        s.seen[k, r] = s.cover[r, k] = 0.0
        s.held[count] = r  # written in any case: no branch could be foretold
        count += np.int64((mask >> np.uint64(s.fields[r])) & np.uint64(1))
    return count


@jit
def reads(w, s, field):
    """Whether a term in use reads this field of `Candidate`."""
    return (w.pol[s.k.policy].reads >> field) & 1


@jit
def look_closely(w, s, k):
    """Fill in what the lead sees of candidate k apart from the team (which changes)."""
    i, j, sight = s.k.lead, s.org[k], s.sight[k]
    sight[TIMES] = w.rels[s.rel[k]].times if s.rel[k] >= 0 else 0.0
    sight[DEGREE], sight[JOINED] = w.orgs[j].degree, w.orgs[j].joined
    sight[LUCK] = u01(absorb(s.k.coin_key, s.k.coin_from, w.orgs[j].uid))
    if reads(w, s, TRUST) or reads(w, s, REPUTATION):
        bridge = bridge_seen(w, s, j)[0]
        sight[REPUTATION] = w.orgs[j].reputation if s.rel[k] >= 0 else seen_reputation(w, j, bridge)
        sight[TRUST] = trust_of(w, i, j, s.rel[k]) if s.rel[k] >= 0 else prior_given(w, i, j, bridge)
    if reads(w, s, DISTANCE):
        sight[DISTANCE] = min(1.0, distance(w, i, j))
    if reads(w, s, RELATEDNESS):
        sight[RELATEDNESS] = relatedness(w, i, j)
    if reads(w, s, OVERLAP) or reads(w, s, FIELDS) or reads(w, s, LEAD_FIELDS):
        compare_fields(w, i, j, sight)
    if reads(w, s, SHARED):
        sight[SHARED] = shared_partners(w, s, j)


@jit
def bridge_seen(w, s, j):
    """Return `bridge_trusts` of the lead and j, looked up once for each cluster in a search."""
    span = s.spans[w.orgs[j].cluster + 1]  # the first is of those without a cluster
    if span.stamp != s.k.stamp:
        span.stamp = s.k.stamp
        span.trust, span.back = bridge_trusts(w, s.k.lead, j)
    return span.trust, span.back


@jit
def compare_fields(w, i, j, sight):
    """Count the fields of both, and those they share."""
    sight[FIELDS] = sight[LEAD_FIELDS] = sight[OVERLAP] = 0.0
    for a in range(MAX_FIELDS_HELD):
        sight[LEAD_FIELDS] += w.orgs[i].fields[a] >= 0
        if w.orgs[j].fields[a] >= 0:
            sight[FIELDS] += 1.0
            sight[OVERLAP] += (w.orgs[i].mask >> np.uint64(w.orgs[j].fields[a])) & np.uint64(1)


@jit
def shared_partners(w, s, j):
    """Return how many organisations have relations with both the lead and j, from the shorter of the two lists."""
    count, i = 0.0, np.int64(s.k.lead)
    if w.orgs[i].degree < w.orgs[j].degree:
        rel = np.int64(w.orgs[i].head)
        while rel >= 0:
            friend = other(w, rel, i)
            count += friend != j and find(w, friend, j) >= 0
            rel = next_relation(w, rel, i)
        return count
    rel = np.int64(w.orgs[j].head)
    while rel >= 0:
        count += s.looks[other(w, rel, j)].met == s.k.stamp
        rel = next_relation(w, rel, j)
    return count


@jit
def gain_of(s, k):
    """Return by how many covered roles candidate k would raise the planned team."""
    gain = 0.0
    for r in range(s.k.roles):
        gain += max(0.0, s.cover[r, k] - s.best[r])
    return gain


@jit
def weigh_gains(s):
    """Write `gain_of` of every candidate: role by role, so that the machine weighs several at a time."""
    gain = s.gain[:s.k.count]
    for k in range(len(gain)):
        gain[k] = 0.0
    for r in range(s.k.roles):
        cover, best = s.cover[r], s.best[r]
        for k in range(len(gain)):
            gain[k] += max(0.0, cover[k] - best)


@jit
def missing(w, s):
    """Return how many roles the planned team does not cover well enough."""
    count = 0
    for r in range(s.k.roles):
        count += s.best[r] < w.pol[s.k.policy].enough
    return count


@jit
def is_wanted(w, s, gain, short):
    """Ask the fill rule whether somebody with this gain may still be added, when ``short`` roles are missing."""
    pol = w.pol[s.k.policy]
    return fill(pol.fill_rule, gain, short, s.k.seated, s.k.usual, pol.max_size, pol.min_gain)


@jit
def see_against_team(w, s, k, gain):
    """Update what depends on the planned team: gain, gap of visions, sectors already there."""
    sight, j = s.sight[k], s.org[k]
    sight[GAIN] = gain / s.k.roles
    if reads(w, s, GAP):
        sight[GAP] = vision_gap(w, j, s.k.vision_x / s.k.seated, s.k.vision_y / s.k.seated)
    if reads(w, s, SAME_SECTOR):
        same = 0.0
        for t in range(s.k.seated):
            same += w.orgs[s.org[s.team[t]]].sector == w.orgs[j].sector
        sight[SAME_SECTOR] = same / s.k.seated


@jit
def candidate(s, k, luck):
    """Return what the lead sees of candidate k as the record that terms read, with this luck."""
    v = s.sight[k]
    return Candidate(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11], v[12], v[13], luck)


@jit
def score_of(w, s, k):
    """Return the policy's score: the weighted sum of its terms."""
    c, total = candidate(s, k, s.sight[k, LUCK]), 0.0
    for n in range(s.k.terms):
        total += s.weight[n] * terms(s.term[n], c)
    return total


@jit
def weigh(w, s, k, gain):
    """Look closely at candidate k, who would raise the planned team by ``gain``, and score it."""
    look_closely(w, s, k)
    see_against_team(w, s, k, gain)
    s.score[k] = score_of(w, s, k)


@jit
def join(w, s, k):
    """Add candidate k to the planned team."""
    s.team[s.k.seated] = k
    s.k.seated += 1
    s.k.incumbents += w.orgs[s.org[k]].joined > 0
    s.k.vision_x += w.orgs[s.org[k]].vision[0]
    s.k.vision_y += w.orgs[s.org[k]].vision[1]
    for r in range(s.k.roles):
        s.best[r] = max(s.best[r], s.cover[r, k])
