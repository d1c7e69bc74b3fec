"""A user's own world as tables: clusters, organisations, relatedness; past projects are in `past`.

Each reader returns plain columns (lists and arrays) and refuses what it cannot read, by line.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import Problem, ScenarioError, nearest
from sim.scenario.cells import Floats, TableData, finish, number, numbers, one_of, optional, unique, words
from sim.scenario.csvfile import Columns, read_columns, rows
from sim.scenario.past import read_participations, read_projects
from sim.vocab import MAX_FIELDS, MAX_FIELDS_HELD, Kind

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

KINDS = {kind.name.lower(): kind for kind in Kind if kind != Kind.CLUSTER_ORGANISATION}


def read_clusters(path: str | Path) -> TableData:
    """Return ``id, country, sector, region`` (lists of text) and ``management`` ([clusters] float64)."""
    columns = read_columns(Path(path), ("id", "country", "sector", "management"), ("region",))
    data = {"id": unique(columns, "id"), "management": numbers(columns, "management", 0, 1)}
    data |= {name: words(columns, name) for name in ("country", "sector")}
    data["region"] = list(columns.cells.get("region", [""] * len(columns)))
    finish(columns)
    return data


def read_organisations(path: str | Path, clusters: TableData | None = None) -> TableData:
    """Return one entry per organisation.

    Returns
    -------
    ``id, country, sector, cluster`` (lists of text; cluster may be empty), ``kind`` ([n] int8, vocab.Kind),
    ``activity`` ([n] float64, nan where not given), ``portfolio`` (list of tuples (field, level), empty where
    not given). Cluster organisations come from ``clusters.csv`` and may not be listed here.
    """
    columns = read_columns(Path(path), ("id", "kind", "country", "sector", "cluster"), ("activity", "fields"))
    kind = columns.convert("kind", partial(one_of, allowed=KINDS), ", ".join(KINDS), Kind.SME)
    data = {
        "id": unique(columns, "id"),
        "kind": np.array(kind, np.int8),
        "cluster": list(columns.cells["cluster"]),
    }
    data |= {name: words(columns, name) for name in ("country", "sector")}
    above_nothing = partial(number, low=1e-6, high=1e6)
    activity = optional(columns, "activity", float("nan"), above_nothing, "a number above 0")
    data["activity"] = np.array(activity, float)
    data["portfolio"] = optional(
        columns,
        "fields",
        (),
        _portfolio,
        f"'field:level;...', levels in (0, 1], at most {MAX_FIELDS_HELD} different fields",
    )
    _known_clusters(columns, clusters)
    finish(columns)
    return data


def read_relatedness(path: str | Path, fields: int | None = None) -> Floats:
    """Return the [fields, fields] matrix: symmetric, 1 on the diagonal, all in [0, 1]."""
    where = Path(path).name
    matrix = np.array(_matrix(Path(path)), float)
    if fields is not None and len(matrix) != fields:
        raise ScenarioError(
            [Problem(where, "", f"has {len(matrix)} rows, but world.fields is {fields}", line=len(matrix))]
        )
    problems = [
        Problem(
            where,
            f"column {i + 1}",
            f"relatedness of a field to itself is {matrix[i, i]:g}, not 1",
            line=i + 1,
        )
        for i in range(len(matrix))
        if matrix[i, i] != 1
    ]
    problems += [
        Problem(
            where,
            f"column {j + 1}",
            f"is {matrix[i, j]:g}, but line {j + 1} says {matrix[j, i]:g}",
            line=i + 1,
        )
        for i, j in np.argwhere(matrix != matrix.T)
        if i < j
    ]
    if problems:
        raise ScenarioError(problems)
    return matrix


def _matrix(path: Path) -> list[list[float]]:
    found: list[list[float]] = []
    problems: list[Problem] = []
    for line, cells in rows(path):
        if line > MAX_FIELDS:
            raise ScenarioError([Problem(path.name, "", f"more than {MAX_FIELDS} rows", line=line)])
        found.append([0.0] * len(cells))
        for place, cell in enumerate(cells):
            try:
                found[-1][place] = number(cell.strip(), 0, 1)
            except ValueError:
                problems.append(
                    Problem(
                        path.name,
                        f"column {place + 1}",
                        f"'{cell[:40]}' is not allowed",
                        cell[:80],
                        "a number from 0 to 1",
                        line=line,
                    )
                )
    problems += [
        Problem(path.name, "", f"this row has {len(cells)} cells, the table has {len(found)} rows", line=line)
        for line, cells in enumerate(found, 1)
        if len(cells) != len(found)
    ]
    if problems or not found:
        raise ScenarioError(problems or [Problem(path.name, "", "is empty", line=1)])
    return found


def check_tables(scenario: Scenario) -> None:
    """Read every table of a scenario and raise what is wrong with it."""
    given = scenario.tables.given()
    clusters = read_clusters(given["clusters"]) if "clusters" in given else None
    if "organisations" in given:
        organisations = read_organisations(given["organisations"], clusters)
        _check_fields(organisations, scenario.world.fields, given["organisations"])
    if "relatedness" in given:
        read_relatedness(given["relatedness"], scenario.world.fields)
    if "projects" in given:
        read_participations(given["participations"], read_projects(given["projects"]))


def _check_fields(organisations: TableData, fields: int, path: str) -> None:
    portfolios = zip(organisations["id"], organisations["portfolio"], strict=True)
    beyond = [(name, held) for name, portfolio in portfolios for held, _ in portfolio if held >= fields]
    if beyond:
        raise ScenarioError(
            Problem(
                Path(path).name,
                "fields",
                f"organisation '{name}' holds field {held}",
                str(held),
                f"0 to {fields - 1}",
            )
            for name, held in beyond
        )


def _portfolio(text: str) -> tuple[tuple[int, float], ...]:
    held: dict[int, float] = {}
    for part in text.split(";"):
        field, _, level = part.strip().partition(":")
        if not field.isascii() or not field.isdigit() or int(field) in held:
            raise ValueError(text)
        held[int(field)] = number(level.strip(), 1e-9, 1)
    if len(held) > MAX_FIELDS_HELD:
        raise ValueError(text)
    return tuple(held.items())


def _known_clusters(columns: Columns, clusters: TableData | None) -> None:
    known = set(clusters["id"]) if clusters is not None else None
    for row, name in enumerate(columns.cells["cluster"]):
        if name and known is not None and name not in known:
            columns.note(
                row, "cluster", f"'{name}' is not among the clusters", name, close=nearest(name, known)
            )


__all__ = [
    "check_tables",
    "read_clusters",
    "read_organisations",
    "read_participations",
    "read_projects",
    "read_relatedness",
]
