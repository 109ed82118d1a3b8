"""What can be wrong with a warehouse that a user can mend, and an error in short."""

from __future__ import annotations


class WarehouseError(Exception):
    """Something about the warehouse that a user can mend; its text says what, where and what to do next."""


class StatementError(WarehouseError):
    """What a statement asks for cannot be: its wording, its values, or what it would do."""


class DamagedError(WarehouseError):
    """The bytes of a warehouse file are not what DuckDB wrote."""


def first_line(error: BaseException) -> str:
    """What an error says, in short; of several at once, the first. One that says nothing is named by its type."""
    if isinstance(error, BaseExceptionGroup):
        return first_line(error.exceptions[0])
    return next(iter(str(error).splitlines()), "") or type(error).__name__
