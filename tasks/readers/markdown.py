"""Markdown with optional YAML front matter."""

from __future__ import annotations

import datetime
import re

import yaml

from tasks.readers.reading import Reading, Unreadable
from tasks.readers.text import decode, normalise
from tasks.readers.wrapping import unwrapped

_FENCE = re.compile(r"---[ \t]*\n(?![ \t]*\n)(?P<yaml>(?:[^\n]*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_LARGEST_FRONT_MATTER = 20_000

# What analysts write, and the field that it fills.
_KEYS = {
    "title": "title",
    "publisher": "publisher",
    "source": "publisher",
    "author": "author",
    "authors": "author",
    "speaker": "speaker",
    "language": "language",
    "lang": "language",
    "date": "publication_date",
    "published": "publication_date",
    "publication_date": "publication_date",
    "event_date": "event_date",
}


class _Loader(yaml.SafeLoader):
    """Values as they are written: a date stays the text that states it. Aliases, which can multiply, are refused."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise Unreadable("bad_front_matter", "the front matter uses aliases")
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":int", ":float", ":bool"))]
    for key, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(content: bytes) -> Reading:
    """Read Markdown; front matter becomes metadata, the text keeps it and the body starts behind it."""
    raw, encoding = decode(content)
    text = normalise(raw)
    match = _FENCE.match(text)
    if match is None:
        return Reading(unwrapped(text), "text/markdown", encoding)
    start = match.end()
    body = unwrapped(text[start:])
    return Reading(text[:start] + body, "text/markdown", encoding, start, front_matter(match["yaml"]))


def front_matter(source: str) -> dict[str, str]:
    """The known fields of a YAML block as text. Raises `Unreadable` where it is no plain mapping."""
    if len(source) > _LARGEST_FRONT_MATTER:
        raise Unreadable("bad_front_matter", f"the front matter is longer than {_LARGEST_FRONT_MATTER:,} characters")
    try:
        loaded = yaml.load(source, Loader=_Loader)
    # PyYAML raises whatever its constructors do where a tag does not fit its value, such as `!!bool maybe`.
    except (yaml.YAMLError, RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        where = getattr(getattr(error, "problem_mark", None), "line", None)
        line = f" in line {where + 2}" if where is not None else ""
        raise Unreadable("bad_front_matter", f"the front matter is not valid YAML{line}") from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise Unreadable("bad_front_matter", "the front matter is not a list of `key: value` lines")
    metadata: dict[str, str] = {}
    for key, value in loaded.items():
        field = _KEYS.get(str(key).strip().lower())
        if field is not None and field not in metadata and (text := _as_text(value)):
            metadata[field] = text
    return metadata


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_as_text, value)))
    if isinstance(value, str | datetime.date):
        return normalise(str(value)).strip()
    return ""
