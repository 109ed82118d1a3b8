"""What every reader returns, and how it refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's text and what it says of itself.

    `text` is what every offset in the warehouse points into; the document itself starts at `body_start`. `furniture` holds
    where lines start that belong to the page, such as a menu or a running header, and not to the document.
    `metadata` holds fields under their names in `documents` (`title`, `publication_date` …), as written in
    `metadata_source`; `properties` holds what office programs note down by themselves and is believed last.
    """

    text: str
    media_type: str
    encoding: str
    body_start: int = 0
    metadata: Mapping[str, str] = field(default_factory=dict)
    metadata_source: str = "front_matter"
    properties: Mapping[str, str] = field(default_factory=dict)
    furniture: frozenset[int] = frozenset()


class Unreadable(Exception):  # noqa: N818 - a verdict about a file, not a fault of the program
    """A file that is not taken in: a short reason code, and a sentence for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)  # both, so that it can be pickled on its way from a worker process
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return self.detail


# What office programs enter for want of a name.
_NOBODY = re.compile(
    r"\W*(?:user|windows user|microsoft.*|admin(?:istrator)?|author|anonymous|unknown|owner|pc|python-docx)\W*",
    re.IGNORECASE,
)


def named_author(author: str) -> str:
    """An author's name as an office program notes it down; empty where it is a placeholder."""
    return "" if _NOBODY.fullmatch(author) else author
