"""The regime map: what is on it, that it reads without colour, and that its words say the same."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text

from sim.experiment.lattice import Lattice, follow
from sim.experiment.planes import Axis, Plane, Spot
from sim.experiment.regime import Regime
from sim.report import style
from sim.report.regime import bands, fine, regime_map, regime_maps, ticks
from sim.report.regime_marks import at_own, roomiest
from sim.report.text_studies import border_text, headline, plane_text

FIRST, SECOND = "strategic_mobilisation", "same_known_partners"
LATTICE = Lattice(4, 2)


def plane(effect: str = "bundle", border: float = 0.6, price: float | None = None, half: float = 12.0) -> Plane:
    """Return a plane that falls by 10 for each tenth along x and is 0 at ``border``."""
    known = follow(LATTICE, lambda nodes: {node: 100 * (border - LATTICE.share(node)[0]) for node in nodes})
    spots = tuple(Spot(node, 1, mean, mean - half, mean + half, 4, "") for node, mean in known.items())
    return Plane(effect, FIRST, SECOND, LATTICE, spots, 2.0, price)


def regime(*planes: Plane, iso: tuple[Plane, ...] = (), own: float | None = 0.25) -> Regime:
    study: Any = SimpleNamespace(
        text=SimpleNamespace(outcomes=("net_value",), question="Who?", map=SimpleNamespace(lever="price"),
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
