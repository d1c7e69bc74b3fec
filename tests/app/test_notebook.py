"""A result in a notebook brings its replay, in a frame that can do nothing but play."""

from __future__ import annotations

import html
import re

import sim


def test_a_comparison_shows_headline_table_and_replay(tmp_path):
    result = sim.compare("scenarios/classroom.yaml", replicates=2, jobs=1, out=tmp_path,
                         overrides=["futures.count=0", "world.steps=4"])
    shown = result._repr_html_()
    frame = re.search(r'<iframe srcdoc="([^"]+)"[^>]*>', shown)
    assert shown.startswith("<p><b>") and "<table" in shown and frame
    assert 'sandbox="allow-scripts"' in frame[0] and 'id="recording"' in html.unescape(frame[1])
