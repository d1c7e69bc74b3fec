"""The regime map: what is on it, that it reads without colour, and that its words say the same."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from sim.experiment.lattice import Lattice, follow
from sim.experiment.planes import Axis, Plane, Spot
from sim.experiment.regime import Regime
from sim.report import style
from sim.report.regime import band_colours, bands, fine, regime_map, regime_maps, ticks
from sim.report.regime_marks import at_own, roomiest
from sim.report.text_studies import border_text, headline, iso_text, plane_text

FIRST, SECOND = "strategic_mobilisation", "same_known_partners"
LATTICE = Lattice(4, 2)


def plane(effect: str = "bundle", border: float = 0.6, price: float | None = None, half: float = 12.0, paid: float = 0) -> Plane:
    """Return a plane that falls by 10 for each tenth along x and is 0 at ``border``."""
    known = follow(LATTICE, lambda nodes: {node: 100 * (border - LATTICE.share(node)[0]) for node in nodes})
    spots = tuple(Spot(node, 1, mean, mean - half, mean + half, 4, "", paid * LATTICE.share(node)[0]) for node, mean in known.items())
    return Plane(effect, FIRST, SECOND, LATTICE, spots, 2.0, price)


def regime(*planes: Plane, iso: tuple[Plane, ...] = (), own: float | None = 0.25, paid: str | None = None) -> Regime:
    study: Any = SimpleNamespace(
        text=SimpleNamespace(outcomes=("net_value",), question="Who?", map=SimpleNamespace(lever="price", paid=paid),
                             uncertainties={"price": SimpleNamespace(text="contact costs", times=("a",))}),
        scenario=SimpleNamespace(values=lambda: {"world.steps": 28}))
    x = Axis("cost", "Cost", 0.25, 4.0, True, own, 1.0, ("cheap", "dear"))
    y = Axis("work.complementarity", "How roles combine", -8.0, 1.0, False, 0.5, -3.5)
    empty: Any = None
    return Regime(study, Path(), x, y, planes or (plane(),), iso, "kEUR per organisation", empty, 80, 400, (), (), empty)


def texts(figure: Any) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_text().strip()]


def test_what_is_on_the_map() -> None:
    figure, _ = regime_map(regime(plane(), iso=(plane(price=0, border=0.8),)))
    said = "\n".join(text.get_text() for text in texts(figure))
    for word in ("Strategic mobilisation\nahead", "Same known partners\nahead", "cannot be told apart", "this scenario\n+35",
                 "border without\ncontact costs", "cheap", "over 7 years", "4 worlds a point"):
        assert word in said, said


def test_a_subsidy_is_reckoned_in_money() -> None:
    """By hand: the firms bear a quarter of 40 x; at the border x = 0.8 that is 32, so three quarters are 96; all is paid by 24."""
    quarter, free = plane(price=0.25, border=0.8, paid=40), plane(price=0, border=0.8)
    found = regime(plane(paid=30), iso=(quarter, free), paid="search_cost")
    assert "the subsidy costs 96, in kEUR per organisation, under strategic mobilisation" in iso_text(found)[0]
    assert "the subsidy costs about 24 (with as many contacts as at the full price), in kEUR per organisation" in iso_text(found)[1]
    said = "\n".join(text.get_text() for text in texts(regime_map(found)[0]))
    assert "contact costs paid back: dotted 75 % (96 kEUR), dash-dot 100 % (about 24 kEUR)." in said, said


# Machado, Oliveira & Fernandes 2009, table 1: deuteranopia, severity 1, on linear RGB
DEUTERANOPIA = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]])
GREY = np.array([[0.2126, 0.7152, 0.0722]] * 3)  # relative luminance, IEC 61966-2-1


def seen(colours: Any, by: Any) -> Any:
    """Return [colours, 3] CIE L*a*b* (D65) of sRGB colours after a linear change of linear RGB."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    xyz = np.clip(linear @ by.T, 0, 1) @ np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                                                   [0.0193339, 0.1191920, 0.9503041]]).T
    ratio = xyz / np.array([0.95047, 1.0, 1.08883])
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def test_its_colours_stay_apart_with_deuteranopia_and_steps_show_in_grey() -> None:
    """Ahead and behind, equally far from zero, differ clearly to a deuteranope; in grey neighbouring bands still differ.

    In grey the two sides are as dark as each other; there sign, dashes, names and the border tell them apart (tested above).
    """
    levels = [-100, -75, -50, -25, 0, 25, 50, 75, 100]
    tints = np.array([to_rgb(colour) for colour in band_colours(levels)])
    apart = np.linalg.norm(seen(tints, DEUTERANOPIA)[:4][::-1] - seen(tints, DEUTERANOPIA)[4:], axis=1)
    assert (apart > 10).all(), apart  # 2.3 is just noticeable
    light = seen(tints, GREY)[:, 0]
    assert (np.diff(light[:4]) > 2.3).all() and (np.diff(light[4:]) < -2.3).all(), light


def test_it_reads_without_colour() -> None:
    """Sides differ in line style and sign, not in colour alone; the band in doubt is hatched."""
    figure, ax = regime_map(regime())
    styles = {str(style_) for lines in ax.collections for style_ in lines.get_linestyle()}
    assert any(pattern.hatches if hasattr(pattern, "hatches") else False for pattern in ax.collections)
    assert len(styles) >= 2
    numbers = [text.get_text() for text in texts(figure)]
    assert any(text.startswith("+") for text in numbers) and any(text.startswith("−") for text in numbers)


def test_no_text_is_small_and_the_title_is_inside() -> None:
    for figure in (regime_map(regime())[0], regime_maps(regime(plane(), plane("reach"), plane("fit")))):
        assert min(text.get_fontsize() for text in texts(figure)) >= 12


def test_the_same_map_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (style.save(regime_map(regime())[0], tmp_path / f"{k}.svg").read_bytes() for k in (1, 2))
    assert one == two


def test_a_map_without_border_doubt_or_own_place() -> None:
    figure, _ = regime_map(regime(plane(border=9.0, half=1.0), own=None))
    said = "\n".join(text.get_text() for text in texts(figure))
    assert "Same known partners\nahead" not in said and "cannot be told apart\n" not in said and "this scenario" not in said


def test_words_say_what_the_map_shows() -> None:
    found = regime()
    said = headline(found, found.planes[0])
    assert "Strategic mobilisation is ahead in 4" in said or "Strategic mobilisation is ahead in 5" in said
    assert "difference is +35" in said
    x = 0.25 * 16**0.6
    assert f"border lies at cost = {x:.3g}" in border_text(found, found.planes[0])
    assert "no border is crossed" in plane_text(found, plane(border=9.0))


def test_levels_are_round_and_hold_zero() -> None:
    found = bands(np.array([[-73.0, 0.0], [10.0, 210.0]]))
    assert 0.0 in found and found[0] <= -73 and found[-1] >= 210 and np.ptp(np.diff(found)) < 1e-9


def test_ticks() -> None:
    places, labels = ticks(regime().x)
    assert labels == ["0.25", "0.5", "1", "2", "4"] and places == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert ticks(regime().y)[1][0] == "−8"


def test_finer_fields_invent_nothing() -> None:
    field = np.array([[0.0, 1.0], [2.0, 3.0]])
    drawn = fine(field)
    assert drawn[0, 0] == 0 and drawn[-1, 0] == 1 and drawn[0, -1] == 2 and drawn.min() == 0 and drawn.max() == 3


def test_the_own_place_is_read_off_the_field() -> None:
    assert at_own(regime(), plane()) == pytest.approx(35.0)


def test_names_stand_where_there_is_room() -> None:
    where = np.zeros((50, 50), bool)
    where[:, 30:] = True
    spot = roomiest(where, [])
    assert spot is not None and 0.6 < spot[0] < 1.0
    assert roomiest(np.zeros((50, 50), bool), []) is None
