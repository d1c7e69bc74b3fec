"""`mobilise live`: the classroom page, served from this computer."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from sim.cli.comparing import Policies
from sim.cli.console import console
from sim.cli.options import Change, Quiet, Replicate, Rules, Scenario, Seed, overrides
from sim.errors import UsageError

HELP = """Serve the classroom page: watch policies side by side, change a lever and continue from there.

\b
  mobilise live scenarios/classroom.yaml
  mobilise live scenarios/shock.yaml --policies adaptive,solo --port 8765

It answers on this computer only. --host lets others in: whoever has the printed address may then use it.
"""
MISSING = "the classroom page needs the extra 'live': pip install 'mobilise[live]'"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
Host = Annotated[str, typer.Option(help="Address to answer on; another than this computer lets others in.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port; 0: any free one.")]


def live(scenario: Scenario, policies: Policies = None, replicate: Replicate = 0, host: Host = "127.0.0.1",
         port: Port = 8421, change: Change = [], seed: Seed = None, rules: Rules = [],  # noqa: B006
         quiet: Quiet = False) -> None:
    """Serve the page."""
    try:
        from sim.app.server import Room, serve
    except ImportError:
        raise UsageError(MISSING) from None
    from sim.app.session import Class
    from sim.run import find_policy
    from sim.scenario.load import load

    loaded = load(scenario, overrides(change, seed))
    names = policies.split(",") if policies else list(dict.fromkeys([loaded.focus, loaded.baseline]))
    if len(names) > 3:
        raise UsageError(f"--policies: a live page shows at most 3, and a change as the fourth, not {len(names)}")
    shown = Class(loaded, tuple(find_policy(loaded, name).name for name in names), replicate)
    shown.check()
    port = _free(host, port)
    room = Room(shown, frozenset(f"{name}:{port}" for name in {host, "localhost", "127.0.0.1"}))
    address = f"http://{host}:{port}/?token={room.token}"
    if host not in LOOPBACK:
        console.note(f"others in your network can open this page with the address below, whose token is the join "
                     f"code; it answers under the address {host} only")
    try:
        serve(room, host, port, lambda: console.answer(f"open  {address}\nstop  Ctrl-C"))
    except KeyboardInterrupt:  # the way out that was just named: nothing was interrupted
        console.note("stopped")


def _free(host: str, port: int) -> int:
    """Return the port, or a free one for 0; say so when somebody else has it."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(f"--host {host} --port {port}: cannot be used ({error.strerror}); "
                             "choose another port, or --port 0 for any free one") from None
        return int(probe.getsockname()[1])
