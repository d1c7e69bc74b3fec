"""The channels in words."""

from __future__ import annotations

from sim.experiment.channels import Channel, Channels
from sim.experiment.findings import Estimate
from sim.report import text_channels


def value(mean: float, half: float) -> Estimate:
    return Estimate(mean, mean - half, mean + half, mean - half, mean + half, half / 2, half, 10)


def found(*channels: Channel) -> Channels:
    return Channels("one", "strategic_mobilisation", "same_known_partners", "net_value", "kEUR per organisation", 10,
                    value(30.0, 5.0), value(1.0, 2.0), channels, (), "results/one-channels")


COVERAGE = Channel("coverage", "all roles count as covered", value(5, 1), value(25, 4), value(20, 3), value(19, 3))
ALIGNMENT = Channel("alignment", "visions do no harm", value(30, 1), value(0.5, 4), value(1, 3), value(0.1, 3))


def test_the_headline_names_what_is_clear() -> None:
    said = " ".join(text_channels.headline(found(COVERAGE, ALIGNMENT)).split())
    assert "+30.0 [25.0, 35.0] kEUR per organisation" in said
    assert "coverage (+25.0 [21.0, 29.0])" in said and "alignment" not in said


def test_nothing_clear_is_said() -> None:
    assert "No single channel" in text_channels.headline(found(ALIGNMENT))


def test_the_table_has_both_directions_and_how_to_read_it() -> None:
    said = " ".join(text_channels.answer(found(COVERAGE, ALIGNMENT)).split())
    for part in ("+25.0", "+19.0", "all roles count as covered", "With every channel off the difference is +1.00 [−1.00, 3.00]"):
        assert part in said
