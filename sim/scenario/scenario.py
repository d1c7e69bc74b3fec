"""A scenario: one world, its uncertainties and the policies that meet in it, validated and frozen."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BeforeValidator, Field, PrivateAttr, create_model

from sim.parameters import BY_KEY, PARAMETERS
from sim.scenario.fields import Section, Strict, make_section, section_names
from sim.scenario.instrument import Instrument
from sim.scenario.names import Known, SafeName
from sim.scenario.observed import Observed
from sim.scenario.policy import NEUTRAL, AnyPolicy, Policy, Share, _tuple, builtin
from sim.vocab import Shock as ShockKind

EVERYWHERE = -1
DEFAULT_POLICIES = ("same_known_partners", "strategic_mobilisation")
Range = Annotated[tuple[float, float], BeforeValidator(_tuple)]


def _default_policies() -> tuple[Policy, ...]:
    return tuple(builtin(name) for name in DEFAULT_POLICIES)


class Rules(Strict):
    """The replaceable rules by name; `mobilise rules` lists them."""

    accept: Annotated[str, Known("accept")] = Field("standard", description="How an invitee decides.")
    produce: Annotated[str, Known("produce")] = Field("ces", description="How roles combine into success.")
    trust: Annotated[str, Known("trust")] = Field(
        "standard", description="How trust changes with experience."
    )
    learn: Annotated[str, Known("learn")] = Field("standard", description="How competences change.")
    part: Annotated[str, Known("part")] = Field("standard", description="When a member leaves.")
    renew: Annotated[str, Known("renew")] = Field("after_success", description="When a team stays together.")


class Shock(Strict):
    """Something that happens to the world at a date."""

    at: int = Field(ge=1, le=400, description="Quarter of the comparison, 1 is the first.")
    kind: Annotated[str, Known("shock")] = Field(description="What happens.")
    which: int = Field(
        EVERYWHERE,
        ge=EVERYWHERE,
        le=100_000,
        description=(
            "Which sector, third market or cluster, counted from 0; -1: every sector (demand shift only)."
        ),
    )


class Futures(Strict):
    """What nobody knows about the world, and how far it may differ."""

    count: int = Field(
        20, ge=0, le=100_000, description="Plausible futures beside the scenario's own values."
    )
    file: str | None = Field(
        None, description="CSV table of futures (a column for each parameter), drawn from line by line."
    )
    ranges: dict[str, Range] | None = Field(
        None,
        description="Parameter address and [low, high]; "
        "default: every uncertain parameter. work.complementarity always is; beside a file only what is given here.",
    )

    def resolved(self) -> dict[str, tuple[float, float]]:
        """Return the ranges in the order of the parameter table, production form included."""
        default = {p.key: p.uncertain for p in PARAMETERS if p.uncertain}
        given = (
            default
            if self.ranges is None
            else self.ranges
            if self.file
            else {"work.complementarity": default["work.complementarity"], **self.ranges}
        )
        return {key: (float(given[key][0]), float(given[key][1])) for key in BY_KEY if key in given}


class Tables(Strict):
    """Files with a user's own world, beside the scenario."""

    clusters: str | None = Field(None, description="clusters.csv: id,country,sector,management[,region]")
    organisations: str | None = Field(
        None, description="organisations.csv: id,kind,country,sector,cluster[,activity,fields]"
    )
    relatedness: str | None = Field(
        None, description="Fields by fields matrix of numbers in [0, 1], without header."
    )
    projects: str | None = Field(
        None, description="Past projects: project,start,end,...,theme (.gz is fine)."
    )
    participations: str | None = Field(None, description="Who took part: project,org,role,type,country,...")

    def given(self) -> dict[str, str]:
        """Return the tables that are set."""
        return {key: path for key, path in self.model_dump().items() if path is not None}


if TYPE_CHECKING:
    from sim.phases.shocks import DatedShock

    class _Sections(Strict):
        def __getattr__(self, name: str) -> Any: ...
else:
    _Sections = create_model(
        "_Sections",
        __base__=Strict,
        **{
            name: (section, Field(default_factory=section))
            for name in section_names()
            for section in [make_section(name)]
        },
    )


class Scenario(_Sections):
    """Everything that a study says about its world; one attribute for each section of parameters.

    Parameters
    ----------
    name, question, look_for, expectation, expected : what the study is about; they change no result.
    rules : the replaceable rules.
    policies, baseline, focus : the policies compared; the headline is focus against baseline.
    adopters : share of organisations that follow the policy under study; the rest follow the baseline.
    instruments : public programmes; a policy may name those in force under it.
    observed : what was really seen, to be held against the answer; it changes no result.
    shocks, futures, tables : dated events, uncertainties, the user's own tables.
    replicates, seed : worlds drawn, and the number that all luck comes from.
    """

    name: SafeName = Field("scenario", description="Name of the study; results are kept under it.")
    question: str = Field("", description="The question in one sentence.")
    look_for: str = Field("", description="What to look at in the answer.")
    expectation: str | None = Field(None, description="What is expected, stated before it is run.")
    expected: Annotated[str, Known("expected")] | None = Field(
        None,
        description="The expectation as the sign of the headline, focus against baseline: "
        "the report says whether it held.",
    )
    rules: Rules = Field(default_factory=Rules, description="The replaceable rules.")
    policies: Annotated[tuple[AnyPolicy, ...], BeforeValidator(_tuple)] = Field(
        default_factory=_default_policies,
        min_length=1,
        max_length=100,
        description="Names of built-in policies, or policies written here.",
    )
    baseline: str = Field("", description="Policy that others are compared with; default: the first.")
    focus: str = Field("", description="Policy the headline is about; default: the second.")
    adopters: Share = Field(1.0, description="Share of organisations that follow the policy under study.")
    shocks: Annotated[tuple[Shock, ...], BeforeValidator(_tuple)] = Field(
        (), max_length=1000, description="Dated shocks."
    )
    instruments: Annotated[tuple[Instrument, ...], BeforeValidator(_tuple)] = Field(
        (), max_length=60, description="Public programmes: calls, labels, actions, vouchers."
    )
    observed: Annotated[tuple[Observed, ...], BeforeValidator(_tuple)] = Field(
        (), max_length=100, description="What was really seen: figures that compare holds the simulated ones against."
    )
    futures: Futures = Field(default_factory=Futures, description="What nobody knows.")
    replicates: int = Field(
        20, ge=1, le=1_000_000, description="Worlds drawn with the scenario's own values."
    )
    seed: int = Field(1, ge=0, le=2**63 - 1, description="Number that all luck comes from.")
    tables: Tables = Field(default_factory=Tables, description="The user's own tables.")
    _table_hashes: dict[str, str] = PrivateAttr(default_factory=dict)

    def values(self) -> dict[str, float]:
        """Return every parameter by its dotted key."""
        return {
            p.key: float(getattr(getattr(self, p.key.split(".")[0]), p.key.split(".", 1)[1]))
            for p in PARAMETERS
        }

    def policy(self, name: str) -> Policy:
        """Return one of the scenario's policies, or a built-in one."""
        return next((policy for policy in self.policies if policy.name == name), None) or builtin(name)

    def dated_shocks(self) -> tuple[DatedShock, ...]:
        """Return the shocks as the engine takes them: the first compared quarter is 0 there, 1 here."""
        from sim.phases.shocks import DatedShock

        return tuple(
            DatedShock(shock.at - 1, ShockKind[shock.kind.upper()], shock.which) for shock in self._ordered()
        )

    def in_force(self, policy: Policy) -> tuple[Instrument, ...]:
        """Return the instruments in force under a policy."""
        chosen = policy.instruments
        return tuple(one for one in self.instruments if chosen is None or one.name in chosen)

    def arm(self, policy: Policy) -> dict[str, Any]:
        """Return what a policy means with its instruments, as JSON-able data; without any, the policy alone."""
        chosen = sorted((one.canonical() for one in self.in_force(policy)), key=lambda one: str(one["name"]))
        extra = {"instruments": chosen, "grants": policy.grants} if chosen else {}
        return {**policy.canonical(), **extra}

    def _ordered(self) -> list[Shock]:
        return sorted(self.shocks, key=lambda shock: (shock.at, shock.kind, shock.which))

    def with_tables(self, paths: dict[str, str], hashes: dict[str, str]) -> Self:
        """Return the scenario with its tables found: where they lie, and the SHA-256 of what they hold."""
        found = self.model_copy(update={"tables": self.tables.model_copy(update=paths)})
        found._table_hashes = dict(hashes)
        return found

    def canonical(self) -> dict[str, Any]:
        """Return what the scenario means, without its prose: JSON-able, sorted, defaults spelt out.

        A table is named by what it holds, not by where it lies.
        """
        content: dict[str, Any] = {name: _floats(getattr(self, name)) for name in section_names()}
        content |= {key: getattr(self, key) for key in ("seed", "replicates", "baseline", "focus")}
        content |= {
            "rules": self.rules.model_dump(),
            "adopters": float(self.adopters),
            "shocks": [[shock.at, shock.kind, shock.which] for shock in self._ordered()],
            "tables": dict(self._table_hashes),
            "policies": [self.arm(policy) for policy in self.policies],
            "burn_in_policy": builtin(NEUTRAL).canonical(),
            "futures": {
                "count": self.futures.count,
                "ranges": {key: list(ends) for key, ends in self.futures.resolved().items()},
            },
        }
        return _sorted(content)


def fingerprint(scenario: Scenario) -> str:
    """Return the SHA-256 of a scenario's canonical form."""
    text = json.dumps(scenario.canonical(), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _floats(section: Section) -> dict[str, float]:
    return {key: float(value) + 0.0 for key, value in section.model_dump().items()}


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    return value
