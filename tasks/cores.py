"""How many cores this process may use, and work shared out to them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def available_cores() -> int:
    """The cores that the system lets this process run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def side_by_side(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """What a function makes of each item, in their order: on threads, beside which numpy and scipy compute."""
    with ThreadPoolExecutor(available_cores()) as pool:
        return [*pool.map(function, items)]
