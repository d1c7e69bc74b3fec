"""The front end's sources: short, tested by node, and the committed bundle is what they give."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import sim

APP = Path(sim.__file__).parent / "app"
FRONT = APP / "front"


def needs(what: bool, name: str) -> None:
    if not what:
        if os.environ.get("MOBILISE_CI"):
            pytest.fail(f"{name} is missing in continuous integration")
        pytest.skip(f"{name} is not installed")


def test_pure_parts_pass_their_own_tests():
    needs(shutil.which("node") is not None, "node")
    done = subprocess.run(["node", "--test", *map(str, (FRONT / "test").glob("*.test.js"))], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_rebuild_gives_the_same_bytes(tmp_path):
    needs(shutil.which("node") is not None and (FRONT / "node_modules" / "esbuild").exists(), "node with npm ci")
    subprocess.run(["node", "build.mjs"], cwd=FRONT, check=True, env={**os.environ, "BUILT": str(tmp_path)})
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in (APP / "built").iterdir() if path.suffix in (".js", ".css")}


def test_the_front_end_stays_small_and_uses_one_library():
    lines = sum(path.read_text("utf-8").count("\n") for path in (FRONT / "src").iterdir())
    assert lines < 2500
    package = json.loads((FRONT / "package.json").read_text("utf-8"))
    assert package["dependencies"] == {"uplot": "1.6.32"}


def test_the_lock_names_no_registry_and_pins_by_hash():
    lock = json.loads((FRONT / "package-lock.json").read_text("utf-8"))
    assert "resolved" not in json.dumps(lock)
    assert all("integrity" in entry for name, entry in lock["packages"].items() if name)


def test_the_bundle_reaches_for_no_address():
    for path in (APP / "built").iterdir():
        text = path.read_text("utf-8")
        assert "https://" not in text and text.replace("http://www.w3.org/2000/svg", "").count("http://") == 0, path.name
