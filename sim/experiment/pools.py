"""Where runs are done: anything that speaks `concurrent.futures`.

Worker processes on this machine by default; a Dask cluster by its scheduler's address; or an executor
the caller brings. All publish their own results, so losing one loses what it had in hand, no more.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import types
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from typing import Any, Protocol, TypeVar

from sim.errors import MobiliseError, UsageError
from sim.experiment.worker import begin

T = TypeVar("T")
R = TypeVar("R")
CONNECT_SECONDS = 30


class ClusterLost(MobiliseError):
    """The cluster's scheduler went away; what workers have published is kept."""

    exit_code = 4


class Pool(Protocol):
    """A way to get executors.

    Parameters
    ----------
    size : tasks that run at once. deaths : exceptions of a future whose process died, not its task.
    """

    size: int
    deaths: tuple[type[BaseException], ...]

    def open(self, size: int) -> contextlib.AbstractContextManager[Executor]:
        """Give an executor for ``size`` tasks at once."""
        ...


def cores() -> int:
    """Return the processors this process may use."""
    with contextlib.suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Processes:
    """Fresh processes on this machine."""

    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def __init__(self, size: int) -> None:
        self.size = size

    @contextlib.contextmanager
    def open(self, size: int) -> Iterator[Executor]:
        """Give a pool of fresh processes; interrupted once, let what runs finish; twice, end it."""
        before = set(multiprocessing.active_children())
        pool = ProcessPoolExecutor(size, multiprocessing.get_context("spawn"), initializer=begin)
        try:
            yield pool
            pool.shutdown()
        except BaseException:
            try:
                pool.shutdown(cancel_futures=True)
            except KeyboardInterrupt:
                for child in set(multiprocessing.active_children()) - before:
                    child.terminate()
                raise
            raise


class Given:
    """An executor that the caller opened and will close."""

    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def __init__(self, executor: Executor, size: int) -> None:
        self.executor, self.size = executor, size

    @contextlib.contextmanager
    def open(self, size: int) -> Iterator[Executor]:
        """Give the caller's executor."""
        yield self.executor


class Cluster:
    """A Dask cluster; workers need this version of `sim` and the results folder under the same path.

    Parameters
    ----------
    address : of the scheduler, ``tcp://host:8786``.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
            from distributed.scheduler import KilledWorker
        except ImportError:
            raise UsageError("--scheduler needs Dask: pip install 'mobilise[cluster]'") from None
        try:
            self.client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise UsageError(f"--scheduler {address}: no Dask scheduler answers there ({error})") from None
        self.deaths: tuple[type[BaseException], ...] = (KilledWorker, BrokenExecutor)
        self.size = self._slots()

    def _slots(self) -> int:
        """Wait for a first worker and return how many tasks the cluster runs at once."""
        with contextlib.suppress(TimeoutError):
            self.client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        slots = sum(self.client.nthreads().values())
        if not slots:
            self.client.close()
            raise UsageError("the cluster has no worker: start one with dask worker ADDRESS --nthreads 1")
        return slots

    @contextlib.contextmanager
    def open(self, size: int) -> Iterator[Executor]:
        """Give the cluster's executor; interrupted, cancel what has not begun."""
        executor = self.client.get_executor(pure=False)
        try:
            yield executor
        except CancelledError:
            raise ClusterLost("the cluster's scheduler went away; what workers published is kept: start the "
                              "cluster again, then run the same command to go on") from None
        except BaseException:
            executor.shutdown(wait=False)
            raise

    def close(self) -> None:
        """Leave the cluster, which goes on."""
        self.client.close()


def submit(pool: Executor, work: Callable[[T], R], task: T) -> Future[R]:
    """Hand a task to the pool; processes it starts need only `sim`, never the script that called it."""
    real: Any = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        return pool.submit(work, task)
    finally:
        sys.modules["__main__"] = real
