"""What the lines above the body state: title, author, publisher, dates and the place of the event."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import combinations, islice

from tasks.dates import StatedDate, find_written_dates
from tasks.layout.blocks import Paragraph
from tasks.layout.lines import (
    AUTHOR_ROLES,
    CAPTION,
    CREDIT,
    LONGEST_LINE,
    LONGEST_LINE_OF_DATES,
    OUTLET,
    OUTLETS,
    SITE,
    TITLE_NOUN,
    dated_parts,
    heads_table,
    is_byline,
    is_caption,
    is_date_line,
    is_label,
    is_note,
    is_title,
    plain_line,
    possible_row,
    read_byline,
)

_HEADER_PARAGRAPHS = 14

_BODY_WORDS = 40  # a paragraph of so many words is body, and ends the header

_SUMMARY_BLOCKS = 4  # so far below a short sentence under the title may the date and the byline stand

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

_FULL_TEXT = re.compile(r"(?:full text|translation|exclusive|update|explainer|opinion|transcript)s?\b.*", re.IGNORECASE)

# Of the place, "in" may be all that is left: Beijing is one of the words that stand beside a date.
_AFFILIATION = re.compile(rf"\s+in(?:\s+[A-Z].*|$)|\s*\(.*|,?\s+(?:for\s+)?(?:{OUTLETS})$")

_DATED_HEADLINE = re.compile(
    r"date\s+(?P<date>\S+)\s+(?:(?P<publisher>[A-Z][^:.]{1,60}):\s+)?(?P<title>\S.*)", re.IGNORECASE
)

_PLACE = r"[A-Z][A-Za-z.'’ -]{1,40}"

_BEFORE_DATELINE = re.compile(rf"{_PLACE}(?:,\s*{_PLACE})?,?\s+\(?")

_BEHIND_DATELINE = re.compile(r"\)?\s*(?:[(/](?P<publisher>[^)/]{2,60})[)/]\s*)?(?:--|[-–—])\s")

_PLACE_LINE = re.compile(
    r"[(\[]?(?!(?:On|In|At|By|The|Accessed|Archived|Retrieved|Translated)\b)[A-Z][\w.'’-]{1,30},?\s(?:(?:[A-Z][\w.'’-]{1,30}|am|an|der|de|la|of|the),?\s){0,5}(?:[–—-]\s)?",
    re.ASCII,
)

_OPEN_END = re.compile(
    r"(?:[,:–—-]|\b(?:a|an|and|as|at|by|for|from|in|into|of|on|or|the|to|with|under))$", re.IGNORECASE
)

_SENTENCE_END = re.compile(r"[.!?…][”’\"')\]]{0,2}$")

_OPEN_START = re.compile(r"(?:and|at|before|by|for|from|in|of|on|to|with)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """What the opening lines state; each part as the index of its paragraph and the text of the part.

    `dates` are lines (or their parts) that date the page, `places` those that name a place beside the day. `heading` are
    further lines of the title, `notes` what else stands above the running text, and `opening` is its first paragraph.
    `rows` are those of a table or a chronology, whose dates are not the page's.
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
    rows: frozenset[int] = frozenset()


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
        if match := CREDIT.fullmatch(part):
            name = SITE.sub("", match["name"]).strip(" |,()[]")
            if match["role"].casefold() in ("source", "from") and name and not CAPTION.search(name):
                self.publishers.append((index, name))
            return True
        if OUTLET.fullmatch(part):
            self.publishers.append((index, part))
            return True
        if (byline := read_byline(part)) is None:
            return False
        role, name = byline
        if outlet := re.search(rf"\((?P<name>{OUTLETS})\)|(?:,|for)\s(?P<last>{OUTLETS})$", name):
            self.publishers.append((index, outlet["name"] or outlet["last"]))
        name = _AFFILIATION.sub("", name)
        if role == "published by" or OUTLET.fullmatch(name):
            self.publishers.append((index, name))
        elif re.fullmatch(AUTHOR_ROLES, role) and not re.match(r"(?:staff|admin|editor)", name, re.IGNORECASE):
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
        if parts := dated_parts(line):
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
    own = ((index, block) for index, block in enumerate(blocks) if index not in is_furniture)
    lines = [(index, plain_line(block.text[: LONGEST_LINE * 4])) for index, block in islice(own, _HEADER_PARAGRAPHS)]
    rows = _rows(lines)
    lines = [(index, line) for index, line in lines if index not in rows]
    found = _Opening()
    headings: list[tuple[int, str]] = []
    dateline = opening = None
    for place, (index, line) in enumerate(lines):
        if not any(character.isalnum() for character in line):
            continue
        if found.date(index, line) or found.credit(index, line) or is_label(line) or is_caption(line):
            continue
        if is_note(line):
            found.notes.append((index, line))
        elif _continues(blocks, index, headings):
            headings[-1] = (headings[-1][0], f"{headings[-1][1]} {line}")
            headings.append((index, ""))
        elif (
            len(line) <= LONGEST_LINE
            and len(line.split()) < _BODY_WORDS
            and is_title(line)
            and _dateline(line) is None
            and not (headings and _is_asked(blocks[index]) and not _is_dated_below(lines[place + 1 :]))
        ):
            headings.append((index, line))
        elif (len(line.split()) < _BODY_WORDS and _is_dated_below(lines[place + 1 :])) or _leads_to_date(
            line, lines[place + 1 :]
        ):
            found.notes.append((index, line))
        else:
            opening = (index, line)
            if parts := _dateline(line):
                date, agency, end = parts
                dateline, opening = (index, date), (index, line[end:])
                if agency and OUTLET.fullmatch(agency):
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
        rows=rows,
    )


def _rows(lines: list[tuple[int, str]]) -> frozenset[int]:
    """Which of the lines are rows of a table or head the parts of a chronology.

    All that may be are, where two contradict each other: a page has one date. A lone one is where it stands below running
    text; only a month may date a page there.
    """
    possible = [(index, line, date) for index, line in lines if (date := possible_row(line))]
    heads = frozenset(index for index, line in lines if heads_table(line))
    dates = [date for *_, date in possible]
    if any(one.precision == other.precision and one.date != other.date for one, other in combinations(dates, 2)):
        return heads.union(index for index, *_ in possible)
    text = next((index for index, line in lines if _is_sentence(line)), None)
    return heads.union(
        index
        for index, line, date in possible
        if text is not None and index > text and (date.precision != "month" or not is_date_line(line))
    )


def _is_sentence(line: str) -> bool:
    """Whether a line is running text and neither a title that ends like it nor a line about the page."""
    return (
        _SENTENCE_END.search(line) is not None
        and not is_title(line)
        and not (is_date_line(line) or is_byline(line) or is_caption(line) or is_label(line) or is_note(line))
    )


def _dateline(line: str) -> tuple[str, str | None, int] | None:
    """The day in front of a report, mostly behind the place that it comes from; the agency; and where the report begins."""
    line = line[: 2 * LONGEST_LINE_OF_DATES]
    date = next(iter(find_written_dates(line)), None)
    if date is None:
        return None
    is_alone = isinstance(date, StatedDate) and not line[: date.start].strip("(")
    if not is_alone and not _BEFORE_DATELINE.fullmatch(line, 0, date.start):
        return None
    behind = _BEHIND_DATELINE.match(line, date.end)
    return (line[date.start : date.end], behind["publisher"], behind.end()) if behind else None


def _is_place_line(line: str) -> bool:
    """Whether a line names a place and a day and nothing else."""
    written = find_written_dates(line) if len(line) <= LONGEST_LINE_OF_DATES else []
    if len(written) != 1 or line[written[0].end :].strip(" .)]"):
        return False
    if isinstance(written[0], StatedDate) and written[0].precision != "day":
        return False
    place = line[: written[0].start]
    return _PLACE_LINE.fullmatch(place) is not None and not TITLE_NOUN.search(place)


def _leads_to_date(line: str, below: list[tuple[int, str]]) -> bool:
    """Whether a line that is no sentence, such as the names of all who issue an order, stands right above the date."""
    return bool(below) and _SENTENCE_END.search(line) is None and line[-1].isalnum() and is_date_line(below[0][1])


def _is_asked(block: Paragraph) -> bool:
    """Whether a paragraph is a question, as that with which an interview begins."""
    return not block.marker and block.text.endswith("?")


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
    listed = [(index, line) for index, line in headings if line and blocks[index].marker[:1] in ("", "#")]
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
    return re.sub(rf"\s+[|–—-]+\s+(?:{OUTLETS})(?:\s+[|–—-]\s.*)?$", "", title)
