"""The replay in a real browser: offline, whole, steady, usable by keyboard, honest about bad input."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image

import sim
from sim.app.page import as_json, built, packed, replay
from sim.app.recording import lanes_of, record

MEGABYTE = 2**20


def test_it_asks_nobody_and_complains_of_nothing(visit, file):
    with visit(file) as page:
        for act in ("player.seek(24)", "player.setView('difference')", "player.setView('matrix')", "player.setView('sides')",
                    "player.choose(3)", "player.setTab('list')", "player.setTab('levers')", "player.setTab('legend')",
                    "player.project()", "player.retheme()"):
            page.evaluate(act)
        assert [url for url in page.asked if not url.startswith(("file:", "blob:"))] == [] and page.complaints == []


def test_the_headline_says_where_this_world_lies(visit, file):
    with visit(file) as page:
        said = page.inner_text("h1")
        assert said.endswith("same known partners cannot be told apart: +1.25 [−4.12, 6.62] kEUR per organisation")
        assert " ".join(page.inner_text(".among").split()) == "Ahead in 3 of 4 worlds and 2.5 of 6 plausible futures. You watch world 0, a poor one for it (+1.00 kEUR)."


def test_the_state_is_the_same_forward_backward_and_after_a_jump(visit, file):
    script = """() => {
      const at = (t) => { player.seek(t); return mobilise.fingerprint(player.world, player.t) + document.querySelector('.count').textContent; };
      const forward = [...Array(25).keys()].map(at), backward = [...Array(25).keys()].reverse().map(at).reverse();
      const jumps = [7, 24, 0, 13].map((t) => at(t) === forward[t]);
      return [JSON.stringify(forward) === JSON.stringify(backward), jumps.every(Boolean), new Set(forward).size];
    }"""
    with visit(file) as page:
        same, jumped, different = page.evaluate(script)
        assert same and jumped and different == 25


def test_a_thousand_steps_neither_complain_nor_grow(visit, file):
    with visit(file) as page:
        walk = "(n) => { for (let k = 0; k < n; k++) player.seek(k % 25); gc(); return performance.memory.usedJSHeapSize; }"
        before = page.evaluate(walk, 100)
        after = page.evaluate(walk, 1000)
        assert after - before < 20 * MEGABYTE and page.complaints == []


def test_everything_by_keyboard(visit, file):
    with visit(file) as page:
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("player.t") == 2
        page.keyboard.press("End")
        assert "24 of 24" in page.inner_text(".clock")
        page.keyboard.press("v")
        assert page.evaluate("player.view") == "difference"
        page.keyboard.press("v"), page.keyboard.press("v")
        page.focus("#net0")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert page.evaluate("player.chosen") >= 0 and "Organisation" in page.inner_text("#panel h3")
        page.keyboard.press("Escape")
        assert page.evaluate("player.chosen") == -1
        page.keyboard.press("Home")
        page.keyboard.press(" ")
        page.until("player.t >= 2")
        page.keyboard.press(" ")
        still = page.evaluate("player.t")
        page.wait_for_timeout(1200)
        assert page.evaluate("player.t") == still


def test_tabs_reach_every_control_and_a_list_serves_screen_readers(visit, file):
    with visit(file) as page:
        seen = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            seen.add(page.evaluate("(document.activeElement.getAttribute('aria-label') || document.activeElement.id || document.activeElement.textContent).slice(0, 90)"))
        assert {"Play", "Quarter", "Speed", "projector", "tab-story", "To the start"} <= seen
        assert sum("ties" in one for one in seen) == 2  # both networks
        page.evaluate("player.setTab('list')")
        assert page.locator("#panel li").count() >= 50 and "cluster" in page.inner_text("#panel li >> nth=0")
        page.evaluate("player.seek(5)")
        assert "Quarter 5 of 24" in page.inner_text("[role=status]") and "ties" in page.inner_text("[role=status]")


def test_a_story_names_partners_and_reasons_under_each_policy(visit, file, recording):
    seats = recording["runs"][0]["partnerships"]["member"]
    busiest = max(set(seats), key=seats.count)
    with visit(file) as page:
        page.evaluate(f"player.seek(24); player.choose({busiest})")
        text = page.inner_text("#panel")
        assert text.count("strategic mobilisation") and text.count("same known partners")
        assert "formed with" in text and "roles covered" in text and "trust" in text
        assert page.locator(".lifelines").count() == 2 and page.locator(".lifelines .end").count() > 0
        assert page.evaluate("(o) => player.world.runs[0].teams.filter((t) => t.seats.length > 1 && t.start <= 24 && t.seats.some((s) => s.org === o)).length", busiest) == page.locator("#panel section:nth-of-type(1) .lives li").count()


def test_shocks_stand_on_the_scrubber(visit, file):
    with visit(file) as page:
        page.click(".mark >> nth=0")
        assert page.evaluate("player.t") == 13 and "demand shift" in page.get_attribute(".mark >> nth=0", "aria-label")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_finding(visit, axe, file, scheme):
    with visit(file, color_scheme=scheme, bypass_csp=True) as page:
        page.evaluate("player.seek(8)")
        for act in ("", "player.choose(2, true)", "player.setTab('levers')", "player.setTab('list'); document.querySelectorAll('details').forEach((one) => { one.open = true; })",
                    "player.setTab('legend')", "player.project(); player.setView('difference')"):
            page.evaluate(act or "0")
            assert axe(page) == [], act


LESSON = {"title": "Two", "others": 8, "ordinary": True, "steps": [
    {"kind": "explain", "text": "Look."}, {"kind": "predict", "id": "one", "text": "Guess.", "question": "Which?", "choices": ["this", "that"]},
    {"kind": "run", "text": "Watch.", "from": 0, "to": 3}, {"kind": "reveal", "of": "one", "text": "So.", "answer": 1, "numbers": [["a", "1"]]}]}


def test_a_lesson_goes_by_keyboard_alone_and_is_told_to_who_cannot_see(visit, axe, recording, tmp_path):
    path = tmp_path / "lesson.html"
    path.write_text(replay({**recording, "lesson": LESSON}), encoding="utf-8")
    with visit(path.as_uri(), bypass_csp=True) as page:
        assert page.inner_text(".among").startswith("World 0, of 9 the one whose answers agree most")
        page.focus("#lesson-next")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.type") == "radio" and "Predict. Guess." in page.inner_text("[role=status]")
        assert page.is_disabled("#lesson-next") and axe(page) == []
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.value") == "1"
        page.keyboard.press("Tab"), page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("Boolean(player.timer)") and "Watch." in page.inner_text("[role=status]")
        page.keyboard.press("Enter")
        assert "As you said: that" in page.inner_text("#panel") and "Reveal. So." in page.inner_text("[role=status]")
        assert page.evaluate("player.t") == 3 and axe(page) == []


def test_the_place_of_the_keyboard_is_always_seen(visit, file):
    marked = """() => { const one = document.activeElement, look = getComputedStyle(one), box = one.getBoundingClientRect();
      return [one.tagName, parseFloat(look.outlineWidth) >= 2 && look.outlineStyle !== 'none', box.width > 0 && box.top < innerHeight && box.left < innerWidth]; }"""
    with visit(file) as page:
        for act in ("player.setTab('story')", "player.project()"):
            page.evaluate(act)
            for _ in range(30):
                page.keyboard.press("Tab")
                name, outlined, there = page.evaluate(marked)
                assert name == "BODY" or (outlined and there), (act, name)


def test_letters_work_from_a_slider_and_a_choice_keeps_its_own_keys(visit, file):
    with visit(file) as page:
        page.focus("[aria-label=Quarter]")
        page.keyboard.press("v")
        page.keyboard.press("p")
        assert page.evaluate("[player.view, player.big]") == ["difference", True]
        page.focus("[aria-label=Quarter]")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("player.t") == 1  # once, not twice
        page.focus("[aria-label=Speed]")
        page.keyboard.press("p")
        assert page.evaluate("player.big")  # a list is searched by letters


def test_the_numbers_of_charts_and_matrix_are_tables(visit, file):
    with visit(file) as page:
        page.evaluate("player.seek(24); player.setTab('list')")
        page.click("#numbers")
        assert page.locator(".numbers >> nth=0 >> tbody tr").count() == 25
        last = page.inner_text(".numbers >> nth=0 >> tbody tr >> nth=24").split()
        shown = page.inner_text(".charthead .now >> nth=0").split()
        assert last[:3] == ["24", shown[1], shown[3]] and last[3] == page.inner_text(".charthead .now >> nth=1")
        page.click("#sectors")
        cells = page.locator(".numbers >> nth=1 >> td").all_inner_texts()
        ties = page.evaluate("player.world.runs.map((run) => run.ties.at[24].length)")
        assert [sum(int(text.replace(",", "")) for text in cells[k::2]) for k in (0, 1)] == ties


def test_it_fits_the_teachers_screen_with_letters_large_enough(visit, file):
    script = """() => [...document.querySelectorAll('button, p, h1, h2, h3, h4, li, td, th, label, output, option, select')]
      .filter((node) => node.offsetParent && node.textContent.trim() && !node.closest('.hidden'))
      .map((node) => [parseFloat(getComputedStyle(node).fontSize), node.textContent.slice(0, 30)]).sort((a, b) => a[0] - b[0])[0]"""
    for width, height in ((1280, 720), (1920, 1080)):
        with visit(file, viewport={"width": width, "height": height}) as page:
            page.evaluate("player.seek(12); player.setTab('levers')")
            assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [width, height]
            assert page.evaluate(script)[0] >= 12.5
            page.evaluate("player.project()")
            assert page.evaluate(script)[0] >= 16 and page.evaluate("document.documentElement.scrollWidth") == width


def test_policies_are_told_apart_without_colour(visit, file):
    """The two tones differ in lightness; marks and dashes differ too, so grey and colour-blind eyes read them."""
    with visit(file) as page:
        marks = [page.inner_text(f".pane >> nth={k} >> h2")[0] for k in (0, 1)]
        assert marks == ["A", "B"]
        dashes = page.evaluate("player.charts.plots[0].series.slice(1).map((s) => (s.dash || []).length)")
        assert dashes[0] != dashes[1]
        page.evaluate(DASHES)
        lines = page.evaluate("(player.seek(12), drawn.length = 0, player.setView('difference'), drawn)")
        by_tone = {tone: {dash for one, dash in lines if one == tone} for tone, _ in lines}
        assert len(by_tone) == 3 and len(set().union(*by_tone.values())) == 3  # only A, only B, both: a dash of its own each


@pytest.mark.parametrize("eyes", ["deuteranopia", "protanopia", "achromatopsia"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_for_other_eyes(visit, file, eyes, scheme):
    """What is written in the colour of a policy keeps WCAG's contrast of 4.5 on its ground, as those eyes see it."""
    with visit(file, color_scheme=scheme) as page:
        page.context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", {"type": eyes})
        seen = [colours(page.locator(f".pane >> nth={k} >> .badge").screenshot()) for k in (0, 1)]
        seen += [colours(page.locator(f".pane >> nth={k} >> h2 > span").screenshot()) for k in (0, 1)]
        assert all(contrast(min(one, key=light), max(one, key=light)) >= 4.5 for one in seen), seen
        if eyes != "achromatopsia":
            first, second = (one[0] for one in seen[:2])
            assert sum(abs(a - b) for a, b in zip(first, second, strict=True)) > 100


def colours(picture: bytes) -> list[tuple[int, int, int]]:
    """The colours of a picture, the most frequent first; what covers little of it is left out."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    found = sorted(image.getcolors(2**20), reverse=True)
    return [colour for count, colour in found if count > 0.004 * image.width * image.height]


def light(colour) -> float:
    """WCAG's relative luminance."""
    parts = [v / 255 / 12.92 if v <= 10 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other) -> float:
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


# Note what is stroked, with which dash.
DASHES = """() => { window.drawn = []; const stroke = CanvasRenderingContext2D.prototype.stroke;
  const tones = ['--one', '--two', '--shared'].map((n) => getComputedStyle(document.documentElement).getPropertyValue(n).trim());
  CanvasRenderingContext2D.prototype.stroke = function (...given) { if (tones.includes(this.strokeStyle) && this.canvas.id === 'net0') drawn.push([this.strokeStyle, this.getLineDash().map(Math.round).join(' ')]); stroke.apply(this, given); }; }"""


def damaged(recording) -> dict[str, str]:
    """Pages with a recording of another version, cut short, too large, foreign, empty."""
    page = replay(recording)
    body = packed(as_json(recording))
    crowd = {**recording, "organisations": {**recording["organisations"], "kind": [0] * 50_000}}
    return {"version 9": page.replace(body, packed(as_json({**recording, "version": 9}))),
            "cut short": page.replace(body, body[: len(body) // 2]),
            "50,000 organisations are too many": page.replace(body, packed(json.dumps(crowd))),
            "not a mobilise recording": page.replace(body, packed('{"a": 1}')),
            "holds no recording": page.replace(body, ""),
            "incomplete": page.replace(body, packed(as_json({**recording, "runs": [{"partnerships": {}}]}))),
            "cut short or damaged, or": page.replace(packed(built("replay.js")), packed(built("replay.js"))[:4000])}


def test_bad_input_is_a_clear_sentence_never_a_blank_page(visit, recording, tmp_path):
    for sentence, text in damaged(recording).items():
        path = tmp_path / "bad.html"
        path.write_text(text, encoding="utf-8")
        with visit(path.as_uri(), ready=False) as page:
            page.until("document.querySelector('[role=alert]') || !document.getElementById('app').textContent.startsWith('Loading')")
            assert sentence in page.inner_text("#app"), sentence


def test_a_file_whose_end_is_missing_says_so(visit, recording, tmp_path):
    whole = replay(recording).encode()
    path = tmp_path / "cut.html"
    for left in (whole.index(b"<style>") + 50, len(whole) // 2, len(whole) - 400, len(whole) - len(built("loader.js")) - 100):
        path.write_bytes(whole[:left])
        with visit(path.as_uri(), ready=False) as page:
            page.wait_for_timeout(300)
            assert "the file is cut short: make it again with mobilise replay" in page.inner_text("#app")


def test_even_a_file_cut_near_its_beginning_is_not_blank(visit, recording, tmp_path):
    """From byte 170 on the whole sentence stands there; the document's own first words take 82."""
    whole = replay(recording).encode()
    path = tmp_path / "cut.html"
    begins, policy = whole.index(b"Loading"), whole.index(b"<meta http-equiv")
    assert begins <= 90
    for left in (begins + 8, 170, whole.index(b"<meta"), policy + 20, policy + 300, whole.index(b"<style>") - 10, whole.index(b"<style>") + 7):
        path.write_bytes(whole[:left])
        with visit(path.as_uri(), ready=False) as page:
            page.wait_for_timeout(150)
            shown = page.evaluate("document.documentElement.innerText")
            assert "Loading" in shown if left < 170 else "cut short: make it again with mobilise replay." in shown, left


def test_a_whole_file_bears_its_question_as_its_title(visit, file, recording):
    with visit(file) as page:
        assert page.title() == recording["question"] and not page.is_visible("title")


def test_the_projector_cuts_no_number_and_o_brings_the_panel(visit, file):
    cut = """() => [...document.querySelectorAll('.count, .now, .charthead')].filter((node) => node.offsetParent && node.scrollWidth > node.clientWidth + 1
      && getComputedStyle(node).display !== 'inline').map((node) => node.textContent)"""
    with visit(file) as page:
        page.evaluate("player.seek(24); player.project()")
        assert not page.is_visible("#panel")
        page.keyboard.press("o")
        assert page.is_visible("#panel") and page.evaluate("document.activeElement.id") == "pick"
        page.wait_for_timeout(100)
        assert page.evaluate(cut) == []
        assert page.evaluate("player.charts.plots.every((plot, k) => plot.width === player.charts.boxes[k].clientWidth)")
        page.keyboard.press("Escape")
        assert not page.is_visible("#panel")


LONG = "strategic_mobilisation_of_the_competences_that_a_challenge_needs_whoever_holds_them"
OVER = """() => [...document.querySelectorAll('header *, figcaption *, .charthead *, .panel *, .clock')].filter((node) => node.offsetParent
  && !node.closest('.hidden') && getComputedStyle(node).display !== 'inline' && node.scrollWidth > node.clientWidth + 1).map((node) => node.outerHTML.slice(0, 90))"""


def headed(recording, tmp_path, **changes) -> str:
    """A replay with the headline of the default comparison."""
    worlds = {**recording["worlds"], "all": "+149 [143, 154]", "verdict": "ahead"}
    path = tmp_path / "headed.html"
    path.write_text(replay({**recording, "worlds": worlds, **changes}), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_projectors_header_is_three_lines(visit, recording, tmp_path, scheme):
    lines = "(name) => Math.round(document.querySelector(name).getBoundingClientRect().height / parseFloat(getComputedStyle(document.querySelector(name)).lineHeight))"
    for width, height in ((1280, 720), (1920, 1080)):
        with visit(headed(recording, tmp_path), viewport={"width": width, "height": height}, color_scheme=scheme) as page:
            page.evaluate("player.project()")
            assert page.evaluate(lines, "h1") == 1 and page.evaluate(lines, ".among") <= 2
            assert page.evaluate("document.querySelector('header').offsetHeight") < 0.16 * height
            assert page.evaluate(OVER) == []


def test_very_long_names_leave_room_for_the_pictures(visit, recording, tmp_path):
    runs = [{**run, "label": f"{LONG}_{k}".replace("_", " " if k else "_")} for k, run in enumerate(recording["runs"])]
    for act in ("", "player.project()", "player.setView('difference')"):
        for width, height in ((1280, 720), (600, 800)):
            with visit(headed(recording, tmp_path, runs=runs, question=LONG), viewport={"width": width, "height": height}) as page:
                page.evaluate(f"player.seek(20); player.choose(1); {act}")
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                assert page.evaluate("Math.min(...player.canvases.filter((c) => c.offsetParent).map((c) => c.clientHeight))") > 120, act
                assert page.evaluate(OVER) == [], act


def test_a_chart_says_its_unit(visit, file):
    with visit(file) as page:
        for chart, unit in (("ties", "ties"), ("won", "share of endings"), ("net", "kEUR per organisation")):
            page.select_option(".charthead select", chart)
            assert page.inner_text(".charthead span:not(.hidden) >> nth=0") == unit


def test_above_a_thousand_ties_it_shows_the_matrix_and_lines_come_back_with_a_filter(visit, tmp_path):
    scenario = sim.load("scenarios/known_vs_strategic.yaml", {"world.smes": 700, "world.clusters": 14, "world.steps": 8})
    path = tmp_path / "many.html"
    path.write_text(replay(record(lanes_of(scenario, ["strategic_mobilisation", "same_known_partners"]))), encoding="utf-8")
    with visit(path.as_uri()) as page:
        page.evaluate("player.seek(8)")
        assert "too many to see as lines" in page.inner_text(".note") and page.evaluate("player.frame") is None
        page.evaluate("player.setFilter({ sector: 2, trust: 0.5 })")
        assert page.evaluate("player.frame !== null") and "Only some ties are shown: sector 3, trust at least 0.5." in page.inner_text(".note")
        page.click(".note button")
        assert "too many to see" in page.inner_text(".note")
        page.evaluate("player.project()")
        page.click(".note button")
        assert page.evaluate("document.activeElement.id") == "filter"  # the panel comes, at the filters


def test_a_lesson_hides_the_end_and_has_room_for_it(visit, recording, tmp_path):
    lesson = {"title": "Two", "steps": [{"kind": "explain", "text": "Look."}]}
    path = tmp_path / "lesson.html"
    path.write_text(replay({**recording, "lesson": lesson}), encoding="utf-8")
    script = """(t) => { player.seek(t); return player.charts.plots.map((u) => {
      const drawn = u.data.slice(1).flat().filter((v) => v !== null);
      return [drawn.length / (u.data.length - 1), Math.min(...drawn) - u.scales.y.min, u.scales.y.max - Math.max(...drawn)]; }); }"""
    with visit(path.as_uri()) as page:
        assert [drawn for drawn, _, _ in page.evaluate(script, 3)] == [4, 4]
        for drawn, below, above in page.evaluate(script, 24):
            assert drawn == 25 and below >= 0 and above >= 0


def test_a_reveal_stops_the_film_at_its_end(visit, recording, tmp_path):
    steps = [{"kind": "predict", "id": "one", "text": "?", "question": "?", "choices": ["a", "b"]},
             {"kind": "run", "text": "Look.", "from": 0, "to": 9}, {"kind": "reveal", "of": "one", "text": "So.", "answer": 0, "numbers": []}]
    path = tmp_path / "lesson.html"
    path.write_text(replay({**recording, "lesson": {"title": "Two", "steps": steps}}), encoding="utf-8")
    with visit(path.as_uri()) as page:
        page.keyboard.press("End")
        assert page.evaluate("player.t") == 0  # the end would give the answer away
        still = page.evaluate("[player.charts.plots[0].scales.y.min, player.charts.plots[0].scales.y.max]")
        page.evaluate("(player.lesson.guesses.one = 1, player.lessonStep(1))")
        assert page.evaluate("[player.charts.plots[0].scales.y.min, player.charts.plots[0].scales.y.max]") != still
        assert page.evaluate("[player.t, Boolean(player.timer)]") == [0, True]
        page.evaluate("player.lessonStep(1)")
        assert page.evaluate("[player.t, Boolean(player.timer)]") == [9, False]
