"""Patterns for the open classes of names: plans and laws, meetings, bodies, regions, works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tasks.gazetteer import places
from tasks.recognition.mentions import Found
from tasks.recognition.word_lists import NOT_IN_NAMES

_ORDINAL = (
    r"\b(?=[\dEeFfNnSsTt])(?:\d{1,3}(?:st|nd|rd|th)|(?:[Tt]wenty|[Tt]hirty|[Ff]ortieth)-?(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth)?|[Ff]irst|[Ss]econd|[Tt]hird|"
    r"[Ff]ourth|[Ff]ifth|[Ss]ixth|[Ss]eventh|[Ee]ighth|[Nn]inth|[Tt]enth|[Ee]leventh|[Tt]welfth|[Tt]hirteenth|"
    r"[Ff]ourteenth|[Ff]ifteenth|[Ss]ixteenth|[Ss]eventeenth|[Ee]ighteenth|[Nn]ineteenth|[Tt]wentieth)"
)
_YEAR = r"(?:19|20)\d\d"
_PARTY = r"(?:CPC|CCP|Communist Party of China|Chinese Communist Party)"
# Lengths are bounded, as otherwise a hostile run of capitals and hyphens would be read once from each of its letters.
_WORD = r"\b[A-Z][\w&]{0,40}(?:[.-]\w{1,40}|'(?!s\b)\w{1,40}|(?<=People)'s|(?<=s)'(?= )){0,6}"
_LINK = r"(?:(?:of|for|on|in|into|with)(?: the| a)?|to|and|(?<=ing )(?:the|a))"
NO_DAY = (
    r"(?!(?:January|February|March|April|May|June|July|August|September|October|November|December|[A-Z][a-z]+day)\b)"
)
_TITLE = rf"{_WORD}(?:(?:'s)? (?:{_LINK} )?{NO_DAY}{_WORD}){{0,13}}"
_PREFIX = rf"{_WORD}(?: (?:(?:of|for|and|on|in|to) )?(?:{_WORD}|{_YEAR})){{0,11}}"
_NAME = rf"{_WORD}(?: (?:of (?:the )?)?{_WORD}){{0,6}}"  # a title without "and", "in" and the like
_AT_END = r"(?! ?[A-Z])"
_PAPERS = r"(?:Outline|Plan|Opinions|Measures|Provisions|Regulations|Rules|Guidelines|Guideline|Decision|Principles|Several Policies|Joint (?:Statement|Declaration|Communiqu[eé]))"
_KINDS_OF_PAPER = r"(?:[A-Z][a-z]{1,20} (?:Provincial|Municipal) )?(?:(?:Interim|Provisional|Guiding|Implementation|Implementing|Administrative|Several|Detailed) ){0,3}"
_SUBJECT = rf'(?: (?:for|on|of|Concerning|Regarding) (?:the |a )?(?:{_TITLE}|"[^"]{{2,80}}"))'
_UNTIL = rf"(?:,? and the (?:Vision|Long-[RrTt][a-z]+ (?:Objectives|Goals)))?(?: (?:for|[Tt]hrough|[Tt]o) (?:the [Yy]ear )?{_YEAR})?"
_OF_CHINA = "(?: of (?:the )?(?:People's Republic of China|PRC|China))?"
_EDITION = rf"(?: \((?:Trial|Draft|Interim|Provisional|{_YEAR}(?:[-–—]{_YEAR})?)\))?"
_MEETINGS = r"(?:(?<!Press )Conference|Summit|Expo|Exposition|Forum|(?<=s' )Meeting)"
_BODIES = r"(?:Ministry|Department|Academy|University|Bureau)"
_FIELD = rf"(?!(?:Vice|Deputy|Director|Minister|Secretary|Spokes[a-z]+|Head|Chief|President|Chairman)\b){_WORD}"
_MINISTRIES = rf"{_BODIES} of (?:the )?{_FIELD}(?: {_FIELD}){{0,4}}(?: and (?!(?:{_BODIES}|State|National|Central) ){_FIELD}(?: {_FIELD}){{0,3}})?"
_LOCAL_WORDS = "Provincial|Municipal|County|City|District|Prefectural|Autonomous Region"
_BODY_WORDS = (
    "Association|Federation|Institute|Administration|Commission|Court|Alliance|Chamber of Commerce|Laboratory|Society"
)
_MINORITY = (
    r"(?:Miao|Dong|Zhuang|Yi|Hui|Yao|Bai|Li|Dai|She|Shui|Tu|Va|Qiang|Jing|Han|Tujia|Uygur|Uyghur|Tibetan|Mongolian)"
)
_REGION_WORDS = "River|Valley|Delta|Peninsula|Strait|Sea|Ocean|Mountains|Basin|Plateau|Islands|Desert|Harbor|Harbour|Canyon|Lake|New Area|Economic Belt"
_REGIONS = f"(?:{_REGION_WORDS})"
_WORK_WORDS = "Airport|Bridge|Palace|Square|Stadium|Station|Dam|Canal|Tunnel|Highway|Expressway|Railway|Street|Avenue"
_WORKS = f"(?:{_WORK_WORDS}|(?:(?:Convention|Conference) and )?(?:Convention|Exhibition) (?:Center|Centre))"
_TREATIES = r"(?:Treaty|Accords?|Agreement|Declaration|Constitution|Charter|Amendment|(?:Civil|Criminal|Penal|Commercial|Labor|Labour|Tax) Code)"

# A pattern is looked for where one of the words in front of it stands.
_PATTERNS = tuple(
    (label, tuple(words.split("|")), rf"(?:{pattern})(?!\w)")
    for label, words, pattern in (
        ("EVENT", "Plen|plen", rf"{_ORDINAL} (?:[Pp]lenum|Plenary Session|plenary session)s? of the {_ORDINAL} (?:{_PARTY} |Party )?(?:National )?(?:Party )?(?:Central Committee|Congress)(?: of the {_PARTY})?|{_ORDINAL} (?:Plenum|Plenary Session)"),
        ("EVENT", r"Congress", rf"{_ORDINAL} (?:{_PARTY} )?(?:National |Party )(?:Party )?Congress(?: of the {_PARTY})?"),
        ("EVENT", "Conference|Summit|Expo|Forum|s' Meeting", rf"(?:{_YEAR} |{_ORDINAL} )?(?:{_WORD} ){{1,6}}{_MEETINGS}(?: (?:for|on|of the) (?:the )?{_NAME})?(?: {_MEETINGS})?(?: {_YEAR})?"),
        ("EVENT", r"Meeting|Session", rf"{_ORDINAL} (?:Annual |Plenary |(?:Collective |Group )?Study )?(?:Meeting|Session) of the (?:{_ORDINAL} )?{_NAME}|{_ORDINAL} (?:{_WORD} (?:and )?){{1,7}}(?:Meeting|Dialogue|Consultation)s?{_AT_END}"),
        ("EVENT", "Battle|Siege", rf"(?:Battle|Siege) of (?:the )?{_WORD}"),
        ("EVENT", r"Initiative|Olympic|World Cup|War|Round", rf"(?:{_YEAR} )?(?:{_WORD} ){{1,6}}(?:Initiative|Olympics|Olympic Games|World Cup|War|Round){_AT_END}"),
        ("ORG", r"Politburo|Political|Central", rf"{_ORDINAL} (?:{_PARTY} )?(?:Politburo|Political Bureau|Central Committee)(?: of the {_PARTY})?"),
        ("ORG", r"Congress", rf"{_ORDINAL} National People's Congress"),
        ("ORG", "People's Government|Municipal|Provincial", rf"People's Government of (?:{_WORD} ){{0,4}}{_WORD}|(?:{_WORD} ){{1,4}}(?:People's Government|(?:Municipal|Provincial) (?:Government|(?:Party )?Committee(?: of the {_PARTY})?))"),
        ("ORG", "Ministry|Department|Academy|University|Bureau", _MINISTRIES),
        ("ORG", _LOCAL_WORDS, rf"(?:{_WORD} ){{1,3}}(?:{_LOCAL_WORDS}) (?:People's )?(?:{_MINISTRIES}|(?:{_WORD} (?:and |& )?){{1,5}}(?:Commission|Committee|Bureau|Department|Administration|Office))"),
        ("ORG", _BODY_WORDS, rf"(?:{_WORD} ){{1,5}}(?:(?:and|&) (?:Reform|Exchange) )?(?:{_BODY_WORDS})(?: (?:of|for) (?:the )?{_WORD}(?: (?:and )?{_WORD}){{0,3}})?{_AT_END}"),
        ("NORP", "ethnic|minorit|nationalit|utonomous", rf"\b{_MINORITY}(?=(?: and {_MINORITY})? (?:ethnic|minorit|nationalit|autonomous))"),
        ("LAW", r"Five", rf"{_ORDINAL} Five[- ]Year Plan(?: for (?:the )?{_TITLE})?|Outline of (?:the )?(?:{_NAME} )?{_ORDINAL} Five[- ]Year Plan{_EDITION}(?: for (?:the )?{_TITLE})?{_UNTIL}{_OF_CHINA}"),
        ("LAW", r"Law", rf"(?:{_WORD} ){{0,5}}{_WORD} Law(?: of (?:the )?{_NAME})?(?! (?:School|Firm|Review|Society|Desk)| on (?:the )?{NO_DAY}[A-Z])|Law (?:of (?:the )?{_NAME} )?on (?:the )?{NO_DAY}{_TITLE}"),
        ("LAW", "Outline|Plan|Opinions|Measures|Provisions|Regulations|Rules|Guideline|Decision|Principles|Blueprint|Several Policies|Joint Statement|Joint Declaration|Joint Communiq", rf"{_PREFIX} (?:Plan|Outline|Blueprint){_SUBJECT}?{_EDITION}|{_KINDS_OF_PAPER}{_PAPERS}{_SUBJECT}{_EDITION}"),
        ("LAW", "\"", rf'(?<=")(?:{_WORD} ){{0,5}}{_PAPERS} [^"]{{4,199}}[^"\s,.;:](?=[\s,.;:]*")'),
        ("LAW", r"Treaty|Convention|Protocol|Agreement", rf"(?:Treaty|Convention|Protocol|Agreement) (?:of|on|against) (?:the )?{_NAME}"),
        ("LAW", "Treaty|Accord|Agreement|Declaration|Constitution|Charter|Amendment|Code", rf"(?:{_WORD} ){{1,5}}{_TREATIES}{_AT_END}|Constitution of (?:the )?{_NAME}|(?<=the )Constitution{_AT_END}"),
        ("LAW", " Act| Bill", rf"{_PREFIX} (?:from {_PREFIX} )?Act(?: of {_YEAR})?(?! (?:against|on|to|as)\b){_AT_END}|(?<=the )(?:{_WORD} ){{1,5}}Bill{_AT_END}"),
        ("WORK_OF_ART", "Development Report|White Paper", rf"(?:{_WORD} ){{2,6}}(?:Development Report|White Paper)(?: {_YEAR})?{_AT_END}|White Paper on (?:the )?{_TITLE}"),
        ("LOC", _REGION_WORDS + "|Gulf|Bay", rf"(?:{_WORD} ){{1,3}}{_REGIONS}{_AT_END}|(?:Gulf|Bay|Strait|Sea) of {_WORD}"),
        ("FAC", _WORK_WORDS + "|Center|Centre|Port of", rf"(?:{_WORD} ){{1,5}}{_WORKS}{_AT_END}|Port of {_WORD}(?: {_WORD})?"),
        ("GPE", "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec", r"\A ?[A-Z]{3,}(?: [A-Z]{3,}){0,2}(?=,(?: [A-Z]\w+,){0,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"),
        ("ORG", r"Party", rf"(?:{_WORD} ){{1,5}}Party{_AT_END}"),
        ("ORG", r"Party", r"(?<=\b[Tt]he )Party(?! [A-Z])(?!-)|(?:\A|(?<=[a-z,.;:] ))Party(?='s| (?:leadership|leaders|members|cadres|organizations|committees|discipline|building))"),
    )
)  # fmt: skip

# Before "Party" they tell whose party committee is meant: "Guiyang Municipal Party secretary".
_LEVELS = frozenset(("Provincial", "Municipal", "County", "City", "District", "Prefectural", "Township", "Village"))

_compiled = cache(re.compile)  # each takes a millisecond, and few documents need all

EDITION = re.compile(_EDITION.removesuffix("?"))
NUMBER_IN_FRONT = re.compile(rf"\b(?:{_ORDINAL}|{_YEAR}) $")


def by_pattern(text: str) -> Iterator[Found]:
    """The names of open classes, as far as they have two words that may belong to a name; they may overlap."""
    for label, words, pattern in _PATTERNS:
        if not any(word in text for word in words):
            continue
        for match in _compiled(pattern).finditer(text):
            start, end = match.span(match.lastindex or 0)
            words_of_it = text[start:end].split(" ")
            while words_of_it and words_of_it[0] in NOT_IN_NAMES:
                start += len(words_of_it.pop(0)) + 1
            if label == "ORG" and is_branch(text[start:end]):
                continue
            if len(words_of_it) >= 2 or label in ("GPE", "NORP") or text[start:end] in ("Party", "Constitution"):
                yield Found(start, end, label, "pattern")


def is_branch(name: str) -> bool:
    """Whether a name is that of a place with "Party", as in front of "chief" or "secretary"; no party is called so."""
    place, _, last = name.rpartition(" ")
    if last != "Party":
        return False
    words = place.split(" ")
    return words[-1] in _LEVELS or any(" ".join(words[at:]) in places() for at in range(len(words)))
