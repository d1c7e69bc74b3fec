"""The command replay: a world that was never compared is refused before anything is written."""

from __future__ import annotations

import pytest

import sim
from sim.cli.replaying import replay
from sim.errors import UsageError


def test_a_world_outside_the_comparison_is_refused_and_nothing_is_overwritten(tmp_path, capsys):
    sim.compare("scenarios/classroom.yaml", replicates=3, jobs=1, out=tmp_path,
                overrides=["futures.count=0", "world.steps=4"])
    page = tmp_path / "replay.html"
    page.write_text("kept", encoding="utf-8")
    for replicate in (3, 99):
        with pytest.raises(UsageError, match=f"--replicate {replicate}: .*worlds 0 to 2"):
            replay(tmp_path, replicate=replicate)
    assert page.read_text(encoding="utf-8") == "kept"
    replay(tmp_path, replicate=2, recording=True)
    assert (tmp_path / "recording.json").exists() and "browser" not in "".join(capsys.readouterr())
