"""HTML: the visible text of a page, with whatever belongs to the page and not to the article marked as furniture.

trafilatura says which text is the article; what stands beside it in the same container stays as well, unless the markup
says that it is navigation or the like, or it is made of links. Losing a paragraph is worse than keeping a menu.
"""

from __future__ import annotations

import json
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tasks.dates import parse_date
from tasks.readers.reading import Reading, Unreadable, named_author
from tasks.readers.text import decode, normalise

_START = re.compile(
    r"(?:\s|\ufeff|<\?xml[^>]{0,200}>|<!--(?:[^-]|-(?!->)){0,2000}-->)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?:p|div|span|br|h[1-6]|table|ul|ol|article|section|title|meta)\b[^<>]{0,500}>", re.IGNORECASE)
_CHARSET = re.compile(
    rb"<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,200}?encoding)\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w.:-]{2,40})", re.IGNORECASE
)
_SNIFFED = 4096
_NESTING = re.compile(
    r"</?(?!(?:script|style|noscript|template|head|title|meta|html|body|p)\b)[a-z][^<>]{0,2000}>", re.IGNORECASE
)

_INVISIBLE = frozenset((
    "script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg", "math", "select",
    "button", "input", "textarea", "datalist", "dialog", "canvas", "audio", "video", "map",
))  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden", re.IGNORECASE)
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "button", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
_CELLS = frozenset(("td", "th"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_DEEPEST = 100  # levels of nesting that are looked at

# Elements that are most often furniture; where the article extractor keeps their text, it is right.
_LIKELY = frozenset(("aside", "form", "header", "menu"))
_FURNITURE = frozenset(("nav", "footer"))
_FURNITURE_ROLES = frozenset((
    "navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog", "alertdialog",
))  # fmt: skip
# Names of classes and ids, whole: `related-stories` is furniture, `related-policy` and `content-with-sidebar` are not.
_FURNITURE_NAME = re.compile(
    r"(?!.*\b(?:with|has|no|without)[-_])(?:[a-z0-9]{1,20}[-_]{1,2}){0,3}"
    r"(?:nav(?:igation|bar)?|menus?|breadcrumbs?(?:nav)?|crumbs?|foot(?:er)?|sidebar|side-?nav|toolbar|widgets?|"
    r"shar(?:e|ing)|share(?:daddy|bar|this)|jiathis|addthis|socials?|(?:related|more|recommended|latest|hot|popular|trending)[-_]?"
    r"(?:news|posts?|stories|articles?|links?|content|reading|items?)|relate[sd]?|recommend(?:ed|ations?)|teasers?|"
    r"cookies?|gdpr|consent|newsletter|subscri(?:be|ption)|sign-?up|comments?|disqus|respond|"
    r"advert(?:isement|s)?|ads?|sponsor(?:ed)?|promos?|popup|modal|pagination|pager|tags?|tag-?cloud|copyright|"
    r"sr-only|visually-?hidden|screen-reader-text|skip-?(?:link|to-content)?)"
    r"(?:[-_]{1,2}(?:bar|box|links?|buttons?|icons?|list|menu|wrap(?:per)?|container|area|section|block|panel|enabled|"
    r"banner|notice|form|signup|thread|widget|inner|top|bottom|left|right|main|\d{1,3})){0,2}",
    re.IGNORECASE,
)
_MOST_TAGS = 20_000  # in a page that trafilatura is asked about; its time grows with their square
_MOST_NAMES = 20  # of one element that are looked at
_ARTICLE_SHARE = 0.3  # of the article's letters; what holds more is no furniture, whatever it is called
_LINK_SHARE = 0.6  # of a block's letters; above it the block is a menu or a list of other stories
_FEWEST_LINKED = 3  # blocks of links that make a list of them
_MAIN_SHARE = 0.9  # of the article's letters that its container holds
_PROSE_WORDS = 25  # in a block that is prose wherever it stands
_SHINGLE = 3  # words
_SAME_SHARE = 0.8  # of a block's shingles that the article has

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
_JSON_WRAPPING = re.compile(r"^\s*(?://)?\s*<!(?:--|\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*$")
_FRONT_PAGE = re.compile(r"(?:https?://[^/]{1,100})?\.{0,2}/?(?:[a-z]{2}/)?(?:index\.\w{1,5}|home)?/?", re.IGNORECASE)

_SITE_SEPARATOR = re.compile(r"\s+[–—·:»-]{1,3}\s+|\s*[|_]\s*")
_STRONG_SEPARATOR = re.compile(r"\s*[|_]\s*|\s+»\s+")
_PART = re.compile(r"(?:part|chapter|section|volume|vol|annex|appendix|full text|transcript)\b|.*\d", re.IGNORECASE)


@dataclass(slots=True)
class _Block:
    """A paragraph of the page: its text, how much of it is links, and the elements that it stands in, outermost first."""

    text: str
    link_letters: int
    links: int
    containers: tuple[Any, ...]
    marks: frozenset[str]  # what the markup calls the elements around it, so far as these are names of furniture
    likely: bool  # in an element that is most often furniture
    tag: str
    is_line: bool  # follows a line break, not the end of a paragraph

    @property
    def is_linked(self) -> bool:
        """Whether it is made of links."""
        return self.link_letters > _LINK_SHARE * sum(map(str.isalnum, self.text))


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
    declared = _CHARSET.search(content[:_SNIFFED])
    source, encoding = decode(content, declared=declared[1].decode("ascii") if declared else None)
    tree = _parse(source)
    metadata = _metadata(tree)
    blocks = list(_blocks(tree))
    if not blocks:
        raise Unreadable("empty", "the page holds no text")
    is_furniture = _furniture(blocks, _article(source), metadata.get("title"))
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


def _blocks(tree: Any) -> Iterator[_Block]:
    """Yield the visible paragraphs of a page in reading order; a table row is one, its cells apart by tabs."""
    from lxml import etree

    walk = _Walk()
    events = etree.iterwalk(tree, events=("start", "end"))
    for event, element in events:
        if event == "start":
            is_shown = walk.shows(element)
            if element.tag not in _INLINE and element.tag not in _CELLS and is_shown:
                yield from walk.flush(at_line=element.tag == "br")
            walk.enter(element)
            if is_shown:
                yield from walk.take(element.text)
            else:
                events.skip_subtree()
        else:
            if element.tag not in _INLINE and element.tag not in _CELLS and element.tag != "br" and walk.shows(element):
                yield from walk.flush()
            walk.leave()
            yield from walk.take("\t" if element.tag in _CELLS else None)
            yield from walk.take(element.tail)


class _Walk:
    """The text gathered since the last paragraph ended, and where in the page the walk stands."""

    def __init__(self) -> None:
        self._stack: list[tuple[Any, tuple[str, ...]]] = []
        self._pieces: list[str] = []
        self._link_letters = 0
        self._links = 0
        self._is_line = False
        self._marks: list[frozenset[str]] = [frozenset()]  # of each open element and those around it
        self._inside: Counter[str] = Counter()  # how many of the open elements are links, articles …

    def shows(self, element: Any) -> bool:
        """Whether an element is visible."""
        if element.tag in _INVISIBLE:
            is_title = element.tag == "button" and self._inside["heading"] > 0  # of a part that opens by a click
            return is_title or (element.tag == "dialog" and "open" in element.attrib)
        return "hidden" not in element.attrib and not _HIDDEN_STYLE.search(element.get("style", "")[:500])

    def enter(self, element: Any) -> None:
        roles = tuple(self._roles(element))
        marks = frozenset(self._names_of_furniture(element))
        self._stack.append((element, roles))
        self._marks.append(self._marks[-1] | marks if marks else self._marks[-1])
        self._inside.update(roles)
        self._links += "link" in roles

    def leave(self) -> None:
        """Go out of an element."""
        _, roles = self._stack.pop()
        self._inside.subtract(roles)
        self._marks.pop()

    def _roles(self, element: Any) -> Iterator[str]:
        tag = element.tag
        if tag == "a" and "href" in element.attrib:
            yield "link"
        elif tag in ("article", "main"):
            yield "article"
        elif tag in _HEADINGS:
            yield "heading"
        elif tag == "pre":
            yield "pre"
        elif tag in _LIKELY and not (tag == "header" and self._inside["article"]):
            yield "likely"

    def _names_of_furniture(self, element: Any) -> Iterator[str]:
        """Yield the names of furniture that an element bears: its tag, role, classes and id."""
        if element.tag in ("html", "body"):
            return
        yield from {element.tag} & _FURNITURE
        yield from {element.get("role", "")} & _FURNITURE_ROLES
        for name in f"{element.get('class', '')} {element.get('id', '')}"[:1000].split()[:_MOST_NAMES]:
            if _FURNITURE_NAME.fullmatch(name[:80]):
                yield re.sub(r"\d+", "#", name[:80].casefold())

    def take(self, text: str | None) -> Iterator[_Block]:
        """Gather some text; in preformatted text every line is one."""
        if not text:
            return
        first, *others = text.split("\n") if self._inside["pre"] else [text]
        self._gather(first)
        for line in others:
            yield from self.flush(at_line=True)
            self._gather(line)

    def _gather(self, text: str) -> None:
        self._pieces.append(text)
        if self._inside["link"]:
            self._link_letters += sum(map(str.isalnum, text))

    def flush(self, *, at_line: bool = False) -> Iterator[_Block]:
        """Yield what is gathered as a block; `at_line` where no more than a line ends."""
        text = normalise(_collapse("".join(self._pieces)))
        if text:
            containers = tuple(element for element, _ in self._stack[:_DEEPEST] if element.tag not in _INLINE)
            innermost = containers[-1].tag if containers else "body"
            yield _Block(
                text, self._link_letters, self._links, containers, self._marks[-1], self._inside["likely"] > 0,
                innermost, self._is_line,
            )  # fmt: skip
        self._is_line = at_line and bool(text)
        self._pieces.clear()
        self._link_letters = self._links = 0


def _collapse(text: str) -> str:
    return "\t".join(" ".join(cell.split()) for cell in text.split("\t") if cell.strip()) if text.strip() else ""


def _article(source: str) -> str:
    """The text that trafilatura takes for the article, one line a paragraph; empty where it finds none."""
    if source.count("<") > _MOST_TAGS:
        return ""
    import trafilatura

    try:
        found = trafilatura.bare_extraction(source, include_comments=False, favor_recall=True, fast=True)
    except RecursionError:  # a page nested thousands of levels deep
        return ""
    return str(getattr(found, "text", None) or "")


def _furniture(blocks: list[_Block], article: str, title: str | None) -> list[bool]:
    """For each block whether it belongs to the page and not to the article."""
    is_prose = [len(block.text.split()) >= _PROSE_WORDS and not block.is_linked for block in blocks]
    is_extracted = _extracted(blocks, article) if article else is_prose
    names = _furniture_names(blocks, is_extracted)
    in_list = _in_lists_of_links(blocks)
    is_apart = [
        not block.marks.isdisjoint(names) or linked or ((block.likely or block.is_linked) and not extracted)
        for block, linked, extracted in zip(blocks, in_list, is_extracted, strict=True)
    ]
    is_article = [
        not apart and (extracted or prose)
        for apart, extracted, prose in zip(is_apart, is_extracted, is_prose, strict=True)
    ]
    first = is_article.index(True) if any(is_article) else 0
    heading = next((i for i, block in enumerate(blocks[: first + 1]) if _is_title(block, title)), first)
    if not any(is_article):
        return [apart and index != heading for index, apart in enumerate(is_apart)]
    main = _main_container(block for block, is_body in zip(blocks, is_article, strict=True) if is_body)
    return [
        not (is_body or index == heading) and (apart or not (main in block.containers or heading < index < first))
        for index, (block, is_body, apart) in enumerate(zip(blocks, is_article, is_apart, strict=True))
    ]


def _extracted(blocks: list[_Block], article: str) -> list[bool]:
    """For each block whether the article, as it was extracted, has its words; compared by words three by three."""
    lines = {_words(line) for line in article.split("\n")}
    known = set(_shingles(_words(article)))
    found = []
    for block in blocks:
        words = _words(block.text)
        shingles = _shingles(words)
        found.append(
            words in lines
            or (len(words) >= 2 * _SHINGLE and sum(s in known for s in shingles) >= _SAME_SHARE * len(shingles))
        )
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


def _shingles(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(zip(*(words[start:] for start in range(_SHINGLE)), strict=False))


def _furniture_names(blocks: list[_Block], is_extracted: list[bool]) -> set[str]:
    """The names of furniture whose elements do not together hold much of the article."""
    letters: Counter[str] = Counter()
    total = 0
    for block, extracted in zip(blocks, is_extracted, strict=True):
        size = max(0, len(block.text) - block.link_letters) if extracted else 0
        total += size
        for name in block.marks:
            letters[name] += size
    return {name for name, size in letters.items() if size <= _ARTICLE_SHARE * total}


def _in_lists_of_links(blocks: list[_Block]) -> list[bool]:
    """For each block whether it is a link in a list of nothing else, or such a list by itself."""
    linked: Counter[Any] = Counter()
    whole: Counter[Any] = Counter()
    for block in blocks:
        whole.update(block.containers)
        if block.is_linked:
            linked.update(block.containers)
    return [
        block.is_linked
        and (block.links >= _FEWEST_LINKED or any(_FEWEST_LINKED <= whole[e] == linked[e] for e in block.containers))
        for block in blocks
    ]


def _is_title(block: _Block, title: str | None) -> bool:
    return block.text.casefold() == title.casefold() if title is not None else block.tag == "h1"


def _main_container(blocks: Iterator[_Block]) -> Any:
    """The innermost element around several paragraphs that holds nearly all of the article."""
    letters: Counter[Any] = Counter()
    depth: dict[Any, int] = {}
    total = 0
    for block in blocks:
        total += len(block.text)
        outer = block.containers[:-1] or block.containers
        for level, element in enumerate(outer):
            letters[element] += len(block.text)
            depth[element] = level
    return max((e for e in letters if letters[e] >= _MAIN_SHARE * total), key=lambda e: depth[e])


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
        return ", ".join(dict.fromkeys(filter(None, map(_author, values[:_MOST_NAMES]))))


def _metadata(tree: Any) -> dict[str, str]:
    said = _Statements()
    for element in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            said.add(element.get(attribute), element.get("content"))
    for script in tree.iter("script"):
        if script.get("type", "").casefold().startswith("application/ld+json"):
            _add_linked_data(said, script.text or "")
    for element in tree.iter("time", "span", "abbr"):
        is_stated = "pubdate" in element.attrib or element.get("itemprop") == "datePublished"
        if is_stated or (element.tag == "time" and _PUBLISHED.search(element.get("class", "")[:200])):
            said.add("datePublished", element.get("datetime") or element.get("content") or element.text_content())
    found = {
        "title": _title(tree, said),
        "publisher": said.first(*_PUBLISHER_KEYS),
        "author": said.together(*_AUTHOR_KEYS),
        "publication_date": _publication_date(list(said.every(*_DATE_KEYS))),
    }
    return {key: value for key, value in found.items() if value}


def _publication_date(stated: list[str]) -> str | None:
    """The first statement that states a day; else the first that states a date at all, else the first."""
    dates = [
        (text, date) for text in stated[:_MOST_NAMES] if (date := parse_date(text)) and not text.startswith(_NO_DATES)
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
        for one in value[:_MOST_NAMES]:
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
