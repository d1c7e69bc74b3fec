"""What one client may ask of the classroom page, and what it is answered; plain data in and out.

A world is run from its beginning each time (a small one takes a fraction of a second), so nothing is kept
between questions but the scenario: a thousand branches later the server is as it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.app.recording import Lane, branch, lanes_of, record
from sim.errors import MobiliseError, ScenarioError, UsageError, nearest
from sim.parameters import BY_KEY

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

LEVERS = ("search.cost_scale", "search.noise", "work.coordination_cost", "work.complementarity", "work.trust_share",
          "challenges.rate", "challenges.breadth", "trust.general")
MOST_ORGANISATIONS, MOST_QUARTERS = 2000, 120
LONGEST_MESSAGE = 4096
FIELDS = {"start": {"do"}, "branch": {"do", "at", "policy", "settings"}}


@dataclass(frozen=True)
class Class:
    """What the page of one server shows: the scenario, the policies side by side, the world."""

    scenario: Scenario
    policies: tuple[str, ...]
    replicate: int = 0

    def check(self) -> None:
        """Refuse a world that a class cannot run live, with the limit."""
        values = self.scenario.values()
        for key, most in (("world.smes", MOST_ORGANISATIONS), ("world.steps", MOST_QUARTERS)):
            if values[key] > most:
                raise UsageError(f"{key}: {values[key]:,.0f} is too much for a live page; at most {most:,} "
                                 f"(--set {key}={most}, or mobilise replay)")


def ask(room: Class, text: str) -> str:
    """Return the answer to one message; whatever is wrong is said in it."""
    try:
        return json.dumps(_answer(room, _read(text)), separators=(",", ":"), allow_nan=False)
    except ScenarioError as error:
        return problem("; ".join(one.message for one in error.problems))
    except MobiliseError as error:
        return problem(str(error))


def problem(text: str) -> str:
    """Return a refusal."""
    return json.dumps({"problem": text})


def _read(text: str) -> dict[str, Any]:
    """Return the message, if it is one that is understood."""
    if len(text) > LONGEST_MESSAGE:
        raise UsageError(f"this message is too long; at most {LONGEST_MESSAGE} characters")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise UsageError("this message is not JSON") from None
    if not isinstance(message, dict) or not isinstance(message.get("do"), str) or message["do"] not in FIELDS:
        raise UsageError(f"this message asks for nothing known; known: {', '.join(FIELDS)}")
    if set(message) != FIELDS[message["do"]]:
        fields = ", ".join(sorted(FIELDS[message["do"]]))
        raise UsageError(f"a message to {message['do']} has exactly the fields {fields}")
    return message


def _answer(room: Class, message: Mapping[str, Any]) -> dict[str, Any]:
    lanes = lanes_of(room.scenario, room.policies, room.replicate)
    answer: dict[str, Any] = {"levers": _levers(room.scenario), "policies": _policies(room.scenario)}
    if message["do"] == "branch":
        answer["at"] = _quarter(room, message["at"])
        lanes.append(_changed(room, lanes[0], message))
    return answer | {"recording": record(lanes)}


def _quarter(room: Class, at: Any) -> int:
    steps = int(room.scenario.values()["world.steps"])
    if not isinstance(at, int) or isinstance(at, bool) or not 0 <= at < steps:
        raise UsageError(f"a change begins in a quarter from 0 to {steps - 1}")
    return at


def _changed(room: Class, lane: Lane, message: Mapping[str, Any]) -> Lane:
    """Return the third run: the first one's past, then another policy and other settings."""
    policy, settings = message["policy"], message["settings"]
    names = [one["name"] for one in _policies(room.scenario)]
    if policy not in names:
        close = nearest(str(policy)[:80], names)
        raise UsageError("there is no such policy" + (f"; did you mean '{close}'?" if close else ""))
    if not isinstance(settings, dict) or not set(settings) <= set(LEVERS):
        raise UsageError(f"only these can be changed: {', '.join(LEVERS)}")
    update: dict[str, Any] = {}
    for key, value in settings.items():
        section, name = key.split(".", 1)
        before = update.get(section, getattr(room.scenario, section))
        update[section] = before.model_copy(update={name: _within(key, value)})
    scenario = room.scenario.model_copy(update=update)
    changed = ", ".join(f"{key.split('.')[1].replace('_', ' ')} {float(value):g}" for key, value in settings.items())
    label = policy.replace("_", " ") + (f", {changed}" if changed else "")
    return branch(lane, message["at"], scenario, policy, label)


def _within(key: str, value: Any) -> float:
    low, high = _range(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise UsageError(f"{key}: allowed {low:g} to {high:g}")
    return float(value)


def _range(key: str) -> tuple[float, float]:
    """Return the range of a slider: what is drawn for plausible futures, else all that is allowed."""
    parameter = BY_KEY[key]
    return parameter.uncertain or (parameter.low, min(parameter.high, max(1.0, 5 * parameter.default)))


def _levers(scenario: Scenario) -> list[dict[str, Any]]:
    values = scenario.values()
    return [{"key": key, "low": min(_range(key)[0], values[key]), "high": max(_range(key)[1], values[key]),
             "value": values[key], "text": BY_KEY[key].text, "unit": BY_KEY[key].unit, "whole": BY_KEY[key].whole}
            for key in LEVERS if key in BY_KEY]


def _policies(scenario: Scenario) -> list[dict[str, str]]:
    from sim.scenario.policy import policy_names

    names = dict.fromkeys([*(policy.name for policy in scenario.policies), *policy_names()])
    return [{"name": name, "text": scenario.policy(name).text} for name in names if name != "neutral"]
