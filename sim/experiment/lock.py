"""One writer for each study: a lock that the system lets go when its holder dies."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from sim.errors import MobiliseError, UsageError
from sim.record import CannotWrite

GLANCE = 0.05  # seconds after which a lock that was only looked at is free again


class Busy(MobiliseError):
    """Another process writes to this study."""

    exit_code = UsageError.exit_code


@contextlib.contextmanager
def writing(path: Path, shared: bool = False) -> Iterator[None]:
    """Hold the lock file at ``path``, alone or ``shared``; raise `Busy`, naming the holder, when that cannot be."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as problem:
        raise CannotWrite.of(path, problem) from problem
    try:
        if not _taken(handle, shared):
            raise Busy(f"{path.parent}: another process{_holder(handle)} is writing to this study; "
                       "wait for it, or choose another folder with --out")
        with contextlib.suppress(OSError):  # the name of the holder is a courtesy: a full disk may refuse it
            os.truncate(path, 0)
            os.write(handle, f"\nprocess {os.getpid()}".encode())
        yield
    finally:
        os.close(handle)


def _taken(handle: int, shared: bool) -> bool:
    """Take the lock, at the second try where somebody was only looking (`held`)."""
    if _take(handle, shared):
        return True
    time.sleep(GLANCE)
    return _take(handle, shared)


def held(path: Path) -> bool:
    """Whether somebody writes to the study now; looking disturbs nobody for longer than a moment."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _take(handle, shared=True) if os.name == "nt" else not _take(handle, shared=False)
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    try:
        os.lseek(handle, 1, os.SEEK_SET)
        name = os.read(handle, 32).decode(errors="replace").strip()
    except OSError:  # Windows may refuse to read what is locked
        return ""
    return f" ({name})" if name else ""


if os.name == "nt":
    import msvcrt

    def _take(handle: int, shared: bool) -> bool:
        if shared:  # Windows locks bytes for one holder only: shards are kept apart by locks of their own
            return True
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
else:
    import fcntl

    def _take(handle: int, shared: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
