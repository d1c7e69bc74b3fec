"""What is free in shipped studies: at most fifteen parameters, all of them screened; the rest is frozen."""

from __future__ import annotations

from pathlib import Path

import yaml

from sim.parameters import BY_KEY

EXPERIMENTS = Path(__file__).parents[3] / "experiments"
ASKED = {"work.lead_base", "challenges.rate", "world.activity_sigma", "trust.loss", "work.goal_cost"}


def test_at_most_fifteen_are_free_and_all_were_screened() -> None:
    screened = set(yaml.safe_load((EXPERIMENTS / "what_decides_morris.yaml").read_text("utf-8"))["uncertainties"])
    decided = set(yaml.safe_load((EXPERIMENTS / "what_decides_sobol.yaml").read_text("utf-8"))["uncertainties"])
    drawn = {key for key, one in BY_KEY.items() if one.uncertain}
    assert drawn == decided and len(drawn | ASKED) <= 15
    assert drawn | ASKED <= screened
    said = (EXPERIMENTS / "studies.md").read_text("utf-8")
    assert all(f"`{key}`" in said for key in drawn | ASKED)
