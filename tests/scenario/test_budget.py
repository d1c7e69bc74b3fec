"""What a study will take: the structure of a world that costs time, by hand; no clock is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import loads
from sim.scenario.budget import begins, seconds_of_world

PLAIN = "name: one\nworld: {smes: 400, clusters: 4, steps: 8, burn_in: 2}\npolicies: [same_known_partners, solo]\n"
PROJECTS = "project,start,end,theme\na,2014-01-01,2016-12-31,SC1\nb,2015-01-01,2015-12-31,SC1\n"


def past(folder: Path, members: dict[str, str]) -> str:
    """Write two past projects with these members; return a scenario that starts from them."""
    rows = [f"{project},{org},P,PRC,DE" for project, orgs in members.items() for org in orgs]
    (folder / "projects.csv").write_text(PROJECTS, "utf-8")
    (folder / "participations.csv").write_text("\n".join(["project,org,role,type,country", *rows, ""]), "utf-8")
    return PLAIN + "tables: {projects: projects.csv, participations: participations.csv}\n"


def test_a_partner_met_has_more_partners_than_the_mean(tmp_path: Path) -> None:
    """Of 123 and 14, 1 has three partners, 2 and 3 have two, 4 has one: (9 + 4 + 4 + 1) / 8, where the mean is 2."""
    found = begins(loads(past(tmp_path, {"a": "123", "b": "14"}), folder=tmp_path))
    assert (found.relations, found.partners) == (4, pytest.approx(18 / 8))
    assert begins(loads(PLAIN)).relations == 404 * 5 / 2


def test_a_dense_past_costs_time_and_most_where_partners_of_candidates_are_looked_at(tmp_path: Path) -> None:
    everybody = "abcdefghijklmnopqrstuvwxyz"
    seconds = {}
    for name, members in (("thin", {"a": everybody[:13], "b": everybody[13:]}), ("dense", {"a": everybody, "b": everybody})):
        for policies in ("[same_known_partners, solo]", "[same_known_partners, closure]"):
            text = past(tmp_path, members).replace("[same_known_partners, solo]", policies)
            seconds[name, "closure" in policies] = seconds_of_world(loads(text, folder=tmp_path), 2)
    assert seconds["dense", False] > seconds["thin", False]
    assert seconds["dense", True] - seconds["dense", False] > 1.9 * (seconds["thin", True] - seconds["thin", False]) > 0


def test_policies_share_the_building_and_the_burn_in() -> None:
    one, two, four = (seconds_of_world(loads(PLAIN), count) for count in (1, 2, 4))
    assert two - one == pytest.approx((four - two) / 2) and one > two - one
    assert seconds_of_world(loads(PLAIN, {"challenges.rate": 0.4}), 1) > one
