"""Similarity: documents and passages that say the same are told, and which document represents the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa
import pytest
from pydantic import ValidationError

from flows.settings import Settings
from tasks.similarity import ComparedPassages, Duplicate, PassageLink, SimilaritySettings, similarity
from tasks.stage import collect
from tests.conftest import query, run_corpus
from warehouse.store import Store

SCHEMA = pa.schema(
    [
        ("document_id", pa.string()),
        ("text_sha256", pa.string()),
        ("body_sha256", pa.string()),
        ("word_count", pa.int64()),
        ("bands", pa.binary()),
    ]
)
PASSAGES = pa.schema(
    [
        *((name, pa.string()) for name in ("passage_id", "document_id")),
        *((name, pa.int64()) for name in ("word_count", "digest")),
        *((name, pa.binary()) for name in ("bands", "stems", "counts")),
    ]
)


COMPARED = pa.schema([("digest_a", pa.int64()), ("digest_b", pa.int64()), ("similarity", pa.float64())])


def no_texts(_: pa.Array) -> pa.Table:
    raise AssertionError("no text has to be read")


def duplicates(rows: list[tuple[str, str, str | None, int]], fewest_words: int = 20) -> list[tuple[str, str]]:
    """Who repeats whom among rows of document, digest of the text, digest of the body and words."""
    table = pa.table(
        [list(column) for column in zip(*((*row, None) for row in rows), strict=True)] or [[]] * 5, schema=SCHEMA
    )
    settings = SimilaritySettings(fewest_words=fewest_words)
    made = similarity.function(table, PASSAGES.empty_table(), COMPARED.empty_table(), no_texts, settings, reason="new")
    found = collect(similarity.writes, made)
    return [(row["document_id"], row["duplicate_of"]) for row in found[Duplicate].to_pylist()]


def bodies(*rows: tuple[str, str, int]) -> list[tuple[str, str, str | None, int]]:
    """Documents with a text of their own each, by digest of the body, document and words."""
    return [(document, f"text of {document}", body, words) for body, document, words in rows]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([], [], id="no documents"),
        pytest.param([("x", "a", 50)], [], id="one document"),
        pytest.param([("x", "a", 50), ("y", "b", 50)], [], id="different bodies"),
        pytest.param([("x", "a", 50), ("x", "b", 50)], [("b", "a")], id="a pair"),
        pytest.param([("x", "b", 50), ("x", "a", 50)], [("a", "b")], id="the first one given represents, not the first id"),
        pytest.param(
            [("x", "c", 50), ("x", "a", 50), ("x", "b", 50)], [("a", "c"), ("b", "c")], id="one represents all the others"
        ),
        pytest.param(
            [("x", "a", 50), ("x", "b", 50), ("y", "c", 50), ("z", "d", 60), ("z", "e", 60)],
            [("b", "a"), ("e", "d")],
            id="two groups",
        ),
        pytest.param([("x", "a", 20), ("x", "b", 20)], [("b", "a")], id="just long enough"),
        pytest.param([("x", "a", 19), ("x", "b", 19)], [], id="too short"),
    ],
)  # fmt: skip
def test_the_first_document_of_a_body_represents_the_others(
    rows: list[tuple[str, str, int]], expected: list[tuple[str, str]]
) -> None:
    assert duplicates(bodies(*rows)) == expected


@pytest.mark.parametrize(("fewest_words", "expected"), [(1, [("b", "a")]), (30, [("b", "a")]), (31, [])])
def test_a_shorter_body_than_the_fewest_words_is_no_duplicate(
    fewest_words: int, expected: list[tuple[str, str]]
) -> None:
    assert duplicates(bodies(("x", "a", 30), ("x", "b", 30)), fewest_words) == expected


def test_the_fewest_words_are_one_at_least() -> None:
    with pytest.raises(ValidationError):
        SimilaritySettings(fewest_words=0)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([("a", "t", "x", 3), ("b", "t", "x", 3)], [("b", "a")], id="short bodies"),
        pytest.param([("a", "t", None, 0), ("b", "t", None, 0)], [("b", "a")], id="no bodies"),
        pytest.param([("a", "s", None, 0), ("b", "t", None, 0)], [], id="no bodies and different texts"),
        pytest.param([("a", "s", "x", 3), ("b", "t", "x", 3)], [], id="short bodies of different texts"),
        pytest.param([("a", "t", "x", 30), ("b", "t", "y", 30)], [("b", "a")], id="one text read as two bodies"),
        pytest.param(
            [("a", "s", "x", 30), ("b", "t", "x", 30), ("c", "t", "y", 30)],
            [("b", "a"), ("c", "a")],
            id="the text of a duplicate leads to what it is a duplicate of",
        ),
    ],
)
def test_documents_of_one_text_are_duplicates_whatever_their_length(
    rows: list[tuple[str, str, str | None, int]], expected: list[tuple[str, str]]
) -> None:
    assert duplicates(rows) == expected


# -- near-duplicates and parallels, in a whole run ---------------------------------------------------------------------

SPEECH = (
    "The harbour council met on Monday and agreed that every port must keep an open register of the data that it holds.",
    "Traders who ask for a copy of the register are to have it within ten days, and pay no more than the copying costs.",
    "Small firms gain most, said the chair, because they cannot afford to buy the figures that large carriers collect.",
    "A committee of five will look into complaints and report to the council before the end of every second quarter.",
)
TRANSLATION = (
    "On Monday the harbour council decided that ports shall keep a public register of the data which every port holds.",
    "Any traders may have a copy of the register within ten days, and the copying costs are all that they pay for it.",
    "Small firms will gain, the chair told us: they cannot afford those figures which the large carriers collect.",
    "Complaints go before a committee of five, whose report reaches the council at the end of each second quarter.",
)
OTHER = (
    "Snow fell on the northern hills for three days, and the shepherds brought their flocks down to the lower valleys.",
    "Nobody had seen such weather in May; the apple trees were in blossom, and half of the harvest is thought to be lost.",
    "The bakery in the old town opens again next week, after the roof that had given way under the snow was mended.",
)


Publish = Callable[[Mapping[str, str]], Settings]


def files(**documents: tuple[str, ...]) -> dict[str, str]:
    """The texts of some documents by file name, given their paragraphs."""
    return {f"{name}.txt": "\n\n".join((f"Title {name}", *paragraphs)) + "\n" for name, paragraphs in documents.items()}


def links(settings: Settings) -> list[tuple[object, ...]]:
    return query(
        settings,
        "select a.path, b.path, links.relation from document_links as links "
        "join documents as a on a.document_id = links.document_id_a "
        "join documents as b on b.document_id = links.document_id_b order by a.path, b.path",
    )


def test_two_translations_of_a_speech_are_linked_paragraph_by_paragraph(publish: Publish) -> None:
    settings = publish(files(a=SPEECH, b=TRANSLATION, c=OTHER))
    assert [{a, b} for a, b, _ in links(settings)] == [{"a.txt", "b.txt"}]
    assert query(settings, "select relation, similarity from document_links") == [("parallel", 1.0)]
    assert query(
        settings,
        "select distinct a.position = b.position, links.relation from passage_links as links "
        "join passages as a on a.passage_id = links.passage_id_a join passages as b on b.passage_id = links.passage_id_b",
    ) == [(True, "parallel")]
    assert query(settings, "select count(*), count(duplicate_of) from documents") == [(3, 0)]


def test_a_copy_with_a_changed_word_counts_once(publish: Publish) -> None:
    long = tuple(f"{sentence} {' '.join(OTHER)} {' '.join(TRANSLATION)}" for sentence in SPEECH)
    copy = (long[0].replace("Monday", "Tuesday", 1), *long[1:])
    settings = publish(files(a=long, b=copy, c=OTHER))
    assert query(settings, "select path, duplicate_of is not null from documents order by path") == [
        ("a.txt", False),
        ("b.txt", True),
        ("c.txt", False),
    ]
    assert query(settings, "select relation, similarity between 0.9 and 0.999 from document_links") == [
        ("near_duplicate", True)
    ]


def test_a_copy_of_a_copy_with_a_changed_word_counts_with_the_original(publish: Publish) -> None:
    long = tuple(f"{sentence} {' '.join(OTHER)} {' '.join(TRANSLATION)}" for sentence in SPEECH)
    changed = (long[0].replace("Monday", "Tuesday", 1), *long[1:])
    settings = publish(files(a=long, b=changed, c=changed, d=OTHER))
    assert query(
        settings,
        "select repeats.path, original.path from documents as repeats "
        "join documents as original on original.document_id = repeats.duplicate_of order by all",
    ) == [("b.txt", "a.txt"), ("c.txt", "a.txt")]
    assert links(settings) == [
        ("a.txt", "b.txt", "near_duplicate"),
        ("b.txt", "c.txt", "duplicate"),
    ]


def test_a_copy_without_a_date_does_not_take_a_document_out_of_time(publish: Publish) -> None:
    settings = publish(
        {
            **files(a=SPEECH),
            "b.txt": files(a=SPEECH)["a.txt"] + "\n",
            "_documents.csv": "path,event_date\nb.txt,2020-05-06\n",
        }
    )
    assert query(settings, "select path, duplicate_of is not null, counted_by from documents order by path") == [
        ("a.txt", True, None),
        ("b.txt", False, "event"),
    ]


def test_how_many_pairs_are_compared_at_once_changes_nothing(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tuple(f"{sentence} {' '.join(OTHER)} {' '.join(TRANSLATION)}" for sentence in SPEECH)
    copies = {day: (long[0].replace("Monday", day, 1), *long[1:]) for day in ("Monday", "Tuesday", "Friday")}
    settings = publish(files(**copies, other=OTHER))
    together = links(settings)
    assert [relation for *_, relation in together] == ["near_duplicate"] * 3
    monkeypatch.setattr("tasks.similarity._PAIRS_AT_ONCE", 1)
    run_corpus(settings, rebuild=True)
    assert links(settings) == together


def test_a_paragraph_that_two_documents_share_links_the_passages_alone(publish: Publish) -> None:
    settings = publish(files(a=SPEECH, b=(*OTHER, SPEECH[1])))
    assert links(settings) == []
    assert query(settings, "select relation, similarity from passage_links") == [("duplicate", 1.0)]


def test_a_formula_that_many_documents_share_makes_none_of_them_parallel(publish: Publish) -> None:
    variants = {
        f"d{number}": tuple(f"{text} Number {number} of {number + 7}, session {number * 3} held." for text in SPEECH)
        for number in range(9)
    }
    settings = publish(files(**variants))
    assert query(settings, "select count(*) from document_links where relation = 'parallel'") == [(0,)]


def test_one_more_document_leaves_what_a_rebuild_makes(publish: Publish) -> None:
    texts = files(a=SPEECH, b=OTHER, c=(*OTHER, SPEECH[1]))
    publish(texts)
    settings = publish(files(d=TRANSLATION))
    tables = ("passage_links", "document_links", "pipeline.passage_signatures", "pipeline.compared_passages")
    step_by_step = [query(settings, f"from {table} order by all") for table in tables]
    assert ("a.txt", "d.txt", "parallel") in links(settings)
    run_corpus(settings, rebuild=True)
    assert [query(settings, f"from {table} order by all") for table in tables] == step_by_step


def test_the_original_is_the_earliest_by_what_its_date_allows() -> None:
    # Of each: the date of publication, that of the event, and how much of it is stated.
    dates = {
        "event": (None, "2014-05-12", "day"),
        "in 2019": ("2019-01-01", None, "year"),
        "May 2019": ("2019-05-01", None, "month"),
        "day in May 2019": ("2019-05-02", None, "day"),
        "day in 2023": ("2023-05-01", None, "day"),
        "undated": (None, None, None),
    }
    with Store(None) as store:
        for path, (published, event, precision) in dates.items():
            store.rows(
                "insert into pipeline.sources (document_id, path, content_sha256, media_type, encoding, language, text_sha256, "
                "publication_date, publication_date_precision, event_date, event_date_precision) "
                "values ($path, $path, '', 'text/plain', 'utf-8', 'en', '', $published, $of_published, $event, $of_event)",
                {
                    "path": path,
                    "published": published,
                    "of_published": precision if published else None,
                    "event": event,
                    "of_event": precision if event else None,
                },
            )
            store.rows("insert into pipeline.bodies (document_id, body_sha256, word_count) values (?, '', 100)", [path])
        assert store.query("document_bodies")["document_id"].to_pylist() == [
            "event",
            "day in May 2019",
            "May 2019",
            "in 2019",
            "day in 2023",
            "undated",
        ]


def test_what_was_compared_is_not_read_again(publish: Publish) -> None:
    long = f"{SPEECH[0]} {' '.join(OTHER)} {' '.join(TRANSLATION)}"
    texts = {
        "a": (long, *SPEECH),
        "b": (long.replace("Monday", "Tuesday", 1), *OTHER, SPEECH[1]),
        "c": (SPEECH[1], *TRANSLATION),
    }
    settings = publish(files(**texts))
    columns = ("passage_id", "document_id", "word_count", "digest", "bands", "stems", "counts")
    rows = query(
        settings, f"select {', '.join(columns)} from pipeline.passage_signatures order by document_id, passage_id"
    )
    passages = pa.table([list(column) for column in zip(*rows, strict=True)], schema=PASSAGES)
    compared = query(settings, "select digest_a, digest_b, similarity from pipeline.compared_passages")
    texts_of = dict(query(settings, "select passage_id, text from passages"))
    asked: list[str] = []

    def read(ids: pa.Array) -> pa.Table:
        asked.extend(ids.to_pylist())
        return pa.table({"passage_id": ids, "text": [texts_of[passage] for passage in ids.to_pylist()]})

    def found(known: list[tuple[object, ...]]) -> dict[object, list[dict[str, object]]]:
        table = pa.table([list(column) for column in zip(*known, strict=True)] or [[]] * 3, schema=COMPARED)
        made = similarity.function(SCHEMA.empty_table(), passages, table, read, SimilaritySettings(), reason="input")
        return {record: table.to_pylist() for record, table in collect(similarity.writes, made).items()}

    anew = found([])
    assert set(asked) == {passage for passage, text in texts_of.items() if text in (long, texts["b"][0])}
    copies = [(row["relation"], row["similarity"] == 1) for row in anew[PassageLink] if row["relation"] != "parallel"]
    assert sorted(copies) == [("duplicate", True)] * 3 + [("near_duplicate", False)]
    assert [tuple(row.values()) for row in anew[ComparedPassages]] == compared
    asked.clear()
    assert found([*compared, (-5, 7, 0.95)]) == anew
    assert asked == []
