"""The report in a browser: it loads nothing, every part of it works, and anybody can use it."""

from __future__ import annotations

import base64
import csv
import json
import os
import re
import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from flows.documentation import README
from flows.execution import execute, in_order
from flows.report import QUERIES
from flows.run import open_run
from flows.settings import Settings, load_settings
from tests.conftest import document, packed, quick, run_corpus
from warehouse.definitions import sql
from warehouse.paths import published_file
from warehouse.reader import ask

pytestmark = [pytest.mark.browser, pytest.mark.model]

SECTIONS = ("changes", "corpus", "trends", "terms", "entities", "topics", "watchlist", "parallels", "documents")
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the machine has it. Where there is none the tests are skipped, but not in continuous integration."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        reason = "no Chromium on this machine: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def sample(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a warehouse of the sample documents, published with its report."""
    settings = load_settings(
        seeds=README.parent / "seeds", warehouse=tmp_path_factory.mktemp("sample"), report={"on_run": True}
    )
    with open_run(settings) as run:
        done = execute(run, in_order, lambda *_: None)
    assert done.report_error is None
    return settings


def report_file(settings: Settings) -> Path:
    return published_file(settings.warehouse).with_name("report.html")


def with_answers(settings: Settings, path: Path, answers: dict[str, dict[str, list[Any]]]) -> Path:
    """The report with other answers to some of its queries, given by their columns."""
    page = report_file(settings).read_text(encoding="utf-8")
    data = packed(page, "data")
    for name, columns in answers.items():
        data[name]["columns"] = columns
    text = base64.b64encode(zlib.compress(json.dumps(data).encode())).decode()
    path.write_text(re.sub(r'(?<=id="data">)[^<]*', text, page), encoding="utf-8")
    return path


@pytest.fixture
def open_report(browser: Browser) -> Iterator[Open]:
    """A function that opens a page. At the end, nothing may have failed and nothing but the file have been asked for."""
    contexts = []
    said: list[str] = []
    asked: list[str] = []

    def open_page(
        path: Path, link: str = "", *, width: int = 1200, scheme: str = "light", bypass_csp: bool = False
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=bypass_csp, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"exception: {error}"))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{path.resolve().as_uri()}{link}")
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
    assert {url.partition("#")[0].partition(":")[0] for url in asked} <= {"file", "blob"}
    assert len({url.partition("#")[0] for url in asked if url.startswith("file")}) == 1


def drawn(page: Page, place: str) -> None:
    """Wait until the charts in a place are drawn."""
    page.locator(place).first.scroll_into_view_if_needed()
    expect(page.locator(f"{place} svg").first).to_be_visible()


def one(settings: Settings, statement: str) -> str:
    """The only value of an answer."""
    (value,) = ask(settings.warehouse, statement).to_pylist()[0].values()
    return str(value)


# ---- looks ----


@pytest.mark.parametrize(("width", "scheme"), [(380, "dark"), (800, "light"), (1600, "light")])
def test_every_section_is_there_at_every_width(
    sample: Settings, open_report: Open, tmp_path: Path, width: int, scheme: str
) -> None:
    page = open_report(report_file(sample), width=width, scheme=scheme)
    for section in SECTIONS:
        page.locator(f"#{section}").scroll_into_view_if_needed()
        assert len(page.locator(f"#{section}").inner_text()) > 40, section
    for place in ("#documents-chart", "#topic-cards", "#pairs-chart", "#concept-cards"):
        drawn(page, place)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.screenshot(path=tmp_path / f"report-{width}-{scheme}.png", full_page=True)
    assert (tmp_path / f"report-{width}-{scheme}.png").stat().st_size > 50_000


@pytest.mark.parametrize(("width", "scheme", "is_opened"), [(1200, "light", True), (380, "dark", True)])
def test_nothing_stands_in_anybodys_way(
    sample: Settings, open_report: Open, width: int, scheme: str, is_opened: bool
) -> None:
    # The checker is a script of its own, which the page's policy would not let run.
    page = open_report(report_file(sample), width=width, scheme=scheme, bypass_csp=True)
    for link in details(sample) if is_opened else []:
        page.evaluate("link => { location.hash = link }", link)
        expect(page.locator(f"#{link[1:].partition('/')[0]}-detail h3")).to_be_visible()
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    drawn(page, "#pairs-chart")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["impact"], rule["nodes"][0]["html"]) for rule in found] == []


def test_on_paper_there_is_the_report_and_no_controls(sample: Settings, open_report: Open) -> None:
    page = open_report(report_file(sample))
    expect(page.locator(".chart:not(:has(*))")).to_have_count(0)  # what nobody has looked at is drawn as well
    page.emulate_media(media="print")
    for control in (".contents", ".sources", ".bar", "#term-form"):
        expect(page.locator(control).first).to_be_hidden()
    expect(page.locator("#topic-cards svg").first).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


# ---- works ----


def details(settings: Settings) -> list[str]:
    """A link to one of each kind of thing."""
    kinds = {
        "term": "select 'data element'",
        "entity": "select entity_id from entities where name = 'State Council'",
        "topic": "select topic_id from topics order by share desc limit 1",
        "concept": "select 'computing power'",
        "document": "select document_id from documents where path = 'fifth-plenum-and-platform-rules.txt'",
    }
    return [f"#{kind}/{quote(one(settings, statement), safe='')}" for kind, statement in kinds.items()]


@pytest.mark.parametrize(
    ("position", "title", "said"),
    [
        (0, "data element", ("14 occurrences in 9 documents", "Its latest sentences", "data elements")),
        (1, "State Council", ("13 mentions in 9 documents", "Named in one sentence with")),
        (2, None, ("of the corpus", "The passages that carry it")),
        (3, "computing power", ("18 occurrences in 9 documents", "computing hub")),
        (4, "After the plenum, draft rules for the platform economy", ("Nov 16, 2020", "boilerplate: photo credit")),
    ],
)
def test_a_link_leads_to_its_thing(
    sample: Settings, open_report: Open, position: int, title: str | None, said: tuple[str, ...]
) -> None:
    link = details(sample)[position]
    page = open_report(report_file(sample), link)
    place = page.locator(f"#{link[1:].partition('/')[0]}-detail")
    expect(place).to_be_in_viewport()
    if title:
        expect(place.locator("h3")).to_have_text(title)
    for text in said:
        expect(place).to_contain_text(text)


def test_a_document_shows_its_entities_and_its_furniture(sample: Settings, open_report: Open) -> None:
    page = open_report(report_file(sample), details(sample)[4])
    text = page.locator("#document-detail .text")
    expect(text.locator("a.entity", has_text="Ant Group")).to_have_attribute("title", "Ant Group (ORG)")
    expect(text.locator(".boilerplate").first).to_contain_text("Nov 16, 2020 09:15 AM")
    text.locator("a.entity", has_text="Ant Group").click()
    expect(page.locator("#entity-detail h3")).to_have_text("Ant Group")
    page.go_back()
    expect(page.locator("#document-detail")).to_be_in_viewport()


def test_a_sentence_leads_to_its_place(sample: Settings, open_report: Open) -> None:
    page = open_report(report_file(sample), "#term/data%20element")
    page.locator("#term-detail .sentences .where a").first.click()
    passage = page.locator(".passage:focus")
    expect(passage).to_be_in_viewport()
    assert "data element" in passage.inner_text().lower()


def test_what_is_marked_is_the_thing_as_it_stands(sample: Settings, open_report: Open, tmp_path: Path) -> None:
    texts = {
        "act": ("An act, acting and acted: a transaction is no actor.", ["act", "acting", "acted"]),
        "li": ("Premier Li had copies delivered live.", ["Li"]),
        "policy": ("Policies of one policymaker.", ["Policies"]),
        "trade plan": ("The trade plans were planned by Trade-\nPlanning.", ["trade plans", "Trade-\nPlanning"]),
        "bank": ("Banks and bankers.", ["Banks"]),
        "high level": ("Higher levels were reached.", ["Higher levels"]),
        "analysis": ("Two analyses.", ["analyses"]),
        "u.s. economy": ("The U.S. economies, or the us economy.", ["U.S. economies"]),
    }
    documents, several = [one(sample, "select min(document_id) from documents")] * len(texts), [1] * len(texts)
    passages = {"sentence_id": [""] * len(texts), "document_id": documents, "passage_id": [""] * len(texts)}
    entity = details(sample)[1].partition("/")[2]
    answers = {
        "terms": {"term": [*texts], "document_count": several, "occurrences": several, "undated_occurrences": several},
        "term_sentences": passages | {"term": [*texts], "text": [text for text, _ in texts.values()]},
        "entity_sentences": {name: values[:1] for name, values in passages.items()}
        | {"entity_id": [entity], "text": ["Of the State\nCouncil, not of a State Councillor."]},
    }
    page = open_report(with_answers(sample, tmp_path / "marks.html", answers))
    for term, (_, marks) in texts.items():
        page.evaluate("term => { location.hash = `term/${encodeURIComponent(term)}` }", term)
        expect(page.locator("#term-detail h3")).to_have_text(term)
        found = page.locator("#term-detail mark").evaluate_all("marks => marks.map((mark) => mark.textContent)")
        assert found == marks
    page.evaluate("entity => { location.hash = `entity/${entity}` }", entity)
    expect(page.locator("#entity-detail mark")).to_have_text(["State\nCouncil"])


def test_a_term_is_searched_for(sample: Settings, open_report: Open) -> None:
    page = open_report(report_file(sample))
    page.get_by_label("Term", exact=True).fill("Computing Power")
    page.keyboard.press("Enter")
    expect(page.locator("#term-detail h3")).to_have_text("computing power")
    drawn(page, "#term-detail")
    assert page.evaluate("location.hash") == "#term/Computing%20Power"
    page.get_by_label("Term", exact=True).fill("no such <b>term</b>")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#term-detail")).to_contain_text("This report does not hold the term")
    expect(page.locator("#term-detail h3")).to_have_text("no such <b>term</b>")


def test_tables_are_filtered_and_sorted_with_the_keyboard(sample: Settings, open_report: Open) -> None:
    page = open_report(report_file(sample))
    table = page.locator("#entity-table")
    page.get_by_label("Filter entities").fill("administration person")
    expect(table.locator("tbody tr")).to_have_count(0)
    page.get_by_label("Filter entities").fill("cyberspace org")
    expect(table.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("Entities: 1 row")
    page.get_by_label("Filter entities").fill("")
    name = table.get_by_role("button", name="Entity")
    name.focus()
    page.keyboard.press("Enter")
    names = table.locator("tbody td:first-child").all_inner_texts()
    assert names == sorted(names, key=str.lower)
    assert table.locator("th").first.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert table.locator("th").first.get_attribute("aria-sort") == "descending"
    mentions = table.get_by_role("button", name="Mentions")
    mentions.click()
    shown = [int(text) for text in table.locator("tbody td:nth-child(3)").all_inner_texts()]
    assert shown == sorted(shown, reverse=True)
    table.get_by_role("button", name="Show more").click()
    assert table.locator("tbody tr").count() > len(shown)
    page.get_by_label("Filter documents", exact=True).fill("2019-e-commerce-law-in-force.txt")
    expect(page.locator("#document-table td.date")).to_have_text(["2019"])  # no day is stated


def test_a_table_of_the_page_itself_is_sorted_too(sample: Settings, open_report: Open) -> None:
    page = open_report(report_file(sample))
    table = page.locator("#corpus table", has_text="Publisher")
    table.get_by_role("button", name="Words").click()
    words = [int(text.replace(",", "")) for text in table.locator("tbody td:nth-child(3)").all_inner_texts()]
    assert len(words) == 5
    assert words == sorted(words, reverse=True)


@pytest.mark.parametrize("name", ["term_periods", "document_dates"])
def test_the_numbers_are_downloaded(sample: Settings, open_report: Open, name: str) -> None:
    page = open_report(report_file(sample))
    with page.expect_download() as download:
        page.locator(f"button[data-csv={name}]").click()
    assert download.value.suggested_filename == f"{name}.csv"
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    answer = ask(sample.warehouse, sql(QUERIES, name))
    assert head == answer.column_names
    assert len(rows) == answer.num_rows
    wanted = [plain(value) for value in answer.slice(0, 1).to_pylist()[0].values()]
    assert rows[0] == wanted


def plain(value: object) -> str:
    """A value as the CSV has it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("position", range(4))
def test_a_curve_has_its_own_numbers_and_sql(sample: Settings, open_report: Open, position: int) -> None:
    link = details(sample)[position]
    page = open_report(report_file(sample), link)
    place = page.locator(f"#{link[1:].partition('/')[0]}-detail")
    with page.expect_download() as download:
        place.get_by_role("button", name="Download").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    place.get_by_role("button", name="Show the SQL").click()
    answer = ask(sample.warehouse, page.locator("#source-sql").inner_text())
    assert head == answer.column_names
    dates = [str(date) for date in answer["period_start"].to_pylist()]
    counts = [float(count) for count in answer["occurrences"].to_pylist()]
    at = {name: head.index(name) for name in ("period_start", "occurrences")}
    assert [row[at["period_start"]] for row in rows] == dates
    assert [float(row[at["occurrences"]]) for row in rows] == counts
    assert len(rows) >= 3


def test_the_sql_is_shown_with_its_rows(sample: Settings, open_report: Open) -> None:
    page = open_report(report_file(sample))
    page.locator("button[data-sql=topics]").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("code")).to_have_text(sql(QUERIES, "topics"))
    expect(dialog.locator("tbody tr")).to_have_count(ask(sample.warehouse, "from topics").num_rows)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("button[data-sql=topics]")).to_be_focused()


def test_other_periods_redraw_what_is_counted(sample: Settings, open_report: Open) -> None:
    page = open_report(report_file(sample), "#term/data%20element")
    expect(page.locator("#term-detail")).to_contain_text("Per 10,000 words by year")
    page.get_by_label("quarter").check()
    expect(page.locator("#term-detail")).to_contain_text("Per 10,000 words by quarter")
    drawn(page, "#term-detail")


def test_what_the_bars_of_a_concept_leave_out_is_said(sample: Settings, open_report: Open) -> None:
    page = open_report(report_file(sample))
    card = page.locator("#concept-cards .card", has_text="personal information protection")
    expect(card).to_contain_text("14 occurrences in 7 documents · 4 occurrences in undated documents besides")


def test_the_line_of_a_trend_counts_the_years_without_text(sample: Settings, open_report: Open, tmp_path: Path) -> None:
    years = [2001, 2002, 2003, 2010, 2014, 2020]
    starts = [f"{year}-01-01" for year in years]
    by_year = {"granularity": ["year"] * len(years), "period_start": starts}
    evidence = {"occurrences": 282, "documents": 6, "periods": 6, "slope": 4, "slope_low": 3, "slope_high": 5}
    others = dict.fromkeys(("gate", "q_value", "burst_start"))
    trend = {"term": "data element", "granularity": "year", "verdict": "rising", "tau": 1, **evidence, **others}
    answers = {
        "periods": by_year | {"period_documents": [1] * 6, "period_tokens": [10_000] * 6, "is_partial": [False] * 6},
        "term_periods": by_year
        | {"term": ["data element"] * 6, "occurrences": [4 * (year - 2000) for year in years], "documents": [1] * 6},
        "trends": {name: [value] for name, value in trend.items()},
    }
    page = open_report(with_answers(sample, tmp_path / "gaps.html", answers), "#term/data%20element")
    drawn(page, "#term-detail")
    lines = page.locator("#term-detail svg .mark-line path")
    # It rises by as much each year, so the line of its trend is the line through its points.
    trend_line, curve = (
        [float(number) for number in re.findall(r"[\d.]+", path)]
        for path in lines.evaluate_all("paths => paths.map((path) => path.getAttribute('d'))")
    )
    assert len(curve) == 2 * len(years)
    assert trend_line == pytest.approx(curve, abs=0.01)


def test_without_dates_there_are_sentences_in_place_of_curves(
    sample: Settings, open_report: Open, tmp_path: Path
) -> None:
    by_period = ("periods", "documents_by_period", "concept_periods", "trends")
    data = packed(report_file(sample).read_text(encoding="utf-8"), "data")
    answers = {name: {column: [] for column in data[name]["columns"]} for name in by_period}
    terms = {"term": ["data element"], "document_count": [1], "occurrences": [1], "undated_occurrences": [1]}
    path = with_answers(sample, tmp_path / "undated.html", {**answers, "terms": terms})
    page = open_report(path, "#term/data%20element")
    expect(page.locator("#term-detail")).to_contain_text("Not judged · 1 occurrence in undated documents only")
    for place in ("#term-detail", "#documents-chart", "#topic-cards .card:first-child"):
        expect(page.locator(place)).to_contain_text("No document has a date.")
    expect(page.locator("#concept-cards .card").first).to_contain_text("Nowhere in dated documents.")
    expect(page.get_by_text("Count by")).to_be_hidden()  # as it is without JavaScript


def test_insufficient_evidence_is_said_with_its_gate(sample: Settings, open_report: Open) -> None:
    page = open_report(report_file(sample))
    expect(page.locator("#verdicts")).to_contain_text("None with the evidence for it.")
    page.locator("#verdicts summary", has_text="Insufficient evidence").click()
    expect(page.locator("#verdicts .evidence").last).to_contain_text("fewer than")
    expect(page.locator("#verdict-counts")).to_contain_text("fewest_documents")


def test_a_chart_says_what_is_under_the_pointer(sample: Settings, open_report: Open) -> None:
    page = open_report(report_file(sample))
    drawn(page, "#documents-chart")
    page.locator("#documents-chart svg .mark-rect path").first.hover()
    expect(page.locator("#vg-tooltip-element")).to_contain_text("Policy Digest")


def test_the_first_stop_of_the_keyboard_leads_past_the_contents(sample: Settings, open_report: Open) -> None:
    page = open_report(report_file(sample))
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


# ---- safe ----


ATTACKS = (
    "<script>document.documentElement.dataset.hacked = 1</script>",
    "</script><script>document.documentElement.dataset.hacked = 1</script>",
    "<img src=x onerror='document.documentElement.dataset.hacked = 1'>",
    "\" autofocus onfocus='document.documentElement.dataset.hacked = 1' x=\"",
    "\u202eevil\u2066 text",
    "w" * 10_000,
)


@pytest.fixture(scope="module")
def hostile(browser: Browser, toy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse of documents that attack the page by title, publisher, name, text and watchlist."""
    root = tmp_path_factory.mktemp("hostile")
    (root / "seeds").mkdir()
    rows = ["path,title,publisher"]
    for number, attack in enumerate(ATTACKS):
        name = f"{number}<svg onload=document.documentElement.dataset.hacked=1>.txt"
        text = f"{document(number, year=2015 + number)}\n\nThe minister said {attack} to Guizhou on Monday again.\n"
        (root / "seeds" / name).write_text(text, encoding="utf-8")
        cell = attack.replace('"', '""')
        rows.append(f'{name},"{cell}","{cell[:200]}"')
    (root / "seeds" / "_documents.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (root / "seeds" / "_watchlist.csv").write_text(
        "concept,variants,note\n<b>economy</b>,digital economy|<i>data</i>,=1+1\n", encoding="utf-8"
    )
    settings = load_settings(
        seeds=root / "seeds", warehouse=root / "warehouse", **quick(toy_model), report={"on_run": True}
    )
    done = run_corpus(settings)
    assert done is not None
    assert (done.documents, done.report_error) == (len(ATTACKS), None)
    return settings


def test_documents_cannot_make_the_page_do_anything(hostile: Settings, open_report: Open) -> None:
    page = open_report(report_file(hostile), width=380)
    for row in ask(hostile.warehouse, "select document_id, title from documents order by path").to_pylist():
        page.evaluate("link => { location.hash = link }", f"#document/{row['document_id']}")
        expect(page.locator("#document-detail")).to_contain_text("The minister said")
        shown = page.locator("#document-detail h3").inner_text()
        assert shown[:100] == row["title"][:100]
    for place in ("#documents-chart", "#concept-cards"):
        drawn(page, place)
    page.locator("#documents-chart svg .mark-rect path").first.hover()
    expect(page.locator("#vg-tooltip-element")).to_be_visible()
    page.locator("button[data-sql=documents]").click()
    expect(page.get_by_role("dialog").locator("tbody tr")).to_have_count(len(ATTACKS))
    assert page.evaluate("document.documentElement.dataset.hacked") is None
    assert page.locator("body img, body script:not([type]) ~ img, main svg[onload], main b, main i").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_spreadsheet_finds_no_formula(hostile: Settings, open_report: Open) -> None:
    page = open_report(report_file(hostile))
    with page.expect_download() as download:
        page.locator("button[data-csv=concepts]").click()
    assert ",'=1+1," in download.value.path().read_text(encoding="utf-8")


def test_the_policy_stops_what_is_not_the_pages_own(sample: Settings, browser: Browser) -> None:
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(report_file(sample).resolve().as_uri())
    page.wait_for_selector("html[data-ready]")
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "document.documentElement.dataset.hacked = 1";
        document.body.append(script);
        const image = new Image();
        image.src = "http://127.0.0.1:9/x.png";
        document.body.setAttribute("onclick", "document.documentElement.dataset.hacked = 2");
        document.body.click();
    }""")
    assert page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')") == "refused"
    assert page.evaluate("document.documentElement.dataset.hacked") is None
    assert len([text for text in refused if "Content Security Policy" in text]) >= 4
    page.close()
