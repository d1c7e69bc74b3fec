"""The classroom server against small inputs from strangers: a sentence each time, never a traceback."""

from __future__ import annotations

import asyncio
import json

import pytest

import sim
from sim.app.server import Room, application
from sim.app.session import Class

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
