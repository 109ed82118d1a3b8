"""What can be wrong with a warehouse that a user can mend."""

from __future__ import annotations


class WarehouseError(Exception):
    """Something about the warehouse that a user can mend; its text says what, where and what to do next."""


class StatementError(WarehouseError):
    """What a statement asks for cannot be: its wording, its values, or what it would do."""


class DamagedError(WarehouseError):
    """The bytes of a warehouse file are not what DuckDB wrote."""
