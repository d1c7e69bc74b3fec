"""The ledger of public programmes: what was promised, paid, met and agreed, and on whom.

Only the phase `instruments` writes here, and `commit` what came of contested challenges. It lies beside
the tables that compiled code sees, so a world without programmes carries nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.world.columns import Column, Table

Array = np.ndarray[Any, Any]
REACHED, ACTIVE, AGREED, IN_PROJECT, ENTERED = range(5)
STAGES = ("reached", "active", "agreed", "in_project", "entered")
MOST_INSTRUMENTS = 60  # bits of a word that says which programmes reached an organisation

POOLS = Table("pools", (
    Column("budget", "i8", "cents given to the instrument"),
    Column("free", "i8", "cents neither promised nor spent"),
    Column("promised", "i8", "cents promised to running actions and not yet paid"),
    Column("paid", "i8", "cents paid as grants"),
    Column("administration", "i8", "cents spent on running the instrument"),
    Column("returned", "i8", "cents that came back from actions which ended early or passed on less"),
    Column("applied", "i8", "applications"),
    Column("refused", "i8", "of them not eligible"),
    Column("unfunded", "i8", "of them eligible, but quota or budget was used up"),
    Column("funded", "i8", "of them funded"),
    Column("voluntary", "i8", "of them taken up without money, from the reserve list"),
    Column("labelled", "i8", "partnerships labelled"),
    Column("end", "i4", "last compared quarter (0 is the first) in which it acts"),
    Column("pays", "i1", "1: its budget is there to be spent, 0: an arm with the label alone"),
))
ACTIONS = Table("actions", (
    Column("cost", "i8", "cents of eligible cost over its whole life"),
    Column("spent", "i8", "cents of it spent so far"),
    Column("award", "i8", "cents of grant promised"),
    Column("paid", "i8", "cents of it paid so far"),
    Column("passing", "i8", "cents of grant it may still pass on to small projects"),
    Column("partnership", "i4", "row of partnerships"),
    Column("start", "i4", "step of its first quarter"),
    Column("quarters", "i4", "planned duration"),
    Column("parent", "i4", "row of the action whose small project it is, -1 none", 1, -1),
    Column("instrument", "i2", "number of the instrument"),
    Column("voluntary", "i1", "1: goes on without money"),
    Column("project", "i1", "1: a small project inside another action"),
    Column("strategy", "i1", "1: its joint strategy is written"),
    Column("heir", "i1", "1: of a team that wrote its strategy in an earlier action"),
    Column("closed", "i1", "1: over, what was left of its grant went back"),
))
MEETINGS = Table("meetings", (
    Column("a", "i4", "organisation row"),
    Column("b", "i4", "other organisation row, -1: a counterpart in the third market", 1, -1),
    Column("step", "i4", "step"),
    Column("action", "i4", "row of actions, -1 none", 1, -1),
    Column("project", "i4", "partnership that came of the agreement, -1 none", 1, -1),
    Column("instrument", "i2", "number of the instrument"),
    Column("market", "i1", "third market it was about, -1 none", 1, -1),
    Column("agreed", "i1", "1: both sides said yes"),
))
PAYMENTS = Table("payments", (
    Column("grant", "i8", "cents of public money"),
    Column("cost", "i8", "cents of the eligible cost that the organisation paid"),
    Column("org", "i4", "organisation row, -1: the programme itself", 1, -1),
    Column("partnership", "i4", "partnership row, -1 none", 1, -1),
    Column("step", "i4", "step"),
    Column("instrument", "i2", "number of the instrument"),
))
SURVIVALS = Table("survivals", (
    Column("alive", "i8", "supported ties alive"),
    Column("ties", "i8", "supported ties that ever worked"),
    Column("once_alive", "i8", "supported ties alive whose two sides no other instrument has funded together since"),
    Column("once", "i8", "supported ties whose two sides no other instrument has funded together since"),
    Column("others_alive", "i8", "ties alive of those of the same age beside the programme, not funded since"),
    Column("others", "i8", "ties of the same age that arose beside the programme and were not funded since"),
    Column("voluntary_alive", "i8", "ties alive between members of consortia that went on without money"),
    Column("voluntary", "i8", "ties that arose between members of consortia that went on without money"),
    Column("never_alive", "i8", "of these, alive and never funded together since"),
    Column("never", "i8", "of these, never funded together since"),
    Column("instrument", "i2", "number of the instrument"),
    Column("years", "i2", "years after the last money"),
))
CONTESTS = Table("contests", (
    Column("inside", "i8", "proposals for contested challenges by firms active in a programme"),
    Column("inside_won", "i8", "of them granted"),
    Column("outside", "i8", "proposals for contested challenges by others"),
    Column("outside_won", "i8", "of them granted"),
    Column("displaced", "i8", "contested challenges that a firm active in a programme won from one that was not"),
    Column("step", "i4", "step"),
))
GROWING = {"actions": ACTIONS, "meetings": MEETINGS, "payments": PAYMENTS, "survivals": SURVIVALS,
           "contests": CONTESTS}


class Ledger:
    """What all programmes of one world did.

    Parameters
    ----------
    budgets : cents of each instrument, by its number.
    clusters : rows of clusters.
    """

    def __init__(self, budgets: Sequence[int] = (), clusters: int = 0) -> None:
        self.pools = POOLS.allocate(len(budgets))
        self.pools.budget[:] = self.pools.free[:] = np.asarray(budgets, np.int64)
        self.tables = {name: table.allocate(4) for name, table in GROWING.items()}
        self.counts = dict.fromkeys(GROWING, 0)
        self.stages = np.zeros((len(STAGES), 0), np.uint64)
        self.opened = np.zeros(clusters, np.uint64)  # by cluster: markets that programmes opened, as bits of `mask`
        self.seat_costs = np.zeros(0, np.int64)  # cost of each seat when the last quarter began
        self.refunds: dict[tuple[int, int, int], int] = {}  # this quarter, by organisation, partnership, seat: cents
        self.partnerships_seen = 0
        self.agreements: dict[tuple[int, int], int] = {}
        self.cohorts: dict[int, tuple[Array, Array, Array]] = {}  # by instrument: ties under it, beside it, voluntary
        self.projects: list[int] = []  # meetings whose project is not over

    def rows(self, name: str) -> Any:
        """Return the rows in use of a table."""
        return self.tables[name][: self.counts[name]]

    def append(self, name: str, **values: Any) -> int:
        """Add one row and return its number."""
        row = self.counts[name]
        self.tables[name] = GROWING[name].grow(self.tables[name], row + 1)
        for column, value in values.items():
            self.tables[name][column][row] = value
        self.counts[name] = row + 1
        return row

    def make_room(self, organisations: int) -> None:
        """Make room for the stages that newborn organisations may reach."""
        more = organisations - self.stages.shape[1]
        if more > 0:
            self.stages = np.concatenate([self.stages, np.zeros((len(STAGES), more), np.uint64)], axis=1)

    def mark(self, stage: int, organisations: Any, instrument: int) -> None:
        """Note that organisations came as far as a stage of an instrument, and so through those before it."""
        self.stages[: stage + 1, np.asarray(organisations, np.int64)] |= np.uint64(1) << np.uint64(instrument)

    def who(self, stage: int, instrument: int | None = None) -> Array:
        """Return the rows of organisations that came as far as a stage, of one instrument or of any."""
        bits = self.stages[stage]
        if instrument is not None:
            bits = bits >> np.uint64(instrument) & np.uint64(1)
        return np.flatnonzero(bits)

    def copy(self) -> Ledger:
        """Return an independent copy."""
        twin = Ledger()
        for name, value in self.__dict__.items():
            setattr(twin, name, value.copy() if hasattr(value, "copy") else value)
        twin.pools = POOLS.copy(self.pools)
        twin.tables = {name: GROWING[name].copy(table) for name, table in self.tables.items()}
        return twin
