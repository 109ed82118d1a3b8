"""What every reader returns, and how it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's text and what it says of itself.

    `text` is what every offset in the warehouse points into; the document itself starts at `body_start`.
    `metadata` holds fields under their names in `documents` (`title`, `publication_date` …), as written, and comes from
    `metadata_source`. `properties` holds the same kind of fields as the program set them that made the file: they are
    used only where nothing else says anything.
    """

    text: str
    media_type: str
    encoding: str
    body_start: int = 0
    metadata: Mapping[str, str] = field(default_factory=dict)
    metadata_source: str = "front_matter"
    properties: Mapping[str, str] = field(default_factory=dict)


class Unreadable(Exception):  # noqa: N818 - a verdict about a file, not a fault of the program
    """A file that is not taken in: a short reason code, and a sentence for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
