"""Interruption: a run that is asked to end does so, also where the error that a signal raises is lost."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

from tasks.signals import Handler, answered

Progress = Callable[[str, int, int], None]


def is_interrupt(error: BaseException) -> bool:
    """Whether an error is what DuckDB makes of an interrupt that comes while it is at work."""
    said, behind = str(error), error.__cause__ or error.__context__
    return said == "Query interrupted" or said.startswith("KeyboardInterrupt") or isinstance(behind, KeyboardInterrupt)


@contextmanager
def ending_at(
    signals: Iterable[signal.Signals], progress: Progress, error: Callable[[int], BaseException]
) -> Iterator[Progress]:
    """A report of progress that ends the run where one of these signals has come.

    Their handlers raise an error for that. Raised within a callback of the interpreter's, such as that of a weak reference,
    or while DuckDB looks whether pandas is installed, it is lost; raised while DuckDB does other things, it becomes another.
    """
    came: list[int] = []

    def note(handler: Handler, number: int, frame: FrameType | None) -> None:
        came.append(number)
        handler(number, frame)

    def check(step: str, done: int, total: int) -> None:
        if came:
            raise error(came[0])
        progress(step, done, total)

    with answered(signals, note):
        try:
            yield check
        except Exception as other:
            if came:
                raise error(came[0]) from other
            raise
