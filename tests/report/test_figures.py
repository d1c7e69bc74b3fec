"""Figures: what they show is what the numbers say, at a size people can read, in the same bytes each time."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.report import frames, numbers, style
from sim.report.forest import forest
from sim.report.layout import find_hubs, place
from sim.report.network import VISIBLE_TIES, network_pair
from sim.report.sectors import sector_matrix
from sim.report.trajectories import difference_series, fan_chart

POLICIES = ("same_known_partners", "strategic_mobilisation", "known_by_fit")
BASE, NEW = POLICIES[0], POLICIES[1]


def edges(pairs: list[tuple[int, int]]) -> pd.DataFrame:
    """Ties of equal trust and age."""
    return pd.DataFrame({"a": [a for a, _ in pairs], "b": [b for _, b in pairs], "trust": 0.5, "age": 4})


@pytest.fixture
def figures(totals: pd.DataFrame, series: pd.DataFrame, nodes: pd.DataFrame) -> dict[str, Figure]:
    square = np.arange(9.0).reshape(3, 3)
    ties = edges([(2, 4), (3, 5)]), edges([(2, 4), (2, 3)])
    return {
        "forest": forest(totals, baseline=BASE)[0],
        "difference": difference_series(series, policy=NEW, baseline=BASE)[0],
        "fan": fan_chart(series, policies=POLICIES)[0],
        "sectors": sector_matrix(square, square.T, names=(BASE, NEW))[0],
        "network": network_pair(nodes, ties, names=(BASE, NEW), subtitle="world 1")[0],
    }


def texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def test_every_text_is_twelve_points_or_more(figures: dict[str, Figure]) -> None:
    for name, figure in figures.items():
        figure.draw_without_rendering()
        assert min(text.get_fontsize() for text in texts(figure)) >= 12, name


def test_every_figure_has_its_title_inside(figures: dict[str, Figure]) -> None:
    for name, figure in figures.items():
        figure.draw_without_rendering()
        titles = [axes.title if axes.title.get_text() else axes._left_title for axes in figure.axes]
        shown = [title for title in titles if title.get_text()]
        assert shown, name
        for title in shown:
            box = title.get_window_extent()
            assert box.y1 <= figure.bbox.y1 + 1 and box.x0 >= -1, name


def test_the_same_figure_gives_the_same_bytes(tmp_path: Path, totals: pd.DataFrame) -> None:
    for kind in ("svg", "png"):
        files = [style.save(forest(totals, baseline=BASE)[0], tmp_path / f"{n}.{kind}", "a title")
                 for n in (1, 2)]
        assert files[0].read_bytes() == files[1].read_bytes()
    assert b"<dc:date>" not in (tmp_path / "1.svg").read_bytes()


def test_drawing_leaves_the_callers_settings_alone(totals: pd.DataFrame) -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    forest(totals, baseline=BASE)
    assert dict(mpl.rcParams) == before


def test_figures_draw_on_given_axes(totals: pd.DataFrame, series: pd.DataFrame) -> None:
    figure = Figure()
    one, two, three = figure.subplots(1, 3)
    assert forest(totals, baseline=BASE, ax=one) == (figure, one)
    assert difference_series(series, policy=NEW, baseline=BASE, ax=two) == (figure, two)
    assert fan_chart(series, ax=three) == (figure, three)


def test_forest_says_mean_interval_and_worlds_ahead(totals: pd.DataFrame) -> None:
    # differences 1, 2, 3, 4: mean 2.5, s = 1.2910, t(3) = 3.1824, half width 2.0542
    said = {text.get_text() for text in texts(forest(totals, baseline=BASE)[0])}
    assert "+2.50 [0.45, 4.55]" in said
    assert {"4 of 4", "0 of 4"} <= said


def test_forest_has_a_bar_for_nine_of_ten_futures(totals: pd.DataFrame) -> None:
    drawn = totals.assign(future=1 + totals["replicate"])
    _, ax = forest(totals, baseline=BASE, drawn=drawn)
    bars = [line for line in ax.lines if line.get_linewidth() == 9]
    ends = [tuple(np.round(line.get_xdata(), 6)) for line in bars]
    assert ends == [(-1.0, -1.0), (1.15, 3.85)]  # 5th and 95th percentile of -1, -1, -1, -1 and of 1, 2, 3, 4
    assert not [line for line in forest(totals, baseline=BASE)[1].lines if line.get_linewidth() == 9]


def test_forest_puts_the_best_on_top(totals: pd.DataFrame) -> None:
    _, ax = forest(totals, baseline=BASE)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["known by fit", "strategic mobilisation"]


def test_series_marks_the_quarter_of_overtaking(series: pd.DataFrame) -> None:
    # −2 −2 +1 +1 +1 +1 +1 +1 adds up to −1 after quarter 5, 0 after 6, 1 after 7 and 2 after 8
    said = {text.get_text() for text in texts(difference_series(series, policy=NEW, baseline=BASE)[0])}
    assert "ahead from quarter 7" in said and "+2.00" in said


@pytest.mark.parametrize(("path", "index"), [([-1, -1, 1, 1], 2), ([1, 2, 3], None), ([-1, -2], None),
                                             ([-1, 1, -1, 2], 3), ([1, -1, 0, 1], 3), ([0, 0], None)])
def test_overtaking_is_the_last_change_to_the_positive(path: list[float], index: int | None) -> None:
    assert frames.overtakes(np.array(path)) == index


def test_a_world_without_the_baseline_is_left_out(totals: pd.DataFrame) -> None:
    missing = totals.drop(totals[(totals["policy"] == BASE) & (totals["replicate"] == 3)].index)
    assert frames.mean_interval(frames.paired_totals(missing, "net_value", BASE)[NEW].to_numpy())[0] == 2.0


def test_interval_of_few_values() -> None:
    assert frames.mean_interval(np.array([3.0])) == (3.0, 3.0, 3.0)
    assert np.isnan(frames.mean_interval(np.array([]))).all()


def test_spread_keeps_order_gap_and_centre() -> None:
    assert style.spread([0.5, 0.5], 0.1) == pytest.approx([0.45, 0.55])
    assert style.spread([0.0, 1.0], 0.1) == [0.0, 1.0]
    placed = style.spread([0.52, 0.5, 0.51, 0.9], 0.1)
    assert sorted(range(4), key=placed.__getitem__) == [1, 2, 0, 3]
    assert np.diff(sorted(placed)).min() >= 0.1 - 1e-12


@pytest.mark.parametrize(("value", "text"), [(38.24, "+38.2"), (-0.0123, "−0.0123"), (0.0, "0"),
                                             (1234.5, "+1,234"), (2.5, "+2.50"), (-1e-9, "0.0000")])
def test_signed_numbers(value: float, text: str) -> None:
    assert numbers.signed(value) == text


def test_policies_differ_in_colour_line_and_marker() -> None:
    for part in ("colour", "line", "marker"):
        assert len({str(getattr(look, part)) for look in style.LOOKS}) == len(style.LOOKS)
    assert [style.LOOKS[k].colour for k in range(3)] == ["#0072B2", "#D55E00", "#009E73"]


def test_positions_do_not_depend_on_the_order_of_rows(nodes: pd.DataFrame) -> None:
    one = place(nodes).set_index("id")[["x", "y"]]
    two = place(nodes.sample(frac=1, random_state=1)).set_index("id")[["x", "y"]]
    pd.testing.assert_frame_equal(one.sort_index(), two.sort_index())


def test_cluster_organisations_sit_at_the_hub(nodes: pd.DataFrame) -> None:
    placed = place(nodes).set_index("id")
    _, hubs, _ = find_hubs(nodes)
    for cluster in (0, 1):
        assert placed.loc[cluster, ["x", "y"]].to_numpy(float) == pytest.approx(hubs[cluster])


def test_given_positions_are_kept(nodes: pd.DataFrame) -> None:
    given = nodes.assign(x=0.1, y=0.2)
    assert place(given) is given


def test_network_counts_what_only_one_policy_has(nodes: pd.DataFrame) -> None:
    figure, _ = network_pair(nodes, (edges([(2, 4), (3, 5)]), edges([(4, 2)])), names=(BASE, NEW))
    said = {text.get_text() for text in texts(figure)}
    assert "2 ties, 1 of them only here" in said and "1 ties, 0 of them only here" in said


def test_too_many_ties_are_bundled() -> None:
    count = 120
    ids = np.arange(count)
    nodes = pd.DataFrame({"id": ids, "cluster": ids % 4, "sector": ids % 4,
                          "kind": ["cluster_organisation"] * 4 + ["sme"] * (count - 4)})
    pairs = [(int(a), int(b)) for a in ids for b in ids[a + 1:]][:VISIBLE_TIES + 1]
    figure, _ = network_pair(nodes, (edges(pairs), edges(pairs[:50])), names=(BASE, NEW))
    assert any(re.search(r"or more ties between two clusters", text.get_text()) for text in texts(figure))


def test_an_empty_network_is_drawn(nodes: pd.DataFrame) -> None:
    network_pair(nodes, (edges([]), edges([])), names=(BASE, NEW))[0].draw_without_rendering()
