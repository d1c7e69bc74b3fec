"""Members bring their own past collaborators: what a growth rule sees as ``linked`` (MODEL 5.3).

A growth rule that reads ``linked`` may want, for one slot of the team, somebody who has worked with a
member. One incumbent of the team is drawn (or all members are asked, where the policy says ``ask_all``) and
names its past collaborators; they are on the desk for that slot only. Among them and the candidates
that the search has found, luck is drawn afresh for the slot, so that nobody's chance depends on earlier slots.
"""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.desk import copy_candidate, eligible, look_at
from sim.kernels.pairs import find, next_relation, other
from sim.luck import chain2, chain3, key, stream, u01
from sim.phases.desk_work import LUCK
from sim.phases.shortlist import consider
from sim.rules.candidate import Candidate
from sim.rules.linked import growth
from sim.vocab import Source

ASKED, AFRESH = stream("team.asked"), stream("team.afresh")
NOBODY, EVERYONE = -1, -2
REFERRED = int(Source.PARTNERS_OF_PARTNERS)


@jit
def wants_tie(w, s, slot, second):
    """Ask the growth rule whether in this slot an incumbent linked to the team ranks above one who is not."""
    pol = w.pol[s.k.policy]
    incumbent = Candidate(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.5)
    linked = growth(pol.growth_rule, 0.0, incumbent, s.k.seated, s.k.incumbents, 1.0, pol, slot, second)
    return linked > growth(pol.growth_rule, 0.0, incumbent, s.k.seated, s.k.incumbents, 0.0, pol, slot, second)


@jit
def introduce(w, s, q, slot, second):
    """Draw whose past collaborators this slot wants, if it wants any, and put them on the desk."""
    s.k.asked = NOBODY
    if not wants_tie(w, s, slot, second):
        return
    s.k.scanned = 0
    if w.pol[s.k.policy].ask_all:
        s.k.asked = EVERYONE
        for t in range(s.k.seated):
            name_partners(w, s, q, s.org[s.team[t]])
    elif s.k.incumbents > 0:
        s.k.asked = draw_incumbent(w, s, q)
        name_partners(w, s, q, s.k.asked)
    s.k.profiles += s.k.scanned
    consider(w, s, q, REFERRED, w.pol[s.k.policy].contacts[REFERRED])


@jit
def draw_incumbent(w, s, q):
    """Return one of the team's incumbents, each with the same chance."""
    luck = u01(chain2(key(w.seed, ASKED, w.n.step), w.props[q].uid, s.k.seated))
    left = np.int64(s.k.incumbents * luck)
    for t in range(s.k.seated):
        j = s.org[s.team[t]]
        if w.orgs[j].joined > 0:
            if left == 0:
                return j
            left -= 1
    return np.int64(NOBODY)


@jit
def name_partners(w, s, q, member):
    """Look at everybody with whom a member has worked."""
    rel = np.int64(w.orgs[member].head)
    while rel >= 0:
        j = other(w, rel, member)
        if eligible(w, s, q, j):
            look_at(s, j)
        rel = next_relation(w, rel, member)


@jit
def is_linked(w, s, j):
    """Whether j has worked with the member asked for this slot, or with any member if all were asked."""
    if s.k.asked >= 0:
        return find(w, s.k.asked, j) >= 0
    if s.k.asked == EVERYONE:
        for t in range(s.k.seated):
            if find(w, s.org[s.team[t]], j) >= 0:
                return True
    return False


@jit
def luck_of(w, s, q, k):
    """Return the luck of candidate k in this slot: its own, or a fresh one when somebody was asked."""
    if s.k.asked == NOBODY:
        return s.sight[k, LUCK]
    fresh = key(w.seed, AFRESH, w.n.step)
    return u01(chain3(fresh, w.props[q].uid, np.uint64(s.k.seated), w.orgs[s.org[k]].uid))


@jit
def clear_introduced(s, start, k):
    """Take all who were introduced for this slot off the desk but the one chosen, k; return its number now."""
    for n in range(start, s.k.count):
        if n != k:
            s.looks[s.org[n]].seen = s.k.stamp - 1
    if k >= start:
        copy_candidate(s, k, start)
        s.k.count = start + 1
        return start
    s.k.count = start
    return k
