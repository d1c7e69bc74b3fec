"""What an organisation is endowed with when it begins: keyed draws by its uid alone.

Founders and newborns use the same functions. Nothing here looks at another organisation, so one
organisation more changes nobody else.
"""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.luck import chain2, draw, exp, key, log, normal, stream, u01
from sim.vocab import MAX_FIELDS, MAX_FIELDS_HELD

OPENNESS = stream("populate.openness")
RELIABILITY = stream("populate.reliability")
ACTIVITY = stream("populate.activity")
VISION = stream("populate.vision")
ACCESS = stream("populate.access")
AGE = stream("populate.age")
FIELDS_HELD = stream("populate.fields_held")
FIELD_SECTOR = stream("populate.field_sector")
FIELD_OTHER = stream("populate.field_other_sector")
FIELD = stream("populate.field")
LEVEL = stream("populate.level")

CENTS_PER_KEUR = 100_000
FEWEST_FIELDS, MOST_FIELDS = 2, 5
OWN_SECTOR_SHARE = 0.8
LOWEST_LEVEL = 0.2
OLDEST = 80
ONE = np.uint64(1)
ANY_SECTOR = -1


@jit
def chance(w, stream_id, who):
    """Return the uniform number in (0, 1) of one organisation in one stream."""
    return u01(draw(key(w.seed, stream_id, 0), who))


@jit
def chance_of(w, stream_id, who, number):
    """Return the uniform number of one organisation for its ``number``-th thing of a kind."""
    return u01(chain2(key(w.seed, stream_id, 0), who, number))


@jit
def beta(w, stream_id, who, a, b):
    """Return a Beta(a, b) number for whole shapes: the a-th smallest of a + b - 1 uniform numbers."""
    smallest = np.empty(a + b - 1)
    for number in range(a + b - 1):
        u = chance_of(w, stream_id, who, number)
        place = number
        while place > 0 and smallest[place - 1] > u:
            smallest[place] = smallest[place - 1]
            place -= 1
        smallest[place] = u
    return smallest[a - 1]


@jit
def step_of(cumulative, u):
    """Return the first place at which a cumulative law exceeds ``u``; the last one at the most."""
    low, high = 0, len(cumulative) - 1
    while low < high:
        middle = (low + high) // 2
        if cumulative[middle] > u:
            high = middle
        else:
            low = middle + 1
    return low


@jit
def endow(w, row):
    """Draw all traits of an organisation whose uid, kind, cluster, country and sector are known."""
    who = w.orgs[row].uid
    w.orgs[row].openness = beta(w, OPENNESS, who, int(w.p.world_openness_a), int(w.p.world_openness_b))
    w.orgs[row].reliability = beta(w, RELIABILITY, who, int(w.p.world_reliability_a),
                                   int(w.p.world_reliability_b))
    w.orgs[row].vision[0] = chance_of(w, VISION, who, 0)
    w.orgs[row].vision[1] = chance_of(w, VISION, who, 1)
    w.orgs[row].reputation = 0.5
    w.orgs[row].capital = int(np.rint(w.p.world_capital * CENTS_PER_KEUR))
    set_activity(w, row, exp(w.p.world_activity_sigma * normal(chance(w, ACTIVITY, who))))
    draw_portfolio(w, row)
    draw_access(w, row)


@jit
def set_activity(w, row, activity):
    """Set how often an organisation starts something, and the capacity that grows with it."""
    w.orgs[row].activity = activity
    wanted = int(w.p.world_capacity_scale * activity + 0.5)
    w.orgs[row].capacity = min(int(w.p.world_capacity_max), max(1, wanted))


@jit
def draw_age(w, row):
    """Set a founder's birth in the past: geometric in the birth rate, at most 80 quarters ago.

    This is the law of ages where births balance deaths and the hazard is the same at all ages.
    """
    age = OLDEST
    if w.p.demography_birth > 0.0:
        u = chance(w, AGE, w.orgs[row].uid)
        age = 1 + int(min(OLDEST - 1.0, log(u) / log(1.0 - min(0.999, w.p.demography_birth))))
    w.orgs[row].born = -age


@jit
def draw_access(w, row):
    """Set the bits of the third markets an organisation has access to."""
    for market in range(int(w.p.world_markets)):
        if chance_of(w, ACCESS, w.orgs[row].uid, market) < w.p.world_access_share:
            w.orgs[row].mask |= ONE << np.uint64(MAX_FIELDS + market)


@jit
def draw_portfolio(w, row):
    """Draw 2 to 5 different fields, four in five of the own sector, each with a level in (0.2, 1)."""
    clear_portfolio(w, row)
    top_up_portfolio(w, row, 0)


@jit
def top_up_portfolio(w, row, held):
    """Draw further fields for a portfolio that has ``held`` of them, up to the number drawn for it."""
    who = w.orgs[row].uid
    wanted = FEWEST_FIELDS + int(chance(w, FIELDS_HELD, who) * (MOST_FIELDS - FEWEST_FIELDS + 1))
    for number in range(held, wanted):
        field = draw_field(w, row, number)
        if field < 0:
            return
        hold(w, row, number, field, draw_level(w, who, number))


@jit
def draw_level(w, who, number):
    """Return the level of an organisation in its ``number``-th field, uniform in (0.2, 1)."""
    return LOWEST_LEVEL + (1.0 - LOWEST_LEVEL) * chance_of(w, LEVEL, who, number)


@jit
def clear_portfolio(w, row):
    """Take all fields from an organisation; its access to markets stays."""
    w.orgs[row].mask = (w.orgs[row].mask >> np.uint64(MAX_FIELDS)) << np.uint64(MAX_FIELDS)
    for place in range(MAX_FIELDS_HELD):
        w.orgs[row].fields[place] = -1
        w.orgs[row].levels[place] = 0.0


@jit
def hold(w, row, place, field, level):
    """Enter a field and its level at one place of a portfolio."""
    w.orgs[row].fields[place] = field
    w.orgs[row].levels[place] = level
    w.orgs[row].mask |= ONE << np.uint64(field)


@jit
def draw_field(w, row, number):
    """Return a field not yet held: of the own sector, else of a related one, else any; or -1."""
    who = w.orgs[row].uid
    u = chance_of(w, FIELD, who, number)
    own = int(w.orgs[row].sector)
    outside = step_of(w.other_sector[own], chance_of(w, FIELD_OTHER, who, number))
    mask = w.orgs[row].mask
    field = -1
    if chance_of(w, FIELD_SECTOR, who, number) < OWN_SECTOR_SHARE:
        field = free_field(w.sector_of, mask, own, u)
    if field < 0:
        field = free_field(w.sector_of, mask, outside, u)
    if field < 0:
        field = free_field(w.sector_of, mask, ANY_SECTOR, u)
    return field


@jit
def free_field(sector_of, mask, sector, u):
    """Return the field at share ``u`` of those of a sector that are not in ``mask``, or -1."""
    free = 0
    for field in range(len(sector_of)):
        free += _is_free(sector_of, mask, sector, field)
    wanted = int(u * free)
    for field in range(len(sector_of)):
        if _is_free(sector_of, mask, sector, field):
            if wanted == 0:
                return field
            wanted -= 1
    return -1


@jit
def _is_free(sector_of, mask, sector, field):
    inside = sector == ANY_SECTOR or sector_of[field] == sector
    return inside and (mask >> np.uint64(field)) & ONE == 0
