"""What a page states of itself: its `meta` elements, its linked data and its title."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from tasks.dates import parse_date
from tasks.readers.reading import named_author
from tasks.readers.text import normalise

# In order of belief; without punctuation, since they are written in many ways.
_DATE_KEYS = (
    "articlepublishedtime", "ogpublishedtime", "ogarticlepublishedtime", "datepublished", "citationpublicationdate",
    "citationdate", "citationonlinedate", "dcdateissued", "dctermsissued", "dctermscreated", "dcdatecreated",
    "dcdate", "dctermsdate", "publicationdate", "publisheddate", "publishdate", "publishtime", "pubdate", "pubtime",
    "firstpublished", "parselypubdate", "sailthrudate", "releasedate", "dateissued", "datecreated", "time", "date",
)  # fmt: skip
_TITLE_KEYS = ("ogtitle", "citationtitle", "articletitle", "dctitle", "dctermstitle", "twittertitle", "headline")
_PUBLISHER_KEYS = (
    "ogsitename", "publishername", "citationpublisher", "dcpublisher", "dctermspublisher", "publisher", "sitename",
)  # fmt: skip
_AUTHOR_KEYS = ("authorname", "author", "articleauthor", "dccreator", "dctermscreator", "citationauthor", "byl")
_NO_DATES = ("1970-01-01", "0001-01-01", "1900-01-01")  # what programs put for want of a date
_ARTICLE_TYPE = re.compile(r"\w{0,40}(?:Article|Posting|Report|Page|Document|CreativeWork|GovernmentPublication)")

_PUBLISHED = re.compile(
    r"(?<![a-z])(?:published|pubdate|entry-date|dt-published|date-published)(?![a-z])", re.IGNORECASE
)
_ASIDE = ("aside", "nav")
# The class or id of what speaks of other stories; a builder of pages calls each of their parts a widget.
_OF_OTHERS = re.compile(r"(?<![a-z])(?:sidebar|(?<!elementor-)widget|related|recent)(?![a-z])", re.IGNORECASE)
_JSON_WRAPPING = re.compile(r"^\s*(?://)?\s*<!(?:--|\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*$")
_FRONT_PAGE = re.compile(r"(?:https?://[^/]{1,100})?\.{0,2}/?(?:[a-z]{2}/)?(?:index\.\w{1,5}|home)?/?", re.IGNORECASE)

_SITE_SEPARATOR = re.compile(r"\s+[–—·:»-]{1,3}\s+|\s*[|_]\s*")
_STRONG_SEPARATOR = re.compile(r"\s*[|_]\s*|\s+»\s+")
_PART = re.compile(r"(?:part|chapter|section|volume|vol|annex|appendix|full text|transcript)\b|.*\d", re.IGNORECASE)
_MOST_STATED = 20  # values of a key that are looked at


class _Statements:
    """What the page's `meta` elements, linked data and title say, by lower-case key without punctuation."""

    def __init__(self) -> None:
        self._values: dict[str, list[str]] = {}

    def add(self, key: str | None, value: object) -> None:
        if key and isinstance(value, str) and (text := normalise(" ".join(value.split()))):
            self._values.setdefault(re.sub(r"[\W_]+", "", key.casefold()), []).append(text)

    def first(self, *keys: str) -> str | None:
        return next((values[0] for values in map(self._values.get, keys) if values), None)

    def every(self, *keys: str) -> Iterator[str]:
        """Yield what is stated under some keys, in their order."""
        for key in keys:
            yield from self._values.get(key, ())

    def together(self, *keys: str) -> str:
        """All that the first of the keys says that says anything, such as the names of several authors."""
        values = next((values for values in map(self._values.get, keys) if values), [])
        return ", ".join(dict.fromkeys(filter(None, map(_author, values[:_MOST_STATED]))))


def read_metadata(tree: Any) -> dict[str, str]:
    """The title, publisher, author and date that a page states, as far as it does."""
    said = _Statements()
    own = _around_heading(tree)
    for element in tree.iter("meta"):
        if not _is_of_another(element, own):
            for attribute in ("property", "name", "itemprop"):
                said.add(element.get(attribute), element.get("content"))
    for script in tree.iter("script"):
        if script.get("type", "").casefold().startswith("application/ld+json"):
            _add_linked_data(said, script.text or "")
    for element in tree.iter("time", "span", "abbr"):
        is_stated = (
            "pubdate" in element.attrib
            or element.get("itemprop") == "datePublished"
            or (element.tag == "time" and _PUBLISHED.search(element.get("class", "")[:200]))
        )
        if is_stated and not _is_of_another(element, own):
            said.add("datePublished", element.get("datetime") or element.get("content") or element.text_content())
    found = {
        "title": _title(tree, said),
        "publisher": said.first(*_PUBLISHER_KEYS),
        "author": said.together(*_AUTHOR_KEYS),
        "publication_date": _publication_date(list(said.every(*_DATE_KEYS))),
    }
    return {key: value for key, value in found.items() if value}


def _around_heading(tree: Any) -> frozenset[Any]:
    """What holds the main heading of the page."""
    headings = (heading for heading in tree.iter("h1") if not _is_logo(heading))
    around = (frozenset(heading.iterancestors()) for heading in headings)
    return next((own for own in around if not any(parent.tag in _ASIDE for parent in own)), frozenset())


def _is_of_another(element: Any, own: frozenset[Any]) -> bool:
    """Whether an element stands where a page speaks of other stories, apart from what holds its main heading."""
    parents = list(element.iterancestors())
    is_in_article = any(parent.tag == "article" for parent in parents)
    is_article_known = any(parent.tag == "article" for parent in own)
    for parent in parents:
        if parent in own or parent.tag in ("html", "body"):
            return False
        if (
            parent.tag in _ASIDE
            or (parent.tag == "footer" and not is_in_article)  # that of an article states its day
            or (parent.tag == "article" and is_article_known)
            or any(_OF_OTHERS.search(parent.get(name, "")[:200]) for name in ("class", "id"))
        ):
            return True
    return False


def _publication_date(stated: list[str]) -> str | None:
    """The first statement that states a day; else the first that states a date at all, else the first."""
    dates = [
        (text, date) for text in stated[:_MOST_STATED] if (date := parse_date(text)) and not text.startswith(_NO_DATES)
    ]
    of_a_day = [text for text, date in dates if date.precision == "day"]
    return next(
        iter((*of_a_day, *(text for text, _ in dates), *(t for t in stated if not t.startswith(_NO_DATES)))), None
    )


def _add_linked_data(said: _Statements, source: str) -> None:
    """Add what an article's JSON-LD states; a block that is not valid JSON states nothing."""
    try:
        queue = deque([json.loads(_JSON_WRAPPING.sub("", source), strict=False)])
    except (ValueError, RecursionError):
        return
    articles = []
    names: dict[str, object] = {}
    while queue:
        node = queue.popleft()
        if isinstance(node, list):
            queue.extendleft(reversed(node))
        elif isinstance(node, dict):
            queue += [node.get("@graph"), node.get("mainEntity")]
            if isinstance(node.get("@id"), str) and "name" in node:
                names.setdefault(node["@id"], node["name"])
            kind = node.get("@type", "Article")
            kinds = kind if isinstance(kind, list) else [kind]
            if any(isinstance(kind, str) and _ARTICLE_TYPE.fullmatch(kind) for kind in kinds):
                articles.append((not any(str(kind).endswith("Page") for kind in kinds), node))
    # A page's date is that of its template at times; its article's is believed first.
    for _, node in sorted(articles, key=lambda found: not found[0]):
        for key in ("datePublished", "headline"):
            said.add(key, node.get(key))
        for key in ("author", "publisher"):
            for name in _names(node.get(key), names):
                said.add(f"{key}.name", name)


def _names(value: object, known: Mapping[str, object]) -> Iterator[str]:
    if isinstance(value, list):
        for one in value[:_MOST_STATED]:
            yield from _names(one, {})
    elif isinstance(value, dict):
        name = value.get("name") or known.get(str(value.get("@id")))
        yield from [name] if isinstance(name, str) else []
    elif isinstance(value, str):
        yield value


def _author(value: str) -> str:
    """An author's name; an address on the web, as `article:author` often is, names nobody."""
    return "" if "://" in value or "@" in value else named_author(re.sub(r"^by\s+", "", value, flags=re.IGNORECASE))


def _title(tree: Any, said: _Statements) -> str | None:
    """The article's title: what the page states, without the name of the site."""
    site = said.first("ogsitename", "publishername", "sitename", "applicationname")
    headings = [text for h in tree.iter("h1", "h2") if (text := _spaced(h)) and text != site and not _is_logo(h)]
    page = tree.find(".//title")
    stated = said.first(*_TITLE_KEYS) or (_spaced(page) if page is not None else "")
    if not stated:
        return headings[0] if headings else None
    parts = {stated.casefold()}
    for separator in _SITE_SEPARATOR.finditer(stated[:1000]):
        parts |= {stated[: separator.start()].casefold(), stated[separator.end() :].casefold()}
    repeated = [heading for heading in headings if heading.casefold() in parts]
    return max(repeated, key=len) if repeated else _without_site(stated, site)


def _spaced(element: Any) -> str:
    return normalise(" ".join(element.text_content().split()))


def _is_logo(heading: Any) -> bool:
    """Whether a heading names the site: it stands in a page header, or leads to the front page."""
    if any(e.tag == "header" or e.get("role") == "banner" for e in heading.iterancestors()):
        return not any(e.tag in ("article", "main") for e in heading.iterancestors())
    return any(_FRONT_PAGE.fullmatch(link.get("href", "").strip()[:200]) for link in heading.iter("a"))


def _without_site(title: str, site: str | None) -> str:
    """A title without the name of the site, which stands behind it, or before it if it is known."""
    parts = [part for part in _STRONG_SEPARATOR.split(title) if part]
    if len(parts) > 1:
        title = max((part for part in parts if part.casefold() != (site or "").casefold()), key=len, default=title)
    separators = list(_SITE_SEPARATOR.finditer(title))
    if not separators:
        return title
    head, tail = title[: separators[-1].start()], title[separators[-1].end() :]
    if site is not None and title[: separators[0].start()].casefold() == site.casefold():
        return title[separators[0].end() :]
    if site is not None and tail.casefold() == site.casefold():
        return head
    is_colon = separators[-1].group().strip() == ":"
    may_be_site = site is None and len(tail.split()) <= 4 and not _PART.match(tail) and not is_colon
    return head if may_be_site and len(head.split()) >= 3 else title
