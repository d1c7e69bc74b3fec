"""What sets the policies of a recording apart: their settings and public programmes, each with its meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.instrument import Instrument
    from sim.scenario.policy import Policy
    from sim.scenario.scenario import Scenario

LEVERS = ("sources", "search", "fill", "size", "mode", "renew")
PRACTICE = ("shared_goal", "shares_by_role", "trusted_lead")


def levers(scenario: Scenario, policies: Sequence[Policy]) -> list[dict[str, Any]]:
    """Return what the policies set, each with its meaning and the value under each run."""
    fields: Any = type(policies[0]).model_fields
    found = [{"key": key, "meaning": fields[key].description or "",
              "values": [_shown(getattr(policy, key)) for policy in policies]} for key in LEVERS]
    terms = list(dict.fromkeys(name for policy in policies for name in policy.terms))
    found += [{"key": f"weight of {name.replace('_', ' ')}", "meaning": _meaning(name),
               "values": [f"{policy.terms.get(name, 0):g}" for policy in policies]} for name in terms]
    practice: Any = type(policies[0].practice).model_fields
    found += [{"key": key, "meaning": practice[key].description or "",
               "values": [_shown(getattr(policy.practice, key)) for policy in policies]} for key in PRACTICE]
    return found + _programmes(scenario, policies)


def _programmes(scenario: Scenario, policies: Sequence[Policy]) -> list[dict[str, Any]]:
    """Return what public programmes each run has, with their money; nothing where there are none."""
    return [{"key": one.name, "meaning": f"Public programme, quarters {one.start} to {one.end}. {one.text}".strip(),
             "values": [_money(one, policy) if one in scenario.in_force(policy) else "none" for policy in policies]}
            for one in scenario.instruments]


def _money(one: Instrument, policy: Policy) -> str:
    return f"{one.budget:,.0f} kEUR" if one.budget and policy.grants else "without money"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(str(one).replace("_", " ") for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")


def _meaning(term: str) -> str:
    from sim.scenario.catalogue import rule_entries

    return next((entry.text for entry in rule_entries("terms") if entry.name == term), "")
