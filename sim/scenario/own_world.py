"""The user's files as the arrays from which a world begins (`sim.world.from_tables`).

Identities come from the ids in the files, and rows are taken in the order of their ids: rows may be
reordered without changing anything, and added or removed without changing anybody's luck (as long as
the words for sectors stay the same). Everything in the files is
used: nothing is sampled.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import Problem, ScenarioError
from sim.scenario.codes import MOST_COUNTRIES, code_of, uids
from sim.scenario.past import read_participations, read_projects
from sim.scenario.tables import read_clusters, read_organisations
from sim.scenario.themes import past_world
from sim.vocab import MAX_FIELDS_HELD
from sim.world.from_tables import Array, ClusterTable, OrganisationTable, OwnWorld

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def own_world(scenario: Scenario) -> OwnWorld | None:
    """Return what the scenario's tables say about the start, or None where it has none."""
    given = scenario.tables.given()
    if not given.keys() & {"clusters", "organisations", "projects"}:
        return None
    files = tuple((key, path, *_state(path)) for key, path in sorted(given.items()))
    world = scenario.world
    return _read(files, int(world.fields), int(world.sectors), float(world.activity_sigma))


def _state(path: str) -> tuple[int, int]:
    """Return size and time of the latest change of a file."""
    state = Path(path).stat()
    return state.st_size, state.st_mtime_ns


@lru_cache(maxsize=2)
def _read(files: tuple[tuple[str, str, int, int], ...], fields: int, sectors: int,
          sigma: float) -> OwnWorld:
    """Read the files once for all replicates; a file that has changed since is read again."""
    path = {key: name for key, name, *_ in files}
    if "projects" in path:
        return _read_past(path, fields, sectors, sigma)
    clusters = read_clusters(path["clusters"])
    people = read_organisations(path["organisations"], clusters) if "organisations" in path else None
    return table_world(clusters, people, sectors)


def _read_past(path: dict[str, str], fields: int, sectors: int, sigma: float) -> OwnWorld:
    if "clusters" in path:
        raise ScenarioError([Problem("tables.clusters", "", "cannot be used together with tables.projects: "
                                     "clusters are formed from country and theme of past projects")])
    projects = read_projects(path["projects"])
    took_part = read_participations(path["participations"], projects)
    return past_world(projects, took_part, fields, sectors, sigma)


def table_world(clusters: dict[str, Any], people: dict[str, Any] | None, sectors: int) -> OwnWorld:
    """Return the world of ``clusters.csv`` and, where given, ``organisations.csv``."""
    clusters, people = by_id(clusters), None if people is None else by_id(people)
    tables = [clusters] if people is None else [clusters, people]
    country = code_of([word for table in tables for word in table["country"]], MOST_COUNTRIES, "country")
    sector = code_of([word for table in tables for word in table["sector"]], sectors, "sector")
    own = cluster_table(clusters, country, sector)
    if people is None:
        return OwnWorld(1 + max(country.values()), own)
    row = {name: number for number, name in enumerate(clusters["id"])}
    cluster = np.array([row.get(name, -1) for name in people["cluster"]], np.int32)
    return OwnWorld(1 + max(country.values()), own, OrganisationTable(
        uids("organisation", people["id"]), people["kind"], _codes(country, people["country"]),
        _codes(sector, people["sector"]), cluster, people["activity"], *portfolios(people["portfolio"])))


def by_id(table: dict[str, Any]) -> dict[str, Any]:
    """Return the rows of a table in the order of their ids: who founds relations first depends on it."""
    order = sorted(range(len(table["id"])), key=table["id"].__getitem__)
    return {name: column[order] if isinstance(column, np.ndarray) else [column[k] for k in order]
            for name, column in table.items()}


def cluster_table(clusters: dict[str, Any], country: dict[str, int], sector: dict[str, int]) -> ClusterTable:
    """Return the clusters of ``clusters.csv`` with their words as codes."""
    return ClusterTable(uids("cluster", clusters["id"]), _codes(country, clusters["country"]),
                        _codes(sector, clusters["sector"]), clusters["management"])


def portfolios(held: list[tuple[tuple[int, float], ...]]) -> tuple[Array, Array]:
    """Return fields and levels of lists of (field, level), padded."""
    fields = np.full((len(held), MAX_FIELDS_HELD), -1, np.int8)
    levels = np.zeros((len(held), MAX_FIELDS_HELD))
    for row, portfolio in enumerate(held):
        for place, (field, level) in enumerate(portfolio):
            fields[row, place], levels[row, place] = field, level
    return fields, levels


def _codes(code: dict[str, int], words: Iterable[str]) -> Array:
    return np.array([code[word] for word in words], np.int16)
