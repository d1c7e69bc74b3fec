"""The classroom page on a real server, in a real browser, against strangers and against bad luck."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

START = '{"do": "start"}'


@pytest.fixture(scope="module")
def served():
    """A server on a free port: its process, address and token."""
    words = [sys.executable, "-u", "-m", "sim", "live", "scenarios/classroom.yaml", "--port", "0", "--set", "world.steps=10"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    found = re.search(r"http://(127\.0\.0\.1:\d+)/\?token=(\S+)", line)
    assert found, line
    yield process, found[1], found[2]
    process.send_signal(signal.SIGINT)
    code = process.wait(20)
    process.stdout.close()
    assert code in (0, 130)


def get(host, path, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(f"http://{host}{path}", headers=headers)) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, dict(refused.headers), refused.read().decode()


def test_the_page_opens_with_its_token_only_and_under_its_own_name_only(served):
    _, host, token = served
    status, headers, text = get(host, f"/?token={token}")
    assert status == 200 and headers["content-security-policy"].startswith("default-src 'self'") and "<script>" not in text
    assert "The world is being run." in text  # no blank page while it is
    assert get(host, "/")[0] == 403 and get(host, "/?token=x")[0] == 403
    assert get(host, f"/?token={token}", Host="evil.example")[0] == 421
    assert get(host, "/live.js", Host="evil.example:80")[0] == 421
    assert get(host, "/server.py")[0] == 404 and get(host, "/..%2Fserver.py")[0] == 404


async def talk(host, token, *messages, origin=None, **headers):
    """Say messages on a line and return the answers."""
    address = f"ws://{host}/line?token={token}"
    async with connect(address, origin=origin or f"http://{host}", additional_headers=headers, max_size=2**24) as line:
        answers = []
        for message in messages:
            await line.send(message)
            answers.append(json.loads(await line.recv()))
        return answers


def test_strangers_are_refused_on_the_line(served):
    _, host, token = served
    for key, origin in ((token, "http://evil.example"), (token, f"https://{host}.evil.example"), ("wrong", None), (token, "null")):
        with pytest.raises(InvalidHandshake):
            asyncio.run(talk(host, key, START, origin=origin))


def test_bad_and_oversized_messages_are_refused_and_the_server_lives_on(served):
    _, host, token = served
    [answer] = asyncio.run(talk(host, token, "{"))
    assert "not JSON" in answer["problem"]
    [answer] = asyncio.run(talk(host, token, "x" * 5000))
    assert "at most 4096" in answer["problem"]
    with pytest.raises(ConnectionClosed):
        asyncio.run(talk(host, token, "x" * 10**6))
    [answer] = asyncio.run(talk(host, token, START))
    assert len(answer["recording"]["runs"]) == 2


def test_a_class_of_clients_is_served_at_once(served):
    _, host, token = served

    async def everybody():
        return await asyncio.gather(*(talk(host, token, START) for _ in range(12)))

    assert all(answers[0]["recording"]["quarters"] == 10 for answers in asyncio.run(everybody()))


def test_the_page_branches_and_says_when_the_line_is_lost(visit, served):
    process, host, token = served
    with visit(f"http://{host}/?token={token}") as page:
        page.evaluate("player.setTab('levers')")
        for quarter, named in ((10, 9), (5, 5)):
            page.evaluate(f"player.seek({quarter})")
            assert page.inner_text("#branch") == f"Continue from Q{named}"
        page.select_option("#lever-policy", "solo")
        page.click("#branch")
        page.until("player.world.runs.length === 3")
        page.evaluate("player.pause()")
        assert page.evaluate("player.world.runs[2].branch.at") == 5
        assert page.evaluate("[0,1,2,3,4,5].every((t) => player.world.runs[0].net[t] === player.world.runs[2].net[t])")
        page.evaluate("player.seek(8); player.setView('difference')")
        assert page.inner_text(".pane >> nth=0 >> h2").startswith("C solo") and "only C" in page.inner_text(".count >> nth=0")
        page.evaluate("player.setView('sides')")
        assert page.inner_text(".among").startswith("C, changed from Q5, ends ")
        assert "not under A" in page.inner_text(".count >> nth=2")
        assert "solo" in page.inner_text(".pane >> nth=2 >> h2") and page.complaints == []
        assert all(url.startswith((f"http://{host}", f"ws://{host}")) for url in page.asked)
        if os.name != "nt":
            process.send_signal(signal.SIGINT)
            page.until("Boolean(document.querySelector('.banner'))")
            assert "connection" in page.inner_text(".banner")
            assert page.evaluate("document.querySelector('.banner').getBoundingClientRect().bottom <= document.querySelector('header').getBoundingClientRect().top")
            before = page.evaluate("player.t")
            page.keyboard.press("Home")
            assert page.evaluate("player.t") == 0 != before
            process.wait(20)  # a second interruption on its way out would kill it


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are read from /proc")
def test_a_killed_server_leaves_nobody_behind():
    words = [sys.executable, "-u", "-m", "sim", "live", "scenarios/classroom.yaml", "--port", "0", "--set", "world.steps=4"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert "open" in process.stdout.readline()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        workers = until(lambda: [pid for pid in children.read_text().split() if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()])
        process.kill()
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def until(holds):
    """Return what holds, once it does."""
    for _ in range(300):
        if found := holds():
            return found
        time.sleep(0.1)
    return None
