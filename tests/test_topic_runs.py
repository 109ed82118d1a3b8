"""Topics from run to run: fold-in, the analyst's labels, ids that outlive a rebuild, and numbers that add up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.analyst_files import apply_topic_labels
from flows.settings import Settings
from flows.verify import verify
from tests.conftest import document, query, run_corpus
from warehouse.compare import compare
from warehouse.paths import published_file
from warehouse.store import Store

LARGE = {"most_documents": 1.0, "small_corpus": 0, "refit_growth": 0.5, "refit_unknown": 1.0}


@pytest.fixture
def large(published_copy: Callable[..., Settings]) -> Settings:
    """Twelve documents, published, with settings that take them for a large corpus."""
    return published_copy(dict(map(file, range(12))), topics=LARGE)


def file(number: int) -> tuple[str, str]:
    """The name and the text of a file."""
    return f"{number:02}.txt", document(number, year=2012 + number % 9)


def put(settings: Settings, number: int) -> None:
    name, text = file(number)
    (settings.seeds / name).write_text(text, encoding="utf-8")


def decisions(settings: Settings) -> list[str]:
    return [decision for (decision,) in query(settings, "select decision from topic_runs order by run_id")]


def verified(settings: Settings) -> tuple[list[Any], str | None]:
    outcome = verify(settings, lambda *_: None)
    return outcome.differences, outcome.given_model


def test_a_new_document_is_placed_with_the_model_that_is_there_and_costs_no_more(large: Settings) -> None:
    assert verified(large) == ([], None)
    before = published_file(large.warehouse).resolve()
    ((model,),) = query(large, "select model_id from topic_models")
    placed = query(large, "from document_topics order by all")
    put(large, 12)
    summary = run_corpus(large)
    assert summary is not None
    assert {stage.stage: stage.processed for stage in summary.stages}["topic_placement"] == 1
    assert decisions(large) == ["fitted", "folded_in"]
    assert query(large, "select distinct model_id from document_topics") == [(model,)]
    assert set(placed) < set(query(large, "from document_topics"))
    assert {difference.table for difference in compare(before, published_file(large.warehouse))[1]} >= {
        "document_topics"
    }
    assert verified(large) == ([], model), "a rebuild is given the model"
    assert run_corpus(large) is None


def test_a_refit_can_be_asked_for(large: Settings) -> None:
    put(large, 12)
    run_corpus(large)
    run_corpus(large, refit_topics=True)
    assert decisions(large) == ["fitted", "folded_in", "fitted"]
    assert query(large, "select reason from topic_runs order by run_id desc limit 1") == [("it was asked for",)]
    assert verified(large) == ([], None)


def test_a_run_that_was_cut_off_before_it_could_keep_the_decision_leaves_that_to_the_next(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(topics=LARGE)
    for number in range(12):
        put(settings, number)
    with monkeypatch.context() as patch:
        patch.setattr("flows.execution.record_topics", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_corpus(settings)
    run_corpus(settings)
    assert query(settings, "select decision, run_id = (select max(run_id) from runs) from topic_runs") == [
        ("fitted", True)
    ]
    put(settings, 12)
    run_corpus(settings)
    assert decisions(settings) == ["fitted", "folded_in"]


def test_documents_without_a_noun_are_read_among_others(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.topic_corpus._DOCUMENTS_AT_ONCE", 1)
    settings = make_settings(topics={"most_documents": 1.0})
    for number in range(3):
        put(settings, number)
    (settings.seeds / "names.txt").write_text("They are what they were, and so are we.\n", encoding="utf-8")
    run_corpus(settings)
    nouns = "select count(distinct document_id) from term_counts where noun_occurrences > 0"
    assert query(settings, f"select count(*), ({nouns}) from documents") == [(4, 3)]
    assert decisions(settings) == ["fitted"]


def test_ids_and_labels_outlive_a_rebuild_and_a_refit(large: Settings) -> None:
    named = "select topic_id, label from topics order by position"
    before = query(large, named)
    run_corpus(large, rebuild=True)
    assert query(large, named) == before
    put(large, 12)
    run_corpus(large, refit_topics=True)
    after = dict(query(large, named))
    lineage = query(large, "select from_topic_id, to_topic_id from topic_lineage where relation = 'continued'")
    assert lineage
    assert all(first == then and after[then] == dict(before)[first] for first, then in lineage)
    assert query(large, "select status from topic_models order by fitted_at") == [("retired",), ("active",)]


def test_a_removed_document_leaves_the_topics(large: Settings) -> None:
    (large.seeds / "03.txt").unlink()
    run_corpus(large)
    assert decisions(large) == ["fitted", "folded_in"]
    assert query(large, "select count(distinct document_id) from document_topics") == [(11,)]
    assert verified(large)[0] == []


def write_labels(settings: Settings, text: str) -> None:
    (settings.seeds / "_topics.csv").write_text("topic_id,label,note\n" + text, encoding="utf-8")


def test_the_analysts_label_follows_its_topic(large: Settings) -> None:
    ((topic, label), (other, other_label)) = query(large, "select topic_id, label from topics order by position")
    write_labels(large, f"{topic},Data centres,as of March\n{other},\nt0,Nothing\n{other},Data centres\n")
    summary = run_corpus(large)
    assert summary is not None
    assert summary.notices == [
        "_topics.csv:5: a second line for '" + other + "'; the line is not used",
        f"_topics.csv:3: {other!r} has no label; it is not used",
        "_topics.csv:4: there is no topic 't0'",
    ]
    assert [stage.stage for stage in summary.stages if stage.processed] == []
    labels = "select topic_id, label, is_named from topics order by position"
    assert query(large, labels) == [(topic, "Data centres", True), (other, other_label, False)]
    assert {term for (term,) in query(large, "select term from topic_trends")} == {"Data centres", other_label}
    assert verified(large)[0] == []
    assert run_corpus(large) is None
    put(large, 12)
    run_corpus(large, refit_topics=True)
    assert (topic, "Data centres", True) in query(large, labels)
    (large.seeds / "_topics.csv").unlink()
    run_corpus(large)
    assert (topic, label, False) in query(large, labels)


def test_before_there_are_topics_a_label_may_be_meant_for_any(settings: Settings) -> None:
    write_labels(settings, "t0,Data centres\nt1,\n")
    with Store(None) as store, store.transaction() as cursor:
        assert apply_topic_labels(cursor, settings) == (True, ["_topics.csv:3: 't1' has no label; it is not used"])


def test_two_topics_do_not_share_a_label(large: Settings) -> None:
    first, second = (topic for (topic,) in query(large, "select topic_id from topics order by position"))
    write_labels(large, f"{first},Trade\n{second},Trade\n")
    summary = run_corpus(large)
    assert summary is not None
    assert summary.notices == [f"_topics.csv:3: {second!r} has the label of another topic; it is not used"]
    assert query(large, "select count(distinct label) from topics") == [(2,)]


def test_shares_are_what_the_passages_add_up_to_and_duplicates_count_once(large: Settings) -> None:
    shares = dict(query(large, "select topic_id, share from topics"))
    assert sum(shares.values()) == pytest.approx(1)
    for topic, share in shares.items():
        ((found, heaviest),) = query(large, f"select sum(share), max(weight) from topic_passages('{topic}')")
        assert found == pytest.approx(share)
        assert 0 < heaviest <= 1
    copy = document(3, year=2015).replace("Report number 3 on", "Once more on")
    (large.seeds / "copy.txt").write_text(copy, encoding="utf-8")
    run_corpus(large)
    assert query(large, "select count(*) from documents where duplicate_of is not null") == [(1,)]
    assert dict(query(large, "select topic_id, share from topics")) == pytest.approx(shares)
    assert query(large, "select count(distinct document_id) from document_topics") == [(13,)]


def test_the_topics_of_a_period_are_one_whole(large: Settings) -> None:
    assert query(
        large,
        "select distinct granularity, round(sum(share), 9) from topic_trends group by granularity, period_start order by all",
    ) == [("month", 1), ("quarter", 1), ("year", 1)]
    columns = {
        column
        for (column,) in query(large, "select column_name from data_dictionary where table_name = 'topic_trends'")
    }
    counts = {
        column
        for (column,) in query(large, "select column_name from data_dictionary where table_name = 'keyword_counts'")
    }
    assert counts <= columns


def test_documents_may_come_in_any_order_and_runs(make_settings: Callable[..., Settings], tmp_path: Path) -> None:
    at_once, by_turns = (
        make_settings(seeds=tmp_path / f"seeds {n}", warehouse=tmp_path / f"warehouse {n}") for n in (1, 2)
    )
    for number in range(8):
        put(at_once, number)
    run_corpus(at_once)
    for number in (5, 2, 7, 0, 1, 6, 3, 4):
        put(by_turns, number)
        if number in (2, 0, 4):
            run_corpus(by_turns)
    _, differences = compare(published_file(at_once.warehouse), published_file(by_turns.warehouse))
    assert differences == []
    assert len(query(by_turns, "from topic_models")) == 3
