"""The HTML report: one page that holds its data, its charts and its code, from the answers of the published warehouse."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tasks.report.differences import Piece, differences

HERE = Path(__file__).parent

# What is only needed when a document is opened stays packed until then.
IN_FULL = ("passages", "mentions", "document_dates", "document_topics")

_LONGEST_SHOWN = 220  # characters of a title in a list


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of texts that repeat: each once, in the order in which they come, and for each row the number of its own."""

    texts: Sequence[str | None]
    codes: Sequence[int]

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[str | None]:
        return map(self.texts.__getitem__, self.codes)


@dataclass(frozen=True, slots=True)
class Answer:
    """A query and what the warehouse answered: for each column its values, dates as ISO 8601 text."""

    statement: str
    columns: Mapping[str, Sequence[Any] | Coded]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def records(self) -> Iterator[dict[str, Any]]:
        """The answer row by row."""
        for row in zip(*self.columns.values(), strict=True):
            yield dict(zip(self.columns, row, strict=True))


@dataclass(frozen=True, slots=True)
class Flip:
    """A term whose verdict is not the one of the version before; None where it was, or is, going nowhere."""

    granularity: str
    term: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """All that the page shows: the answers by the name of their query, and how the version before differs."""

    answers: Mapping[str, Answer]
    flips: Sequence[Flip]
    previous: str | None
    """The run whose version this one is compared with; None if no earlier one is kept."""


@dataclass(frozen=True, slots=True)
class ParallelPair:
    """Two passages side by side, word by word."""

    record: Mapping[str, Any]
    first: Sequence[Piece]
    second: Sequence[Piece]


def flips(before: Answer, after: Answer) -> list[Flip]:
    """Where the verdicts of two versions differ, by granularity and term."""
    old, new = (
        {(row["granularity"], row["term"]): row["verdict"] for row in answer.records()} for answer in (before, after)
    )
    return [
        Flip(*key, old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def render(report: Report, charts: str) -> str:
    """The page; `charts` is the JavaScript of the charting library, which sets `window.vegaEmbed`."""
    style = _source("page.css")
    scripts = [_script(charts), _script(_source("charts.js")), _script(_source("page.js"))]
    documents = {row["document_id"]: row for row in report.answers["documents"].records()}
    pairs = [
        ParallelPair(row, *differences(row["text_a"], row["text_b"])) for row in report.answers["parallels"].records()
    ]
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Jinja's own `urlencode` leaves slashes, which part an address in the page.
    environment.filters |= {"thousands": "{:,}".format, "clip": clip, "address": partial(quote, safe="")}
    in_full = {name: report.answers[name] for name in IN_FULL}
    at_once = {name: answer for name, answer in report.answers.items() if name not in IN_FULL}
    with ThreadPoolExecutor(2) as pool:  # compression needs no lock of Python's
        data, texts = pool.map(_packed, (at_once, in_full))
    return environment.get_template("page.html.jinja").render(
        answers=report.answers,
        flips=report.flips,
        previous=report.previous,
        run=next(report.answers["run"].records()),
        documents=documents,
        pairs=pairs,
        style=style,
        scripts=scripts,
        policy=content_security_policy(style, scripts),
        data=data,
        texts=texts,
    )


def content_security_policy(style: str, scripts: Sequence[str]) -> str:
    """A policy under which the page's own code runs, by its digest, and nothing else, and nothing is loaded or sent."""
    allowed = " ".join(_digest(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_digest(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def clip(text: str | None, longest: int = _LONGEST_SHOWN) -> str:
    """A text cut to what a list has room for."""
    text = text or ""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _script(text: str) -> str:
    """JavaScript as it may stand in a page: nothing in it ends the element or opens a comment."""
    return re.sub(r"<(?=/script|!--)", r"\\x3c", text, flags=re.IGNORECASE)


def _packed(answers: Mapping[str, Answer]) -> str:
    """Answers as compressed JSON in Base64, which holds no character that means anything to HTML."""
    plain = {
        name: {
            "sql": answer.statement,
            "columns": {
                column: {"texts": values.texts, "codes": values.codes} if isinstance(values, Coded) else values
                for column, values in answer.columns.items()
            },
        }
        for name, answer in answers.items()
    }
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # The next level takes half as long again, and the page gets a twentieth smaller.
    return base64.b64encode(zlib.compress(text.encode(), 2)).decode()
