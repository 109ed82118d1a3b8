"""Which passages are a document's own and are searched for names."""

from __future__ import annotations

from collections.abc import Iterable

from tasks.clean import Passage


def own_passages(passages: Iterable[Passage]) -> list[Passage]:
    """The titles, headings and bodies of documents that have a body; what has none is no document to count in."""
    passages = list(passages)
    with_body = {passage.document_id for passage in passages if passage.kind == "body"}
    return [passage for passage in passages if passage.kind != "boilerplate" and passage.document_id in with_body]
