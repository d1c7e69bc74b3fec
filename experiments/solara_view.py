"""Optional: Mesa's own page on the Mesa face, for those who know it. The classroom page (`mobilise live`) is the supported way.

    pip install "mesa==3.3.1" "solara==1.54.0" "ipyvuetify==1.11.3" "reacton==1.9.1" "altair==5.5.0"
    solara run experiments/solara_view.py

Rendered once, by hand, with exactly these versions (with ipyvuetify 3 Mesa 3.3 fails). Mesa's page loads fonts and scripts
from the network, draws one policy at a time and cannot go back: hence a page of our own.
"""

from __future__ import annotations

from typing import Any

import solara
from matplotlib.figure import Figure
from mesa.visualization import SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

import sim
from sim.report.layout import place
from sim.report.snapshot import edges_of, nodes_of

SCENARIO = "scenarios/classroom.yaml"
POLICIES = ["same_known_partners", "strategic_mobilisation", "adaptive", "solo"]


class Classroom(sim.CollaborationModel):
    """The classroom scenario; Mesa's page builds it anew from these two parameters."""

    def __init__(self, policy: str = POLICIES[0], seed: int = 1, **_: Any) -> None:
        super().__init__(SCENARIO, policy=policy, seed=int(seed))


@solara.component
def Network(model: Classroom) -> None:
    """Draw the ties alive: thicker when older, fainter with less trust."""
    update_counter.get()
    world = model.simulation.world
    nodes, ties = place(nodes_of(world)).set_index("id"), edges_of(world)
    figure = Figure(figsize=(6, 6))
    ax = figure.subplots()
    for tie in ties.itertuples():
        ends = nodes.loc[[tie.a, tie.b]]
        ax.plot(ends["x"], ends["y"], color="#0072B2", alpha=0.15 + 0.7 * tie.trust, linewidth=0.6 + tie.age / 12)
    hubs = nodes["kind"] == "cluster_organisation"
    ax.scatter(nodes["x"][~hubs], nodes["y"][~hubs], s=16, color="#5b6670", zorder=3)
    ax.scatter(nodes["x"][hubs], nodes["y"][hubs], s=60, color="#1f2933", marker="s", zorder=4)
    ax.set_aspect("equal")
    ax.axis("off")
    solara.FigureMatplotlib(figure)


page = SolaraViz(
    Classroom(),
    components=[Network, make_plot_component({"ties": "#0072B2"}), make_plot_component({"team_trust": "#D55E00"})],
    model_params={
        "policy": {"type": "Select", "value": POLICIES[0], "values": POLICIES, "label": "Policy"},
        "seed": {"type": "InputText", "value": 1, "label": "Seed"},
    },
    name="mobilise on the Mesa face",
)
page  # noqa: B018
