"""Several members of one old team of a present member."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.desk import fits, kind_sought, look_at, speaker
from sim.kernels.pairs import find
from sim.luck import chain2, chain3, key, power, stream, u01

RECALL, WHICH, SHARE, INVITE = (stream(f"search.{name}") for name in ("recall", "which_team", "share", "come_along"))
TRIES = 6


@jit
def _a_team(w, m, luck):
    """Return the partnership of one of m's seats, each with the same chance."""
    seat = np.int64(w.orgs[m].seat)
    for _ in range(np.int64(luck * w.orgs[m].joined)):
        if w.seats[seat].behind >= 0:
            seat = np.int64(w.seats[seat].behind)
    return np.int64(w.seats[seat].partnership)


@jit
def _recalled(w, s, q, m):
    """Return the old team that m thinks of: of up to six, the first of about the size that is wanted."""
    k, a = key(w.seed, WHICH, w.n.step), -1
    for attempt in range(TRIES):
        a = _a_team(w, m, u01(chain3(k, w.props[q].uid, s.k.place, attempt)))
        larger, smaller = max(s.k.usual, w.parts[a].seats), min(s.k.usual, w.parts[a].seats)
        if larger <= w.p.search_alike * smaller:
            break
    return a


@jit
def _chance(w, teams):
    """Return the chance that a member with so many teams behind it recalls one of them."""
    return 1.0 - power(1.0 - w.p.search_recall, power(teams, w.p.search_habit))


@jit
def _joint(w, i, j):
    """Return how many partnerships i and j have been in together, running ones included."""
    rel = find(w, i, j)
    return float(w.rels[rel].times) + w.rels[rel].running if rel >= 0 else 0.0


def old_teams(w, s, q):
    """Several members of one old team of a present member: a new call is often the sequel of an old one.

    Formula: a member with n teams behind it recalls one with chance 1 - (1 - recall)^(n^habit); of that team each
        comes along with chance 1 - (1 - u^loyalty)^k, one uniform u for all of them, k partnerships together before;
        for some places (chance in_kind) only those of the member's own kind
    Also known as: team memory, repeated consortia, follow-up projects
    Range: the members of one team, from a random one on
    Source: Horizon 2020 projects of 2014 to 2016 (experiments/evidence.md); form assumed
    Special cases: six tries for a team of about the size wanted (`search.alike`); nobody for a member without history
    """
    m, uid = speaker(w, s, q), w.props[q].uid
    luck = u01(chain2(key(w.seed, RECALL, w.n.step), uid, s.k.place))
    if w.orgs[m].seat < 0 or luck >= _chance(w, float(w.orgs[m].joined)):
        return
    a, k = _recalled(w, s, q, m), key(w.seed, INVITE, w.n.step)
    stay_away = 1.0 - power(u01(chain2(key(w.seed, SHARE, w.n.step), uid, s.k.place)), w.p.search_loyalty)
    kind, seats = kind_sought(w, s, q), np.int64(w.parts[a].seats)
    start = np.int64(seats * u01(chain2(k, uid, s.k.place)))
    for n in range(seats):
        j = np.int64(w.seats[w.parts[a].seat0 + (start + n) % seats].org)
        if j != m and fits(w, s, q, j, kind):
            stays = power(max(stay_away, 1e-300), _joint(w, m, j))
            if u01(chain3(k, uid, s.k.place, w.orgs[j].uid)) >= stays:
                look_at(s, j)
