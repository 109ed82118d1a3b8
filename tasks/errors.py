"""What a user can cause and mend."""

from __future__ import annotations


class CorpusError(Exception):
    """Something a user can cause and mend; its text says what, where and what to do next."""


class UsageError(CorpusError):
    """What was asked for, or what the settings say, cannot be."""
