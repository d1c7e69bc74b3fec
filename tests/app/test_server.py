"""The classroom server against small inputs from strangers: a sentence each time, never a traceback."""

from __future__ import annotations

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest

import sim
from sim.app.server import KEPT, WORKERS, Room, application
from sim.app.session import Class, problem

HOST = "127.0.0.1:8000"


@pytest.fixture
def room():
    return Room(Class(sim.load("scenarios/classroom.yaml"), ("solo",)), frozenset({HOST}))


def talk(room, kind, path, query, *received):
    """Speak ASGI with the server, without a network; return all that it sent."""
    sent, waiting = [], list(received)
    scope = {"type": kind, "path": path, "raw_path": path.encode(), "root_path": "", "query_string": query.encode(),
             "headers": [(b"host", HOST.encode()), (b"origin", f"http://{HOST}".encode())], "method": "GET",
             "scheme": "http", "http_version": "1.1", "subprotocols": [], "extensions": {}}

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    asyncio.run(application(room)(scope, receive, send))
    return sent


@pytest.mark.parametrize(("token", "status"), [("%C3%A9", 403), ("%FF", 403), ("", 403), (None, 200)])
def test_a_token_beyond_ascii_is_a_wrong_token(room, token, status):
    query = f"token={room.token if token is None else token}"
    assert talk(room, "http", "/", query, {"type": "http.request"})[0]["status"] == status


def test_the_line_refuses_a_token_beyond_ascii(room):
    assert talk(room, "websocket", "/line", "token=%C3%A9", {"type": "websocket.connect"})[0]["code"] == 1008


def test_a_binary_message_is_answered_with_a_sentence_and_the_line_closed(room):
    sent = talk(room, "websocket", "/line", f"token={room.token}", {"type": "websocket.connect"},
                {"type": "websocket.receive", "bytes": b"\x00\xff"})
    assert [message["type"].removeprefix("websocket.") for message in sent] == ["accept", "send", "close"]
    assert "only text" in json.loads(sent[1]["text"])["problem"] and sent[2]["code"] == 1003
    assert room.clients == 0


def test_a_client_that_leaves_is_let_go(room):
    talk(room, "websocket", "/line", f"token={room.token}", {"type": "websocket.connect"},
         {"type": "websocket.disconnect", "code": 1000})
    assert room.clients == 0


def served(room, seconds, *texts):
    """Let a room answer these questions, all asked at once; threads stand for its child processes."""
    said = []

    def slowly(_, text):
        said.append(text)
        time.sleep(seconds)
        if text == "die" or (text == "stumble" and said.count(text) == 1):
            raise BrokenProcessPool
        return problem("no") if text == "refuse" else f"world of {text}"

    async def everybody():
        return await asyncio.gather(*map(room.answer, texts))

    room.ask, room.workers = slowly, lambda: ThreadPoolExecutor(WORKERS)
    return asyncio.run(everybody()), said


def test_who_asks_the_same_shares_the_answer_but_never_a_refusal(room):
    assert served(room, 0, *["a"] * 30, "b") == (["world of a"] * 30 + ["world of b"], ["a", "b"])
    assert served(room, 0, "a") == (["world of a"], [])
    assert served(room, 0, "refuse")[1] == served(room, 0, "refuse")[1] == ["refuse"]


def test_only_so_many_answers_are_kept(room):
    served(room, 0, *map(str, range(40)))
    served(room, 0, "last")
    assert len(room.asked) == KEPT and "last" in room.asked


def test_waiting_for_ones_turn_is_not_held_against_a_world(room):
    room.patience = 2.0
    answers, _ = served(room, 0.8, *map(str, range(6)))  # three rounds of two: 2.4 seconds in all
    assert answers == [f"world of {k}" for k in range(6)]


def test_a_world_too_slow_is_refused_with_the_limit(room):
    room.patience = 0.2
    assert "longer than 0.2 seconds" in json.loads(served(room, 1.0, "slow")[0][0])["problem"]


def test_a_process_that_was_taken_along_is_asked_again_one_that_dies_twice_is_said_so(room):
    (stumbled, died), said = served(room, 0, "stumble", "die")
    assert stumbled == "world of stumble" and "died twice" in json.loads(died)["problem"]
    assert sorted(said) == ["die", "die", "stumble", "stumble"]
