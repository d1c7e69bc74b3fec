"""The classroom page: one small server on this computer, simulations in child processes.

Loopback only unless told otherwise. The Host must be one of ours, the Origin must be the page's own, a token
made at each start opens the line, messages are short and few; every refusal says the limit. Questions wait their
turn, first come first served; who asks what was asked just now shares its answer, as a class does that opens the page.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import multiprocessing
import os
import secrets
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from html import escape
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from sim.app.page import built
from sim.app.session import LONGEST_MESSAGE, Class, ask, problem

MOST_CLIENTS = 60
PATIENCE = 60.0          # seconds one world may take, once it is its turn
PAUSE = 0.25             # seconds between two questions of one client
WORKERS = 2
TASKS_EACH = 200         # answers of one child process before a fresh one takes its place
FIRST = 600.0            # the same for the first, which may have to be compiled on a slow machine
KEPT = 8                 # answers that are kept for who asks the same
OPENING = '{"do":"start"}'  # what every page asks first
WAIT = "The world is being run. The first time on a computer takes about a minute; after that, a second."
SECURITY = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
}
REFUSED = problem("")[:12]  # how a refusal begins: nobody shares one
KINDS = {"live.js": "text/javascript", "style.css": "text/css"}


@dataclass
class Room:
    """One running server: what it shows, who may come in, and who is in.

    Parameters
    ----------
    shown : the scenario and policies. hosts : the exact Host headers that are answered.
    token : what opens the line. clients : open lines. ask : the worker's function, replaceable by tests.
    turns : one for each child process. asked : questions being answered, and the last that were.
    """

    shown: Class
    hosts: frozenset[str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    clients: int = 0
    patience: float = PATIENCE
    ask: Callable[[Class, str], str] = ask
    pool: ProcessPoolExecutor | None = None
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WORKERS))
    asked: dict[str, asyncio.Task[str]] = field(default_factory=dict)

    def workers(self) -> ProcessPoolExecutor:
        """Return the child processes, started afresh when one died."""
        if self.pool is None:
            self.pool = ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn"),
                                            initializer=_leave_with_the_server, max_tasks_per_child=TASKS_EACH)
        return self.pool

    def dismiss(self, pool: ProcessPoolExecutor | None) -> None:
        """End these child processes, however busy they are; those that took their place stay."""
        if pool is None:
            return
        if self.pool is pool:
            self.pool = None
        children = list((getattr(pool, "_processes", None) or {}).values())
        pool.shutdown(wait=False)
        for child in children:
            child.kill()

    async def answer(self, text: str, patience: float | None = None) -> str:
        """Answer a question, or share the answer of who asked the same."""
        if text not in self.asked:
            self.asked[text] = asyncio.create_task(self._run(text, patience or self.patience))
        task = self.asked[text]
        answer = await asyncio.shield(task)  # whoever leaves takes nobody's answer along
        if answer.startswith(REFUSED):
            self.asked.pop(text, None)
        done = [one for one, task in self.asked.items() if task.done()]
        for one in done[:-KEPT]:
            del self.asked[one]
        return answer

    async def _run(self, text: str, patience: float) -> str:
        """Let a child process answer; its death or slowness becomes a sentence."""
        for _ in range(2):  # a neighbour's world that was stopped takes this one's process along: once more
            async with self.turns:
                pool = self.workers()
                try:
                    work = asyncio.get_running_loop().run_in_executor(pool, self.ask, self.shown, text)
                    return await asyncio.wait_for(work, patience)
                except TimeoutError:
                    self.dismiss(pool)
                    return problem(f"this world takes longer than {patience:g} seconds to run; choose a smaller one")
                except BrokenProcessPool:
                    self.dismiss(pool)
        return problem("the process that ran this world died twice; choose a smaller world")


def _leave_with_the_server() -> None:
    """End this child process with the server, however that ended: one that was killed cannot say so."""
    server = multiprocessing.parent_process()

    def wait() -> None:
        if server is not None:
            server.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def application(room: Room) -> Starlette:
    """Return the server as an application."""
    routes = [Route("/", _page(room)), Route("/{name}", _file(room)), WebSocketRoute("/line", _line(room))]
    return Starlette(routes=routes)


def _refusal(room: Room, request: Request) -> Response | None:
    if request.headers.get("host", "") in room.hosts:
        return None
    return PlainTextResponse("This page answers only under its own address.", 421, SECURITY)


def _page(room: Room) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        if refused := _refusal(room, request):
            return refused
        if not _opens(room, request.query_params.get("token", "")):
            return PlainTextResponse("Open the address that mobilise live printed: it ends in a token.", 403, SECURITY)
        title = escape(room.shown.scenario.question or room.shown.scenario.name)
        settings = json.dumps({"token": room.token})
        return Response(
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<link rel="stylesheet" href="/style.css"></head><body><div id="app"><p class="refused">{WAIT}</p></div>'
            f'<script type="application/json" id="settings">{settings}</script><script src="/live.js"></script>'
            "</body></html>\n", 200, SECURITY, "text/html")

    return page


def _file(room: Room) -> Callable[[Request], Awaitable[Response]]:
    async def file(request: Request) -> Response:
        if refused := _refusal(room, request):
            return refused
        name = request.path_params["name"]
        if name == "favicon.ico":
            return Response(b"", 204, SECURITY)
        if name not in KINDS:
            return PlainTextResponse("There is nothing here.", 404, SECURITY)
        return Response(built(name), 200, SECURITY, KINDS[name])

    return file


def _line(room: Room) -> Callable[[WebSocket], Awaitable[None]]:
    async def line(socket: WebSocket) -> None:
        if not _admitted(room, socket):
            await socket.close(1008)
            return
        await socket.accept()
        if room.clients >= MOST_CLIENTS:
            await socket.send_text(problem(f"{MOST_CLIENTS} clients are connected, the most this server serves"))
            await socket.close(1013)
            return
        room.clients += 1
        try:
            await _converse(room, socket)
        except WebSocketDisconnect:
            pass
        finally:
            room.clients -= 1

    return line


def _admitted(room: Room, socket: WebSocket) -> bool:
    """Whether Host, Origin and token are exactly ours; a missing Origin is refused."""
    host, origin = socket.headers.get("host", ""), socket.headers.get("origin", "")
    return (host in room.hosts and origin in (f"http://{host}", f"https://{host}")
            and _opens(room, socket.query_params.get("token", "")))


def _opens(room: Room, token: str) -> bool:
    """Whether a token is ours, in time that does not tell; as bytes, because letters beyond ASCII may be sent too."""
    return hmac.compare_digest(token.encode(errors="replace"), room.token.encode())


async def _converse(room: Room, socket: WebSocket) -> None:
    """Answer one question after the other; a client that talks too long, or not in text, is told so and let go."""
    while True:
        received = await socket.receive()
        if received["type"] == "websocket.disconnect":
            return
        text = received.get("text")
        if text is None:
            await socket.send_text(problem("this message is binary; only text is understood"))
            await socket.close(1003)
            return
        if len(text) > LONGEST_MESSAGE:
            await socket.send_text(problem(f"this message is too long; at most {LONGEST_MESSAGE} characters"))
            await socket.close(1009)
            return
        await socket.send_text(await room.answer(text))
        await asyncio.sleep(PAUSE)


def serve(room: Room, host: str, port: int, ready: Callable[[], None]) -> Any:
    """Serve until interrupted."""
    import uvicorn

    opening: list[asyncio.Task[str]] = []  # run before anybody asks: what compiles the first time compiles now

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            if self.started:
                opening.append(asyncio.create_task(room.answer(OPENING, FIRST)))
                ready()

    config = uvicorn.Config(application(room), host=host, port=port, log_level="error", ws="websockets-sansio",
                            ws_max_size=4 * LONGEST_MESSAGE, ws_max_queue=4, timeout_graceful_shutdown=2,
                            server_header=False)
    try:
        return Server(config).run()
    finally:
        room.dismiss(room.pool)
