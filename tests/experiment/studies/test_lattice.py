"""The lattice of a regime map: it finds the same border as a full grid, with fewer nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pytest

from sim.experiment.lattice import Lattice, Node, crossings, follow

Truth = Callable[[float, float], float]
BORDERS: list[Truth] = [lambda x, y: x - 0.62, lambda x, y: y - x * x - 0.1, lambda x, y: x + y - 0.9,
                        lambda x, y: (x - 0.5) ** 2 + (y - 0.5) ** 2 - 0.09]


def survey(lattice: Lattice, truth: Truth) -> dict[Node, float]:
    return follow(lattice, lambda nodes: {node: truth(*lattice.share(node)) for node in nodes})


@pytest.mark.parametrize("truth", BORDERS)
def test_the_border_is_that_of_a_full_grid_for_fewer_nodes(truth: Truth) -> None:
    lattice = Lattice(6, 3)
    known = survey(lattice, truth)
    full = {node: truth(*lattice.share(node)) for node in lattice.nodes(lattice.refine)}
    followed, grid = lattice.filled(known), lattice.filled(full)
    for row in range(lattice.side + 1):
        assert crossings(followed[:, row]) == pytest.approx(crossings(grid[:, row]), abs=0.5 / lattice.side)
    assert len(known) < 0.45 * len(full)


def test_a_full_lattice_is_left_as_it_is() -> None:
    lattice = Lattice(2, 2)
    full = {node: float(node[0] * 10 + node[1]) for node in lattice.nodes(2)}
    assert lattice.filled(full).tolist() == [[float(x * 10 + y) for y in range(9)] for x in range(9)]


def test_between_nodes_a_plane_stays_a_plane() -> None:
    lattice = Lattice(2, 2)
    coarse = {(x, y): 3.0 * x - 2.0 * y for x, y in lattice.nodes(0)}
    assert np.allclose(lattice.filled(coarse), [[3.0 * x - 2.0 * y for y in range(9)] for x in range(9)])


def test_without_a_border_nothing_is_refined() -> None:
    asked: list[int] = []

    def measure(nodes: Iterable[Node]) -> dict[Node, float]:
        found = dict.fromkeys(nodes, 1.0)
        asked.append(len(found))
        return found
    follow(Lattice(4, 3), measure)
    assert asked == [25, 0, 0, 0]


def test_a_node_that_failed_leaves_its_cells_alone() -> None:
    lattice = Lattice(2, 1)
    known = {node: float(node[0] - 1) for node in lattice.nodes() if node != (0, 0)}
    assert (0, 0) not in lattice.doubtful(0, known)


@pytest.mark.parametrize(("row", "places"), [([-1, 1], [0.5]), ([-1, 0, 1], [0.5]), ([1, 1], []), ([-1, 3, 3, -3], [1 / 12, 10 / 12]),
                                             ([np.nan, 1, -1], [0.75])])
def test_crossings(row: list[float], places: list[float]) -> None:
    assert crossings(np.array(row, float)) == pytest.approx(places)
