"""Organisations by activity: in their sector, in their country, and all together.

Row ``by`` of the tables is one of the three crowds. ``crowd[by]`` holds organisation rows, group by group and
inside a group the founders by uid, then the newborn; ``crowd_sum[by]`` the running sum of activity inside the
group; group g begins at ``crowd_first[by, g]``. A draw is a point between 0 and ``crowd_span[by, g]``, a power of
two: whoever owns that stretch is meant, nobody beyond the end. Newborns are added behind and the dead keep their
stretch, so one organisation more or less changes no other draw (until a group outgrows its span).
"""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.luck import chain2, u01
from sim.vocab import Kind

IN_SECTOR, IN_COUNTRY, ANYWHERE = 0, 1, 2
CROWDS = 3
CLUSTER_ORGANISATION = int(Kind.CLUSTER_ORGANISATION)
NOBODY = -1
LEAD_ATTEMPTS = 64


@jit
def group_of(w, by, row):
    """Return the group of an organisation in a crowd, -1 for a cluster organisation."""
    if w.orgs[row].kind == CLUSTER_ORGANISATION:
        return NOBODY
    if by == IN_SECTOR:
        return w.orgs[row].sector
    return w.orgs[row].country if by == IN_COUNTRY else 0


@jit
def gather(w, by, order):
    """Fill one crowd; inside a group organisations keep the order given."""
    first = w.crowd_first[by]
    for row in range(w.n.organisations):
        group = group_of(w, by, row)
        if group != NOBODY:
            first[group + 1] += 1
    for group in range(len(first) - 1):
        first[group + 1] += first[group]
    at, total = first.copy(), w.crowd_span[by]
    for row in order:
        group = group_of(w, by, row)
        if group != NOBODY:
            total[group] += w.orgs[row].activity
            w.crowd[by, at[group]], w.crowd_sum[by, at[group]] = row, total[group]
            at[group] += 1
    for group in range(len(total)):
        total[group] = span_over(total[group])


@jit
def span_over(total):
    """Return the smallest power of two that is not below ``total``; 0 for nothing."""
    if total <= 0.0:
        return 0.0
    span = 1.0
    while span < total:
        span *= 2.0
    while 0.5 * span >= total:
        span *= 0.5
    return span


@jit
def pick(w, by, group, luck):
    """Return the organisation that owns a point of a group's span, -1 beyond its end or in an empty group."""
    low, high = w.crowd_first[by, group], w.crowd_first[by, group + 1]
    target = luck * w.crowd_span[by, group]
    if low == high or target >= w.crowd_sum[by, high - 1]:
        return NOBODY
    while low < high - 1:
        middle = (low + high - 1) // 2
        if w.crowd_sum[by, middle] > target:
            high = middle + 1
        else:
            low = middle + 1
    return w.crowd[by, low]


@jit
def draw_leads(w, k, uid, sector, lead):
    """Write a lead for each call: by activity in its sector, after 64 draws in vain anybody."""
    for q in range(len(uid)):
        lead[q] = NOBODY
        attempt = 0
        while lead[q] == NOBODY and attempt < 2 * LEAD_ATTEMPTS:
            by, group = (IN_SECTOR, np.int64(sector[q])) if attempt < LEAD_ATTEMPTS else (ANYWHERE, np.int64(0))
            lead[q] = pick(w, by, group, u01(chain2(k, uid[q], attempt)))
            attempt += 1
