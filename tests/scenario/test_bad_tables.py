"""Tables that must be refused, each with the line of what is wrong (counted by hand)."""

import gzip

import pytest

from sim.errors import ScenarioError
from sim.scenario.tables import (
    read_clusters,
    read_organisations,
    read_participations,
    read_projects,
    read_relatedness,
)

CLUSTERS = "id,country,sector,management\nwood,AT,1,0.8\nsteel,DE,2,0.6\n"
ORGANISATIONS = (
    "id,kind,country,sector,cluster,activity,fields\n"
    "o1,sme,AT,1,wood,2.5,0:0.5;7:1\n"
    "o2,research,DE,2,steel,,\n"
    "o3,large,DE,2,,1,3:0.25\n"
)
PROJECTS = (
    "project,start,end,months,partners,countries,ec_max_eur,total_cost_eur,theme\n"
    "11,2014-01-01,2015-12-31,24,2,2,1000.5,2000,SC4;SC5\n"
    "12,2015-03-01,,24,2,2,,,Euratom\n"
)
PARTICIPATIONS = (
    "project,org,role,type,country,ec_eur\n11,900,C,REC,DE,500.5\n11,901,P,PRC,FI,\n12,900,P,HES,DE,10\n"
)


@pytest.fixture
def write(tmp_path):
    def put(text, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return put


def head(text, line):
    return text.splitlines()[0] + "\n" + line + "\n"


BAD_TABLES = {
    "ragged": (
        read_clusters,
        head(CLUSTERS, "wood,AT,1"),
        "table.csv:2: this row has 3 cells, the header has 4",
    ),
    "too wide": (read_clusters, head(CLUSTERS, "wood,AT,1,0.5,x"), "table.csv:2: this row has 5 cells"),
    "id twice": (
        read_clusters,
        CLUSTERS + "wood,AT,1,0.5\n",
        "table.csv:4: id: 'wood' is there twice; first in line 2",
    ),
    "no id": (read_clusters, head(CLUSTERS, ",AT,1,0.5"), "table.csv:2: id: is empty; allowed 1 to 64"),
    "id with space": (read_clusters, head(CLUSTERS, "a b,AT,1,0.5"), "table.csv:2: id: 'a b' is not allowed"),
    "formula": (
        read_clusters,
        head(CLUSTERS, "=cmd(),AT,1,0.5"),
        "table.csv:2: id: '=cmd()' begins like a formula",
    ),
    "formula with plus": (
        read_clusters,
        head(CLUSTERS, "a,AT,1,+0.5"),
        "table.csv:2: management: '+0.5' begins like",
    ),
    "formula with at": (
        read_clusters,
        head(CLUSTERS, "@SUM(A1),AT,1,0.5"),
        "table.csv:2: id: '@SUM(A1)' begins",
    ),
    "minus formula": (
        read_clusters,
        head(CLUSTERS, "a,AT,1,-2+3"),
        "table.csv:2: management: '-2+3' is not allowed",
    ),
    "share above one": (
        read_clusters,
        head(CLUSTERS, "a,AT,1,80"),
        "table.csv:2: management: '80' is not allowed; allowed a number from 0 to 1",
    ),
    "per cent": (
        read_clusters,
        head(CLUSTERS, "a,AT,1,80%"),
        "table.csv:2: management: '80%' is not allowed",
    ),
    "nan": (read_clusters, head(CLUSTERS, "a,AT,1,nan"), "table.csv:2: management: 'nan' is not allowed"),
    "exponent": (
        read_clusters,
        head(CLUSTERS, "a,AT,1,1e-1"),
        "table.csv:2: management: '1e-1' is not allowed",
    ),
    "no column": (
        read_clusters,
        "id,country,sector\na,AT,1\n",
        "table.csv:1: management: this column is missing from the header",
    ),
    "column of another name": (
        read_projects,
        "id;begin;endDate;legalBasis\n1;2014-01-01;2015-01-01;SC1\n",
        "table.csv:1: start or startDate: this column is missing from the header, in which 'begin' is not known",
    ),
    "separated by colons": (
        read_clusters,
        '"id":"country":"sector":"management"\n',
        "table.csv:1: cannot be read as CSV: ',' expected after '\"'; cells are separated by commas, semicolons",
    ),
    "misspelt column": (
        read_clusters,
        "id,country,sector,managment\na,AT,1,0.5\n",
        "table.csv:1: managment: unknown column; allowed id, country, sector, management, region; "
        "did you mean 'management'?",
    ),
    "column twice": (
        read_clusters,
        "id,id,country,sector,management\na,b,AT,1,0.5\n",
        "table.csv:1: id: the header names this column twice",
    ),
    "nothing": (read_clusters, "", "table.csv:1: has no header line"),
    "header only": (read_clusters, head(CLUSTERS, ""), "table.csv:1: holds no row below the header"),
    "direction": (read_clusters, head(CLUSTERS, "a\u202eb,AT,1,0.5"), "table.csv:2: id: character U+202E"),
    "NUL": (read_clusters, head(CLUSTERS, "a\0b,AT,1,0.5"), "table.csv:"),
    "Latin-1": (
        read_clusters,
        head(CLUSTERS, "caf\u00e9,AT,1,0.5").encode("latin-1"),
        "table.csv:2: byte 0xe9 is not UTF-8",
    ),
    "UTF-16": (
        read_clusters,
        CLUSTERS.encode("utf-16"),
        "table.csv:1: cannot be read as CSV: it is UTF-16 text",
    ),
    "Excel": (read_clusters, b"PK\x03\x04aaaa", "table.csv:1: cannot be read as CSV: it is a ZIP archive or a spreadsheet"),
    "Parquet": (read_clusters, b"PAR1aaaa", "table.csv:1: cannot be read as CSV: it is a Parquet file"),
    "quote left open": (read_clusters, head(CLUSTERS, 'a,"AT,1,0.5'), "table.csv:"),
    "gzip cut off": (
        read_clusters,
        gzip.compress(CLUSTERS.encode())[:-9],
        "table.csv:1: the gzip file is damaged",
    ),
    "gzip damaged": (
        read_clusters,
        gzip.compress(CLUSTERS.encode())[:14] + b"xxxx",
        "table.csv:1: the gzip file is damaged",
    ),
    "unknown kind": (
        read_organisations,
        head(ORGANISATIONS, "o1,firm,AT,1,,,"),
        "table.csv:2: kind: 'firm' is not allowed; allowed sme, research, large, public",
    ),
    "cluster as member": (
        read_organisations,
        head(ORGANISATIONS, "o1,cluster_organisation,AT,1,,,"),
        "table.csv:2: kind: ",
    ),
    "no activity at all": (
        read_organisations,
        head(ORGANISATIONS, "o1,sme,AT,1,,0,"),
        "table.csv:2: activity: '0' is not",
    ),
    "field without level": (
        read_organisations,
        head(ORGANISATIONS, "o1,sme,AT,1,,1,3"),
        "table.csv:2: fields: '3' is not",
    ),
    "field twice": (
        read_organisations,
        head(ORGANISATIONS, "o1,sme,AT,1,,1,3:0.1;3:0.2"),
        "table.csv:2: fields: ",
    ),
    "level above one": (
        read_organisations,
        head(ORGANISATIONS, "o1,sme,AT,1,,1,3:1.1"),
        "table.csv:2: fields: ",
    ),
    "too many fields": (
        read_organisations,
        head(ORGANISATIONS, "o1,sme,AT,1,,1," + ";".join(f"{n}:1" for n in range(7))),
        "table.csv:2: fields: ",
    ),
    "not a matrix": (
        read_relatedness,
        "1,0.5\n0.5,1,0\n",
        "table.csv:2: this row has 3 cells, the table has 2 rows",
    ),
    "not symmetric": (
        read_relatedness,
        "1,0.5\n0.4,1\n",
        "table.csv:1: column 2: is 0.5, but line 2 says 0.4",
    ),
    "stranger to itself": (
        read_relatedness,
        "1,0.5\n0.5,0.9\n",
        "table.csv:2: column 2: relatedness of a field to itself is 0.9",
    ),
    "word in a matrix": (
        read_relatedness,
        "1,x\nx,1\n",
        "table.csv:1: column 2: 'x' is not allowed; allowed a number from 0 to 1",
    ),
    "empty matrix": (read_relatedness, "", "table.csv:1: is empty"),
    "end before start": (
        read_projects,
        head(PROJECTS, "11,2015-01-01,2014-01-01,1,1,1,1,1,x"),
        "table.csv:2: end: 2014-01-01 is before the start 2015-01-01",
    ),
    "no such day": (
        read_projects,
        head(PROJECTS, "11,2015-02-30,2016-01-01,1,1,1,1,1,x"),
        "table.csv:2: start: '2015-02-30' is not allowed; allowed a date like 2014-01-31",
    ),
    "day first": (
        read_projects,
        head(PROJECTS, "11,31/01/2015,2016-01-01,1,1,1,1,1,x"),
        "table.csv:2: start: '31/01/2015'",
    ),
    "project twice": (
        read_projects,
        PROJECTS + PROJECTS.splitlines()[1] + "\n",
        "table.csv:4: project: '11' is there twice",
    ),
    "amount in words": (
        read_projects,
        head(PROJECTS, "11,2015-01-01,,1,1,1,many,1,x"),
        "table.csv:2: ec_max_eur: 'many'",
    ),
    "unknown role": (
        read_participations,
        head(PARTICIPATIONS, "11,900,X,REC,DE,1"),
        "table.csv:2: role: 'X' is not allowed",
    ),
    "unknown type": (
        read_participations,
        head(PARTICIPATIONS, "11,900,C,SME,DE,1"),
        "table.csv:2: type: 'SME' is not allowed",
    ),
    "no organisation": (
        read_participations,
        head(PARTICIPATIONS, "11,,C,REC,DE,1"),
        "table.csv:2: org: is empty",
    ),
}


@pytest.mark.parametrize("name", BAD_TABLES)
def test_bad_tables_are_refused_by_line(name, write):
    reader, text, expected = BAD_TABLES[name]
    with pytest.raises(ScenarioError) as refusal:
        reader(write(text))
    lines = str(refusal.value).splitlines()
    assert any(line.startswith(expected) for line in lines), lines


def test_rows_have_a_limit(write, monkeypatch):
    monkeypatch.setattr("sim.scenario.csvfile.MOST_ROWS", 1)
    with pytest.raises(ScenarioError, match=r"table\.csv:3: more than 1 rows"):
        read_clusters(write(CLUSTERS))


def test_a_gzip_bomb_stops_at_the_limit(write, monkeypatch):
    monkeypatch.setattr("sim.scenario.csvfile.MOST_TEXT", 100_000)
    bomb = gzip.compress(b"id,country,sector,management\n" + b"a,AT,1,0.5\n" * 1_000_000)
    with pytest.raises(ScenarioError, match="holds more than 100,000 bytes of text"):
        read_clusters(write(bomb))


def test_ids_between_tables_must_agree(write):
    clusters = read_clusters(write(CLUSTERS, "c.csv"))
    with pytest.raises(
        ScenarioError, match=r"table\.csv:2: cluster: 'woof' is not among the clusters; did you mean 'wood'"
    ):
        read_organisations(write(head(ORGANISATIONS, "o1,sme,AT,1,woof,,")), clusters)
    with pytest.raises(ScenarioError, match=r"q\.csv:2: project: '13' is not among the projects"):
        read_participations(
            write(head(PARTICIPATIONS, "13,900,C,REC,DE,1"), "q.csv"), read_projects(write(PROJECTS, "p.csv"))
        )


def test_no_file_and_folder(tmp_path):
    for path, message in ((tmp_path / "absent.csv", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(ScenarioError, match=message):
            read_clusters(path)
