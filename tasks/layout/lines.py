"""What a single line is: a date, a byline, a caption, a note, a heading, the label of a section."""

from __future__ import annotations

import re
from itertools import pairwise

from tasks.dates import StatedDate, UnreadableDate, find_written_dates

LONGEST_LINE_OF_DATES = 110

LONGEST_LINE = 300  # characters; what is longer is running text

# What may stand beside a date in a line that does nothing but date a page.
_WORDS_OF_DATES = """
a.m am at beijing bst cest cet created cst date dated datetime day edt est et first fri friday for gmt h hkt hours immediate
issue issued jst last mdt modified mon monday mst of on originally p.m pdt pm post posted promulgated promulgation pst publication
published pubtime release released sat saturday sgt sun sunday thu thur thurs thursday time translated tue tues tuesday update
updated utc wed wednesday z 发布日期 发布时间 成文日期 日期 时间 更新时间
"""

_DATE_WORDS = frozenset(_WORDS_OF_DATES.split())

_TIME = re.compile(
    r"(?:(?<=\|)T|\b)\d{1,2}\s?[:：]\s?\d\d(?::\d\d(?:\.\d{1,6})?)?"
    r"|\b(?:[01]?\d|2[0-3])\.[0-5]\d(?=\s?(?:[ap]\.?m|GMT|UTC|BST|[ECMP][SD]?T|CES?T|HKT|SGT|JST)\b)"
    r"|\b\d{1,2}(?=\s?[ap]\.?m\b)|[ap]\.m\.|(?<=\d)[ap]m\b"
    r"|(?:GMT|UTC)?\s?[+-]\d\d?(?::?\d\d)?\b|\b\d{1,3}[\s-]min(?:ute)?s?(?:\s(?:read|watch))?\b",
    re.IGNORECASE,
)

SITE = re.compile(
    r"\b(?:https?://)?(?:[\w-]{1,40}\.){1,4}(?:com|cn|org|net|gov|edu|eu|int|info)\b(?:/\S{0,200})?", re.IGNORECASE
)

_PARTS = re.compile(
    r"[|•·\t]|\s{3,}|\s(?=(?:source|editors?|authors?|published|updated|posted)\s?[:：])", re.IGNORECASE
)

PUBLICATION = re.compile(
    r"(?:date|(?:first\s)?publi|post|updat|last|releas|issued|for immediate)", re.IGNORECASE
)  # what leads the date of a page, and no row of a table

CREDIT = re.compile(r"(?P<role>source|from|editors?|editor-in-chief)\s?[:：]\s?(?P<name>\S.{0,60})", re.IGNORECASE)

OUTLETS = (
    r"Xinhua(?:net)?(?: News Agency)?|People['’]s Daily(?: Online)?|China Daily|Global Times|Caixin(?: Global| Media)?"
    r"|South China Morning Post|SCMP|CGTN|CCTV(?: News)?|China News(?: Service)?|ECNS|Beijing Review|Qiushi(?: Journal)?"
    r"|Economic Daily|Guangming Daily|Science and Technology Daily|Yicai(?: Global)?|Sixth Tone|Reuters|Bloomberg(?: News)?"
    r"|Associated Press|AP|AFP|BBC(?: News)?|CNBC|CNN|(?:The )?(?:New York Times|Wall Street Journal|Washington Post"
    r"|Financial Times|Economist|Diplomat|Guardian)|Nikkei(?: Asia)?|Politico|Axios|Kyodo News|DigiChina|CSET"
)

OUTLET = re.compile(rf"(?:{OUTLETS})", re.IGNORECASE)

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
    rf"(?:(?:{OUTLETS})\s)?{_SECTION}(?:\s?(?:[/|&,]|and)\s?{_SECTION}){{0,4}}(?:\s?[>»›/|]\s?[\w' -]{{1,40}}){{0,5}}[\s:>»›|]*"
    r"|for immediate release\b.{0,60}|for release(?: (?:at|on|until)\b.{0,60})?|embargoed\b.{0,60}"
    r"|(?:media|news|press) release (?:number|no)\b\.?\s?\S{1,12}"
    r"|(?:document|reference|index) (?:no|number)\b\.?\s?:.{0,60}|(?:order |decree )?no\.\s?\d{1,5}"
    r"|\w{2,20}\s?[\[(〔]\d{4}[\])〕]\s?(?:no\.?\s?)?\d{1,5}"
    r"|(?:media |press )?(?:contacts?|desk|phone|tel|e-?mail|topics?|tags?|categor(?:y|ies)|keywords?|regions?|type)\s?:"
    r".{0,90}"
    r"|[\w' -]{1,30}(?:\s[>»›]\s[\w' -]{1,30}){1,6}|[^|]{1,30}(?:\|[^|]{1,30}){2,9}",
    re.IGNORECASE,
)

AUTHOR_ROLES = r"by|authors?|written by|prepared by|story by|posted by|reporters?"

_BYLINE = re.compile(
    rf"(?P<role>{AUTHOR_ROLES}|(?:translated|translation|edited|published|reprinted|compiled) by|editors?|translators?)"
    r"\s*[:\s]\s*(?:the )?(?P<name>(?:[^\d.:;!?]|(?<=\b\w)\.|(?<=\b[dm][rs])\.){2,80})\.?",
    re.IGNORECASE,
)

_NAME_PARTICLES = re.compile(
    r"al|and|at|bin|bint|correspondent|da|de|del|der|di|dos|el|et|for|from|in|la|le|of|"
    r"on|reporter|s|staff|the|van|von|with|writer|y"
)
TITLE_NOUN = re.compile(
    r"\b(?:statement|speech|remarks|minutes|reports?|plan|notice|meeting|conference|summit|summary|readout|address|letter|outlook"
    r"|review|communiqu[eé]|declaration|testimony|transcript|briefing|law|rules)\b",
    re.IGNORECASE,
)

CAPTION = re.compile(
    r"\b(?:photo|photograph|image|picture|source)s?\s*(?:by\b|:|/|courtesy\b|credit\b)"
    r"|[\[(](?:file )?photo\b|[\[(][^\])]{0,60}/(?:Xinhua|China Daily|VCG|Getty|Reuters|AFP|AP|CFP|IC)\b"
    r"|(?:^|\s)(?:Xinhua|VCG|Getty|Reuters|AFP|AP|CFP)/[\w .]{2,40}$",
    re.IGNORECASE,
)

_NOTE = re.compile(
    r"(?:editor|translator)s?[’'‘]?s?\s+note\b", re.IGNORECASE
)  # the curly marks occur the wrong way round

_EMPHASIS = re.compile(
    r"\*{1,3}|(?<!\w)_{1,3}(?=\w)|(?<=[\w.,:)])_{1,3}(?!\w)|!?\[(?=[^\]]{1,200}\]\()|(?<=\w)\]\([^)\s]{0,300}\)"
)

_UNDERLINE = re.compile(r"\s[=-]{3,}$")


def plain_line(line: str) -> str:
    """A line without Markdown's emphasis, links and underlines, on one line."""
    if any(mark in line for mark in "*_[]"):
        line = _EMPHASIS.sub("", line)
    line = line.replace("\n", " ").strip()
    return _UNDERLINE.sub("", line) if line.endswith(("=", "-")) else line


def is_date_line(line: str) -> bool:
    """Whether a line dates the page and nothing else: a date with a lead such as "Published:", a time of day, a credit."""
    return len(line) <= LONGEST_LINE and bool(dated_parts(plain_line(line)))


def dated_parts(line: str) -> list[str]:
    """What a line that only dates a page says beside its dates, empty where it says nothing; an empty list for any other line."""
    return _read_date_line(line)[0]


def _read_date_line(line: str) -> tuple[list[str], bool]:
    """What a line says beside its dates, as `dated_parts`, and whether part of it is only supposed to be a credit."""
    if len(line) > LONGEST_LINE_OF_DATES or line.startswith("|"):  # the row of a table
        return [], False
    written = find_written_dates(line)
    if not written or heads_table(line):
        return [], False
    for date in reversed(written):
        line = f"{line[: date.start]}|{line[date.end :]}"
    line = SITE.sub("|", _TIME.sub(" ", line))
    is_parted = len(_PARTS.findall(line)) > len(written)
    parts = [_beside_date(part) for part in _PARTS.split(line)]
    states_day = any(isinstance(date, UnreadableDate) or date.precision == "day" for date in written)
    unknown = [part for part in parts if part and not (_is_credit(part) or (states_day and is_label(part)))]
    if any(
        not is_parted or len(part.split()) > 4 or not part[:1].isupper() or TITLE_NOUN.search(part) for part in unknown
    ):
        return [], False
    return parts, bool(unknown)


def heads_table(line: str) -> bool:
    """Whether a line is the head of a table: different years or months in cells of their own."""
    dates = find_written_dates(line) if len(line) <= LONGEST_LINE_OF_DATES else []
    coarse = {date.date for date in dates if isinstance(date, StatedDate) and date.precision != "day"}
    return len(coarse) > 1 and all(_PARTS.search(line, one.end, other.start) for one, other in pairwise(dates))


def _is_credit(part: str) -> bool:
    return bool(OUTLET.fullmatch(part) or CREDIT.fullmatch(part) or is_byline(part))


def possible_row(line: str) -> StatedDate | None:
    """The date of a line that may be a row of a table or heads a part of a chronology, as well as date the page.

    Beside it stand words that credit nobody known, or nothing where it is a year or a month.
    """
    if len(line) > LONGEST_LINE:
        return None
    line = plain_line(line)
    date = next((date for date in find_written_dates(line) if isinstance(date, StatedDate)), None)
    if date is None or PUBLICATION.match(_PARTS.split(line[: date.start])[-1].strip()):
        return None
    parts, is_supposed = _read_date_line(line)
    is_bare = bool(parts) and not any(parts) and date.precision != "day"
    return date if is_supposed or is_bare or _is_cell_beside_others(line) else None


def _is_cell_beside_others(line: str) -> bool:
    """Whether a date fills one cell of a line, and what another holds is no credit and no label."""
    cells = [cell.strip() for cell in _PARTS.split(line) if cell and cell.strip()]
    dates = [cell for cell in cells if (parts := dated_parts(cell)) and not any(parts)]
    others = [cell for cell in cells if cell not in dates and _beside_date(SITE.sub("", _TIME.sub(" ", cell)))]
    return bool(dates) and any(not (_is_credit(cell) or is_label(cell)) for cell in others)


def _beside_date(part: str) -> str:
    """A part of a line without the words that lead a date, and without punctuation around it."""
    words = part.strip(" ,.;:–—-/").split()
    while words and words[0].strip(",.:;()：").casefold() in _DATE_WORDS:
        words.pop(0)
    while words and words[-1].strip(",.:;()").casefold() in _DATE_WORDS:
        words.pop()
    part = " ".join(words).strip(" ,;–—-")
    return part if "(" in part.strip("()[]") else part.strip("()[]")


def is_byline(line: str) -> bool:
    """Whether a line names who wrote, translated or edited the text, and does nothing else."""
    return len(line) <= LONGEST_LINE and read_byline(plain_line(line)) is not None


def read_byline(line: str) -> tuple[str, str] | None:
    """Who is named by a byline, and as what."""
    match = _BYLINE.fullmatch(line.strip())
    if match is None or len(line.split()) > 9:
        return None
    name = match["name"].strip(" ,")
    # "By Tuesday the water had gone" and "Reporter: Thank you" are sentences.
    is_name = all(
        word[:1].isupper() or _NAME_PARTICLES.fullmatch(word.casefold()) for word in re.findall(r"[^\W\d_]+", name)
    )
    return (match["role"].casefold(), name) if is_name and name[:1].isupper() else None


def is_note(line: str) -> bool:
    """Whether a paragraph is a note by an editor or a translator."""
    return _NOTE.match(line) is not None


def is_caption(line: str) -> bool:
    """Whether a line credits a photograph."""
    return len(line) <= 4 * LONGEST_LINE and len(line.split()) <= 60 and CAPTION.search(line) is not None


# What may stand behind the end of a sentence: marks of footnotes, and what the hearers do.
_BEHIND_END = re.compile(
    r"(?:\s?\[\d{1,3}\]|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]{1,3}|[†‡]{1,3}|(?<=[a-z][.!?])\*|(?<=[a-z]{4}[.!?])\d{1,3}|(?<=[.!?][”’\"')])\d{1,3})+$"
)
_IN_BRACKETS = re.compile(r"(?<=[.!?…”])\s?[(\[][^()\[\]]{1,60}[)\]]$|(?<=[.!?])[’')\]]{1,2}$")


def _without_notes(line: str) -> str:
    """A line without the marks of footnotes at its end, and what stands in brackets behind its last sentence."""
    return _IN_BRACKETS.sub("", _BEHIND_END.sub("", line))


def is_heading(line: str) -> bool:
    """Whether a line reads as a heading: short, no full stop at its end, and more than a lone word of small letters."""
    if line[-1:] in '.!?:;,"”' or not line[:1].isupper():  # the usual case, told without parting the line
        return False
    if not line[-1].isalpha() and _without_notes(line)[-1:] in ".!?:;,":
        return False
    words = line.split()
    return len(words) <= 25 and any(word[:1].isalpha() for word in words)


def is_title(line: str) -> bool:
    """Whether a line above the body reads as its title: a heading that may be longer, quoted, numbered, or a question."""
    start = re.match(r"[“‘\"'(\[《]*(?:\d\S*\s+)*", line)
    line = _without_notes(line[start.end() if start else 0 :]).rstrip("?!”’\"')》")
    words = line.split()
    return (
        0 < len(words) <= 35
        and (line[-1] not in ".!:;," or line.endswith(("U.S.", "Inc.", "Co.", "Ltd.")))
        and line[:1].isupper()
        and any(word[:1].isalpha() for word in words)
    )


def is_label(line: str) -> bool:
    """Whether a line names a section of a site, leads through it, or tells a time of day."""
    return len(line) <= LONGEST_LINE_OF_DATES and (
        _LABEL.fullmatch(line) is not None
        or SITE.fullmatch(line) is not None
        or re.fullmatch(r"[A-Z]{1,8}[/-]\S{0,30}\d\S{0,10}", line) is not None  # the symbol of a document
        or not any(word.strip(",.").casefold() not in _DATE_WORDS for word in _TIME.sub(" ", line).split())
    )
