"""The event log: append-only rows from which membership and money replay."""

from __future__ import annotations

from sim.jit import jit


@jit
def log_event(w, kind, a, b, ref, amount, code):
    """Append one event if the log is on. Room is the phase's duty (`World.reserve`)."""
    if not w.log:
        return
    row = w.n.events
    w.events[row].type, w.events[row].step = kind, w.n.step
    w.events[row].a, w.events[row].b, w.events[row].ref = a, b, ref
    w.events[row].amount, w.events[row].code = amount, code
    w.n.events = row + 1
