"""Text: scenarios, policies and tables are read, validated and explained here."""

from sim.scenario.load import Change, changes, difference, load, loads
from sim.scenario.overrides import parse_overrides
from sim.scenario.policy import NEUTRAL, Policy, builtin, policy_names
from sim.scenario.scenario import Scenario, fingerprint

__all__ = [
    "NEUTRAL",
    "Change",
    "Policy",
    "Scenario",
    "builtin",
    "changes",
    "difference",
    "fingerprint",
    "load",
    "loads",
    "parse_overrides",
    "policy_names",
]
