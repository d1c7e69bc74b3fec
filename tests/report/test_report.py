"""The report: complete, offline, honest about doubts; survival and losers against hand-made cases."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim.errors import UsageError
from sim.experiment.reopen import reopen
from sim.report.losers import Group, Losers
from sim.report.report import CONTENTS, NAME, write
from sim.report.survival import kaplan_meier, survival
from sim.report.tables import outcomes_grids
from sim.report.text_programme import parts as programme_parts

FEW = ["futures.count=8", "world.steps=16"]
VOID = {"meta", "img", "br"}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    return sim.compare("scenarios/classroom.yaml", replicates=2, jobs=1, out=folder, overrides=FEW)


@pytest.fixture(scope="module")
def page(study):
    return write(study)[0].read_text("utf-8")


class Balance(HTMLParser):
    """Collects what is open, and figures without words."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.mute: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.addresses += [value for name, value in attrs if name in ("src", "href") and value]
        if tag == "img" and len(given.get("alt") or "") < 30:
            self.mute.append(str(given)[:80])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_and_asks_for_nothing(page):
    reader = Balance()
    reader.feed(page)
    assert reader.open == [] and reader.mute == []
    assert all(address.startswith(("data:", "#")) for address in reader.addresses)
    assert "<script" not in page and "http://" not in page.split("</style>")[1].split("<img")[0]
    assert all(f'<section id="{name}"' in page and f'href="#{name}"' in page for name, _ in CONTENTS if name != "programme")
    assert "programme" not in page.split("<nav")[1].split("</nav>")[0]  # no instruments, no section of them
    assert page.count("<figure>") == page.count("The numbers of this figure") == 7


def test_page_one_answers_in_the_words_of_the_terminal(page, study):
    from sim.report.text import headline

    said = re.sub(r"<[^>]+>", " ", page.split("<nav")[0])
    assert " ".join(headline(study.findings).split()).replace("'", "&#x27;") in said
    assert study.findings.question in said.replace("&#x27;", "'")
    assert 2 <= page.count("<li><b>") <= 3 and "assumed, not calibrated" in page


def test_two_reports_are_the_same_bytes(page, study):
    assert write(study)[0].read_text("utf-8") == page


def test_a_kept_comparison_reopens_as_it_was(study):
    again = reopen(study.folder)
    assert again.scenario == study.scenario and repr(again.findings) == repr(study.findings)
    kept = json.loads((study.folder / "manifest.json").read_text("utf-8"))
    assert kept["command"].startswith("mobilise compare scenarios/classroom.yaml --replicates 2 --set ")


def test_the_command_writes_it_and_keeps_json_clean(study, page):
    from typer.testing import CliRunner

    from sim.cli.app import app

    done = CliRunner().invoke(app, ["report", str(study.folder), "--json"])
    assert done.exit_code == 0 and json.loads(done.stdout)["report"] == str(study.folder / NAME)


def test_a_folder_without_a_comparison_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no comparison is kept here"):
        reopen(tmp_path)
    (tmp_path / "manifest.json").write_text('{"study": "x"}')
    with pytest.raises(UsageError, match="earlier version"):
        reopen(tmp_path)


def test_survival_is_the_product_limit_of_the_textbook():
    # lengths 1, 2+, 3, 3, 5+ (+: censored): by hand S(1)=4/5, S(3)=4/5*1/3
    curve = kaplan_meier(np.array([1, 2, 3, 3, 5]), np.array([1, 0, 1, 1, 0], bool))
    assert curve.share == pytest.approx([1, 0.8, 0.8, 0.8 / 3, 0.8 / 3, 0.8 / 3])
    assert curve.low[1] == pytest.approx(0.8 - 1.96 * 0.8 * np.sqrt(1 / 20), abs=1e-3)


def test_ties_are_watched_only_while_their_end_can_be_known():
    kinds = [("a", "i4"), ("b", "i4"), ("first", "i4"), ("last", "i4"), ("running", "i4"), ("times", "i4")]
    rows = [(0, 1, 10, 12, 0, 1),   # silent since 12, the end at 40: ended at age 2
            (0, 2, 10, 39, 0, 1),   # later contact: alive when watching stopped (step 31)
            (0, 3, 38, 39, 1, 0),   # too young to be watched
            (1, 4, 10, 15, 0, 1)]   # a side died: censored at age 5
    world = SimpleNamespace(rels=np.array(rows, kinds).view(np.recarray), n=SimpleNamespace(relations=4, step=40),
                            orgs=SimpleNamespace(left=np.array([-1, -1, -1, -1, 20])))
    curve = survival(world, since=8)
    assert curve.ties == 3 and len(curve.age) == 31 - 10 + 1
    assert curve.share[1] == 1 and curve.share[2] == pytest.approx(2 / 3) == curve.share[21]


def test_an_outcome_that_neither_policy_has_is_no_row(study):
    one, other = study.findings.focus
    levels = {(level.policy, level.outcome): level.estimate.mean for level in study.findings.levels}
    void = [name for name in ("other_result", "adopter_result")
            if np.isnan(levels.get((one, name), np.nan)) and np.isnan(levels.get((other, name), np.nan))]
    rows = [row for grid in outcomes_grids(study.findings) for row in grid.rows if row[1] == row[2] == "–"]
    assert "other_result" in void and rows == []


def test_page_one_names_what_was_run_beside_and_no_bare_key(page, study):
    front = re.sub(r"<[^>]+>", " ", page.split("<nav")[0])
    assert {name.replace("_", " ") for name in study.findings.policies} <= {name for name in
            ("strategic mobilisation", "same known partners", "solo") if name in front}
    assert "Run beside them in the same worlds: solo." in front and "Nobody partnering at all (solo)" in front
    keys = re.findall(r"\b(?:work|search|trust|learn|challenges|clusters)\.[a-z_]+", front)
    assert all(f"({key})" in front for key in keys)


PROGRAMME = """name: small
question: Does a call pay?
policies: [{name: call, like: neutral, instruments: [consortia]}, {name: nothing, like: neutral, instruments: []}]
baseline: nothing
focus: call
replicates: 2
futures: {count: 0}
world: {smes: 120, clusters: 12, steps: 12, burn_in: 4}
clusters: {partnership_rate: 0.1}
instruments:
  - {name: consortia, kind: consortium_call, text: Consortia of clusters., start: 1, end: 10, budget: 3000, grant: 300}
"""


def test_a_programme_has_its_section_its_money_and_its_instruments(tmp_path):
    (tmp_path / "small.yaml").write_text(PROGRAMME, "utf-8")
    study = sim.compare(str(tmp_path / "small.yaml"), jobs=1, out=tmp_path / "out")
    text = write(study)[0].read_text("utf-8")
    assert "Consortia of clusters.</td>" in text and ">3,000</td>" in text and ">1 to 10</td>" in text
    inside = text.split('<section id="programme">')[1].split("</section>")[0]
    for part in programme_parts(study.findings):
        assert part.title.replace("'", "&#x27;") in inside and all(cell in inside for row in part.rows for cell in row[1:])
    assert "applications" in inside and "public money spent" in inside and 'href="#programme"' in text
    assert "unspent" not in text.split('<section id="effects">')[1].split("</section>")[0]  # said once


def test_losers_are_named_by_group_only_beyond_chance():
    few = Losers(400, 0.4, 3.0, (Group("sector 1", 100, 0.45, -2.0), Group("sector 2", 300, 0.383, 5.0)))
    assert "No group does so more often than chance" in few.sentence("a", "b") and "mean change over all of them is +3.00" in few.sentence("a", "b")
    many = Losers(400, 0.4, 3.0, (Group("sector 1", 100, 0.7, -2.0), Group("sector 2", 300, 0.3, 5.0)))
    assert "Most often sector 1: 70% end with less, with a mean change of −2.00 kEUR." in many.sentence("a", "b")
    assert few.sentence("a", "b").startswith("In the average world shown below, 40% of the 400")


def test_a_report_says_what_a_short_or_a_large_world_cannot_show(tmp_path, monkeypatch):
    short = sim.compare("scenarios/classroom.yaml", replicates=2, jobs=1, out=tmp_path, overrides=["futures.count=0", "world.steps=3"])
    monkeypatch.setattr("sim.report.report.LARGEST_MAP", 10)
    monkeypatch.setattr("sim.report.gallery.LARGEST_MAP", 10)
    said = write(short)[0].read_text("utf-8")
    assert "How long ties last cannot be seen" in said and "ties begun" not in said
    assert "A map of more than 10 organisations would show nothing" in said and "Three partnerships under" in said
    monkeypatch.setattr("sim.report.report.LARGEST", 10)
    monkeypatch.setattr("sim.report.pair.LARGEST", 10)
    said = write(short)[0].read_text("utf-8")
    assert "worlds of more than 10 organisations are not run once more" in said and "Three partnerships" not in said
