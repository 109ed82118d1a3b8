"""Signals: answered in another way for a while."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any

Handler = Callable[[int, FrameType | None], Any]


@contextmanager
def answered(
    signals: Iterable[signal.Signals], answer: Callable[[Handler, int, FrameType | None], None]
) -> Iterator[None]:
    """Within it, `answer` is told of each of these signals that comes, with the handler that it had before.

    One that is ignored, or whose handler was not set by Python, stays so; and only the main thread is told of signals.
    """
    is_told = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in signals if is_told}
    handlers = {number: handler for number, handler in before.items() if callable(handler)}
    for number, handler in handlers.items():
        signal.signal(number, partial(answer, handler))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
