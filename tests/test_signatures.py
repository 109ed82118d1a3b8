"""Signatures: what two documents have in common shows in them, and nothing else does."""

from __future__ import annotations

import numpy as np
import pytest

from tasks.clean import Passage
from tasks.signatures import DocumentSignature, PassageSignature, SignaturesSettings, signatures


def passage(document: str, position: int, text: str, kind: str = "body") -> Passage:
    return Passage(f"{document}-{position:04}", document, position, kind, text, 0, len(text), None)


def made(*passages: Passage) -> dict[str, DocumentSignature | PassageSignature]:
    found = signatures.function(passages, SignaturesSettings())
    return {row.passage_id if isinstance(row, PassageSignature) else row.document_id: row for row in found}


def stems(row: DocumentSignature | PassageSignature) -> dict[int, int]:
    assert isinstance(row, PassageSignature)
    numbers = np.frombuffer(row.stems, dtype=np.uint32).tolist()
    return dict(zip(numbers, np.frombuffer(row.counts, dtype=np.uint8).tolist(), strict=True))


def test_the_body_alone_counts() -> None:
    with_title = made(passage("a", 0, "Harbour report", "title"), passage("a", 1, "Ports open the data of ports"))
    assert sorted(with_title) == ["a", "a-0001"]
    assert (
        with_title["a"].bands
        == with_title["a-0001"].bands
        == made(passage("b", 0, "ports open the data, of Ports"))["b"].bands
    )


def test_documents_of_one_batch_do_not_mix() -> None:
    one, other = passage("a", 0, "Ports open data to traders"), passage("b", 0, "Snow fell on the northern hills")
    assert made(other, one) == {**made(one), **made(other)}


@pytest.mark.parametrize(
    ("text", "same"),
    [("economies", True), ("Economic", True), ("ecology", False)],
)
def test_words_with_the_same_beginning_are_one_stem(text: str, same: bool) -> None:
    first, second = (stems(made(passage("a", 0, word))["a-0000"]) for word in ("economy", text))
    assert (first == second) is same


def test_stems_are_counted_up_to_what_a_byte_holds() -> None:
    assert sorted(stems(made(passage("a", 0, "data data of ports"))["a-0000"]).values()) == [1, 2]
    assert list(stems(made(passage("a", 0, "data " * 300))["a-0000"]).values()) == [255]


def test_a_passage_without_words_has_an_empty_signature() -> None:
    row = made(passage("a", 0, "…"))["a-0000"]
    assert isinstance(row, PassageSignature)
    assert (row.word_count, row.bands, row.stems, row.counts) == (0, b"", b"", b"")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Ports open, now: DATA", True),
        ("ports now open data", False),
        ("ports open now", False),
        ("portsopen now data", False),
    ],
)
def test_passages_with_the_same_words_in_the_same_order_have_the_same_digest(text: str, same: bool) -> None:
    first, second = (made(passage("a", 0, words))["a-0000"] for words in ("ports open now data", text))
    assert isinstance(first, PassageSignature)
    assert isinstance(second, PassageSignature)
    assert first.word_count == 4
    assert (first.digest == second.digest) is same
