"""The world: all tables of one run, and the view of them that compiled code works on."""

from __future__ import annotations

from operator import is_not
from typing import Any

import numpy as np

from sim.kernels.crowd import CROWDS
from sim.kernels.handle import Handle
from sim.kernels.pairs import FREE, rebuild_bridges, rebuild_index
from sim.luck import power
from sim.vocab import MAX_FIELDS, MAX_MARKETS, MAX_ROLES
from sim.world import tables as t
from sim.world.ledger import Ledger
from sim.world.slots import power_of_two

RULE_FAMILIES = ("accept", "produce", "trust", "learn", "part", "renew")
RULES_DTYPE = np.dtype([(name, "i8") for name in RULE_FAMILIES])


class View(Handle):
    """What compiled code sees of a `World`; made anew when a table has grown."""

    _fields = (
        "p", "rule", "n", "flow",      # records: parameters, rules, counters, flows of this step
        "seed", "log", "shared",       # u8 run seed; bools: write the event log, other threads write here as well
        "orgs", "rels", "parts", "seats", "ties", "roles", "clusters", "props", "pol", "events", "whys",
        "index",              # [2^m] u4: pair index, see kernels.pairs
        "bridges",            # [2^m] u4: the same for cluster organisations alone: small, it stays in cache
        "slots",              # [2^k] i4: slot table, organisation row or -1
        "members", "member_uids",    # [organisations] i4, u8: cluster members, grouped by cluster, and their uids
        "active",             # [partnerships] i4: rows of running partnerships, oldest first
        "ranking",            # [sectors, fields of the widest sector] i1: field at each rank of demand, -1 padding
        "zipf",               # [sectors, same] f8: cumulative demand over ranks
        "sector_of",          # [fields] i1: sector of a field
        "other_sector",       # [sectors, sectors] f8: cumulative chance of a role's sector outside the own
        "relatedness",        # [fields, fields] f8 in [0, 1]
        "general_trust",      # [countries] f8: trust in a stranger
        "market_open",        # [MAX_MARKETS] i1
        "plan_member", "plan_source",    # [proposals, largest team] i4, i1: the planned team, lead first
        "plan_reserve", "plan_reserve_source",    # [proposals, MAX_ROLES] i4, i1: a stand-by for each role, or -1
        "directory",          # [MAX_FIELDS + MAX_MARKETS, DIRECTORY] i4: the best of the world by field, -1 padding
        "crowd", "crowd_sum", "crowd_first", "crowd_span",   # organisations by activity: see kernels/crowd
    )


GROWING = {"orgs": (t.ORGANISATIONS, "organisations"), "rels": (t.RELATIONS, "relations"),
           "parts": (t.PARTNERSHIPS, "partnerships"), "seats": (t.SEATS, "seats"),
           "ties": (t.TIES, "ties"), "roles": (t.ROLES, "roles"),
           "events": (t.EVENTS, "events"), "whys": (t.WHYS, "whys")}


class World:
    """All tables of one run.

    Parameters
    ----------
    p : parameter record (`sim.parameters.make_params`).
    policies : recarray of `tables.POLICIES`; row 0 is the policy under study, row 1 the baseline
        of non-adopters, row 2 the neutral policy of the burn-in.
    rules : mapping of rule family to rule id.
    seed : run seed, unsigned 64 bit; a function of scenario seed and replicate, never of policy.
    """

    orgs: Any
    rels: Any
    parts: Any
    seats: Any
    ties: Any
    roles: Any
    events: Any
    whys: Any
    _view: Any = None
    _apart: list[Any]  # the same for threads

    def __init__(self, p: Any, policies: Any, rules: dict[str, int], seed: int) -> None:
        self.p, self.pol = p, policies
        self.rule = np.recarray(1, RULES_DTYPE)[0]
        for family in RULE_FAMILIES:
            self.rule[family] = rules[family]
        self.n = t.COUNTERS.allocate(1)[0]
        self.flow = t.FLOWS.allocate(1)[0]
        self.seed = np.uint64(seed)
        for name, (table, _) in GROWING.items():
            setattr(self, name, table.allocate(16))
        self.props = t.PROPOSALS.allocate(0)
        self.clusters = t.CLUSTERS.allocate(0)
        self.index, self.bridges = np.full(64, FREE, np.uint32), np.full(64, FREE, np.uint32)
        self.slots = np.full(16, -1, np.int32)
        self.members, self.member_uids = np.zeros(0, np.int32), np.zeros(0, np.uint64)
        self.active = np.zeros(16, np.int32)
        self.market_open = np.ones(MAX_MARKETS, np.int8)
        self._set_space()
        self._set_plans(0)
        self.directory = np.full((MAX_FIELDS + MAX_MARKETS, 0), -1, np.int32)
        self.crowd, self.crowd_sum = np.zeros((CROWDS, 0), np.int32), np.zeros((CROWDS, 0))
        self.crowd_first, self.crowd_span = np.zeros((CROWDS, 1), np.int32), np.zeros((CROWDS, 0))
        self.log = self.shared = False
        self.ledger = Ledger()

    def _set_space(self) -> None:
        """Lay out fields over sectors, relatedness and demand (`MODEL` section 2 and 5.1)."""
        fields, sectors = int(self.p.world_fields), int(self.p.world_sectors)
        self.sector_of = (np.arange(fields) * sectors // fields).astype(np.int8)
        self.relatedness = default_relatedness(self.sector_of)
        self.general_trust = np.full(int(self.p.world_countries), float(self.p.trust_general))
        widest = int(np.bincount(self.sector_of, minlength=sectors).max())
        self.ranking = np.full((sectors, widest), -1, np.int8)
        self.zipf = np.ones((sectors, widest))
        for s in range(sectors):
            own = np.flatnonzero(self.sector_of == s)
            self.ranking[s, : len(own)] = own
            total = 0.0
            for rank in range(len(own)):
                total += power(float(rank + 1), -float(self.p.challenges_zipf))
                self.zipf[s, rank] = total
            if len(own):
                self.zipf[s, : len(own)] /= total
        self.set_relatedness(self.relatedness)

    def set_relatedness(self, matrix: np.ndarray[Any, Any]) -> None:
        """Use ``matrix`` ([fields, fields] in [0, 1]) and the sector chances that follow from it."""
        self.relatedness = np.ascontiguousarray(matrix, float)
        sectors = int(self.p.world_sectors)
        between = np.zeros((sectors, sectors))
        for a in range(sectors):
            for b in range(sectors):
                block = self.relatedness[np.ix_(self.sector_of == a, self.sector_of == b)]
                between[a, b] = block.mean() if a != b and block.size else 0.0
        total = between.sum(axis=1, keepdims=True)
        self.other_sector = np.cumsum(between / np.where(total > 0, total, 1.0), axis=1)

    def _set_plans(self, proposals: int) -> None:
        team = int(self.pol.max_size.max())
        self.plan_member = np.full((proposals, team), -1, np.int32)
        self.plan_source = np.zeros((proposals, team), np.int8)
        self.plan_reserve = np.full((proposals, MAX_ROLES), -1, np.int32)
        self.plan_reserve_source = np.zeros((proposals, MAX_ROLES), np.int8)

    def reserve_plans(self, proposals: int) -> None:
        """Make room for the plans of this quarter's proposals."""
        if proposals > len(self.plan_member):
            self._set_plans(proposals + proposals // 4 + 16)

    def reserve(self, name: str, more: int) -> None:
        """Make room for ``more`` rows in a growing table (by its view name)."""
        table, counter = GROWING[name]
        setattr(self, name, table.grow(getattr(self, name), int(self.n[counter]) + int(more)))

    def reserve_relations(self, more: int) -> None:
        """Make room for relations and as many ties of seats; keep the pair index at most three quarters full."""
        self.reserve("rels", more)
        self.reserve("ties", more)
        wanted = power_of_two(4 * len(self.rels) // 3 + 1)
        pairs = len(self.clusters) * (len(self.clusters) - 1) // 2
        bridges = power_of_two(2 * min(pairs, int(self.n.bridges) + int(more)))
        if wanted > len(self.index) or bridges > len(self.bridges):
            self.bridges = np.full(max(bridges, len(self.bridges)), FREE, np.uint32)
            if wanted > len(self.index):
                self.index = np.full(wanted, FREE, np.uint32)
                rebuild_index(self.index, self.rels, int(self.n.relations))
            rebuild_bridges(self.view())

    def reserve_proposals(self, count: int) -> None:
        """Make room for this quarter's ``count`` proposals (last quarter's are gone)."""
        if count > len(self.props):
            self.props = t.PROPOSALS.allocate(count + count // 4 + 16)

    def reserve_partnerships(self, partnerships: int, seats: int, roles: int) -> None:
        """Make room for more partnerships with their seats and roles."""
        self.reserve("parts", partnerships)
        self.reserve("seats", seats)
        self.reserve("roles", roles)
        self.reserve_active(partnerships)

    def reserve_active(self, more: int) -> None:
        """Make room for ``more`` running partnerships."""
        wanted = int(self.n.active) + int(more)
        if wanted > len(self.active):
            self.active = np.concatenate([self.active, np.zeros(wanted, np.int32)])

    def view(self) -> Any:
        """Return the record of arrays that kernels, rules and phases work on; a new one when an array was replaced."""
        arrays = [getattr(self, name) for name in View._fields]
        if self._view is None or any(map(is_not, arrays, self._view.values)):
            self._view, self._apart = View(*arrays), []  # nothing holds on to arrays that were replaced
        return self._view

    def views_apart(self, count: int) -> list[Any]:
        """Return views for as many threads, each with flows of its own; `add_flows` adds them to the world's."""
        fields = dict(zip(View._fields, self.view().values, strict=True))
        while len(self._apart) < count:
            self._apart.append(View(*(fields | {"flow": t.FLOWS.allocate(1)[0], "shared": True}).values()))
        return self._apart[:count]

    def add_flows(self, views: list[Any]) -> None:
        """Add the flows of views apart to the world's, and begin them anew."""
        for view in views:
            for name in self.flow.dtype.names:
                self.flow[name] += view.flow[name]
                view.flow[name] = 0

    def copy(self) -> World:
        """Return an independent copy: the arms of a comparison start from one burn-in."""
        twin = object.__new__(World)
        for name, value in self.__dict__.items():
            setattr(twin, name, value.copy() if hasattr(value, "copy") else value)
        twin._view = None
        for name, (table, _) in GROWING.items():
            setattr(twin, name, table.copy(getattr(self, name)))
        for name in ("p", "rule", "n", "flow"):
            source = getattr(self, name)
            fresh = np.recarray(1, source.dtype)
            fresh[0] = source
            setattr(twin, name, fresh[0])
        return twin


def default_relatedness(sector_of: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return [F, F]: 1 for a field itself, 0.5 in its sector, 0.25 in sectors next in the chain, 0.1 else."""
    gap = np.abs(sector_of[:, None].astype(int) - sector_of[None, :].astype(int))
    matrix = np.where(gap == 0, 0.5, np.where(gap == 1, 0.25, 0.1))
    np.fill_diagonal(matrix, 1.0)
    return matrix
