"""What an instrument can ask for; the phase `instruments` does it, within the budget."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Compete:
    """Let these organisations plan consortia; the best eligible ones are funded.

    ``renew`` holds for each lead the partnership whose team stays, -1 for a fresh one; ``parallel``:
    the consortia only exchange, there is no joint work.
    """

    leads: tuple[int, ...]
    renew: tuple[int, ...]
    parallel: bool = False


@dataclass(frozen=True)
class Label:
    """Label the members of running partnerships, the best first."""

    partnerships: tuple[int, ...]


@dataclass(frozen=True)
class Instalment:
    """Pay this quarter's part of an action's eligible cost and grant."""

    action: int


@dataclass(frozen=True)
class Strategy:
    """Let the members of an action move towards their joint vision; ``done``: the strategy is written."""

    action: int
    done: bool


@dataclass(frozen=True)
class Inform:
    """Let the cluster organisations of an action tell their members of it."""

    action: int


@dataclass(frozen=True)
class Mission:
    """Let the cluster organisations of an action meet so many counterparts in a third market, in all."""

    action: int
    market: int
    contacts: int


@dataclass(frozen=True)
class Introduce:
    """Let members of these clusters meet, ``count`` pairs across clusters; ``paid``: each meeting is paid for."""

    clusters: tuple[int, ...]
    count: int
    action: int = -1
    market: int = -1
    paid: bool = False


@dataclass(frozen=True)
class SmallProjects:
    """Let members of an action's clusters propose small projects; the best are funded from ``grant`` cents."""

    action: int
    grant: int


@dataclass(frozen=True)
class RealLifeTest:
    """At the end of a demonstrator: success raises demand for the tested fields."""

    action: int


@dataclass(frozen=True)
class Refund:
    """Pay a share of costs that organisations have paid already.

    Each is (organisation, partnership, cents, seat it was paid for; -1: none).
    """

    costs: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True)
class Promise:
    """Let organisations count on a share of their coordination coming back until the instrument's end."""

    organisations: tuple[int, ...]


@dataclass(frozen=True)
class Require:
    """Demand a share of newcomers of all consortia funded this quarter."""

    newcomers: float


Intent = (Compete | Label | Instalment | Strategy | Inform | Mission | Introduce | SmallProjects | RealLifeTest
          | Refund | Promise | Require)
