"""Reading past projects: two forms, the same consortia; what cannot be used is named, counted or refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from sim.errors import MobiliseError, ScenarioError, UsageError
from sim.experiment.consortia.data import read
from sim.experiment.consortia.formation import calls_of
from sim.experiment.consortia.measure import measure
from sim.experiment.consortia.observe import observe
from sim.experiment.consortia.programmes import programme_parts
from sim.report.text_validate import observation


def test_both_forms_hold_the_same(files: tuple[str, str], cordis: tuple[str, str]) -> None:
    simple, bulk = read(*files), read(*cordis)
    for name in ("start", "year", "theme", "first", "org", "country", "kind"):
        assert (getattr(simple, name) == getattr(bulk, name)).all(), name
    assert simple.themes == bulk.themes == ("LEIT", "SC1")
    assert (bulk.budget == 100.5).all() and (simple.budget == 100).all()
    assert (bulk.sme == (bulk.kind == 2)).all() and (bulk.region >= 0).all()
    assert (simple.sme == -1).all() and (simple.region == -1).all()


def test_gzip_and_other_delimiters(files: tuple[str, str], tmp_path: Path) -> None:
    expected = read(*files)
    for delimiter in ("\t", "|", ";"):
        paths = []
        for name in files:
            text = Path(name).read_text("utf-8").replace(",", delimiter)
            paths.append(str(tmp_path / "other.gz") + str(len(paths)))
            Path(paths[-1]).write_bytes(gzip.compress(text.encode()))
        assert (read(*paths).org == expected.org).all()


def test_what_is_left_out_is_counted(files: tuple[str, str]) -> None:
    projects, took_part = files
    Path(projects).write_text(Path(projects).read_text("utf-8") + "one,2015-01-01,,SC1\nundated,,,SC1\nnobody,2015-01-01,,SC1\n", "utf-8")
    Path(took_part).write_text(Path(took_part).read_text("utf-8") + "one,1,C,HES,DE,1\nundated,1,C,HES,DE,1\na,1,P,HES,DE,1\n", "utf-8")
    found = read(projects, took_part, (2014, 2015), ["SC1"])
    assert {name: count for name, count in found.counted.items() if count} == {
        "projects without a start date": 1, "projects of other programmes": 1, "projects that start in other years": 1,
        "projects without any partner": 1, "projects with fewer than 3 partners": 1,
        "repeated rows of one organisation in one project": 1}
    assert found.projects == 3 and len(found.org) == 9


def test_empty_range_says_what_there_is(files: tuple[str, str]) -> None:
    with pytest.raises(UsageError, match="projects that start from 2014 to 2016"):
        read(*files, (2020, 2021))
    with pytest.raises(UsageError, match="There are: LEIT, SC1"):
        read(*files, None, ["LEITT"])


BROKEN = {
    "no end column": ("projects", "project,start,theme\na,2014-01-01,SC1\n", "end"),
    "empty file": ("projects", "", "no header line"),
    "header only": ("projects", "project,start,end,theme\n", "no row below the header"),
    "a date far out": ("projects", "project,start,end,theme\na,2104-01-01,,SC1\n", "from 1980-01-01 to 2060-12-31"),
    "no date": ("projects", "project,start,end,theme\na,31.1.2014,,SC1\n", "a date like 2014-01-31"),
    "a project twice": ("projects", "project,start,end,theme\na,2014-01-01,,X\na,2014-01-01,,X\n", "there twice"),
    "Latin-1": ("participations", "project,org,role,type,country\na,1,P,HES,D\xc9\n".encode("latin-1"), "not UTF-8"),
    "UTF-16": ("participations", "project,org\n".encode("utf-16"), "UTF-16"),
    "unknown type": ("participations", "project,org,role,type,country\na,1,P,UNI,DE\n", "HES, REC, PRC, PUB, OTH"),
    "unknown project": ("participations", "project,org,role,type,country\nq,1,P,HES,DE\n", "not among the projects"),
    "an SME flag": ("participations", "project,org,role,type,country,sme\na,1,P,HES,DE,perhaps\n", "true, false or nothing"),
    "ragged": ("participations", "project,org,role,type,country\na,1,P\n", "3 cells"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_bad_files_are_refused_by_name(name: str, files: tuple[str, str]) -> None:
    which, content, said = BROKEN[name]
    path = Path(files[0] if which == "projects" else files[1])
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ScenarioError) as error:
        read(*files)
    assert said in str(error.value) and path.name in str(error.value)


def test_mixed_encodings_are_counted_and_the_first_line_named(files: tuple[str, str]) -> None:
    head = "project,org,role,type,country,name\n"
    rows = [f"a,{n},P,HES,DE,Universit\xe9 {n}\n" for n in range(3000)]
    bad = {1200, 1201, 2999}
    raw = [row.encode("latin-1" if n in bad else "utf-8") for n, row in enumerate(rows)]
    for content, pack in ((b"".join(raw), bytes), (b"".join(raw), gzip.compress)):
        Path(files[1]).write_bytes(pack(head.encode() + content))
        with pytest.raises(ScenarioError, match=r"participations\.csv:1202: byte 0xe9 is not UTF-8 \(in 3 lines; the others are\)"):
            read(*files)


@pytest.mark.parametrize(("old", "new", "said"), [
    ("startDate", "begin", "project.csv:1: start or startDate: this column is missing"),
    ("legalBasis", "legalBase", "did you mean 'legalBase'?"),
    ("2015-02-01", "01/02/2015", "project.csv:4: startDate: '01/02/2015' is not allowed"),
])
def test_columns_are_named_as_the_file_names_them(old: str, new: str, said: str, cordis: tuple[str, str]) -> None:
    path = Path(cordis[0])
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(ScenarioError) as error:
        read(*cordis)
    assert said in str(error.value)


def test_blank_countries_match_nobody(files: tuple[str, str]) -> None:
    text = Path(files[1]).read_text("utf-8").replace(",DE,", ",,")
    Path(files[1]).write_text(text, "utf-8")
    found = read(*files)
    assert found.countries == ("FR", "IT") and (found.country < 0).sum() == 11
    # of the pairs of 2016 (1238: blank, blank, FR, FR) only 3-8 is known on both sides
    assert measure(found)["years"][2016]["same_country_share"] == 1.0
    # 2015 (126, 127) has none such: no figure rather than a coincidence of blanks
    assert np.isnan(measure(found)["years"][2015]["same_country_share"])
    assert "No country is given for 11 of 16 seats" in " ".join(observation(observe(found)).split())


def test_no_country_at_all(files: tuple[str, str]) -> None:
    lines = [line.split(",") for line in Path(files[1]).read_text("utf-8").splitlines()]
    Path(files[1]).write_text("\n".join(",".join([*cells[:4], "" if n else "country", *cells[5:]]) for n, cells in enumerate(lines)), "utf-8")
    found = read(*files)
    assert found.countries == () and (found.country == -1).all()
    assert observe(found).minor == {}
    assert [len(stock) for stock in calls_of(found, (2014, 2016)).lands] == [1] * 5


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(MobiliseError, match="no such file"):
        read(str(tmp_path / "none.csv"), str(tmp_path / "none.csv"))


def test_a_project_below_the_least_size_alone(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("project,start,end,theme\nx,2014-01-01,,SC1\n", "utf-8")
    (tmp_path / "o.csv").write_text("project,org,role,type,country\nx,1,C,HES,DE\n", "utf-8")
    with pytest.raises(UsageError, match="1 projects with fewer than 3 partners"):
        read(str(tmp_path / "p.csv"), str(tmp_path / "o.csv"))


def test_programme_parts() -> None:
    assert programme_parts("H2020-EU.3.4.5.1.") == "SC4"
    assert programme_parts("H2020-EU.2.1.1.;H2020-EU.2.1.2.; H2020-EU.3.1.") == "LEIT;SC1"
    assert programme_parts("HORIZON.2.5.3, HORIZON.2.5.4") == "HORIZON.2.5"
    assert programme_parts("FP7-HEALTH") == "FP7-HEALTH" and programme_parts("H2020-Euratom-1.1.") == "Euratom"
    assert programme_parts("H2020-EU.4.b.") == "SEWP" and programme_parts("") == ""


def test_order_inside_a_day_is_that_of_the_file(files: tuple[str, str]) -> None:
    found = read(*files)
    assert (np.diff(found.start) >= 0).all() and found.themes[found.theme[3]] == "LEIT"
