"""For people who write scenarios: the JSON Schema that editors read, and a commented first scenario."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from sim.errors import UsageError, nearest
from sim.parameters import PARAMETERS, Parameter
from sim.scenario.fields import section_names
from sim.scenario.policy import policy_names
from sim.scenario.problems import bounds
from sim.scenario.scenario import DEFAULT_POLICIES, Futures, Rules, Scenario
from sim.scenario.shipped import shipped

SCHEMA_FILE = "mobilise.schema.json"
SCHEMA_LINE = f"# yaml-language-server: $schema={SCHEMA_FILE}"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, for hover text and completion in an editor."""
    schema = Scenario.model_json_schema()
    schema["properties"]["base"] = {
        "type": "string",
        "description": "Scenario file in the same folder that this one changes.",
    }
    policy = schema["$defs"]["Policy"]["properties"]
    policy["like"] = {"type": "string", "description": "Built-in policy that this one changes."}
    names = {"type": "string", "enum": list(policy_names())}
    schema["properties"]["policies"]["items"] = {"anyOf": [names, schema["properties"]["policies"]["items"]]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "mobilise scenario", **schema}


def template(name: str = "my_scenario") -> str:
    """Return a commented scenario in which every parameter stands with its default, range, unit and source.

    Parameters are commented out: what is not set keeps its default and follows the program.
    """
    parts = [_head(name)]
    for section in section_names():
        lines = [f"# {section}:"]
        for parameter in (p for p in PARAMETERS if p.key.startswith(f"{section}.")):
            lines += _parameter(parameter)
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def copies(like: str, name: str) -> dict[str, str]:
    """Return a shipped scenario under a new file name, with the files beside it that it builds on, as texts."""
    known = shipped()
    if like not in known:
        close = nearest(like, known)
        hint = f"; did you mean '{close}'?" if close else ""
        raise UsageError(f"no scenario '{like}' is shipped{hint} (mobilise rules scenarios lists them)")
    folder, text = known[like].parent, known[like].read_text("utf-8")
    stem = name.partition(".")[0]
    beside = re.findall(r"^(?:base|  file): *([\w.]+)", text, re.MULTILINE)
    own = re.sub(rf"^name: {like}$", f"name: {stem}", text, flags=re.MULTILINE)
    return {name: own, **{file: (folder / file).read_text("utf-8") for file in beside}}


def _head(name: str) -> str:
    rules = ", ".join(f"{key}: {field.default}" for key, field in Rules.model_fields.items())
    policies = "\n".join(f"  - {policy}" for policy in DEFAULT_POLICIES)
    futures = Futures.model_fields["count"].default
    replicates, seed = (Scenario.model_fields[key].default for key in ("replicates", "seed"))
    return f"""{SCHEMA_LINE}
# A scenario: one world, what is unknown about it, and the policies compared in it.
# Lines that begin with '#' are comments. Everything has a default: keep what you change, delete the rest.
# Check it with: mobilise check {name}.yaml     Run it with: mobilise compare {name}.yaml

name: {name}
question: "Does looking wider for partners pay?"
look_for: "Who is ahead at the end, and from which quarter on."
# expectation: "State what you expect before you run it."
# expected: ahead    # the same as a sign, focus against baseline: the report then says whether it held

policies:            # names from `mobilise rules`, or policies of your own, as below
{policies}
  # - name: my_policy
  #   like: strategic_mobilisation     # a built-in policy, changed below
  #   terms: {{role_gain: 1, trust: 0.5}}
baseline: {DEFAULT_POLICIES[0]}
focus: {DEFAULT_POLICIES[1]}   # the headline says: focus against baseline

replicates: {replicates:<9}#  worlds drawn with the values below
seed: {seed:<15}#  all luck comes from this number
# adopters: 1        # share of organisations that follow the policy under study; the rest follow the baseline
# futures:
#   count: {futures:<14}# worlds beside these, with uncertain parameters drawn from their ranges
#   ranges: {{work.complementarity: [-8, 1]}}
# rules: {{{rules}}}
# shocks:
#   - {{at: 9, kind: demand_shift}}    # quarter of the comparison, 1 is the first
# tables: {{clusters: clusters.csv, organisations: organisations.csv}}

# Parameters. To change one, remove the '# ' before it and before its section."""


def _parameter(parameter: Parameter) -> list[str]:
    default = f"{Decimal(repr(parameter.default)):f}".removesuffix(".0")
    setting = f"#   {parameter.key.split('.', 1)[1]}: {default}"
    unit = "" if parameter.unit == "1" else f" {parameter.unit}"
    span = f"{bounds(parameter.low, parameter.high)}{unit}"
    return [f"{setting:<33} # {parameter.text} [{span}; {parameter.source}]"]
