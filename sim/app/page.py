"""The single-file replay: player and recording in one page that asks nobody for anything."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

# Base 85 may not stand in a page as it is: "<" could open a tag and "&" an entity.
SAFE = str.maketrans("<&", ",.")
# What a file shows whose end is missing; whole, the player takes its place. The title is shown, too, until the style
# has come, because nothing else may stand before the policy: a file cut after its first 150 bytes says so.
UNTIL = "Loading. If this stays, the file is cut short: make it again with mobilise replay."
HEAD = (f'<!doctype html><html lang="en"><head style="display:block"><title style="display:block">{UNTIL}</title>'
        '<meta charset="utf-8">')
# The look of that notice, until the player's own has been unpacked.
BRIEF = ("head,title{display:none!important}"
         ".refused{max-width:36rem;margin:18vh auto;padding:2rem;font:1.15rem/1.5 system-ui,sans-serif}")
NOTICE = "<!-- Made by mobilise (MIT). Charts: uPlot (MIT), (c) Leon Sorokin. -->"


@cache
def built(name: str) -> str:
    """Return a file of the built player."""
    return files("sim.app").joinpath("built", name).read_text("utf-8")


def packed(text: str) -> str:
    """Return a text compressed, in characters that may stand inside a page; the same text gives the same result."""
    return base64.b85encode(gzip.compress(text.encode(), 9, mtime=0)).decode().translate(SAFE)


def as_json(recording: Mapping[str, Any]) -> str:
    """Return a recording as compact JSON; the same recording gives the same text."""
    return json.dumps(recording, separators=(",", ":"), sort_keys=True, ensure_ascii=False, allow_nan=False)


def digest(text: str) -> str:
    """Return how a content security policy names an inline text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def replay(recording: Mapping[str, Any]) -> str:
    """Return the page that plays a recording."""
    player, style, loader = built("replay.js"), built("style.css"), built("loader.js")
    policy = (f"default-src 'none'; script-src {digest(loader)} {digest(player)}; "
              f"style-src {digest(BRIEF)} {digest(style)}; "
              "base-uri 'none'; form-action 'none'")
    return (f'{HEAD}{NOTICE}<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}"></head>'
            f'<body><div id="app"><p class="refused">{UNTIL}</p></div>'
            f"<style>{BRIEF}</style>"  # after the notice: a file cut in the middle of it still says so
            f'<script type="text/plain" id="recording">{packed(as_json(recording))}</script>'
            f'<script type="text/plain" id="style">{packed(style)}</script>'
            f'<script type="text/plain" id="player">{packed(player)}</script>'
            f"<script>{loader}</script></body></html>\n")


def frame(recording: Mapping[str, Any], height: int = 640) -> str:
    """Return the page as a frame for a notebook."""
    return (f'<iframe srcdoc="{escape(replay(recording))}" width="100%" height="{height}" style="border:0" '
            'sandbox="allow-scripts" title="mobilise replay"></iframe>')
