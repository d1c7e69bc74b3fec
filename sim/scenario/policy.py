"""A policy: one point in the space of search, score, growth, fill and practice, as plain text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from sim.errors import ScenarioError
from sim.scenario.characters import decode, read_bytes
from sim.scenario.fields import Strict
from sim.scenario.names import Known, SafeName
from sim.scenario.nodes import Node, read_nodes
from sim.vocab import MAX_TEAM

HOME = Path(__file__).parent.parent / "policies"
NEUTRAL = "neutral"
Weight = Annotated[float, Field(ge=0, le=1000)]
Share = Annotated[float, Field(ge=0, le=1)]
Profiles = Annotated[int, Field(ge=0, le=64)]
TeamSize = Annotated[int, Field(ge=1, le=MAX_TEAM)]


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class Practice(Strict):
    """How the partners work together once the team stands."""

    shared_goal: bool = Field(False, description="Members build a shared goal while they work, at a cost.")
    shares_by_role: bool = Field(False, description="The value is shared by roles held instead of equally.")
    trusted_lead: bool = Field(False, description="The member whom the others trust most leads.")


class Policy(Strict):
    """Whom a lead mobilises and how the partners work.

    Parameters
    ----------
    name, text, source : what it is called, one plain sentence, where it comes from.
    sources, search : where the lead looks, and whether one after the other or in all at once.
    terms : weight of each score term.
    growth, fill, size, max_size, enough, min_gain : how a team grows and when it is complete.
    practice, mode, renew : how the partners work, and the chance that a successful team stays.
    sees_truth, free_search : the oracle's privileges.
    instruments, grants : which of the scenario's instruments are in force, and whether they pay.
    p, q, ask_all, threshold : settings of the growth rules ``team_assembly`` and ``threshold``.
    candidates : most candidates over all sources, in their order.
    scan, contacts : profiles looked at and organisations approached, where they differ from ``search.*``.
    """

    name: SafeName = Field(description="Name of the policy.")
    text: str = Field("", description="One plain sentence.")
    source: str = Field("assumed", description="Where the policy comes from.")
    sources: Annotated[tuple[Annotated[str, Known("sources")], ...], BeforeValidator(_tuple)] = Field(
        (), description="Where the lead looks for partners; always opened in the fixed order."
    )
    search: Annotated[str, Known("search")] = Field(
        "all",
        description="all: every source at once; sequential: the next only when the team is not complete; "
        "by_place: for each open place anew, and whoever the first source names sits down.",
    )
    terms: dict[Annotated[str, Known("terms")], Weight] = Field(
        default_factory=dict, description="Weight of each score term."
    )
    growth: Annotated[str, Known("growth")] = Field("greedy", description="How the team grows.")
    fill: Annotated[str, Known("fill")] = Field("roles", description="When the team is complete.")
    size: TeamSize = Field(4, description="Usual team size, the lead included (fill: size).")
    max_size: TeamSize = Field(12, description="Largest team, the lead included.")
    enough: Share = Field(0.9, description="Share of its level at which a role counts as filled.")
    min_gain: Share = Field(0.1, description="Least rise in covered roles for which somebody is added.")
    practice: Practice = Field(default_factory=Practice, description="How the partners work together.")
    mode: Annotated[str, Known("mode")] = Field("joint", description="joint work, or parallel and isolated.")
    renew: Share = Field(
        0.3, description="Chance that a successful team stays for the lead's next challenge."
    )
    sees_truth: bool = Field(False, description="True levels and reliabilities are seen (oracle).")
    free_search: bool = Field(False, description="Contacts cost nothing (oracle).")
    instruments: Annotated[tuple[str, ...] | None, BeforeValidator(_tuple)] = Field(
        None, description="Names of the scenario's instruments in force under this policy; default: all, []: none."
    )
    grants: bool = Field(True, description="false: the instruments label partnerships of clusters that run already "
                         "and qualify, choose nobody new and pay nothing.")
    p: Share = Field(0.4, description="Team assembly: chance that a slot goes to an incumbent.")
    q: Share = Field(0.8, description="Team assembly: chance that it goes to a past collaborator.")
    ask_all: bool = Field(
        False, description="Team assembly: past collaborators of any member, not of one incumbent drawn."
    )
    candidates: Profiles = Field(
        0, description="Most candidates over all sources, in the order of the sources; 0: no such limit."
    )
    threshold: Share = Field(0.3, description="Threshold growth: least score of an acceptable partner.")
    scan: dict[Annotated[str, Known("sources")], Profiles] = Field(
        default_factory=dict, description="Profiles looked at in a source, instead of search.*_scan."
    )
    contacts: dict[Annotated[str, Known("sources")], Profiles] = Field(
        default_factory=dict,
        description="Organisations approached in a source, instead of search.*_contacts.",
    )

    def canonical(self) -> dict[str, Any]:
        """Return what the policy does, without its prose: JSON-able, sorted, defaults spelt out."""
        content = self.model_dump(mode="json", exclude={"text", "source", "instruments", "grants"})
        content["sources"] = sorted(content["sources"])
        return {key: content[key] for key in sorted(content)}


def policy_names() -> tuple[str, ...]:
    """Return the names of the built-in policies."""
    return tuple(sorted(path.stem for path in HOME.glob("*.yaml")))


@cache
def policy_text(name: str) -> Node:
    """Return the tree of a built-in policy's file."""
    path = HOME / f"{name}.yaml"
    return read_nodes(decode(read_bytes(path), path.name), path.name)


@cache
def builtin(name: str) -> Policy:
    """Return a built-in policy by name; `ScenarioError` names the nearest one."""
    from sim.scenario.checks import check_policy
    from sim.scenario.problems import unknown_policy, validate

    if name not in policy_names():
        raise ScenarioError([unknown_policy(name)])
    node = policy_text(name)
    policy = validate(Policy, node)
    if problems := check_policy(policy, node, ()):
        raise ScenarioError(problems)
    return policy


def resolve(value: Any) -> Any:
    """Turn a built-in's name into that policy, and lay settings with ``like: name`` over that built-in."""
    if isinstance(value, str):
        _must_exist(value)
        return builtin(value)
    if isinstance(value, dict) and "like" in value:
        changes = dict(value)
        like = changes.pop("like")
        if not isinstance(like, str):
            raise PydanticCustomError("string_type", "text")
        _must_exist(like, ("like",))
        return _laid_over(policy_text(like).plain(), changes)
    return value


def _must_exist(name: str, inside: tuple[str, ...] = ()) -> None:
    if name not in policy_names():
        context = {"family": "policy", "allowed": list(policy_names()), "word": name, "inside": inside}
        raise PydanticCustomError("unknown_name", "unknown {family}", context)


def _laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    practice = above.get("practice")
    merged = {**{key: item for key, item in below.items() if key not in ("name", "text", "source")}, **above}
    if isinstance(practice, dict) and isinstance(below.get("practice"), dict):
        merged["practice"] = {**below["practice"], **practice}
    return merged


AnyPolicy = Annotated[Policy, BeforeValidator(resolve)]
