"""Tables of a user: what is read, and what is refused by line."""

import gzip

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.scenario import fingerprint, load, loads
from sim.scenario.budget import budget
from sim.scenario.tables import (
    read_clusters,
    read_organisations,
    read_participations,
    read_projects,
    read_relatedness,
)
from sim.scenario.themes import past_world
from sim.vocab import Kind

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


def test_clusters(write):
    data = read_clusters(write(CLUSTERS))
    assert (
        data["id"] == ["wood", "steel"] and data["country"] == ["AT", "DE"] and data["sector"] == ["1", "2"]
    )
    assert data["management"].tolist() == [0.8, 0.6] and data["region"] == ["", ""]


def test_semicolons_decimal_commas_and_a_mark_from_a_spreadsheet(write):
    text = "\ufeff" + CLUSTERS.replace(",", ";").replace("0.", "0,")
    assert read_clusters(write(text))["management"].tolist() == [0.8, 0.6]


def test_blank_lines_are_passed_over(write):
    assert read_clusters(write(CLUSTERS.replace("\nsteel", "\n\nsteel") + "\n"))["id"] == ["wood", "steel"]


def test_organisations(write):
    clusters = read_clusters(write(CLUSTERS, "c.csv"))
    data = read_organisations(write(ORGANISATIONS), clusters)
    assert data["id"] == ["o1", "o2", "o3"] and data["cluster"] == ["wood", "steel", ""]
    assert data["kind"].tolist() == [Kind.SME, Kind.RESEARCH, Kind.LARGE]
    assert data["portfolio"] == [((0, 0.5), (7, 1.0)), (), ((3, 0.25),)]
    assert data["activity"][0] == 2.5 and np.isnan(data["activity"][1])


def test_relatedness(write):
    assert read_relatedness(write("1,0.5\n0.5,1\n"), 2).tolist() == [[1, 0.5], [0.5, 1]]


@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())])
def test_past_projects_plain_or_packed(write, pack):
    projects = read_projects(write(pack(PROJECTS), "p.csv.gz"))
    assert projects["project"] == ["11", "12"] and projects["theme"] == ["SC4;SC5", "Euratom"]
    assert projects["start"].astype(str).tolist() == ["2014-01-01", "2015-03-01"]
    assert projects["end"].astype(str).tolist() == ["2015-12-31", "2015-03-01"]
    assert projects["ec_max_eur"][0] == 1000.5 and np.isnan(projects["ec_max_eur"][1])
    data = read_participations(write(pack(PARTICIPATIONS), "q.csv.gz"), projects)
    assert data["org"] == ["900", "901", "900"] and data["role"] == ["C", "P", "P"]
    assert data["type"] == ["REC", "PRC", "HES"] and data["country"] == ["DE", "FI", "DE"]


def test_the_bulk_form_of_cordis(write):
    projects = read_projects(
        write(
            '"id";"acronym";"startDate";"endDate";"totalCost";"ecMaxContribution";"legalBasis"\n'
            '"11";"A ""B""";"2022-01-01";"2024-12-31";"1000,5";"900";"HORIZON.2.4"\n'
            '"12";"C";"";"";"0";"0";"HORIZON.1.1"\n'
        )
    )
    assert (
        projects["project"] == ["11"]
        and projects["undated"] == {"12"}
        and projects["total_cost_eur"][0] == 1000.5
    )
    data = read_participations(
        write(
            '"projectID";"organisationID";"name";"activityType";"country";"role";"ecContribution"\n'
            '"11";"900";"X; Y";"PRC";"DE";"coordinator";"1,25"\n'
            '"12";"901";"Z";"REC";"FR";"participant";""\n'
        ),
        projects,
    )
    assert (data["org"], data["role"], data["type"], data["ec_eur"].tolist()) == (
        ["900"],
        ["C"],
        ["PRC"],
        [1.25],
    )


def head(text, line):
    return text.splitlines()[0] + "\n" + line + "\n"


# --- tables of a scenario ----------------------------------------------------------------------


@pytest.fixture
def study(write, tmp_path):
    write(CLUSTERS, "clusters.csv")
    write(ORGANISATIONS, "organisations.csv")
    write(PROJECTS, "p.csv")
    write(PARTICIPATIONS, "q.csv")
    return tmp_path


def test_tables_beside_the_scenario(study, write):
    scenario = loads("tables: {clusters: clusters.csv, organisations: organisations.csv}\n", folder=study)
    assert scenario.tables.clusters == str((study / "clusters.csv").resolve())
    before = fingerprint(scenario)
    assert before != fingerprint(loads("seed: 1\n"))
    write(CLUSTERS.replace("0.8", "0.7"), "clusters.csv")
    assert (
        fingerprint(
            loads("tables: {clusters: clusters.csv, organisations: organisations.csv}\n", folder=study)
        )
        != before
    )


def test_a_table_is_known_by_what_it_holds_not_by_where_it_lies(study, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "other.csv").write_text(CLUSTERS)
    one = loads("tables: {clusters: clusters.csv}\n", folder=study)
    assert fingerprint(one) == fingerprint(loads("tables: {clusters: other.csv}\n", folder=elsewhere))


def test_the_command_line_may_name_any_file(study, tmp_path_factory):
    scenario = tmp_path_factory.mktemp("elsewhere") / "s.yaml"
    scenario.write_text("seed: 1\n")
    loaded = load(
        scenario, {"world.projects": str(study / "p.csv"), "world.participations": str(study / "q.csv")}
    )
    assert loaded.tables.projects == str((study / "p.csv").resolve())


def test_a_bad_table_is_found_when_the_scenario_is_loaded(study, write):
    write(head(CLUSTERS, "wood,AT,1,2"), "clusters.csv")
    with pytest.raises(ScenarioError, match=r"clusters\.csv:2: management: '2' is not allowed"):
        loads("tables: {clusters: clusters.csv}\n", folder=study)


def test_fields_must_exist(study):
    with pytest.raises(
        ScenarioError, match=r"organisations\.csv: fields: organisation 'o1' holds field 7; allowed 0 to 4"
    ):
        loads(
            "world: {fields: 5, sectors: 5}\n"
            "tables: {clusters: clusters.csv, organisations: organisations.csv}\n",
            folder=study,
        )


def test_the_matrix_must_fit_the_fields(study, write):
    write("1,0.5\n0.5,1\n", "r.csv")
    with pytest.raises(ScenarioError, match=r"r\.csv:2: has 2 rows, but world\.fields is 40"):
        loads("tables: {relatedness: r.csv}\n", folder=study)


def past_of(take_part):
    """The world of one project for each pair of lines."""
    org, country = zip(*take_part, strict=True)
    numbers = [str(k // 2) for k in range(len(org))]
    projects = {"project": sorted(set(numbers)), "start": np.array(["2014-01-01"] * len(set(numbers)), "datetime64[D]"),
                "theme": [""] * len(set(numbers))}
    return past_world(projects, {"project": numbers, "org": list(org), "type": ["PRC"] * len(org), "country": list(country)}, 8, 4, 1.0)


def test_a_blank_country_is_shared_with_nobody():
    own = past_of([("a", "DE"), ("b", ""), ("c", ""), ("d", "DE"), ("b", ""), ("e", "FI"), ("f", ""), ("f", "FI")])
    home = own.organisations.country  # a to f
    assert home[0] == home[3] and home[4] == home[5] and len(set(home.tolist())) == own.countries == 4
    assert past_of([("a", ""), ("b", "")]).countries == 2


def test_more_blanks_than_codes_are_refused(monkeypatch):
    monkeypatch.setattr("sim.scenario.themes.MOST_COUNTRIES", 2)
    with pytest.raises(ScenarioError, match="too many organisations without a country; allowed at most 2"):
        past_of([("a", "DE"), ("b", ""), ("c", ""), ("d", "DE")])


def test_what_a_study_takes_counts_what_the_tables_bring(write, tmp_path):
    write("project,start,end,months,partners,countries,ec_max_eur,total_cost_eur,theme\n"
          "1,2014-01-01,,24,4,2,,,SC4\n2,2015-01-01,,24,3,2,,,SC4\n", "projects.csv")
    seats = [(1, org) for org in "abcd"] + [(2, org) for org in "abe"]
    write("project,org,role,type,country,ec_eur\n" + "".join(f"{p},{org},P,PRC,FI,\n" for p, org in seats), "participations.csv")
    scenario = loads("tables: {projects: projects.csv, participations: participations.csv}\nchallenges: {rate: 0}\n",
                     folder=tmp_path)
    assert budget(scenario).organisations == 5 and budget(scenario).relations == 6 + 3
