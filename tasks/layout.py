"""How a text is laid out: its paragraphs, and what the short lines above its body are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tasks.dates import StatedDate, UnreadableDate, find_written_dates

_LONGEST_WRAPPED_LINE = 110
_SHORTEST_WRAPPED_LINE = 45
_HEADER_PARAGRAPHS = 14
_BODY_WORDS = 40  # a paragraph of so many words is body, and ends the header

_LINE = re.compile(r"[^\n]+")
_MARKDOWN_PREFIX = re.compile(r"(?:#{1,6}\s+|[-*+]\s+|>\s?)+")

_LONGEST_LINE = 300  # characters; what is longer is running text
_SUMMARY_BLOCKS = 4  # so far below a short sentence under the title may the date and the byline stand

# What may stand beside a date in a line that does nothing but date a page.
_WORDS_OF_DATES = """
a.m am at beijing bst cest cet created cst date dated datetime day edt est et first fri friday for gmt h hkt hours immediate
issue issued jst last mdt mon monday mst of on originally p.m pdt pm post posted promulgated promulgation pst publication
published pubtime release released sat saturday sgt sun sunday thu thur thurs thursday time tue tues tuesday update updated
utc wed wednesday z
"""
_DATE_WORDS = frozenset(_WORDS_OF_DATES.split())
_TIME = re.compile(
    r"(?:(?<=\|)T|\b)\d{1,2}\s?[:：]\s?\d\d(?::\d\d(?:\.\d{1,6})?)?|\b\d{1,2}(?=\s?[ap]\.?m\b)|[ap]\.m\.|(?<=\d)[ap]m\b"
    r"|(?:GMT|UTC)?\s?[+-]\d\d?(?::?\d\d)?\b|\b\d{1,3}[\s-]min(?:ute)?s?(?:\s(?:read|watch))?\b",
    re.IGNORECASE,
)
_SITE = re.compile(
    r"\b(?:https?://)?(?:[\w-]{1,40}\.){1,4}(?:com|cn|org|net|gov|edu|eu|int|info)\b(?:/\S{0,200})?", re.IGNORECASE
)
_PARTS = re.compile(
    r"[|•·\t]|\s{3,}|\s(?=(?:source|editors?|authors?|published|updated|posted)\s?[:：])", re.IGNORECASE
)
_CREDIT = re.compile(r"(?P<role>source|from|editors?|editor-in-chief)\s?[:：]\s?(?P<name>\S.{0,60})", re.IGNORECASE)

_OUTLETS = (
    r"Xinhua(?:net)?(?: News Agency)?|People['’]s Daily(?: Online)?|China Daily|Global Times|Caixin(?: Global| Media)?"
    r"|South China Morning Post|SCMP|CGTN|CCTV(?: News)?|China News(?: Service)?|ECNS|Beijing Review|Qiushi(?: Journal)?"
    r"|Economic Daily|Guangming Daily|Science and Technology Daily|Yicai(?: Global)?|Sixth Tone|Reuters|Bloomberg(?: News)?"
    r"|Associated Press|AP|AFP|BBC(?: News)?|CNBC|CNN|(?:The )?(?:New York Times|Wall Street Journal|Washington Post"
    r"|Financial Times|Economist|Diplomat|Guardian)|Nikkei(?: Asia)?|Politico|Axios|Kyodo News|DigiChina|CSET"
)
_OUTLET = re.compile(rf"(?:{_OUTLETS})", re.IGNORECASE)
_BODIES = (
    r"Ministry|Office|Department|Bureau|Administration|Embassy|Board|Commission|Bank|University|Permanent Mission|Mission"
    r"|Center|Centre|Institute|Academy|Association|Council"
)
_HOUSES = (
    r"News|News Agency|Daily|Times|Post|Press|Review|Gazette|Tribune|Herald|Institute|Institution|Foundation|Council|Center"
    r"|Centre|Committee|Commission|Authority|Bank|University|Office"
)
_INSTITUTION = re.compile(
    r"(?i:The )?(?:(?i:White House|State Council|People['’]s Republic of China|Federal Reserve(?: System| Board)?)"
    rf"|(?:[A-Z][\w.&'’-]{{0,30}} ){{0,4}}(?:{_BODIES}) (?:of|for|to|on) (?:the )?[A-Z][\w,'’-]{{0,30}}"
    r"(?:(?: and| of| for| the){0,2} [A-Z][\w,'’-]{0,30}){0,5}"
    rf"|(?:[A-Z][\w.&'’-]{{0,30}} ){{1,5}}(?:{_HOUSES}))",
)
_SECTION = (
    r"(?:opinions?|politics|news|world|business|economy|finance|markets?|tech|technology|science|society|culture|commentary"
    r"|analysis|editorial|explainer|exclusive|features?|interview|op-ed|policy(?: brief(?:ing)?s?| watch)?|press releases?"
    r"|press statements?|news releases?|speech(?:es)?|transcripts?|reports?|research|publications?|blogs?"
    r"|briefings?(?: room)?|insights?|latest(?: news)?|top (?:news|stories)|breaking(?: news)?|newsroom|media|archives?"
    r"|events?|documents?|full text|translations?|statements?|testimony|speeches (?:and|&) remarks"
    r"|statements (?:and|&) releases|home"
    r"|index|sections?|columns?|log ?in|sign ?in|register|menu|search|save|print|english|china|asia|live|video|photos?"
    r"|special report|in depth|in focus|highlights)"
)
_LABEL = re.compile(
    rf"(?:(?:{_OUTLETS})\s)?{_SECTION}(?:\s?(?:[/|&,]|and)\s?{_SECTION}){{0,4}}(?:\s?[>»›/|]\s?[\w' -]{{1,40}}){{0,5}}[\s:>»›|]*"
    r"|for immediate release\b.{0,60}|for release(?: (?:at|on|until)\b.{0,60})?|embargoed\b.{0,60}"
    r"|(?:media|news|press) release (?:number|no)\b\.?\s?\S{1,12}"
    r"|(?:document|reference|index) (?:no|number)\b\.?\s?:.{0,60}|(?:order |decree )?no\.\s?\d{1,5}"
    r"|\w{2,20}\s?[\[(〔]\d{4}[\])〕]\s?(?:no\.?\s?)?\d{1,5}"
    r"|(?:media |press )?(?:contacts?|desk|phone|tel|e-?mail|topics?|tags?|categor(?:y|ies)|keywords?|regions?|type)\s?:"
    r".{0,90}"
    r"|[\w' -]{1,30}(?:\s[>»›]\s[\w' -]{1,30}){1,6}|[^|]{1,30}(?:\|[^|]{1,30}){2,9}",
    re.IGNORECASE,
)
_FULL_TEXT = re.compile(r"(?:full text|translation|exclusive|update|explainer|opinion|transcript)s?\b.*", re.IGNORECASE)

_AUTHOR_ROLES = r"by|authors?|written by|prepared by|story by|posted by|reporters?"
_BYLINE = re.compile(
    rf"(?P<role>{_AUTHOR_ROLES}|(?:translated|translation|edited|published|reprinted|compiled) by|editors?|translators?)"
    r"\s*[:\s]\s*(?:the )?(?P<name>(?:[^\d.:;!?]|(?<=\b\w)\.|(?<=\b[dm][rs])\.){2,80})\.?",
    re.IGNORECASE,
)
_AFFILIATION = re.compile(rf"\s+in\s+[A-Z].*|\s*\(.*|,?\s+(?:for\s+)?(?:{_OUTLETS})$")
_DATED_HEADLINE = re.compile(
    r"date\s+(?P<date>\S+)\s+(?:(?P<publisher>[A-Z][^:.]{1,60}):\s+)?(?P<title>\S.*)", re.IGNORECASE
)
_PLACE = r"[A-Z][A-Za-z.'’ -]{1,40}"
_BEFORE_DATELINE = re.compile(rf"{_PLACE}(?:,\s*{_PLACE})?,?\s+\(?")
_BEHIND_DATELINE = re.compile(r"\)?\s*(?:[(/](?P<publisher>[^)/]{2,60})[)/]\s*)?(?:--|[-–—])\s")
_PLACE_LINE = re.compile(
    r"[(\[]?(?!(?:On|In|At|By|The)\b)[A-Z][\w.'’-]{1,30},?\s(?:(?:[A-Z][\w.'’-]{1,30}|am|an|der|de|la|of|the),?\s){0,5}(?:[–—-]\s)?",
    re.ASCII,
)
_TITLE_NOUN = re.compile(
    r"\b(?:statement|speech|remarks|minutes|reports?|plan|notice|meeting|conference|summit|summary|readout|address|letter|outlook"
    r"|review|communiqu[eé]|declaration|testimony|transcript|briefing|law|rules)\b",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"\b(?:photo|photograph|image|picture|source)s?\s*(?:by\b|:|/|courtesy\b|credit\b)"
    r"|[\[(](?:file )?photo\b|[\[(][^\])]{0,60}/(?:Xinhua|China Daily|VCG|Getty|Reuters|AFP|AP|CFP|IC)\b"
    r"|(?:^|\s)(?:Xinhua|VCG|Getty|Reuters|AFP|AP|CFP)/[\w .]{2,40}$",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:editor|translator)s?[’'‘]?s?\s+note\b", re.IGNORECASE
)  # the curly marks occur the wrong way round
_OPEN_END = re.compile(
    r"(?:[,:–—-]|\b(?:a|an|and|as|at|by|for|from|in|into|of|on|or|the|to|with|under))$", re.IGNORECASE
)
_OPEN_START = re.compile(r"(?:and|at|before|by|for|from|in|of|on|to|with)\b", re.IGNORECASE)
_EMPHASIS = re.compile(
    r"\*{1,3}|(?<!\w)_{1,3}(?=\w)|(?<=[\w.,:)])_{1,3}(?!\w)|!?\[(?=[^\]]{1,200}\]\()|(?<=\w)\]\([^)\s]{0,300}\)"
)
_UNDERLINE = re.compile(r"\s[=-]{3,}$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's place in the source text, and the marker in front of it, such as `##` or `-`."""

    start: int
    end: int
    text: str
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """What the opening lines state; each part as the index of its paragraph and the text of the part.

    `dates` are lines (or their parts) that date the page, `places` those that name a place beside the day. `heading` are
    further lines of the title, `notes` what else stands above the running text, and `opening` is its first paragraph.
    """

    title: tuple[int, str] | None = None
    author: tuple[int, str] | None = None
    publisher: tuple[int, str] | None = None
    dates: tuple[tuple[int, str], ...] = ()
    places: tuple[tuple[int, str], ...] = ()
    dateline: tuple[int, str] | None = None
    heading: tuple[int, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    opening: tuple[int, str] | None = None


def paragraphs(text: str, start: int = 0) -> list[Paragraph]:
    """The paragraphs of a text from `start` on: lines of a hard-wrapped block together, any other line by itself.

    Markers at a line's start (`#`, `-`, `>`) and surrounding space stand outside a paragraph's span.
    """
    lines = [match.span() for match in _LINE.finditer(text, start) if match.group().strip()]
    # A web address may be of any length.
    lengths = (end - begin for begin, end in lines if " " in text[begin:end].strip())
    is_wrapped_text = max(lengths, default=0) <= _LONGEST_WRAPPED_LINE
    found: list[tuple[int, int]] = []
    for begin, end in lines:
        if (
            is_wrapped_text
            and found
            and text[found[-1][1] : begin] == "\n"
            and _last_line_length(text, found[-1][1]) >= _SHORTEST_WRAPPED_LINE
            and not _MARKDOWN_PREFIX.match(text[begin:end].lstrip())
            and (text.find("\n", *found[-1]) >= 0 or not (is_date_line(text[begin:end]) or is_byline(text[begin:end])))
            and not re.match(r"\s*#", text[_line_start(text, found[-1][1]) : found[-1][1]])
        ):
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return [paragraph for begin, end in found if (paragraph := _trimmed(text, begin, end)) is not None]


def _line_start(text: str, end: int) -> int:
    return text.rfind("\n", 0, end) + 1


def _last_line_length(text: str, end: int) -> int:
    return end - _line_start(text, end)


def _trimmed(text: str, begin: int, end: int) -> Paragraph | None:
    content = text[begin:end]
    begin += len(content) - len(content.lstrip())
    marker = ""
    if prefix := _MARKDOWN_PREFIX.match(text, begin, end):
        begin, marker = prefix.end(), prefix.group().strip()
    end = begin + len(text[begin:end].rstrip())
    return Paragraph(begin, end, text[begin:end], marker) if end > begin else None


def _plain(line: str) -> str:
    """A line without Markdown's emphasis, links and underlines, on one line."""
    return _UNDERLINE.sub("", " ".join(_EMPHASIS.sub("", line).split(" ")).replace("\n", " ").strip())


def is_date_line(line: str) -> bool:
    """Whether a line dates the page and nothing else: a date with a lead such as "Published:", a time of day, a credit."""
    return len(line) <= _LONGEST_LINE and bool(_dated_parts(_plain(line)))


def _dated_parts(line: str) -> list[str]:
    """What a line that only dates a page says beside its dates, empty where it says nothing; an empty list for any other line."""
    if len(line) > _LONGEST_WRAPPED_LINE:
        return []
    written = find_written_dates(line)
    if not written:
        return []
    for date in reversed(written):
        line = f"{line[: date.start]}|{line[date.end :]}"
    line = _SITE.sub("|", _TIME.sub(" ", line))
    is_parted = len(_PARTS.findall(line)) > len(written)
    parts = [_beside_date(part) for part in _PARTS.split(line)]
    states_day = any(isinstance(date, UnreadableDate) or date.precision == "day" for date in written)
    for part in filter(None, parts):
        is_known = _OUTLET.fullmatch(part) or _CREDIT.fullmatch(part) or is_byline(part)
        if (
            not is_known
            and not (states_day and _is_label(part))
            and not (is_parted and len(part.split()) <= 4 and part[:1].isupper() and not _TITLE_NOUN.search(part))
        ):
            return []
    return parts


def _beside_date(part: str) -> str:
    """A part of a line without the words that lead a date, and without punctuation around it."""
    words = part.strip(" ,.;:–—-/").split()
    while words and words[0].strip(",.:;()").casefold() in _DATE_WORDS:
        words.pop(0)
    while words and words[-1].strip(",.:;()").casefold() in _DATE_WORDS:
        words.pop()
    part = " ".join(words).strip(" ,;–—-")
    return part if "(" in part.strip("()[]") else part.strip("()[]")


def is_byline(line: str) -> bool:
    """Whether a line names who wrote, translated or edited the text, and does nothing else."""
    return len(line) <= _LONGEST_LINE and _byline(_plain(line)) is not None


def _byline(line: str) -> tuple[str, str] | None:
    """Who is named by a byline, and as what."""
    match = _BYLINE.fullmatch(line.strip())
    if match is None or len(line.split()) > 9:
        return None
    name = match["name"].strip(" ,")
    return (match["role"].casefold(), name) if name[:1].isupper() else None


def is_note(line: str) -> bool:
    """Whether a paragraph is a note by an editor or a translator."""
    return _NOTE.match(line) is not None


def is_caption(line: str) -> bool:
    """Whether a line credits a photograph."""
    return len(line) <= 4 * _LONGEST_LINE and len(line.split()) <= 60 and _CAPTION.search(line) is not None


def is_heading(line: str) -> bool:
    """Whether a line reads as a heading: short, no full stop at its end, and more than a lone word of small letters."""
    words = line.split()
    return (
        0 < len(words) <= 25
        and line[-1] not in '.!?:;,"”'
        and line[:1].isupper()
        and any(word[:1].isalpha() for word in words)
    )


def _is_title(line: str) -> bool:
    """Whether a line above the body reads as its title: a heading that may be longer, quoted, numbered, or a question."""
    start = re.match(r"[“‘\"'(\[《]*(?:\d\S*\s+)*", line)
    line = line[start.end() if start else 0 :].rstrip("?!”’\"')》")
    words = line.split()
    return (
        0 < len(words) <= 35
        and (line[-1] not in ".!:;," or line.endswith(("U.S.", "Inc.", "Co.", "Ltd.")))
        and line[:1].isupper()
        and any(word[:1].isalpha() for word in words)
    )


@dataclass(slots=True)
class _Opening:
    """The lines above the body as they are read one by one."""

    titles: list[tuple[int, str]] = field(default_factory=list)
    authors: list[tuple[int, str]] = field(default_factory=list)
    publishers: list[tuple[int, str]] = field(default_factory=list)
    dates: list[tuple[int, str]] = field(default_factory=list)
    places: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)

    def credit(self, index: int, part: str) -> bool:
        """Take down whom a line or a part of it names; False where it names nobody."""
        if match := _CREDIT.fullmatch(part):
            name = _SITE.sub("", match["name"]).strip(" |,()[]")
            if match["role"].casefold() in ("source", "from") and name and not _CAPTION.search(name):
                self.publishers.append((index, name))
            return True
        if _OUTLET.fullmatch(part):
            self.publishers.append((index, part))
            return True
        if (byline := _byline(part)) is None:
            return False
        role, name = byline
        if outlet := re.search(rf"\((?P<name>{_OUTLETS})\)|(?:,|for)\s(?P<last>{_OUTLETS})$", name):
            self.publishers.append((index, outlet["name"] or outlet["last"]))
        name = _AFFILIATION.sub("", name)
        if role == "published by" or _OUTLET.fullmatch(name):
            self.publishers.append((index, name))
        elif re.fullmatch(_AUTHOR_ROLES, role) and not re.match(r"(?:staff|admin|editor)", name, re.IGNORECASE):
            self.authors.append((index, name))
        return True

    def date(self, index: int, line: str) -> bool:
        """Take down a line that dates the page, with what else it says; False for any other line."""
        if (match := _DATED_HEADLINE.fullmatch(line)) and is_date_line(match["date"]):
            title = match["title"].strip()
            if match["publisher"] and _FULL_TEXT.fullmatch(match["publisher"]):
                title = f"{match['publisher']}: {title}"
            elif match["publisher"]:
                self.publishers.append((index, match["publisher"]))
            self.titles.append((index, title))
            self.dates.append((index, match["date"]))
            return True
        if parts := _dated_parts(line):
            for part in filter(None, parts):
                self.credit(index, part)
            written = find_written_dates(line)
            begins = [0, *(date.end for date in written[:-1])]
            for begin, date in zip(begins, written, strict=True):
                evidence = line if len(written) == 1 else line[begin : date.end]
                self.dates.append((index, evidence.strip(" |,")))
            return True
        return self._place(index, line)

    def _place(self, index: int, line: str) -> bool:
        is_place = _is_place_line(line)
        if is_place:
            self.places.append((index, line))
        return is_place


def read_header(blocks: list[Paragraph], *, is_furniture: frozenset[int] = frozenset()) -> Header:
    """What the lines above the body state: title, author, publisher and dates.

    `is_furniture` holds the indices of paragraphs already known to be site furniture, which state nothing.
    """
    lines = [
        (index, _plain(block.text[: _LONGEST_LINE * 4]))
        for index, block in enumerate(blocks[: 3 * _HEADER_PARAGRAPHS])
        if index not in is_furniture
    ][:_HEADER_PARAGRAPHS]
    found = _Opening()
    headings: list[tuple[int, str]] = []
    dateline = opening = None
    for place, (index, line) in enumerate(lines):
        if not any(character.isalnum() for character in line):
            continue
        if found.date(index, line) or found.credit(index, line) or _is_label(line) or is_caption(line):
            continue
        if is_note(line):
            found.notes.append((index, line))
        elif _continues(blocks, index, headings):
            headings[-1] = (headings[-1][0], f"{headings[-1][1]} {line}")
            headings.append((index, ""))
        elif (
            len(line) <= _LONGEST_LINE
            and len(line.split()) < _BODY_WORDS
            and _is_title(line)
            and _dateline(line) is None
        ):
            headings.append((index, line))
        elif len(line.split()) < _BODY_WORDS and _is_dated_below(lines[place + 1 :]):
            found.notes.append((index, line))
        else:
            opening = (index, line)
            if parts := _dateline(line):
                date, agency, end = parts
                dateline, opening = (index, date), (index, line[end:])
                if agency and _OUTLET.fullmatch(agency):
                    found.publishers.append((index, agency))
            break
    title = found.titles[0] if found.titles else _choose_title(blocks, headings)
    heading = [(index, line) for index, line in headings if title is None or index != title[0]]
    if title is not None:
        title = (title[0], _without_site(title[1]))
        found.publishers += [(i, line) for i, line in heading if i < title[0] and _INSTITUTION.fullmatch(line)]
    return Header(
        title=title,
        author=next(iter(found.authors), None),
        publisher=next(iter(found.publishers), None),
        dates=tuple(found.dates),
        places=tuple(found.places),
        dateline=dateline,
        heading=tuple(index for index, _ in heading),
        notes=tuple(sorted([*found.notes, *((index, line) for index, line in heading if line)])),
        opening=opening,
    )


def _dateline(line: str) -> tuple[str, str | None, int] | None:
    """The day in front of a report, mostly behind the place that it comes from; the agency; and where the report begins."""
    line = line[: 2 * _LONGEST_WRAPPED_LINE]
    date = next(iter(find_written_dates(line)), None)
    if date is None:
        return None
    is_alone = isinstance(date, StatedDate) and not line[: date.start].strip("(")
    if not is_alone and not _BEFORE_DATELINE.fullmatch(line, 0, date.start):
        return None
    behind = _BEHIND_DATELINE.match(line, date.end)
    return (line[date.start : date.end], behind["publisher"], behind.end()) if behind else None


def _is_label(line: str) -> bool:
    """Whether a line names a section of a site, leads through it, or tells a time of day."""
    return len(line) <= _LONGEST_WRAPPED_LINE and (
        _LABEL.fullmatch(line) is not None
        or _SITE.fullmatch(line) is not None
        or re.fullmatch(r"[A-Z]{1,8}[/-]\S{0,30}\d\S{0,10}", line) is not None  # the symbol of a document
        or not any(word.strip(",.").casefold() not in _DATE_WORDS for word in _TIME.sub(" ", line).split())
    )


def _is_place_line(line: str) -> bool:
    """Whether a line names a place and a day and nothing else."""
    written = find_written_dates(line) if len(line) <= _LONGEST_WRAPPED_LINE else []
    if len(written) != 1 or line[written[0].end :].strip(" .)]"):
        return False
    if isinstance(written[0], StatedDate) and written[0].precision != "day":
        return False
    place = line[: written[0].start]
    return _PLACE_LINE.fullmatch(place) is not None and not _TITLE_NOUN.search(place)


def _is_dated_below(lines: list[tuple[int, str]]) -> bool:
    """Whether a date or a byline follows before the running text begins."""
    for _, line in lines[:_SUMMARY_BLOCKS]:
        if is_date_line(line) or is_byline(line) or _is_place_line(line):
            return True
        if len(line.split()) >= _BODY_WORDS:
            return False
    return False


def _continues(blocks: list[Paragraph], index: int, headings: list[tuple[int, str]]) -> bool:
    """Whether a line goes on with the heading right above it, which ends in the middle of a phrase."""
    if not headings or headings[-1][0] != index - 1 or blocks[index].marker:
        return False
    block, above = blocks[index], blocks[index - 1]
    return (
        block.start - above.end == 1
        and len(block.text.split()) <= 15
        and block.text[-1] not in ".!;:,"
        and (
            _OPEN_END.search(above.text) is not None
            or block.text[:1].islower()
            or (above.text.isupper() and block.text.isupper() and _OPEN_START.match(block.text) is not None)
        )
    )


def _choose_title(blocks: list[Paragraph], headings: list[tuple[int, str]]) -> tuple[int, str] | None:
    """The title among the lines that read as one: the main heading of Markdown, else the first that is no name, no
    kicker and no repeated caption, else the first."""
    marked = [(index, line) for index, line in headings if line and blocks[index].marker == "#"]
    listed = [(index, line) for index, line in headings if line and not re.match(r"[-*+>]", blocks[index].marker)]
    for index, line in (*marked, *listed):
        is_repeated = any(line == other for at, other in headings if abs(at - index) == 1)
        others = [other for at, other in listed if at != index]
        is_kicker = (line.isupper() and len(line.split()) <= 3 and not all(map(str.isupper, others))) or (
            len(line.split()) == 1 and any(len(other.split()) >= 4 for other in others)
        )
        if not (_INSTITUTION.fullmatch(line) or is_repeated or is_kicker):
            return index, line
    return next(iter(listed), None)


def _without_site(title: str) -> str:
    """A title without the name of the site behind it."""
    return re.sub(rf"\s+[|–—-]+\s+(?:{_OUTLETS})(?:\s+[|–—-]\s.*)?$", "", title)
