"""Accounts of public programmes: for each instrument what it had, on whom it was spent, and why the rest was not."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels.money import CENTS_PER_KEUR
from sim.outcomes.funnel import ledger
from sim.outcomes.registry import Record
from sim.vocab import Kind

MONEY = ("budget", "smes", "cluster_organisations", "others", "administration", "unspent", "returned")
COUNTS = ("applied", "refused", "unfunded", "funded", "voluntary", "labelled", "pays")
FIELDS = (*MONEY, *COUNTS)


def accounts(record: Record) -> np.ndarray[Any, Any]:
    """Return [instruments, FIELDS] float64, instruments in the order in which they act; money in kEUR."""
    pools, paid = ledger(record).pools, ledger(record).rows("payments")
    table = np.zeros((len(pools), len(FIELDS)))
    kinds = record.orgs.kind[paid.org]
    groups = ((paid.org >= 0) & (kinds == Kind.SME), (paid.org >= 0) & (kinds == Kind.CLUSTER_ORGANISATION),
              (paid.org >= 0) & (kinds != Kind.SME) & (kinds != Kind.CLUSTER_ORGANISATION))
    table[:, 0] = pools.budget
    for column, group in enumerate(groups, 1):
        table[:, column] = np.bincount(paid.instrument[group], paid.grant[group].astype(float), len(pools))
    table[:, 4], table[:, 5], table[:, 6] = pools.administration, pools.free + pools.promised, pools.returned
    table[:, : len(MONEY)] /= CENTS_PER_KEUR
    for column, name in enumerate(COUNTS, len(MONEY)):
        table[:, column] = pools[name]
    return table
