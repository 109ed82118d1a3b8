"""The visible paragraphs of a page, each with what tells whether it is the article's or the page's own."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tasks.readers.reading import Unreadable
from tasks.readers.text import normalise

_NESTING = re.compile(
    r"</?(?!(?:script|style|noscript|template|head|title|meta|html|body|p)\b)[a-z][^<>]{0,2000}>", re.IGNORECASE
)

_INVISIBLE = frozenset((
    "script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg", "math", "select",
    "button", "input", "textarea", "datalist", "dialog", "canvas", "audio", "video", "map",
))  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden", re.IGNORECASE)
_INLINE = frozenset((
    "a", "abbr", "acronym", "area", "b", "bdi", "bdo", "big", "blink", "button", "cite", "code", "data", "del", "dfn",
    "em", "font", "i", "img", "ins", "kbd", "label", "link", "mark", "meta", "meter", "nobr", "output", "picture",
    "progress", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "slot", "small", "source", "span", "strike",
    "strong", "sub", "sup", "time", "track", "tt", "u", "var", "wbr",
))  # fmt: skip
# The mark of a note: a number, a letter or a sign, perhaps in brackets, which stand between several as well.
_NOTE_MARK = re.compile(r"(?:(?:foot|end)?note)?(?:\d{1,3}|[a-z]|[ivx]{2,5}|[*†‡§¶]{1,3})", re.IGNORECASE)
_AROUND_MARKS = re.compile(r"[\s\[\](),;]+")
_MOST_IN_MARK = 20  # elements
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
_MOST_NAMES = 20  # of one element that are looked at
_HEADING_WITHIN = 10  # elements from the start of a section
_LINK_SHARE = 0.6  # of a block's letters; above it the block is a menu or a list of other stories


@dataclass(slots=True)
class Block:
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


def parse(source: str) -> Any:
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


def to_source(tree: Any) -> str:
    """A page as it stands in its tree."""
    from lxml import html as lxml_html

    return str(lxml_html.tostring(tree, encoding="unicode"))


def clear_note_marks(tree: Any) -> bool:
    """Empty the marks of notes in a page, which are no text and make sentences look like links; whether it has any."""
    marks = [element for element in tree.iter("a", "sup") if _is_note_mark(element)]
    for mark in marks:
        mark.clear(keep_tail=True)
    return bool(marks)


def read_blocks(tree: Any) -> Iterator[Block]:
    """Yield the visible paragraphs of a page in reading order; a table row is one, its cells apart by tabs."""
    from lxml import etree

    walk = _Walk()
    events = etree.iterwalk(tree, events=("start", "end"))
    for event, element in events:
        if event == "start":
            is_shown = walk.shows(element)
            if not _is_inline(element) and element.tag not in _CELLS and is_shown:
                yield from walk.flush(at_line=element.tag == "br")
            walk.enter(element)
            if is_shown:
                yield from walk.take(element.text)
            else:
                events.skip_subtree()
        else:
            if not _is_inline(element) and element.tag not in _CELLS and element.tag != "br" and walk.shows(element):
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
        if _is_named_by_heading(element):
            yield "likely"

    def _names_of_furniture(self, element: Any) -> Iterator[str]:
        """Yield the names of furniture that an element bears: its tag, role, classes and id."""
        if element.tag in ("html", "body"):
            return
        yield from {element.tag} & _FURNITURE
        yield from {element.get("role", "")} & _FURNITURE_ROLES
        own = "" if _is_named_by_heading(element) else element.get("id", "")
        for name in f"{element.get('class', '')} {own}"[:1000].split()[:_MOST_NAMES]:
            if _FURNITURE_NAME.fullmatch(name[:80]):
                yield re.sub(r"\d+", "#", name[:80].casefold())

    def take(self, text: str | None) -> Iterator[Block]:
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

    def flush(self, *, at_line: bool = False) -> Iterator[Block]:
        """Yield what is gathered as a block; `at_line` where no more than a line ends."""
        text = normalise(_collapse("".join(self._pieces)))
        if text:
            containers = tuple(element for element, _ in self._stack[:_DEEPEST] if not _is_inline(element))
            innermost = containers[-1].tag if containers else "body"
            yield Block(
                text, self._link_letters, self._links, containers, self._marks[-1], self._inside["likely"] > 0,
                innermost, self._is_line,
            )  # fmt: skip
        self._is_line = at_line and bool(text)
        self._pieces.clear()
        self._link_letters = self._links = 0


def _is_inline(element: Any) -> bool:
    """Whether an element stands within a line, as do those that other programs put in, such as Word's `st1:place`."""
    return element.tag in _INLINE or ":" in element.tag


def _is_note_mark(element: Any) -> bool:
    """Whether an element leads to notes by raised marks: `sup` around nothing but links, or a link around `sup`."""
    inside = list(itertools.islice(element.iter(), _MOST_IN_MARK + 1))
    if len(inside) > _MOST_IN_MARK:
        return False
    raised = [inner for inner in inside[1:] if inner.tag == ("sup" if element.tag == "a" else "a") and _mark(inner)]
    return (
        all(_NOTE_MARK.fullmatch(_mark(inner)) for inner in raised)
        and all("#" in link.get("href", "") for link in ([element] if element.tag == "a" else raised))
        and _mark(element) == "".join(map(_mark, raised)) != ""
    )


def _mark(element: Any) -> str:
    return _AROUND_MARKS.sub("", element.text_content())


def _is_named_by_heading(element: Any) -> bool:
    """Whether an id that sounds like furniture repeats the heading of its section, as programs that write pages do."""
    name = element.get("id", "")[:80]
    if not _FURNITURE_NAME.fullmatch(name):
        return False
    start = itertools.islice(element.iter(), _HEADING_WITHIN)
    heading = next((inner for inner in start if inner.tag in _HEADINGS), None)
    return heading is not None and _slug(heading.text_content()) == _slug(name)


def _slug(text: str) -> str:
    """A heading, or the id that is made of it, without what these differ in: case, punctuation, numbers around it."""
    return re.sub(r"[\W_]+", "", text[:200].casefold()).strip("0123456789")


def _collapse(text: str) -> str:
    return "\t".join(" ".join(cell.split()) for cell in text.split("\t") if cell.strip()) if text.strip() else ""
