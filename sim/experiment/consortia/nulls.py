"""Two shuffles: the same seats, other organisations in them; what remains is not chance.

The permuted world keeps its own memory: who is new and who has met is worked out afresh.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.experiment.consortia.data import Consortia, Integers
from sim.kernels.consortia import draws
from sim.luck import key, stream

SHUFFLE = stream("consortia.shuffle")
SHUFFLES = 5
GROUPS: dict[str, Callable[[Consortia], Integers]] = {
    "year": lambda c: c.year,
    "year_theme": lambda c: c.year * (int(c.theme.max(initial=0)) + 1) + c.theme,
}


def shuffled(consortia: Consortia, within: str, number: int) -> Consortia:
    """Return the consortia with organisations permuted over the seats of each group (see `GROUPS`).

    An organisation that falls twice into one project keeps one seat there. ``number`` names the luck.
    """
    group = GROUPS[within](consortia)[consortia.project_of]
    luck = draws(np.uint64(key(np.uint64(number), SHUFFLE, np.uint64(0))), len(group))
    org = np.empty_like(consortia.org)
    org[np.argsort(group, kind="stable")] = consortia.org[np.lexsort((luck, group))]
    return consortia.with_seats(org)
