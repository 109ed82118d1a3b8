"""Work in processes of its own: an input that hangs, crashes or swallows memory costs itself and nothing else."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from functools import partial
from multiprocessing import resource_tracker
from types import FrameType
from typing import Any, TypeVar

from tasks.signals import Handler, answered

Result = TypeVar("Result")


class TooSlow(Exception):  # noqa: N818 - says what became of an input
    """The work on an input took longer than it may."""


class Crashed(Exception):  # noqa: N818
    """The process that worked on an input has died."""


@contextmanager
def shielded() -> Iterator[None]:
    """Processes that are started within it are left alone by interrupts, which this one acts on when it has started them.

    A terminal sends an interrupt to all of them, and each would tell what it was doing; so would one that is half started.
    """
    came: list[Callable[[], Any]] = []

    def wait(handler: Handler, number: int, frame: FrameType | None) -> None:
        came.append(partial(handler, number, frame))

    resource_tracker.ensure_running()  # which the first process would start, and lets interrupts through as it does
    try:
        with answered((signal.SIGINT, signal.SIGTERM), wait):
            # What is blocked here is blocked in a process from its start.
            unblocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                yield
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, unblocked)
    finally:
        for act in came:
            act()


@contextmanager
def process_pool(workers: int, *, memory: int) -> Iterator[Callable[..., Callable[[], Any]]]:
    """Processes that may take `memory` bytes each; yields a function that schedules work there.

    `schedule(function, *arguments, seconds=…)` returns at once; what it returns waits for the result, and raises what
    the function raised, `TooSlow` or `Crashed`.
    """
    from pebble import ProcessExpired, ProcessPool

    # Spawned: a forked child would share the warehouse's file and its lock.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPool(workers, context=context, initializer=_confine, initargs=(memory,))

    def schedule(function: Callable[..., Result], *arguments: Any, seconds: float) -> Callable[[], Result]:
        with shielded():
            future = pool.schedule(function, args=arguments, timeout=seconds)

        def result() -> Result:
            try:
                return future.result()
            except FutureTimeoutError as error:
                raise TooSlow from error
            except ProcessExpired as error:
                raise Crashed from error

        return result

    try:
        yield schedule
        pool.close()
    except BaseException:
        pool.stop()
        raise
    finally:
        pool.join()


def _confine(memory: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory if most == resource.RLIM_INFINITY else min(memory, most), most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no memory dump in the folder
    end_with_parent()


def end_with_parent() -> None:
    """Let a worker end when the process that it works for has gone; it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None  # a worker always has one

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
