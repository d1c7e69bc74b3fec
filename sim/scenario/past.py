"""Past projects and who took part in them, in the simple form or as CORDIS publishes them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sim.scenario.cells import TableData, day, finish, identities, number, one_of, optional, unique
from sim.scenario.csvfile import Columns, read_columns

ROLES = {
    **dict.fromkeys(("C", "coordinator"), "C"),
    **dict.fromkeys(("P", "participant", "hostInstitution", "beneficiary"), "P"),
    **dict.fromkeys(("A", "associatedPartner", "thirdParty", "internationalPartner"), "A"),
}
TYPES = {name: name for name in ("HES", "REC", "PRC", "PUB", "OTH")}
PROJECT_AMOUNTS = ("ec_max_eur", "total_cost_eur")
DAYS = "datetime64[D]"
NEVER = np.datetime64("1900-01-01", "D")
A_DATE = "a date like 2014-01-31, from 1980-01-01 to 2060-12-31"
PROJECT_NAMES = {
    "id": "project",
    "startDate": "start",
    "endDate": "end",
    "totalCost": "total_cost_eur",
    "ecMaxContribution": "ec_max_eur",
    "legalBasis": "theme",
}
PARTICIPATION_NAMES = {
    "projectID": "project",
    "organisationID": "org",
    "activityType": "type",
    "ecContribution": "ec_eur",
    "SME": "sme",
    "nutsCode": "region",
}
YES_OR_NO = {
    **dict.fromkeys(("true", "TRUE", "True", "1", "Y", "y"), 1),
    **dict.fromkeys(("false", "FALSE", "False", "0", "N", "n"), 0),
}
UNKNOWN = -1
EARLIEST, LATEST = np.datetime64("1980-01-01", "D"), np.datetime64("2060-12-31", "D")


def read_projects(path: str | Path) -> TableData:
    """Return the projects, of the simple form (``project,start,end,theme``) or of the bulk file of CORDIS.

    Returns
    -------
    ``project, theme`` (lists of text), ``start, end`` ([n] datetime64[D]; an empty end is the start), amounts
    where given, and ``undated``: the ids of projects without a start, which are left out of the rest.
    """
    columns = read_columns(
        Path(path), ("project", "start", "end", "theme"), PROJECT_AMOUNTS, True, PROJECT_NAMES
    )
    start = np.array(columns.convert("start", plausible_day, A_DATE, NEVER), DAYS)
    end = np.array(columns.convert("end", plausible_day, A_DATE, NEVER), DAYS)
    project = np.array(unique(columns, "project"), object)
    for row in np.flatnonzero((start != NEVER) & (end != NEVER) & (end < start)):
        columns.note(int(row), "end", f"{end[row]} is before the start {start[row]}", str(end[row]))
    amounts = _amounts(columns, PROJECT_AMOUNTS)
    finish(columns)
    dated = start != NEVER
    theme = [text for text, keep in zip(columns.cells["theme"], dated, strict=True) if keep]
    return {
        "project": list(project[dated]),
        "theme": theme,
        "start": start[dated],
        "end": np.where(end == NEVER, start, end)[dated],
        "undated": frozenset(project[~dated]),
        **{name: values[dated] for name, values in amounts.items()},
    }


def plausible_day(text: str) -> Any:
    """Return a date written year-month-day that lies in the time of the framework programmes."""
    found = day(text)
    if not EARLIEST <= found <= LATEST:
        raise ValueError(text)
    return found


def read_participations(path: str | Path, projects: TableData | None = None) -> TableData:
    """Return who took part, of the simple form or of the bulk file of CORDIS.

    Returns
    -------
    ``project, org, country, region`` (lists of text), ``role`` (C, P or A), ``type`` (HES, REC, PRC, PUB or OTH),
    ``ec_eur`` ([n] float64) and ``sme`` ([n] int64; 1 yes, 0 no, -1 not given). With ``projects``, rows of undated
    projects are left out, others must be known.
    """
    columns = read_columns(
        Path(path), ("project", "org", "role", "type", "country"), ("ec_eur", "sme", "region"), True,
        PARTICIPATION_NAMES
    )
    data: TableData = {"project": identities(columns, "project"), "org": identities(columns, "org")}
    data["role"] = columns.convert("role", partial(one_of, allowed=ROLES), ", ".join(ROLES))
    data["type"] = columns.convert("type", partial(one_of, allowed=TYPES), ", ".join(TYPES), "OTH")
    data["country"] = list(columns.cells["country"])
    data["region"] = list(columns.cells.get("region", [""] * len(columns)))
    sme = optional(columns, "sme", UNKNOWN, partial(one_of, allowed=YES_OR_NO), "true, false or nothing")
    data["sme"] = np.array(sme, np.int64)
    data |= _amounts(columns, ("ec_eur",))
    if projects is not None:
        _known_projects(columns, data["project"], projects)
    finish(columns)
    undated = projects["undated"] if projects is not None else frozenset()
    keep = [row for row, project in enumerate(data["project"]) if project not in undated]
    return (
        data
        if len(keep) == len(columns)
        else {
            name: values[keep] if isinstance(values, np.ndarray) else [values[row] for row in keep]
            for name, values in data.items()
        }
    )


def _known_projects(columns: Columns, found: list[str | None], projects: TableData) -> None:
    known = projects["undated"].union(projects["project"])
    for row, project in enumerate(found):
        if project is not None and project not in known:
            columns.note(row, "project", f"'{project}' is not among the projects", project)


def _amounts(columns: Columns, names: tuple[str, ...]) -> TableData:
    missing = float("nan")
    return {
        name: np.array(optional(columns, name, missing, number, "a plain number"), float) for name in names
    }
