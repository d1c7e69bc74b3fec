"""Small files of past projects, in the simple form and as CORDIS publishes them."""

from __future__ import annotations

from pathlib import Path

import pytest

PROJECTS = """project,start,end,theme
a,2014-01-01,2016-12-31,SC1
b,2014-01-01,2015-12-31,SC1
c,2015-02-01,2016-12-31,SC1
d,2015-02-01,2016-12-31,LEIT
e,2016-03-01,2017-12-31,SC1
"""
MEMBERS = {"a": "123", "b": "145", "c": "126", "d": "127", "e": "1238"}
TYPES = {"1": "HES", "2": "PRC", "3": "PRC", "4": "PUB", "5": "OTH", "6": "REC", "7": "PRC", "8": "PRC"}
COUNTRIES = {"1": "DE", "2": "DE", "3": "FR", "4": "FR", "5": "DE", "6": "IT", "7": "DE", "8": "FR"}
CORDIS_PROJECTS = """"id";"acronym";"startDate";"endDate";"totalCost";"ecMaxContribution";"legalBasis"
"a";"A";"2014-01-01";"2016-12-31";"1000,5";"900,25";"H2020-EU.3.1.2."
"b";"B";"2014-01-01";"2015-12-31";"";"";"H2020-EU.3.1."
"c";"C";"2015-02-01";"2016-12-31";"10";"10";"H2020-EU.3.1."
"d";"D";"2015-02-01";"2016-12-31";"10";"10";"H2020-EU.2.1.1.3."
"e";"E";"2016-03-01";"2017-12-31";"10";"10";"H2020-EU.3.1."
"""


def participations() -> str:
    """Return who took part, in the simple form."""
    rows = [f"{project},{org},P,{TYPES[org]},{COUNTRIES[org]},100" for project, orgs in MEMBERS.items() for org in orgs]
    return "\n".join(["project,org,role,type,country,ec_eur", *rows, ""])


def cordis_organisations() -> str:
    """Return who took part, with the columns, quotes and decimal commas of CORDIS."""
    head = '"projectID";"organisationID";"name";"SME";"activityType";"country";"nutsCode";"role";"ecContribution"'
    rows = [f'"{project}";"{org}";"Name; of {org}";"{str(TYPES[org] == "PRC").lower()}";"{TYPES[org]}";"{COUNTRIES[org]}";'
            f'"{COUNTRIES[org]}1";"participant";"100,5"' for project, orgs in MEMBERS.items() for org in orgs]
    return "\n".join([head, *rows, ""])


@pytest.fixture()
def files(tmp_path: Path) -> tuple[str, str]:
    """Return the paths of five projects of three or four partners."""
    (tmp_path / "projects.csv").write_text(PROJECTS, "utf-8")
    (tmp_path / "participations.csv").write_text(participations(), "utf-8")
    return str(tmp_path / "projects.csv"), str(tmp_path / "participations.csv")


@pytest.fixture()
def cordis(tmp_path: Path) -> tuple[str, str]:
    """Return the same projects as CORDIS publishes them."""
    (tmp_path / "project.csv").write_text(CORDIS_PROJECTS, "utf-8")
    (tmp_path / "organization.csv").write_text(cordis_organisations(), "utf-8")
    return str(tmp_path / "project.csv"), str(tmp_path / "organization.csv")
