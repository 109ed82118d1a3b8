"""Interruption: what a signal raises may be lost, and the run ends all the same."""

from __future__ import annotations

import os
import signal
import weakref
from collections.abc import Callable, Iterator

import duckdb
import pytest

from flows.interruption import ending_at


def lose(number: signal.Signals) -> None:
    """Let a signal come where the interpreter drops what its handler raises."""

    class Thing:
        """Something that a weak reference can be to."""

    thing = Thing()
    reference = weakref.ref(thing, lambda _: os.kill(os.getpid(), number))
    del thing
    assert reference() is None


@pytest.fixture
def handled() -> Iterator[Callable[[signal.Signals], object]]:
    """The handlers of signals, which are those of before at the end."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    yield signal.getsignal
    signal.signal(signal.SIGTERM, before)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_whose_error_is_lost_ends_the_run_at_the_next_step(
    handled: Callable[[signal.Signals], object], number: signal.Signals
) -> None:
    said: list[str] = []
    before = handled(number)
    signals = [signal.SIGINT, signal.SIGTERM]
    with ending_at(signals, lambda step, *_: said.append(step), lambda _: KeyboardInterrupt("asked")) as progress:
        progress("ingest", 0, 1)
        lose(number)
        with pytest.raises(KeyboardInterrupt, match="asked"):
            progress("clean", 0, 1)
    assert said == ["ingest"]
    assert handled(number) == before


def test_without_a_signal_all_is_said(handled: Callable[[signal.Signals], object]) -> None:
    said: list[str] = []
    with ending_at([signal.SIGTERM], lambda step, *_: said.append(step), lambda _: KeyboardInterrupt()) as progress:
        progress("ingest", 0, 1)
        progress("clean", 0, 1)
    assert said == ["ingest", "clean"]


def test_a_signal_that_is_ignored_stays_so(handled: Callable[[signal.Signals], object]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    said: list[str] = []
    with ending_at([signal.SIGTERM], lambda step, *_: said.append(step), lambda _: KeyboardInterrupt()) as progress:
        os.kill(os.getpid(), signal.SIGTERM)
        progress("ingest", 0, 1)
    assert said == ["ingest"]


def test_what_duckdb_makes_of_a_signal_is_taken_for_it(handled: Callable[[signal.Signals], object]) -> None:
    def ask() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except KeyboardInterrupt:
            raise duckdb.Error("KeyboardInterrupt: <EMPTY MESSAGE>") from None

    before = handled(signal.SIGTERM)
    with (
        pytest.raises(KeyboardInterrupt, match="asked"),
        ending_at([signal.SIGTERM], lambda *_: None, lambda _: KeyboardInterrupt("asked")),
    ):
        ask()
    assert handled(signal.SIGTERM) == before


def test_an_error_without_a_signal_stays_as_it_is() -> None:
    with (
        pytest.raises(ZeroDivisionError, match="nothing"),
        ending_at([signal.SIGTERM], lambda *_: None, lambda _: KeyboardInterrupt("asked")),
    ):
        raise ZeroDivisionError("nothing")
