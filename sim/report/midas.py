"""A catalogue record in the form in which the MIDAS network lists models; fields about diseases are left out."""

from __future__ import annotations

import platform
from typing import Any

from sim import __version__
from sim.parameters import ASSUMED, PARAMETERS
from sim.report.trace import FORBIDDEN
from sim.run import RESULT_VERSION
from sim.scenario import catalogue
from sim.scenario.scenario import Scenario


def record(scenario: Scenario) -> dict[str, Any]:
    """Return the record: what it is, what goes in and comes out, where it may be used and where not."""
    assumed = sum(parameter.source == ASSUMED for parameter in PARAMETERS)
    return {
        "title": "mobilise",
        "version": __version__,
        "resultVersion": RESULT_VERSION,
        "type": "agent-based model",
        "humanReadableSynopsis": "Firms and cluster organisations form, trust and dissolve partnerships under "
                                 "configurable "
                                 "rules; policies of mobilising partners are compared on the same worlds.",
        "question": scenario.question,
        "scenario": scenario.name,
        "license": "MIT",
        "creators": [{"name": "The mobilise founders"}],
        "programmingLanguage": f"Python {platform.python_version()}",
        "populationModelled": {name: scenario.values()[f"world.{name}"] for name in
                               ("smes", "clusters", "research", "large", "public")},
        "timeStep": "quarter",
        "stepsCompared": scenario.values()["world.steps"],
        "policies": [policy.name for policy in scenario.policies],
        "interventions": [entry.name for entry in catalogue.instrument_entries()],
        "outcomes": [{"name": entry.name, "unit": entry.details["Unit"]} for entry in catalogue.outcome_entries()],
        "parameters": {"all": len(PARAMETERS), "assumed": assumed},
        "stochastic": True,
        "randomness": "keyed draws; common luck across policies",
        "dataInputFormats": ["YAML (scenario)", "CSV (clusters, organisations, relatedness, projects)"],
        "dataOutputFormats": ["Parquet", "CSV", "JSON", "SVG", "PNG", "HTML"],
        "documentation": {"ODD": "mobilise describe --odd", "TRACE": "mobilise describe --trace",
                          "trust": "mobilise describe --trust"},
        "calibration": "formation can be calibrated; production is assumed",
        "notFor": list(FORBIDDEN),
    }
