"""Memory that nothing uses any more goes back to the system."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from tasks.memory import release_unused

STATUS = Path("/proc/self/statm")


def resident() -> int:
    """The bytes of memory that this process has."""
    return int(STATUS.read_text().split()[1]) * resource.getpagesize()


@pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells what a process has")
def test_what_lies_free_between_things_in_use_is_given_back() -> None:
    release_unused()
    things = [bytes(10_000) for _ in range(10_000)]
    in_use = things[::100]
    del things
    before = resident()
    release_unused()
    assert before - resident() > 50_000_000
    assert len(in_use) == 100
