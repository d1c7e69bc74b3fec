"""The lead's desk: scratch space of one search, reused from lead to lead; one for each thread.

A candidate on the desk has a number k. Nothing here is state of the world: a source writes the
profiles it looked at into ``scan``, the phase `mobilise` turns them into candidates and a team.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.jit import jit
from sim.kernels.handle import Handle
from sim.kernels.near import label_weight
from sim.kernels.pairs import next_relation, other, trust_of
from sim.kernels.select import bound_of_smallest, keep_smallest
from sim.luck import absorb, chain2, key, log, stream, u01
from sim.vocab import MAX_ROLES, MAX_TEAM, Kind, Search

SPEAKER, KIN = stream("search.speaker"), stream("search.in_kind")
BY_PLACE = int(Search.BY_PLACE)
CLUSTER_ORGANISATION = int(Kind.CLUSTER_ORGANISATION)
ANY_KIND = -1

NAMED, TOGETHER = 1, 2  # what `closed` may be beside 0
MAX_SCAN = 4096
MAX_CANDIDATES = 1024
LINKS = 64  # relations of a list that race together
LINE = 8  # numbers in a cache line: rows of `cover` end with a spare one, so that they do not fall on each other
NEVER = 3.0  # the race of somebody who has been looked at already
SEEN_FIELDS = 15  # fields of rules.candidate.Candidate

DESK_DTYPE = np.dtype([
    ("stamp", "i4"),        # number of this search; looks[i].seen == stamp: i has been looked at
    ("scanned", "i8"),      # profiles the current source returned
    ("count", "i8"),        # candidates
    ("seated", "i8"),       # members of the planned team, lead included
    ("accepted", "i8"),     # of them agreed
    ("spent", "f8"),        # kEUR for contacts
    ("contacts", "i8"), ("invited", "i8"), ("declined", "i8"),
    ("roles", "i8"), ("lead", "i8"), ("policy", "i8"),
    ("vision_x", "f8"), ("vision_y", "f8"),      # sums over the planned team
    ("incumbents", "i8"), ("cap_hits", "i8"), ("profiles", "i8"),
    ("broker_noise", "f8"), ("blur_key", "u8"), ("blur_lead", "u8"),     # hoisted keys of perception
    ("coin_key", "u8"), ("coin_from", "u8"), ("accept_key", "u8"), ("accept_from", "u8"),
    ("terms", "i8"),        # score terms in use
    ("asked", "i8"),        # member whose past collaborators this slot wants; -1 nobody's, -2 everyone's
    ("usual", "i8"),        # team size aimed at: the call's, else the policy's
    ("steered", "i8"),      # 1: the team must meet a call's rule, the four that follow, with so many members
    ("members_asked", "i8"), ("countries_asked", "i8"), ("clusters_asked", "i8"), ("sectors_asked", "i8"),
    ("newcomers_asked", "i8"),
    ("closed", "i8"),       # 1: only members of clusters whose span is named may be partners, 2: they come as one team
    ("place", "i8"),        # number of the open place that is being filled (search by place)
])
LOOK_DTYPE = np.dtype([
    ("seen", "i4"),         # search in which this organisation was looked at
    ("met", "i4"), ("rel", "i4"),       # search whose lead it has a relation with, and that relation
])
SPAN_DTYPE = np.dtype([
    ("stamp", "i8"), ("trust", "f8"), ("back", "f8"),   # trust from the lead's cluster, and back
    ("named", "i8"),        # 1: a closed call names this cluster
])
MAX_TERMS = 24  # columns of weights in world.tables.POLICIES


class Desk(Handle):
    """Scratch space of one search; see the module."""

    _fields = (
        "k",                    # record of DESK_DTYPE
        "looks",                # [organisations] LOOK_DTYPE
        "spans",                # [1 + clusters] SPAN_DTYPE, by cluster of the other side, the first: none
        "scan", "heap",         # [MAX_SCAN, heap: or the widest cluster and one] i8 rows
        "race",                 # [MAX_SCAN, or the widest cluster] f8 race times
        "org", "source", "rel",             # [MAX_CANDIDATES] i8: row, Source, relation to the lead or -1
        "score", "fate",                    # f8; i8 vocab.Fate
        "seen",                 # [MAX_CANDIDATES, MAX_ROLES] f8: perceived level
        "cover",                # [MAX_ROLES, MAX_CANDIDATES and some] f8: what it covers of the level asked
        "gain",                 # [MAX_CANDIDATES] f8: by how many covered roles each would raise the planned team
        "sight",                # [MAX_CANDIDATES, Candidate fields] f8: what the lead sees of each
        "team",                 # [MAX_TEAM] i8: candidate numbers in plan order; the lead is candidate 0
        "best",                 # [MAX_ROLES] f8: perceived coverage of each role by the planned team
        "fields", "levels",     # [MAX_ROLES]: what the challenge asks
        "held",                 # [MAX_ROLES + 1] i8: scratch, roles that a candidate holds
        "drawn", "race_of",     # [LINKS] i8, f8: scratch of a race over links
        "holder",               # [MAX_ROLES] i8: candidate seen as best in each role among the planned, -1 nobody
        "cost",                 # [MAX_TEAM] f8: kEUR a quarter that coordination will cost each planned member
        "x",                    # [MAX_ROLES] f8: scratch for production
        "term", "weight",       # [MAX_TERMS] i8, f8: score terms in use
    )


def make_desk(organisations: int, clusters: int, widest: int) -> Any:
    """Return a fresh desk for a world with so many rows of organisations and clusters, and members in one cluster."""
    rows, roles = MAX_CANDIDATES, MAX_ROLES
    return Desk(np.zeros(1, DESK_DTYPE).view(np.recarray)[0], np.zeros(organisations, LOOK_DTYPE).view(np.recarray),
                np.zeros(1 + clusters, SPAN_DTYPE).view(np.recarray),
                np.zeros(MAX_SCAN, np.int64), np.zeros(max(MAX_SCAN, widest) + 1, np.int64),
                np.zeros(max(MAX_SCAN, widest)),
                np.zeros(rows, np.int64), np.zeros(rows, np.int64), np.zeros(rows, np.int64),
                np.zeros(rows), np.zeros(rows, np.int64),
                np.zeros((rows, roles)), np.zeros((roles, rows + LINE)), np.zeros(rows),
                np.zeros((rows, SEEN_FIELDS)),
                np.zeros(MAX_TEAM, np.int64), np.zeros(roles), np.zeros(roles, np.int64), np.zeros(roles),
                np.zeros(roles + 1, np.int64), np.zeros(LINKS, np.int64), np.zeros(LINKS),
                np.zeros(roles, np.int64), np.zeros(MAX_TEAM), np.zeros(roles),
                np.zeros(MAX_TERMS, np.int64), np.zeros(MAX_TERMS))


@jit
def speaker(w, s, q):
    """Return the present member that speaks for the open place: each one with the same chance."""
    luck = u01(chain2(key(w.seed, SPEAKER, w.n.step), w.props[q].uid, s.k.place))
    return s.org[s.team[np.int64(luck * s.k.seated)]]


@jit
def kind_sought(w, s, q):
    """Return the one kind of organisation sought for the open place, its speaker's (chance in_kind), or -1: any."""
    coin = u01(chain2(key(w.seed, KIN, w.n.step), w.props[q].uid, s.k.place))
    return np.int64(w.orgs[speaker(w, s, q)].kind) if coin < w.p.search_in_kind else np.int64(ANY_KIND)


@jit
def fits(w, s, q, j, kind):
    """Whether j is new to this search, can be a partner, and is of the kind sought."""
    return is_new(s, j) and eligible(w, s, q, j) and (kind == ANY_KIND or w.orgs[j].kind == kind)


@jit
def profiles_wanted(w, s, source):
    """Return how many profiles a drawing source looks at: one for an open place, else the policy's scan."""
    pol = s.k.policy
    return np.int64(1) if w.pol[pol].search == BY_PLACE else np.int64(w.pol[pol].scan[source])


@jit
def eligible(w, s, q, j):
    """Whether j can be a partner at all: alive, not the lead, of the proposal's kind, named where a call is closed."""
    is_cluster = w.orgs[j].kind == CLUSTER_ORGANISATION
    fit = w.orgs[j].left < 0 and j != s.k.lead and is_cluster == (w.props[q].of_clusters == 1)
    return fit and is_named(w, s, j)


@jit
def is_named(w, s, j):
    """Whether j's cluster is among those that a closed call names; every other call is open to all."""
    return s.k.closed == 0 or s.spans[w.orgs[j].cluster + 1].named == 1


@jit
def is_new(s, j):
    """Whether organisation j has not been looked at in this search."""
    return s.looks[j].seen != s.k.stamp


@jit
def look_at(s, j):
    """Note organisation j as a profile the current source returned, unless it was seen before."""
    if s.looks[j].seen != s.k.stamp and s.k.scanned < MAX_SCAN:
        s.looks[j].seen = s.k.stamp
        s.scan[s.k.scanned] = j
        s.k.scanned += 1


@jit
def copy_candidate(s, k, to):
    """Write candidate k over candidate ``to``."""
    if k == to:
        return
    s.org[to], s.source[to], s.rel[to] = s.org[k], s.source[k], s.rel[k]
    s.score[to], s.fate[to] = s.score[k], s.fate[k]
    for r in range(s.k.roles):
        s.seen[to, r], s.cover[r, to] = s.seen[k, r], s.cover[r, k]
    for n in range(s.sight.shape[1]):
        s.sight[to, n] = s.sight[k, n]


@jit
def look_at_some(w, s, cluster, k, mine, count):
    """Look at the first ``count`` of a race over those members of a cluster who have not been looked at.

    ``k`` and ``mine`` are key and first element of the race's draws; see `sim.luck.absorb`. Members are alive, none
    is a cluster organisation, and the lead has been looked at.
    """
    first = w.clusters[cluster].first
    rows = w.members[first:first + w.clusters[cluster].member_count]
    uids = w.member_uids[first:first + w.clusters[cluster].member_count]
    for n in range(len(uids)):
        s.race[n] = u01(absorb(k, mine, uids[n]))
    for n in range(list_first_new(s, rows, count)):
        look_at(s, s.heap[n])


@jit
def list_first_new(s, rows, count):
    """Write to ``heap`` the first ``count`` of the race who are new, in the order of rows; return how many there are.

    Few have been looked at before: who is new is asked of those alone who would be taken.
    """
    left, found, dropped = len(rows), 0, 1
    while dropped > 0:
        bound = bound_of_smallest(s.race, len(rows), count) if count < left else 1.0
        taken = list_below(s, len(rows), bound)
        found = dropped = 0
        for t in range(taken):
            n = s.heap[t]
            s.heap[found] = rows[n]
            if is_new(s, np.int64(rows[n])):
                found += 1
            else:
                s.race[n] = NEVER
                dropped += 1
        left -= dropped
    return found


@jit
def list_below(s, size, bound):
    """Write to ``heap`` the places whose race is below a bound, without a branch for each; return how many."""
    taken = 0
    for n in range(size):
        s.heap[taken] = n
        taken += s.race[n] < bound
    return taken


@jit
def race_links(w, s, q, i, k, mine, count, anew, values, items):
    """Write the ``count`` smallest of a race over the partners of i, weight its trust in them; return how many.

    ``values``, ``items``: as in `keep_smallest`; ``k``, ``mine``: key and first elements of the draws; ``anew``: only
    those who have not been looked at. The links are listed first: luck is then worked out for several at a time.
    """
    found, rel = 0, np.int64(w.orgs[i].head)
    while rel >= 0:
        listed = 0
        while rel >= 0 and listed < LINKS:
            j = other(w, rel, i)
            weight = label_weight(w, j) if anew else 1.0
            s.drawn[listed], s.race_of[listed] = j, trust_of(w, i, j, rel) * weight
            listed += (s.race_of[listed] > 0.0) & (is_new(s, j) | (not anew)) & eligible(w, s, q, j)
            rel = next_relation(w, rel, i)
        for n in range(listed):
            s.race_of[n] = -log(u01(absorb(k, mine, w.orgs[s.drawn[n]].uid))) / s.race_of[n]
        for n in range(listed):
            found = keep_smallest(s.race_of[n], s.drawn[n], count, values, items, found)
    return found
