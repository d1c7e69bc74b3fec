"""The lead's desk: scratch space of one search, reused from lead to lead; one for each thread.

A candidate on the desk has a number k. Nothing here is state of the world: a source writes the
profiles it looked at into ``scan``, the phase `mobilise` turns them into candidates and a team.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.jit import jit
from sim.kernels.handle import Handle
from sim.vocab import MAX_ROLES, MAX_TEAM, Kind

CLUSTER_ORGANISATION = int(Kind.CLUSTER_ORGANISATION)

MAX_SCAN = 4096
MAX_CANDIDATES = 1024
SEEN_FIELDS = 15  # fields of rules.candidate.Candidate

DESK_DTYPE = np.dtype([
    ("stamp", "i8"),        # number of this search; marks[i] == stamp: i has been looked at
    ("scanned", "i8"),      # profiles the current source returned
    ("count", "i8"),        # candidates
    ("seated", "i8"),       # members of the planned team, lead included
    ("accepted", "i8"),     # of them agreed
    ("spent", "f8"),        # kEUR for contacts
    ("contacts", "i8"), ("invited", "i8"), ("declined", "i8"),
    ("roles", "i8"), ("lead", "i8"), ("policy", "i8"), ("wanted", "u8"),
    ("vision_x", "f8"), ("vision_y", "f8"),      # sums over the planned team
    ("incumbents", "i8"), ("cap_hits", "i8"), ("profiles", "i8"),
    ("broker_noise", "f8"), ("blur_key", "u8"), ("blur_lead", "u8"),     # hoisted keys of perception
])

class Desk(Handle):
    """Scratch space of one search; see the module."""

    _fields = (
        "k",                    # record of DESK_DTYPE
        "marks",                # [organisations] i8
        "scan", "race", "heap",             # [MAX_SCAN] i8 rows; [MAX_SCAN] f8 race times; [MAX_SCAN] i8
        "org", "source", "rel",             # [MAX_CANDIDATES] i8: row, Source, relation to the lead or -1
        "score", "seen", "fate",            # f8; [.., MAX_ROLES] f8 perceived level; i8 vocab.Fate
        "sight",                # [MAX_CANDIDATES, Candidate fields] f8: what the lead sees of each
        "team",                 # [MAX_TEAM] i8: candidate numbers in plan order; the lead is candidate 0
        "best",                 # [MAX_ROLES] f8: perceived coverage of each role by the planned team
        "fields", "levels",     # [MAX_ROLES]: what the challenge asks
        "x",                    # [MAX_ROLES] f8: scratch for production
    )


def make_desk(organisations: int) -> Any:
    """Return a fresh desk for a world with ``organisations`` rows."""
    rows, roles = MAX_CANDIDATES, MAX_ROLES
    return Desk(np.zeros(1, DESK_DTYPE).view(np.recarray)[0], np.zeros(organisations, np.int64),
                np.zeros(MAX_SCAN, np.int64), np.zeros(MAX_SCAN), np.zeros(MAX_SCAN, np.int64),
                np.zeros(rows, np.int64), np.zeros(rows, np.int64), np.zeros(rows, np.int64),
                np.zeros(rows), np.zeros((rows, roles)), np.zeros(rows, np.int64),
                np.zeros((rows, SEEN_FIELDS)),
                np.zeros(MAX_TEAM, np.int64), np.zeros(roles), np.zeros(roles, np.int64),
                np.zeros(roles), np.zeros(roles))


@jit
def eligible(w, s, q, j):
    """Whether j can be a partner at all: alive, not the lead, of the kind this proposal is about."""
    is_cluster = w.orgs[j].kind == CLUSTER_ORGANISATION
    return w.orgs[j].left < 0 and j != s.k.lead and is_cluster == (w.props[q].of_clusters == 1)


@jit
def look_at(s, j):
    """Note organisation j as a profile the current source returned, unless it was seen before."""
    if s.marks[j] != s.k.stamp and s.k.scanned < MAX_SCAN:
        s.marks[j] = s.k.stamp
        s.scan[s.k.scanned] = j
        s.k.scanned += 1
