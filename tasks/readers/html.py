"""HTML: the visible text of a page, with whatever belongs to the page and not to the article marked as furniture.

trafilatura says which text is the article; what stands beside it in the same container stays as well, unless the markup
says that it is navigation or the like, or it is made of links. Losing a paragraph is worse than keeping a menu.
"""

from __future__ import annotations

import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tasks.readers.reading import Reading, Unreadable
from tasks.readers.text import decode, normalise

_START = re.compile(
    r"(?:\s|\ufeff|<\?xml[^>]{0,200}>|<!--(?:[^-]|-(?!->)){0,2000}-->)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?:p|div|span|br|h[1-6]|table|ul|ol|article|section|title|meta)\b[^<>]{0,500}>", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w.:-]{2,40})", re.IGNORECASE)
_SNIFFED = 4096
_NESTING = re.compile(
    r"</?(?!(?:script|style|noscript|template|head|title|meta|html|body|p)\b)[a-z][^<>]{0,2000}>", re.IGNORECASE
)

_INVISIBLE = frozenset((
    "script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg", "math", "select",
    "button", "input", "textarea", "datalist", "dialog", "canvas", "audio", "video", "map",
))  # fmt: skip
_FURNITURE = frozenset(("nav", "footer", "aside", "form", "menu"))
_FURNITURE_ROLES = frozenset(("navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar"))
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
_CELLS = frozenset(("td", "th"))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DEEPEST = 100  # levels of nesting that are looked at
_LINK_SHARE = 0.6  # of a block's letters; above it the block is a menu or a list of other stories
_MAIN_SHARE = 0.9  # of the article's letters that its container holds

_DATE_KEYS = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "citation_publication_date",
    "citation_date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "publication_date",
    "publishdate",
    "publish-date",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "release_date",
    "date",
)
_TITLE_KEYS = ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title")
_SITE_SEPARATOR = re.compile(r"\s+[|–—·:-]+\s+|\s*[|_]\s*")


@dataclass(slots=True)
class _Block:
    """A paragraph of the page: its text, how much of it is links, and the elements that it stands in, outermost first."""

    text: str
    link_letters: int
    containers: tuple[Any, ...]
    is_marked: bool  # by the markup, as furniture
    tag: str
    is_line: bool  # follows a line break, not the end of a paragraph


def looks_like_html(content: bytes) -> bool:
    """Whether some bytes start as an HTML page does."""
    return _START.match(_ascii_start(content)) is not None


def has_tags(content: bytes) -> bool:
    """Whether there is any markup near the start, as in a fragment of a page."""
    return _TAG.search(_ascii_start(content)) is not None


def _ascii_start(content: bytes) -> str:
    return content[:_SNIFFED].replace(b"\0", b"").decode("ascii", "replace").replace("\ufffd", " ")


def read(content: bytes, _: int) -> Reading:
    """Read a page; its `meta` elements and linked data become metadata."""
    text, encoding = _decode(content)
    return _read_page(text, encoding)


def _decode(content: bytes) -> tuple[str, str]:
    """The page's source text; the encoding that it declares counts if the bytes bear it out."""
    declared = _CHARSET.search(content[:_SNIFFED])
    return decode(content, declared=declared[1].decode("ascii") if declared else None)


def _parse(source: str) -> Any:
    """The page's tree. Elements that nest deeper than the parser goes are taken as so many paragraphs."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(
        huge_tree=True, remove_comments=True, remove_pis=True, no_network=True, encoding="utf-8"
    )
    try:
        # As bytes: lxml refuses text that declares an encoding of its own.
        tree = lxml_html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable("empty", "the page holds no text") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        return lxml_html.document_fromstring(_NESTING.sub("<p>", source).encode("utf-8", "replace"), parser=parser)
    return tree


def _read_page(source: str, encoding: str) -> Reading:
    tree = _parse(source)
    metadata = _metadata(tree)
    _drop_invisible(tree)
    blocks = list(_blocks(tree))
    if not blocks:
        raise Unreadable("empty", "the page holds no text")
    article = _article(source)
    is_furniture = _furniture(blocks, article, metadata.get("title"))
    text: list[str] = []
    furniture: set[int] = set()
    position = 0
    for block, is_page in zip(blocks, is_furniture, strict=True):
        gap = "" if not text else "\n" if block.is_line else "\n\n"
        position += len(gap)
        if is_page:
            furniture.add(position)
        text.append(gap + block.text)
        position += len(block.text)
    return Reading(
        "".join(text), "text/html", encoding, metadata=metadata, metadata_source="html_metadata",
        furniture=frozenset(furniture),
    )  # fmt: skip


def _drop_invisible(tree: Any) -> None:
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            continue
        is_hidden = (
            element.tag in _INVISIBLE
            or "hidden" in element.attrib
            or _HIDDEN_STYLE.search(element.get("style", "")[:500]) is not None
        )
        if is_hidden and element.getparent() is not None:
            element.drop_tree()


def _blocks(tree: Any) -> Iterator[_Block]:
    """Yield the paragraphs of a page in reading order; a table row is one, its cells apart by tabs."""
    from lxml import etree

    walk = _Walk()
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_block = element.tag not in _INLINE and element.tag not in _CELLS
        if event == "start":
            if is_block:
                yield from walk.flush(at_line=element.tag == "br")
            walk.enter(element)
            walk.take(element.text)
        else:
            if is_block and element.tag != "br":
                yield from walk.flush()
            walk.leave(element)
            walk.take("\t" if element.tag in _CELLS else None)
            walk.take(element.tail)


class _Walk:
    """The text gathered since the last paragraph ended, and where in the page the walk stands."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._pieces: list[str] = []
        self._link_letters = 0
        self._is_line = False
        self._inside: Counter[str] = Counter()  # how many of the open elements are links, articles, furniture

    def enter(self, element: Any) -> None:
        self._stack.append(element)
        self._inside.update(self._roles(element))

    def leave(self, element: Any) -> None:
        self._stack.pop()
        self._inside.subtract(self._roles(element))

    def _roles(self, element: Any) -> Iterator[str]:
        if element.tag in ("a", "article", "main"):
            yield "link" if element.tag == "a" else "article"
        is_site_header = element.tag == "header" and not self._inside["article"]
        if is_site_header or element.tag in _FURNITURE or element.get("role", "") in _FURNITURE_ROLES:
            yield "furniture"

    def take(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)
            if self._inside["link"]:
                self._link_letters += sum(map(str.isalnum, text))

    def flush(self, *, at_line: bool = False) -> Iterator[_Block]:
        text = normalise(_collapse("".join(self._pieces)))
        if text:
            innermost = next((e.tag for e in reversed(self._stack[-_DEEPEST:]) if e.tag not in _INLINE), "body")
            containers = tuple(self._stack[:_DEEPEST])
            yield _Block(text, self._link_letters, containers, self._inside["furniture"] > 0, innermost, self._is_line)
        self._is_line = at_line and (bool(text) or self._is_line)
        self._pieces.clear()
        self._link_letters = 0


def _collapse(text: str) -> str:
    return "\t".join(" ".join(cell.split()) for cell in text.split("\t") if cell.strip()) if text.strip() else ""


def _article(source: str) -> str:
    """The text that trafilatura takes for the article, one line a paragraph; empty where it finds none."""
    import trafilatura

    try:
        found = trafilatura.bare_extraction(source, include_comments=False, favor_recall=True)
    except RecursionError:  # a page nested thousands of levels deep
        return ""
    text = str(getattr(found, "text", None) or "")
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))


def _furniture(blocks: list[_Block], article: str, title: str | None) -> list[bool]:
    """For each block whether it belongs to the page and not to the article."""
    lines = set(article.split("\n"))
    kept = [
        block.text in lines or (len(block.text) >= 20 and block.text.replace("\t", " ") in article) for block in blocks
    ]
    if not any(kept):
        return [_is_apart(block) for block in blocks]
    main = _main_container(block for block, is_kept in zip(blocks, kept, strict=True) if is_kept)
    first = kept.index(True)
    heading = next((i for i, block in enumerate(blocks[:first]) if _is_title(block, title)), first)
    return [
        not (is_kept or index == heading)
        and (_is_apart(block) or not (main in block.containers or heading < index < first))
        for index, (block, is_kept) in enumerate(zip(blocks, kept, strict=True))
    ]


def _is_apart(block: _Block) -> bool:
    return block.is_marked or block.link_letters > _LINK_SHARE * sum(map(str.isalnum, block.text))


def _is_title(block: _Block, title: str | None) -> bool:
    return block.text.casefold() == title.casefold() if title is not None else block.tag == "h1"


def _main_container(blocks: Iterator[_Block]) -> Any:
    """The innermost element that holds nearly all of the article."""
    letters: Counter[Any] = Counter()
    depth: dict[Any, int] = {}
    total = 0
    for block in blocks:
        total += len(block.text)
        for level, element in enumerate(block.containers):
            letters[element] += len(block.text)
            depth[element] = level
    return max((e for e in letters if letters[e] >= _MAIN_SHARE * total), key=lambda e: depth[e])


@dataclass(slots=True)
class _Statements:
    """What the page's `meta` elements, linked data and title say, by lower-case key."""

    values: dict[str, str] = field(default_factory=dict)

    def add(self, key: str | None, value: object) -> None:
        if key and isinstance(value, str) and (text := normalise(" ".join(value.split()))):
            self.values.setdefault(key.casefold(), text)

    def first(self, *keys: str) -> str | None:
        return next((self.values[key] for key in keys if key in self.values), None)


def _metadata(tree: Any) -> dict[str, str]:
    said = _Statements()
    for element in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            said.add(element.get(attribute), element.get("content"))
    for script in tree.iter("script"):
        if script.get("type", "").casefold() == "application/ld+json":
            _add_linked_data(said, script.text or "")
    for element in tree.iter("time"):
        if "pubdate" in element.attrib or element.get("itemprop") == "datePublished":
            said.add("datePublished", element.get("datetime") or element.text_content())
    found = {
        "title": _title(tree, said),
        "publisher": said.first("og:site_name", "publisher.name", "citation_publisher", "dc.publisher", "publisher"),
        "author": _author(
            said.first("author.name", "author", "article:author", "dc.creator", "citation_author", "byl")
        ),
        "publication_date": said.first(*_DATE_KEYS),
        "language": tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
    }
    return {key: value for key, value in found.items() if value}


def _add_linked_data(said: _Statements, source: str) -> None:
    """Add what an article's JSON-LD states; a block that is not valid JSON states nothing."""
    try:
        queue = deque([json.loads(source)])
    except (ValueError, RecursionError):
        return
    while queue:
        node = queue.popleft()
        if isinstance(node, list):
            queue.extendleft(reversed(node))
        elif isinstance(node, dict):
            queue.append(node.get("@graph"))
            if "datePublished" not in node and "headline" not in node:
                continue
            said.add("datePublished", node.get("datePublished"))
            said.add("headline", node.get("headline"))
            for key in ("author", "publisher"):
                said.add(f"{key}.name", _names(node.get(key)))


def _names(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_names, value)))
    if isinstance(value, dict):
        return _names(value.get("name"))
    return value if isinstance(value, str) else ""


def _author(value: str | None) -> str | None:
    """An author's name; an address on the web, as `article:author` often is, names nobody."""
    if value is None or "://" in value or "@" in value:
        return None
    return re.sub(r"^by\s+", "", value, flags=re.IGNORECASE) or None


def _title(tree: Any, said: _Statements) -> str | None:
    """The article's title: what the page states, without the name of the site."""
    site = said.first("og:site_name", "publisher.name", "application-name")
    headings = [
        text for h in tree.iter("h1") if (text := normalise(" ".join(h.text_content().split()))) and text != site
    ]
    page = tree.find(".//title")
    page_title = normalise(" ".join((page.text_content() if page is not None else "").split()))
    stated = said.first(*_TITLE_KEYS, "headline") or page_title
    if not stated:
        return headings[0] if headings else None
    repeated = [heading for heading in headings if heading.casefold() in stated.casefold()]
    return max(repeated, key=len) if repeated else _without_site(stated, site)


def _without_site(title: str, site: str | None) -> str:
    parts = list(_SITE_SEPARATOR.finditer(title))
    if not parts:
        return title
    head, tail = title[: parts[-1].start()], title[parts[-1].end() :]
    if site is not None and title[: parts[0].start()].casefold() == site.casefold():
        return title[parts[0].end() :]
    names_site = tail.casefold() == site.casefold() if site else len(tail.split()) <= 4
    return head if names_site and len(head.split()) >= 3 else title
