"""Words shared by every layer: kinds, sources, outcomes of things, event types, codes.

All codes are small integers that compiled code compares; their names are what people see.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

MAX_FIELDS_HELD: Final = 6
MAX_FIELDS: Final = 56
MAX_MARKETS: Final = 8  # market m is held as bit MAX_FIELDS + m of an organisation's field mask
MAX_ROLES: Final = 12
MAX_TEAM: Final = 100
NOBODY: Final = -1


class Kind(IntEnum):
    """Kind of an organisation."""

    SME = 0
    CLUSTER_ORGANISATION = 1
    RESEARCH = 2
    LARGE = 3
    PUBLIC = 4


class Source(IntEnum):
    """Where a lead can look for partners, in the fixed order of search; SELF is the lead."""

    KNOWN = 0
    PARTNERS_OF_PARTNERS = 1
    OWN_CLUSTER = 2
    BRIDGED_CLUSTERS = 3
    OPEN_CALL = 4
    DIRECTORY = 5  # the oracle's: the best of the whole world for each role
    OLD_TEAMS = 6
    BY_ACTIVITY = 7
    RENEWED = 8
    SELF = 9


class Side(IntEnum):
    """Whose policy an organisation follows: a row of the world's policies."""

    STUDIED = 0
    BASELINE = 1
    NEUTRAL = 2


class Search(IntEnum):
    """How the sources of a policy are opened."""

    ALL = 0
    SEQUENTIAL = 1
    BY_PLACE = 2  # for each open place anew, until somebody is named


class Mode(IntEnum):
    """How the partners work."""

    JOINT = 0
    PARALLEL = 1


class Fate(IntEnum):
    """What became of a candidate on the lead's desk."""

    FREE = 0
    DECLINED = 1
    ACCEPTED = 2
    STAND_BY = 3
    BUSY = 4


class Reason(IntEnum):
    """Why a member left or a partnership ended."""

    NONE = 0
    SUCCESS = 1
    FAILURE = 2
    DISTRUST = 3
    COSTS = 4
    HAZARD = 5
    DEATH = 6
    ROLE_LOST = 7
    TOO_FEW = 8
    PARALLEL_DONE = 9
    SHOCK = 10


class Shock(IntEnum):
    """Kinds of dated shocks."""

    DEMAND_SHIFT = 0
    MARKET_CLOSED = 1
    CLUSTER_LOST = 2


class TrustEvent(IntEnum):
    """What one member learns about another."""

    DELIVERED = 0
    FAILED = 1
    JOINT_SUCCESS = 2
    JOINT_FAILURE = 3
    IDLE = 4


class Event(IntEnum):
    """Types of rows in the event log (columns: step, type, a, b, ref, amount; see world/events)."""

    BORN = 0
    DIED = 1
    CHALLENGE = 2
    LAPSED = 3
    FORMED = 4
    JOINED = 5
    LEFT = 6
    LEAD_CHANGED = 7
    DELIVERY = 8
    PAID = 9
    EARNED = 10
    ENDED = 11
    BRIDGE = 12
    SHOCK = 13
    RENEWED = 14
    HOME_INCOME = 15
    GRANT = 16
    LABELLED = 17
    MEETING = 18
    ACCESS = 19
