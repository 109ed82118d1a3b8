"""Checks are gates: each finds what breaks its rule, and nothing is published for as long as one fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import duckdb
import pytest
from click.testing import CliRunner

from flows.cli import main
from flows.publication import ChecksFailedError
from flows.settings import Settings
from tests.conftest import document, run_corpus
from warehouse import checking
from warehouse.checking import DOCUMENTS, ENTITIES, EVERYTHING, FOLDERS, TERMS, Part, checks_due, run_checks
from warehouse.definitions import sql_names
from warehouse.paths import private_file, published_file
from warehouse.store import Store

CHECKS = sorted(name for folder in FOLDERS for name in sql_names(folder))


@pytest.fixture
def current(published_copy: Callable[..., Settings]) -> Settings:
    """Settings on a copy of four documents and of a warehouse that has been published once."""
    return published_copy({f"{number}.txt": document(number, year=2016 + number) for number in range(4)})


def add(settings: Settings, number: int) -> None:
    (settings.seeds / f"{number}.txt").write_text(document(number), encoding="utf-8")


def corrupt(settings: Settings, statement: str) -> None:
    with duckdb.connect(str(private_file(settings.warehouse))) as connection:
        connection.execute(statement)


def begin(store: Store, run_id: str) -> None:
    store.rows(
        "insert into runs (run_id, started_at, status, added, changed, renamed, removed, quarantined, notices) "
        "values (?, (now() at time zone 'UTC')::timestamp, 'running', 0, 0, 0, 0, 0, [])",
        [run_id],
    )


def end(store: Store, run_id: str, status: str) -> None:
    store.rows("update runs set status = ? where run_id = ?", [status, run_id])


FIRST_TERM = "term = (select min(term) from terms)"
BREACHES = {
    "dates_are_chosen_once": "update date_candidates set is_chosen = false where role = 'publication' "
    "and document_id = (select min(document_id) from date_candidates)",
    "documents_unique": "insert into pipeline.sources from pipeline.sources limit 1",
    "duplicates_have_a_representative": "insert into pipeline.duplicates "
    "select min(document_id), 'nobody' from pipeline.sources",
    "entities_add_up": "update entities set mention_count = mention_count + 1 "
    "where entity_id = (select min(entity_id) from entities)",
    "entities_unique": "insert into entities from entities limit 1",
    "everything_is_described": "update pipeline.dictionary set column_comment = null where column_name = 'text'",
    "files_have_one_outcome": "insert into pipeline.files values ('x.txt', 1, 1, 1, 'f00', 'read', null, null, null)",
    "forms_are_counted": "update pipeline.entity_forms set mentions = mentions + 1 where rowid = 0",
    "forms_have_entities": "delete from entities where entity_id = (select min(entity_id) from entities)",
    "keyword_counts_add_up": f"update pipeline.term_totals set occurrences = occurrences + 1 where {FIRST_TERM}",
    "keyword_counts_are_shares": f"update pipeline.period_terms set documents = 1000 where {FIRST_TERM}",
    "keyword_trends_have_evidence": "update pipeline.tested_periods set periods_gate = null, "
    "fewest_documents = 0, fewest_occurrences = 0",
    "mentions_quote_their_passage": "update pipeline.recognised_spans set start_char = start_char + 1, "
    "end_char = end_char + 1 where rowid = 0",
    "mentions_unique": "insert into pipeline.recognised_spans from pipeline.recognised_spans limit 1",
    "names_have_entities": "delete from pipeline.entity_forms where rowid = 0",
    "passages_quote_their_document": "update passages set start_char = start_char + 1, end_char = end_char + 1 "
    "where passage_id = (select min(passage_id) from passages)",
    "period_keyness_is_counted": "insert into period_keyness select granularity, period_start, term, occurrences + 1, "
    "documents, 0, 1, 1, 1, 1, false from keyword_counts limit 1",
    "period_keyness_is_ranked": "insert into period_keyness select granularity, period_start, term, occurrences, "
    "documents, 0, 1, 1, 1, 2, false from keyword_counts limit 1",
    "periods_have_documents": "insert into pipeline.document_dates values ('nobody', '2016-05-01', 'day', 'publication')",
    "sentences_quote_their_passage": "update sentences set text = text || '!' "
    "where sentence_id = (select min(sentence_id) from sentences)",
    "terms_stand_in_sentences": "insert into term_counts from term_counts limit 1",
    "topic_shares_add_up": "update passage_topics set occurrences = 'nan'",
    "topic_weights_are_counted": "update document_topics set weight = 1 - weight",  # of two topics
    "topic_weights_sum_to_one": "update document_topics set weight = weight + 0.1 where rowid = 0",
    "topics_unique": "insert into pipeline.topic_weights from pipeline.topic_weights limit 1",
}


def test_every_check_has_its_breach() -> None:
    assert sorted(BREACHES) == CHECKS


def test_a_sound_warehouse_passes_every_check(current: Settings) -> None:
    with Store(private_file(current.warehouse)) as store:
        results = run_checks(store)
    assert [(result.check_name, result.violations, result.example, result.documents) for result in results] == [
        (name, 0, None, 4) for name in CHECKS
    ]


@pytest.mark.parametrize("at_once", [1, 4], ids=["by parts", "all at once"])
@pytest.mark.parametrize("check", BREACHES)
def test_a_warehouse_that_breaks_a_rule_fails_its_check(
    current: Settings, monkeypatch: pytest.MonkeyPatch, check: str, at_once: int
) -> None:
    monkeypatch.setattr(checking, "_AT_ONCE", at_once)
    with Store(private_file(current.warehouse)) as store:
        with store.transaction() as cursor:
            cursor.execute(BREACHES[check])
        begin(store, "9")
        (result,) = run_checks(store, checks_due(store, "9"), [check])
    assert not result.is_passed
    assert result.violations >= 1
    assert result.example


def test_a_verdict_on_a_term_without_a_total_breaks_a_rule(current: Settings) -> None:
    with Store(private_file(current.warehouse)) as store:
        store.rows(
            "insert into pipeline.term_verdicts (term, granularity, series, verdict) values ('nothing', 'year', 0, 'steady')"
        )
        failed = [result for result in run_checks(store) if not result.is_passed]
    assert [(result.check_name, result.violations) for result in failed] == [("keyword_trends_have_evidence", 1)]


def test_a_failed_check_publishes_nothing_and_ends_with_3(current: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = published_file(current.warehouse).resolve()
    corrupt(current, BREACHES["sentences_quote_their_passage"])
    add(current, 9)
    monkeypatch.setenv("CORPUS_ANNOTATE__MODEL", current.annotate.model)
    monkeypatch.setenv("CORPUS_TOPICS", '{"seeds": 1, "passes": 1, "count": 2}')
    folders = ["--seeds", str(current.seeds), "--warehouse", str(current.warehouse)]
    outcome = CliRunner().invoke(main, ["run", "--inline", *folders])
    errors = [line for line in outcome.stderr.splitlines() if not line.endswith(" done")]
    assert (outcome.exit_code, len(errors)) == (3, 1)
    assert errors[0].startswith(
        "corpus: 1 check failed, so nothing was published: sentences_quote_their_passage (1 row, such as "
    )
    assert published_file(current.warehouse).resolve() == before
    with Store(private_file(current.warehouse)) as store:
        assert store.rows("select status, error from runs order by run_id desc limit 1") == [
            ("rejected", "checks failed: sentences_quote_their_passage")
        ]
        failed = "select check_name, violations from check_results where not is_passed"
        assert store.rows(failed) == [("sentences_quote_their_passage", 1)]
    with pytest.raises(ChecksFailedError):  # with no document changed it is looked at again
        run_corpus(current)
    summary = run_corpus(current, rebuild=True)
    assert summary is not None
    assert summary.status == "published"


# -- a part of the documents in turn ----------------------------------------------------------------------------------


def work_on(store: Store, documents: list[str]) -> None:
    now = "(now() at time zone 'UTC')::timestamp"
    store.rows(
        f"update pipeline.ledger set recorded_at = {now} where stage = 'clean' and key_id in (select unnest(?))",
        [documents],
    )


def due(store: Store, run_id: str) -> list[str]:
    """The documents that a run has to check, one that two conditions hold of twice."""
    return found(store, "document_id", "documents", checks_due(store, run_id)[DOCUMENTS])


def found(store: Store, key: str, table: str, parts: Sequence[Part]) -> list[str]:
    conditions = [condition for part in parts for condition in part.conditions]
    return sorted(value for each in conditions for (value,) in store.rows(f"select {key} from {table} where {each}"))


def ids(store: Store) -> list[str]:
    return [document for (document,) in store.rows("select document_id from documents order by all")]


def test_a_corpus_of_one_part_is_checked_as_a_whole(current: Settings) -> None:
    with Store(private_file(current.warehouse)) as store:
        begin(store, "9")
        assert checks_due(store, "9") == EVERYTHING


@pytest.mark.parametrize(
    ("folder", "key", "table"),
    [(DOCUMENTS, "document_id", "documents"), (ENTITIES, "entity_id", "entities"), (TERMS, "term", "terms")],
)
@pytest.mark.parametrize(("part", "publications"), [(2, 2), (1, 4)])
def test_everything_has_its_turn(
    current: Settings, monkeypatch: pytest.MonkeyPatch, part: int, publications: int, folder: str, key: str, table: str
) -> None:
    monkeypatch.setattr(checking, "_PART", part)
    seen: list[str] = []
    with Store(private_file(current.warehouse)) as store:
        store.rows("update pipeline.term_totals set term = term || $suffix", {"suffix": "'s"})
        for number in range(publications):
            begin(store, f"9{number}")
            seen += found(store, key, table, checks_due(store, f"9{number}")[folder])
            end(store, f"9{number}", "published")
        assert sorted(seen) == found(store, key, table, EVERYTHING[folder])


def test_a_check_of_everything_looks_at_each_part_once(current: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "_AT_ONCE", 1)
    with Store(private_file(current.warehouse)) as store:
        begin(store, "9")
        conditions = checks_due(store, "9")
        for folder, key, table in (
            (DOCUMENTS, "document_id", "documents"),
            (ENTITIES, "entity_id", "entities"),
            (TERMS, "term", "terms"),
        ):
            assert len(conditions[folder]) == 4
            assert found(store, key, table, conditions[folder]) == found(store, key, table, EVERYTHING[folder])
        store.rows("update sentences set text = text || '!'")
        result = {result.check_name: result for result in run_checks(store, conditions)}[
            "sentences_quote_their_passage"
        ]
        assert [(result.violations, result.documents)] == store.rows("select count(*), 4 from sentences")


@pytest.mark.parametrize(("sample", "largest"), [(1_000, 10), (7, 20), (1, 40)])
def test_terms_are_divided_into_parts_of_about_the_same_size(
    current: Settings, monkeypatch: pytest.MonkeyPatch, sample: int, largest: int
) -> None:
    monkeypatch.setattr(checking, "_PART", 1)
    monkeypatch.setattr(checking, "_SAMPLE", sample)
    sizes = []
    with Store(private_file(current.warehouse)) as store:
        store.rows("delete from pipeline.term_totals where rowid >= 40")
        store.rows("update pipeline.term_totals set left_out = null")
        for number in range(4):
            begin(store, f"9{number}")
            sizes.append(len(found(store, "term", "terms", checks_due(store, f"9{number}")[TERMS])))
            end(store, f"9{number}", "published")
    assert sum(sizes) == 40
    assert max(sizes) <= largest


@pytest.fixture
def in_turn(current: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, list[str], list[str]]]:
    """A store in which run 90 has begun, parts of one document, those whose turn it is, and the others."""
    monkeypatch.setattr(checking, "_PART", 1)
    with Store(private_file(current.warehouse)) as store:
        begin(store, "90")
        turned = due(store, "90")
        yield store, turned, [document for document in ids(store) if document not in turned]


def test_a_document_is_looked_at_once_however_it_is_due(in_turn: tuple[Store, list[str], list[str]]) -> None:
    store, turned, (other, *_) = in_turn
    work_on(store, [*turned[:1], other])
    store.rows("update sentences set text = text || '!'")
    results = {result.check_name: result for result in run_checks(store, checks_due(store, "90"))}
    expected = store.rows(
        "select count(*), count(distinct document_id) from sentences where document_id in (select unnest(?))",
        [[*turned, other]],
    )
    result = results["sentences_quote_their_passage"]
    assert [(result.violations, result.documents)] == expected


def test_many_documents_that_were_worked_on_are_looked_at_some_at_a_time(
    in_turn: tuple[Store, list[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, turned, others = in_turn
    work_on(store, others[:2])
    at_once = checks_due(store, "90")[DOCUMENTS]
    monkeypatch.setattr(checking, "_AT_ONCE", 1)
    parts = checks_due(store, "90")[DOCUMENTS]
    assert (len(at_once), len(parts)) == (1, 2)
    assert [found(store, "document_id", "documents", [part]) for part in parts] == [
        sorted([*turned, others[0]]),
        [others[1]],
    ]
    store.rows("update sentences set text = text || '!'")
    one, several = (
        {result.check_name: (result.violations, result.documents) for result in run_checks(store, {DOCUMENTS: given})}
        for given in (at_once, parts)
    )
    assert one == several


def test_documents_that_were_worked_on_are_due_until_they_are_published(
    in_turn: tuple[Store, list[str], list[str]],
) -> None:
    store, turned, others = in_turn
    work_on(store, others[:1])
    assert due(store, "90") == sorted([*turned, others[0]])
    for number, status in enumerate(("failed", "interrupted", "rejected")):
        end(store, f"9{number}", status)
        begin(store, f"9{number + 1}")
        assert due(store, f"9{number + 1}") == sorted([*turned, others[0]])
    end(store, "93", "published")
    begin(store, "94")
    assert due(store, "94") != sorted([*turned, others[0]])
    work_on(store, ids(store)[:3])
    assert checks_due(store, "94") == EVERYTHING  # most of them are due anyway


def test_what_breaks_a_rule_elsewhere_is_found_in_its_turn_and_again_until_it_is_mended(
    current: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "_PART", 1)
    for number in range(4, 8):
        add(current, number)
    run_corpus(current)
    corrupt(current, BREACHES["sentences_quote_their_passage"])
    published = 0
    for published in range(8):  # as many parts have eight documents
        (current.seeds / "_topics.csv").write_text(f"topic_id,label\nt,{published}\n", encoding="utf-8")
        try:
            run_corpus(current)
        except ChecksFailedError:
            break
    assert 0 < published < 7
    with pytest.raises(ChecksFailedError, match="sentences_quote_their_passage"):
        run_corpus(current)
    assert run_corpus(current, rebuild=True) is not None
    with Store(private_file(current.warehouse)) as store:
        looked_at = store.rows(
            "select documents from check_results where check_name = 'sentences_quote_their_passage' order by run_id"
        )
    assert looked_at[0] == (4,)
    assert looked_at[-1] == (8,)
    assert max(looked_at[2:-1]) < (8,)
