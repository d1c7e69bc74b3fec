"""Threads, and a desk for each: who shares a phase's work out, and the scratch space of searches."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sim.kernels.desk import MAX_SCAN, make_desk
from sim.world.world import World


class Desks:
    """One desk for each thread, grown with the world."""

    def __init__(self, threads: int) -> None:
        self.threads = max(1, threads)
        self._desks: list[Any] = []
        self._sizes = (0, 0, 0)
        self._pool: ThreadPoolExecutor | None = None
        self.cap_hits = 0
        self.profiles = 0

    def together(self, jobs: list[Callable[[], Any]]) -> None:
        """Do the jobs side by side, the first on this thread; return when all are done."""
        if len(jobs) > 1 and self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads)
        waiting = [self._pool.submit(job) for job in jobs[1:]] if self._pool else []
        jobs[0]()
        for done in waiting:
            done.result()

    def cuts(self, count: int) -> list[tuple[int, int]]:
        """Return where each thread's equal share of ``count`` turns begins and stops; fewer shares than turns."""
        shares = max(1, min(self.threads, count))
        return [(count * n // shares, count * (n + 1) // shares) for n in range(shares)]

    def get(self, world: World) -> list[Any]:
        """Return desks that fit this world."""
        rows, clusters = len(world.orgs), len(world.clusters)
        widest = max(MAX_SCAN, int(world.clusters.member_count.max(initial=0)))
        wanted = (rows, clusters, widest)
        if not self._desks or any(have < want for have, want in zip(self._sizes, wanted, strict=True)):
            self._sizes = wanted
            self._desks = [make_desk(*wanted) for _ in range(self.threads)]
        return self._desks
