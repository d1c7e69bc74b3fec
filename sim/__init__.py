"""mobilise: how small firms mobilise partners, and what comes of it.

Everything is loaded when it is first asked for, so that ``import sim`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiment.channels import channels
    from sim.experiment.compare import Comparison, compare
    from sim.mesa_face import ClusterAgent, CollaborationModel, SMEAgent
    from sim.run import RunResult, RunSpec, run, run_world
    from sim.scenario.load import load
    from sim.scenario.scenario import Scenario

__version__ = "0.1.0"
HOMES = {
    "compare": "sim.experiment.compare", "Comparison": "sim.experiment.compare",
    "channels": "sim.experiment.channels",
    "load": "sim.scenario.load", "Scenario": "sim.scenario.scenario",
    "run_world": "sim.run", "RunSpec": "sim.run", "RunResult": "sim.run", "run": "sim.run",
    "CollaborationModel": "sim.mesa_face", "SMEAgent": "sim.mesa_face", "ClusterAgent": "sim.mesa_face",
}
__all__ = ["ClusterAgent", "CollaborationModel", "Comparison", "RunResult", "RunSpec", "SMEAgent", "Scenario",
           "channels", "compare", "load", "run", "run_world"]


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *HOMES])
