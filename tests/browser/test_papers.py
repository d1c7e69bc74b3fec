"""Pages without a player, as a browser shows and prints them: the report, a lesson's sheet, the teacher's notes."""

from __future__ import annotations

import pytest

import sim
from sim.app.lesson import play, sheet, teacher
from sim.report.report import write


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """Where each page lies."""
    folder = tmp_path_factory.mktemp("papers")
    report, _ = write(sim.compare("scenarios/classroom.yaml", replicates=2, jobs=1, out=folder / "study", overrides=["world.steps=12", "futures.count=6"]))
    recording = play("what_search_costs", others=1)
    for name, text in (("sheet", sheet(recording)), ("notes", teacher("what_search_costs", recording))):
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {"report": report, "sheet": folder / "sheet.html", "notes": folder / "notes.html"}


@pytest.mark.parametrize("name", ["report", "sheet", "notes"])
def test_it_asks_nobody_and_serves_everybody(visit, axe, papers, name):
    for scheme in ("light", "dark"):
        with visit(papers[name].as_uri(), ready=False, bypass_csp=True, color_scheme=scheme) as page:
            if scheme == "light":  # the same tables in the dark would take as long again
                page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            assert axe(page) == []
            assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == [] and page.complaints == []


def test_page_one_of_the_report_is_one_page_of_paper(visit, papers):
    """A4 with the style's own margins: the answer ends before the second page begins, and nothing is wider than the paper."""
    with visit(papers["report"].as_uri(), ready=False, viewport={"width": 673, "height": 1001}) as page:  # 178 x 265 mm at 96 dots an inch
        page.emulate_media(media="print")
        assert page.evaluate("document.getElementById('answer').getBoundingClientRect().height") < 1001
        assert page.evaluate("document.documentElement.scrollWidth") <= 673
        assert page.evaluate("document.querySelectorAll('figure img').length") >= 6


def test_a_sheet_is_one_page_of_paper_and_gives_nothing_away(visit, papers):
    with visit(papers["sheet"].as_uri(), ready=False, viewport={"width": 658, "height": 986}) as page:  # 174 x 261 mm
        page.emulate_media(media="print")
        assert page.evaluate("document.querySelector('main').scrollHeight") < 986 * 2
        assert "Name" in page.inner_text("main") and page.locator(".right").count() == 0
