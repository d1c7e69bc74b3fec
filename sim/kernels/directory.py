"""The oracle's directory: the best of the whole world for each field."""

from __future__ import annotations

import numpy as np

from sim.jit import jit
from sim.kernels.near import level_of
from sim.kernels.select import keep_smallest, sort_by
from sim.vocab import Kind

DIRECTORY_SIZE = 64
CLUSTER_ORGANISATION = int(Kind.CLUSTER_ORGANISATION)


@jit
def fill_directory(w, directory):
    """List the best organisations with spare capacity for each field, by true level times reliability."""
    values = np.empty((directory.shape[0], DIRECTORY_SIZE))
    items = np.empty((directory.shape[0], DIRECTORY_SIZE), np.int64)
    count = np.zeros(directory.shape[0], np.int64)
    for j in range(w.n.organisations):
        if w.orgs[j].left >= 0 or w.orgs[j].kind == CLUSTER_ORGANISATION or w.orgs[j].running >= w.orgs[j].capacity:
            continue
        for f in range(directory.shape[0]):
            if (w.orgs[j].mask >> np.uint64(f)) & np.uint64(1):
                worth = level_of(w, j, f) * w.orgs[j].reliability
                count[f] = keep_smallest(-worth, j, DIRECTORY_SIZE, values[f], items[f], count[f])
    for f in range(directory.shape[0]):
        sort_by(values[f], items[f], count[f])
        for n in range(DIRECTORY_SIZE):
            directory[f, n] = items[f, n] if n < count[f] else -1
