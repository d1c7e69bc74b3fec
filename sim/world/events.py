"""The event log: append-only rows from which membership and money replay."""

from __future__ import annotations

from sim.jit import jit


@jit
def log_event(w, kind, a, b, ref, amount, code):
    """Append one event if the log is on. Room is the phase's duty (`World.reserve`)."""
    if not w.log:
        return
    row = w.n.events
    w.events.type[row], w.events.step[row] = kind, w.n.step
    w.events.a[row], w.events.b[row], w.events.ref[row] = a, b, ref
    w.events.amount[row], w.events.code[row] = amount, code
    w.n.events = row + 1
