"""A user's own world as tables: clusters, organisations, relatedness, past projects.

Each reader returns plain columns (lists and arrays) and refuses what it cannot read, by line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem, ScenarioError
from sim.scenario.csvfile import Columns, read_columns, rows
from sim.scenario.nodes import nearest
from sim.vocab import MAX_FIELDS, MAX_FIELDS_HELD, Kind

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

TableData = dict[str, Any]
Floats = NDArray[np.float64]
IDENTITY = re.compile(r"[^\s,;:]{1,64}")
NUMBER = re.compile(r"-?[0-9]{1,18}([.,][0-9]{1,12})?")
KINDS = {kind.name.lower(): kind for kind in Kind}
KIND_NAMES = tuple(KINDS)
ROLES = {"C": "C", "P": "P", "A": "A", "coordinator": "C", "participant": "P", "partner": "A",
         "associatedPartner": "A", "thirdParty": "A", "internationalPartner": "A"}
TYPES = ("HES", "REC", "PRC", "PUB", "OTH")
PROJECT_NAMES = {"id": "project", "startDate": "start", "endDate": "end", "totalCost": "total_cost_eur",
                 "ecMaxContribution": "ec_max_eur", "legalBasis": "theme"}
PARTICIPATION_NAMES = {"projectID": "project", "organisationID": "org", "activityType": "type",
                       "ecContribution": "ec_eur"}


def identity(text: str) -> str:
    """Return an id as it is written; raise ValueError for one that is empty, long or broken by separators."""
    if not IDENTITY.fullmatch(text):
        raise ValueError(text)
    return text


def number(text: str, low: float = -1e18, high: float = 1e18) -> float:
    """Return a plain decimal number between two ends."""
    value = float(text.replace(",", ".")) if NUMBER.fullmatch(text) else float("nan")
    if not low <= value <= high:
        raise ValueError(text)
    return value


def day(text: str) -> np.datetime64:
    """Return a date written year-month-day."""
    if len(text) != 10:
        raise ValueError(text)
    return np.datetime64(date.fromisoformat(text), "D")


def one_of(text: str, allowed: dict[str, Any]) -> Any:
    """Return what a word stands for."""
    if text not in allowed:
        raise ValueError(text)
    return allowed[text]


def read_clusters(path: str | Path) -> TableData:
    """Return ``id, country, sector, region`` (lists of text) and ``management`` ([clusters] float64)."""
    columns = read_columns(Path(path), ("id", "country", "sector", "management"), ("region",))
    data = {"id": _unique(columns, "id"), "management": _numbers(columns, "management", 0, 1)}
    data |= {name: _texts(columns, name) for name in ("country", "sector")}
    data["region"] = list(columns.cells.get("region", [""] * len(columns)))
    _finish(columns)
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
    kinds = {word: code for word, code in KINDS.items() if code != Kind.CLUSTER_ORGANISATION}
    kind = columns.convert("kind", partial(one_of, allowed=kinds), ", ".join(kinds), Kind.SME)
    data = {"id": _unique(columns, "id"), "kind": np.array(kind, np.int8), "cluster": list(columns.cells["cluster"])}
    data |= {name: _texts(columns, name) for name in ("country", "sector")}
    data["activity"] = _optional(columns, "activity", float("nan"), partial(number, low=1e-6, high=1e6), "a number above 0")
    data["activity"] = np.array(data["activity"], float)
    data["portfolio"] = _optional(columns, "fields", (), _portfolio, f"'field:level;...', levels in (0, 1], "
                                                                     f"at most {MAX_FIELDS_HELD} different fields")
    _known_clusters(columns, clusters)
    _finish(columns)
    return data


def read_relatedness(path: str | Path, fields: int | None = None) -> Floats:
    """Return the [fields, fields] matrix: symmetric, 1 on the diagonal, all in [0, 1]."""
    where = Path(path).name
    matrix = np.array(_matrix(Path(path)), float)
    if fields is not None and len(matrix) != fields:
        raise ScenarioError([Problem(where, "", f"has {len(matrix)} rows, but world.fields is {fields}",
                                     line=len(matrix))])
    problems = [Problem(where, f"column {i + 1}", f"relatedness of a field to itself is {matrix[i, i]:g}, not 1",
                        line=i + 1) for i in range(len(matrix)) if matrix[i, i] != 1]
    problems += [Problem(where, f"column {j + 1}", f"is {matrix[i, j]:g}, but line {j + 1} says {matrix[j, i]:g}",
                         line=i + 1) for i, j in np.argwhere(matrix != matrix.T) if i < j]
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
                problems.append(Problem(path.name, f"column {place + 1}", f"'{cell[:40]}' is not allowed", cell[:80],
                                        "a number from 0 to 1", line=line))
    problems += [Problem(path.name, "", f"this row has {len(cells)} cells, the table has {len(found)} rows", line=line)
                 for line, cells in enumerate(found, 1) if len(cells) != len(found)]
    if problems or not found:
        raise ScenarioError(problems or [Problem(path.name, "", "is empty", line=1)])
    return found


def read_projects(path: str | Path) -> TableData:
    """Return ``project, theme`` (lists of text), ``start, end`` ([n] datetime64[D]), and amounts where given.

    Reads the simple form (``project,start,end,...,theme``) and the bulk file that CORDIS publishes.
    """
    columns = read_columns(Path(path), ("project", "start", "end", "theme"),
                           ("months", "partners", "countries", "ec_max_eur", "total_cost_eur"), True, PROJECT_NAMES)
    never = np.datetime64("1900-01-01", "D")
    start = columns.convert("start", day, "a date like 2014-01-31")
    end = columns.convert("end", day, "a date like 2014-01-31", never)
    data: TableData = {"project": _unique(columns, "project"), "theme": list(columns.cells["theme"])}
    for row, (first, last) in enumerate(zip(start, end, strict=True)):
        if first is not None and last is not None and never < last < first:
            columns.note(row, "end", f"{last} is before the start {first}", str(last))
    _finish(columns)
    data |= {"start": np.array(start, "datetime64[D]")}
    data["end"] = np.where(np.array(end, "datetime64[D]") == never, data["start"], np.array(end, "datetime64[D]"))
    return data | _amounts(columns, ("ec_max_eur", "total_cost_eur"))


def read_participations(path: str | Path, projects: TableData | None = None) -> TableData:
    """Return ``project, org, country`` (lists of text), ``role`` (C, P or A), ``type`` and ``ec_eur`` ([n] float64)."""
    columns = read_columns(Path(path), ("project", "org", "role", "type", "country"), ("ec_eur",), True,
                           PARTICIPATION_NAMES)
    data: TableData = {"project": _ids(columns, "project"), "org": _ids(columns, "org")}
    data["role"] = columns.convert("role", partial(one_of, allowed=ROLES), ", ".join(ROLES))
    data["type"] = columns.convert("type", partial(one_of, allowed={t: t for t in TYPES}), ", ".join(TYPES), "OTH")
    data["country"] = list(columns.cells["country"])
    if projects is not None:
        known = set(projects["project"])
        for row, project in enumerate(data["project"]):
            if project is not None and project not in known:
                columns.note(row, "project", f"'{project}' is not among the projects", project)
    _finish(columns)
    return data | _amounts(columns, ("ec_eur",))


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
    beyond = [(name, held) for name, portfolio in zip(organisations["id"], organisations["portfolio"], strict=True)
              for held, _ in portfolio if held >= fields]
    if beyond:
        raise ScenarioError(Problem(Path(path).name, "fields", f"organisation '{name}' holds field {held}",
                                    str(held), f"0 to {fields - 1}") for name, held in beyond)


def _finish(columns: Columns) -> None:
    columns.done()
    if not len(columns):
        raise ScenarioError([Problem(columns.where, "", "holds no row below the header", line=1)])


def _ids(columns: Columns, name: str) -> list[str | None]:
    return columns.convert(name, identity, "1 to 64 characters without spaces, commas, colons")


def _unique(columns: Columns, name: str) -> list[str | None]:
    found = _ids(columns, name)
    first: dict[str, int] = {}
    for row, text in enumerate(found):
        if text is not None and first.setdefault(text, row) != row:
            columns.note(row, name, f"'{text}' is there twice; first in line {columns.lines[first[text]]}", text)
    return found


def _texts(columns: Columns, name: str) -> list[str | None]:
    return columns.convert(name, identity, "one word")


def _numbers(columns: Columns, name: str, low: float, high: float) -> Floats:
    found = columns.convert(name, partial(number, low=low, high=high), f"a number from {low:g} to {high:g}")
    return np.array([np.nan if value is None else value for value in found], float)


def _optional(columns: Columns, name: str, empty: Any, read: Callable[[str], Any], what: str) -> list[Any]:
    if name not in columns.cells:
        return [empty] * len(columns)
    return columns.convert(name, read, what, empty)


def _amounts(columns: Columns, names: tuple[str, ...]) -> TableData:
    data = {name: np.array(_optional(columns, name, float("nan"), number, "a plain number"), float) for name in names}
    columns.done()
    return data


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
            columns.note(row, "cluster", f"'{name}' is not among the clusters", name, close=nearest(name, known))
