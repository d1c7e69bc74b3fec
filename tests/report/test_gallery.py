"""The gallery and the stories, on invented worlds."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.report import gallery, pair
from sim.report.snapshot import edges_of, nodes_of
from sim.report.why import explanation, why
from sim.vocab import Reason
from sim.world import tables


def world(organisations: int = 4) -> SimpleNamespace:
    """A small world: 1 left, 0-1 2-3 worked together lately, 0-2 long ago."""
    orgs = tables.ORGANISATIONS.allocate(organisations)
    orgs.uid[:] = np.arange(organisations) + 100
    orgs.cluster[:] = np.arange(organisations) % 2
    orgs.left[1] = 5
    rels = tables.RELATIONS.allocate(3)
    rels.a[:], rels.b[:] = [0, 2, 0], [1, 3, 2]
    rels.times[:] = 1
    rels["last"][:], rels["first"][:] = [20, 20, 2], [10, 10, 1]
    rels.trust_ab[:], rels.trust_ba[:] = 0.2, 0.6
    counts = SimpleNamespace(organisations=organisations, relations=3, step=24, whys=2, partnerships=1)
    return SimpleNamespace(orgs=orgs, rels=rels, n=counts, parts=tables.PARTNERSHIPS.allocate(1),
                           seats=tables.SEATS.allocate(2), roles=tables.ROLES.allocate(1),
                           whys=tables.WHYS.allocate(2))


def test_the_living_are_nodes_once() -> None:
    nodes = nodes_of(world(), world(5))
    assert nodes["id"].tolist() == [100, 102, 103, 104]
    assert set(nodes["kind"]) == {"sme"}


def test_ties_alive_between_the_living_are_edges() -> None:
    edges = edges_of(world())
    assert edges[["a", "b"]].to_numpy().tolist() == [[102, 103]]
    assert edges["trust"].tolist() == pytest.approx([0.4]) and edges["age"].tolist() == [14]


def test_net_value_is_value_less_costs_per_organisation_in_thousands() -> None:
    runs = pd.DataFrame({"run_id": ["x", "y"], "start": [10, 20]})
    wide = pd.DataFrame({"run_id": ["x", "y", "y"], "policy": ["a", "b", "b"], "future": [0, 0, 1], "replicate": 0,
                         "step": 1, "value": [5_000_000, 5_000_000, 1], "search": 1_000_000, "coordination": 500_000,
                         "goal": 500_000})
    net = gallery.net_series(SimpleNamespace(wide_series=wide, runs=runs))  # type: ignore[arg-type]
    assert net["value"].tolist() == pytest.approx([3.0, 1.5])  # 3 m cents are 30 kEUR, for 10 and for 20


def test_the_average_world_is_the_one_nearest_the_mean() -> None:
    rows = [(policy, 0, k, "net_value", gap if policy == "a" else 0.0)
            for k, gap in enumerate((0.0, 4.0, 11.0)) for policy in ("a", "b")]
    totals = pd.DataFrame(rows, columns=["policy", "future", "replicate", "outcome", "value"])
    findings = SimpleNamespace(focus=("a", "b"), headline=SimpleNamespace(outcome="net_value"))
    assert pair.average_world(SimpleNamespace(totals=lambda: totals, findings=findings)) == 1  # type: ignore[arg-type]


def test_the_story_of_a_partnership_names_lead_roles_members_and_candidates() -> None:
    here = world()
    part, seats, whys = here.parts, here.seats, here.whys
    part.uid, part.lead, part.seats, part.roles, part.start, part.due = 7, 0, 2, 1, 3, 12
    seats.org[:] = [0, 2]
    whys.uid[:], whys.org[:], whys.score[:] = 7, [2, 3], [0.5, 0.25]
    whys.terms[:] = np.nan
    whys.terms[:, 0] = 0.5
    whys.fate[:] = [2, 1]
    story = why(here, 0)
    assert [c["fate"] for c in story["candidates"]] == ["joined the plan", "declined"]
    said = explanation(story)
    for part_of in ("running and due in quarter 12", "nobody", "declined", "0.500", "centrality"):
        assert part_of in said
    assert story["with_reasons"] == 0 and "leads" not in said


def test_who_met_the_challenge_is_told_from_who_leads() -> None:
    here = world()
    here.parts.initiator, here.parts.lead, here.whys.org = 1, 2, -1
    said = " ".join(explanation(why(here, 0)).split())
    assert "organisation 1 (" in said and "Organisation 2 leads." in said and "No partnership of this run has any." in said


def test_a_partnership_without_reasons_says_so() -> None:
    here = world()
    here.parts.uid, here.parts.ended, here.parts.reason = 8, 4, Reason.HAZARD
    assert "No reasons are kept" in explanation(why(here, 0))
    assert "It ended in quarter 4: it broke off by chance." in " ".join(explanation(why(here, 0)).split())
