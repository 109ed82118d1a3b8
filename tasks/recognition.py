"""Recognise names: the statistical model, a gazetteer and patterns for open classes, with the model's known faults mended.

The conventions are those of OntoNotes 5, read for policy texts: the longest name and nothing nested in it, no article,
no title, no possessive ending; congresses and plenums are EVENT, plans and outlines are LAW.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

GAZETTEER = Path(__file__).with_name("gazetteer.csv")

# Labels of things with names, as against dates, numbers and amounts.
NAME_LABELS = frozenset(
    ("PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE")
)


@dataclass(frozen=True, slots=True)
class Name:
    """An entry of the gazetteer."""

    name: str
    label: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A mention as character offsets into the text, with what recognised it; `stands_for` is a name it abbreviates."""

    start: int
    end: int
    label: str
    method: str
    stands_for: str | None = None


@cache
def gazetteer() -> tuple[Name, ...]:
    """The gazetteer's entries in the order of the file."""
    with GAZETTEER.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return tuple(
            Name(row["name"], row["label"], tuple(filter(None, (row["aliases"] or "").split("|")))) for row in rows
        )


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
_NO_DAY = (
    r"(?!(?:January|February|March|April|May|June|July|August|September|October|November|December|[A-Z][a-z]+day)\b)"
)
_TITLE = rf"{_WORD}(?:(?:'s)? (?:{_LINK} )?{_NO_DAY}{_WORD}){{0,13}}"
_PREFIX = rf"{_WORD}(?: (?:(?:of|for|and|on|in|to) )?(?:{_WORD}|{_YEAR})){{0,11}}"
_NAME = rf"{_WORD}(?: (?:of (?:the )?)?{_WORD}){{0,6}}"  # a title without "and", "in" and the like
_AT_END = r"(?! ?[A-Z])"
_PAPERS = r"(?:Outline|Plan|Opinions|Measures|Provisions|Regulations|Rules|Guidelines|Guideline|Decision|Principles|Several Policies|Joint (?:Statement|Declaration|Communiqu[eé]))"
_KINDS_OF_PAPER = r"(?:[A-Z][a-z]{1,20} (?:Provincial|Municipal) )?(?:(?:Interim|Provisional|Guiding|Implementation|Implementing|Administrative|Several|Detailed) ){0,3}"
_SUBJECT = rf'(?: (?:for|on|of|Concerning|Regarding) (?:the |a )?(?:{_TITLE}|"[^"]{{2,80}}"))'
_EDITION = rf"(?: \((?:Trial|Draft|Interim|Provisional|{_YEAR}(?:[-–—]{_YEAR})?)\))?"
_MEETINGS = r"(?:(?<!Press )Conference|Summit|Expo|Exposition|Forum|(?<=s' )Meeting)"
_BODIES = r"(?:Ministry|Department|Academy|University|Bureau)"
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

# Chinese names: a surname in front and one or two syllables of Pinyin.
_CHINESE_SURNAMES = """
Ai An Bai Ban Bao Bei Bi Bian Bo Cai Cao Cen Chai Chang Che Chen Cheng Chi Chu Cong Cui Dai Deng Di Ding Dong Dou Du
Duan Fan Fang Fei Feng Fu Gan Gao Ge Geng Gong Gou Gu Guan Gui Guo Han Hao He Hong Hou Hu Hua Huang Huo Ji Jia Jian
Jiang Jiao Jie Jin Jing Ju Kang Ke Kong Kou Kuang Lai Lan Lang Lei Leng Li Lian Liang Liao Lin Ling Liu Long Lou Lu
Luan Luo Lv Lyu Ma Mao Mei Meng Mi Miao Min Ming Mo Mou Mu Nan Ni Nie Ning Niu Ou Ouyang Pan Pang Pei Peng Pu Qi
Qian Qiao Qin Qiu Qu Quan Ran Rao Ren Rong Ruan Rui Sha Shan Shang Shao She Shen Sheng Shi Shu Shuai Si Sima Song Su
Sui Sun Tai Tan Tang Tao Teng Tian Tong Tu Wan Wang Wei Wen Weng Wu Xi Xia Xian Xiang Xiao Xie Xin Xing Xiong Xu
Xuan Xue Yan Yang Yao Ye Yi Yin Ying Yong You Yu Yuan Yue Yun Zang Zeng Zha Zhai Zhan Zhang Zhao Zhen Zheng Zhong
Zhou Zhu Zhuang Zhuge Zhuo Zong Zou Zuo
"""
_SURNAMES = sorted(_CHINESE_SURNAMES.split(), key=lambda surname: (-len(surname), surname))
_COMMON_GIVEN_NAMES = """
Adam Ahmed Alan Alberto Alejandro Alex Alexander Alexei Alfred Ali Alice Amanda Amy Ana Andrea Andreas Andrei Andrew Angela
Ann Anna Anne Anthony Antonio Arthur Barbara Ben Benjamin Bernard Bernie Bill Boris Brian Bruce Carl Carlos Carol Catherine
Charles Chris Christian Christine Christopher Chuck Claire Claudia Craig Dan Daniel David Deborah Dennis Diana Dick Dmitry
Donald Doug Douglas Edward Elena Elizabeth Ellen Emily Emma Emmanuel Eric Ernest Eva Evan Fatima Fernando Fiona Francis Franz
Fred Friedrich Gabriel Gary Geoffrey George Gerald Gerhard Giorgia Giovanni Giuseppe Gloria Gordon Greg Guillermo Gustavo
Hakeem Hans Harold Harry Hassan Heather Heinrich Helen Henry Herbert Howard Hugh Hugo Ian Ibrahim Igor Isabel Ivan Jack James
Jamie Jane Janet Javier Jean Jeff Jeffrey Jennifer Jeremy Jerry Jesse Jessica Jim Joan Joe Johan Johannes John Jon Jonathan
Jorge José Joseph Joshua Juan Judith Julia Julian Julie Karen Karl Kate Katherine Keith Kelly Ken Kenneth Kevin Larry Laura
Lawrence Leo Leon Leonid Linda Lisa Louis Lucy Luis Luiz Manuel Marc Marcel Marco Margaret Maria Marie Mario Mark Martin
Mary Matteo Matthew Max Michael Michel Michelle Miguel Mike Mikhail Mitch Mohamed Mohammed Muhammad Nancy Narendra Natalia Neil
Nicholas Nick Nicolas Nikki Nikolai Nina Oleg Olga Oliver Olivier Oscar Pablo Patricia Patrick Paul Pedro Peter Philip Philippe
Pierre Rachel Ralph Ray Raymond Rebecca Ricardo Richard Robert Roberto Roger Ron Ronald Rosa Roy Russell Ruth Ryan Sam Samuel
Sandra Sarah Scott Sergei Sergey Simon Sophie Stefan Stephen Steve Steven Stuart Susan Tariq Ted Teresa Theodore Thierry Thomas
Tim Timothy Tom Tony Ursula Vincent Vladimir Walter Warren Wendy Wilhelm William Wolfgang Yuri Yusuf
"""
_GIVEN_NAMES = frozenset(_COMMON_GIVEN_NAMES.split())
_INITIAL = r"(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
_FINAL = r"(?:[iu]?a(?:ng|n|o|i)?|[iu]?e(?:ng|n|i|r)?|i(?:ng|n|u|ong)?|[uü](?:n|i|o)?|o(?:ng|u)?)"
_ENGLISH_SURNAMES = frozenset(
    (
        "An",
        "Ban",
        "Can",
        "Chang",
        "Fan",
        "He",
        "Long",
        "Min",
        "Pan",
        "Ran",
        "She",
        "Sun",
        "Song",
        "Tan",
        "Tai",
        "You",
        "Hang",
        "Gang",
    )
)  # words too
_GIVEN_NAME = rf"(?=[A-Z])(?!China\b|Asian\b)(?i:{_INITIAL}{_FINAL}(?:['-]?{_INITIAL}{_FINAL})?)\b"
_OFFICES = (
    r"(?:[Pp]resident|[Pp]remier|[Mm]inister|[Ss]ecretary|[Cc]hairman|[Cc]hairwoman|[Cc]hair|[Gg]overnor|[Mm]ayor|"
    r"[Dd]irector|[Cc]ouncilor|[Cc]ouncillor|[Ss]enator|[Cc]hancellor|[Aa]mbassador|[Pp]rofessor|[Aa]cademician|"
    r"[Ss]pokes(?:man|woman|person)|[Ll]eader|[Ee]xecutive|[Ff]ounder|[Ee]conomist|[Aa]nalyst|[Cc]ommissioner|"
    r"[Cc]andidate|[Jj]udge|[Jj]ustice|[Ss]peaker|[Cc]omrade|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Rep\.|Sen\.)"
)

# A pattern is looked for where one of the words in front of it stands.
_PATTERNS = tuple(
    (label, tuple(words.split("|")), re.compile(rf"(?:{pattern})(?!\w)"))
    for label, words, pattern in (
        ("EVENT", "Plen|plen", rf"{_ORDINAL} (?:[Pp]lenum|Plenary Session|plenary session)s? of the {_ORDINAL} (?:{_PARTY} |Party )?(?:National )?(?:Party )?(?:Central Committee|Congress)(?: of the {_PARTY})?|{_ORDINAL} (?:Plenum|Plenary Session)"),
        ("EVENT", r"Congress", rf"{_ORDINAL} (?:{_PARTY} )?(?:National |Party )(?:Party )?Congress(?: of the {_PARTY})?"),
        ("EVENT", "Conference|Summit|Expo|Forum|Meeting", rf"(?:{_YEAR} |{_ORDINAL} )?(?:{_WORD} ){{1,6}}{_MEETINGS}(?: (?:for|on|of the) (?:the )?{_NAME})?(?: {_MEETINGS})?(?: {_YEAR})?"),
        ("EVENT", r"Meeting|Session", rf"{_ORDINAL} (?:Annual |Plenary |(?:Collective |Group )?Study )?(?:Meeting|Session) of the {_NAME}|{_ORDINAL} (?:{_WORD} (?:and )?){{1,7}}(?:Meeting|Dialogue|Consultation)s?{_AT_END}"),
        ("EVENT", "Battle|Siege", rf"(?:Battle|Siege) of (?:the )?{_WORD}"),
        ("EVENT", r"Initiative|Olympic|World Cup|War|Round", rf"(?:{_YEAR} )?(?:{_WORD} ){{1,6}}(?:Initiative|Olympics|Olympic Games|World Cup|War|Round){_AT_END}"),
        ("ORG", r"Politburo|Political|Central", rf"{_ORDINAL} (?:{_PARTY} )?(?:Politburo|Political Bureau|Central Committee)(?: of the {_PARTY})?"),
        ("ORG", r"Congress", rf"{_ORDINAL} National People's Congress"),
        ("ORG", r"Government|Committee", rf"People's Government of (?:{_WORD} ){{0,4}}{_WORD}|(?:{_WORD} ){{1,4}}(?:People's Government|(?:Municipal|Provincial) (?:Government|(?:Party )?Committee(?: of the {_PARTY})?))"),
        ("ORG", "Ministry|Department|Academy|University|Bureau", rf"{_BODIES} of (?:the )?(?:{_WORD} ){{0,4}}{_WORD}(?: and (?!(?:{_BODIES}|State|National|Central) )(?:{_WORD} ){{0,3}}{_WORD})?"),
        ("ORG", _BODY_WORDS, rf"(?:{_WORD} ){{1,5}}(?:{_BODY_WORDS})(?: (?:of|for) (?:the )?{_WORD}(?: (?:and )?{_WORD}){{0,3}})?{_AT_END}"),
        ("NORP", "ethnic|minorit|nationalit|utonomous", rf"\b{_MINORITY}(?=(?: and {_MINORITY})? (?:ethnic|minorit|nationalit|autonomous))"),
        ("LAW", r"Five", rf"{_ORDINAL} Five[- ]Year Plan(?: for (?:the )?{_TITLE})?"),
        ("LAW", r"Law", rf"(?:{_WORD} ){{0,5}}{_WORD} Law(?: of (?:the )?{_NAME})?(?! (?:School|Firm|Review|Society|Desk)| on (?:the )?{_NO_DAY}[A-Z])|Law (?:of (?:the )?{_NAME} )?on (?:the )?{_NO_DAY}{_TITLE}"),
        ("LAW", "Outline|Plan|Opinions|Measures|Provisions|Regulations|Rules|Guideline|Decision|Principles|Blueprint|Policies|Joint", rf"{_PREFIX} (?:Plan|Outline|Blueprint){_SUBJECT}?{_EDITION}|{_KINDS_OF_PAPER}{_PAPERS}{_SUBJECT}{_EDITION}"),
        ("LAW", "\"", rf'(?<=")(?:{_WORD} ){{0,5}}{_PAPERS} [^"]{{5,200}}(?=")'),
        ("LAW", r"Treaty|Convention|Protocol|Agreement", rf"(?:Treaty|Convention|Protocol|Agreement) (?:of|on|against) (?:the )?{_NAME}"),
        ("LAW", "Treaty|Accord|Agreement|Declaration|Constitution|Charter|Amendment|Code", rf"(?:{_WORD} ){{1,5}}{_TREATIES}{_AT_END}|Constitution of (?:the )?{_NAME}|(?<=the )Constitution{_AT_END}"),
        ("LAW", " Act| Bill", rf"{_PREFIX} (?:from {_PREFIX} )?Act(?: of {_YEAR})?(?! (?:against|on|to|as)\b){_AT_END}|(?<=the )(?:{_WORD} ){{1,5}}Bill{_AT_END}"),
        ("WORK_OF_ART", r"Report|White Paper", rf"(?:{_WORD} ){{2,6}}(?:Development Report|White Paper)(?: {_YEAR})?{_AT_END}|White Paper on (?:the )?{_TITLE}"),
        ("LOC", _REGION_WORDS + "|Gulf|Bay", rf"(?:{_WORD} ){{1,3}}{_REGIONS}{_AT_END}|(?:Gulf|Bay|Strait|Sea) of {_WORD}"),
        ("FAC", _WORK_WORDS + "|Center|Centre|Port of", rf"(?:{_WORD} ){{1,5}}{_WORKS}{_AT_END}|Port of {_WORD}(?: {_WORD})?"),
        ("GPE", "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec", r"\A ?[A-Z]{3,}(?: [A-Z]{3,}){0,2}(?=,(?: [A-Z]\w+,){0,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"),
        ("ORG", r"Party", rf"(?:{_WORD} ){{1,5}}Party{_AT_END}"),
        ("ORG", r"Party", r"(?<=\b[Tt]he )Party(?! [A-Z])(?!-)|(?:\A|(?<=[a-z,.;:] ))Party(?='s| (?:leadership|leaders|members|cadres|organizations|committees|discipline|building))"),
    )
)  # fmt: skip

_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?:'s|s'|'|`s)$")
_ARTICLE_OF = re.compile(r"(?:Article|Chapter|Section)s? \d{1,3}(?:(?:, | and | to )\d{1,3})* of (?:the )?")
_LOOSE_END = re.compile(r"(?:,? (?:and|of|or|for|the|on|in|to|&))+$")
_PERSONAL_TITLE = re.compile(
    r"(?:(?:Chinese|US|U\.S\.|Former|former|then)\s+)?(?:(?:Vice|Deputy|Executive|General|State|Prime|Foreign|Acting|Party|Commerce|Finance|Defense|Defence)[\s-]+)*"
    r"(?:President|Premier|Spokesperson|Spokesman|Spokeswoman|Commissioner|Congressman|Speaker|Crown Prince|Prince|Princess|King|Queen|Emperor|Pope|Chief Justice|Justice|Judge|General|Marshal|Secretary|secretary|Chairman|Chairwoman|Chair|Comrade|Minister|Governor|Director|Councilor|Councillor|"
    r"Mr\.?|Mrs\.?|Ms\.?|Messrs\.?|Dr\.?|Professor|Prof\.?|Academician|academician|Ambassador|Senator|Chancellor|Leader)\s+",
)
_OFFICE_IN_FRONT = re.compile(rf"\b(?:{_OFFICES}|said) $")
_OFFICE_BEHIND = re.compile(
    r", (?:an? |the |who )?(?:[a-z][a-z-]{1,15} ){0,2}(?:president|director|chairman|chairwoman|professor|researcher|minister|"
    r"spokes(?:man|woman|person)|economist|analyst|academician|governor|chief executive|secretary|fellow|who led)\b"
)
_IS_NO_DAY = re.compile(_NO_DAY)
_OFFICE_WORD = re.compile(_OFFICES)
_HELD_IN_BODY = re.compile(r"[A-Z]\w+, (?=(?:Office|Division|Department|Bureau) of)")
_IN_THE_LANGUAGE = re.compile(
    r"\b(?:[Cc]lassical|[Mm]odern|[Ss]implified|[Tt]raditional|[Ff]luent|[Ss]peaks?|[Ss]poken?|[Ss]peaking|[Ii]nto|[Ii]n) $"
)
_BEHIND_A_LANGUAGE = re.compile(r"[.,;:)\"]|$| (?:and|or|to|with|is|are|was|were)\b")
_ENUMERATOR = re.compile(r"(?:[IVX]{1,4}|[A-Z])\. ")
_VISION = re.compile(r"(?:Digital|Beautiful|Healthy|Broadband|Peaceful|Safe|Smart) China")
# Words that stand in front of a name with a capital where they open a sentence.
_OPENING_WORDS = """
The A An In On At Under For To With From By Since After Before This That These Those And But Or As Its His Her
Their Our Also When While Both Each All If Where Although Though Because So Yet Then Now Here There Only Even Today
During Through Between Among Against Like Unlike Despite Following According Meanwhile However Moreover It He She They We
"""
_OPENERS = frozenset(_OPENING_WORDS.split())
# What opens the sentences of plans and the lines before a name, as in "Strengthen Party building", "July Federation".
_LEADING_WORDS = """
Accelerate Actively Adhere Advance Carry Comprehensively Conscientiously Continue Coordinate Create Deepen Earnestly Encourage
Enhance Ensure Establish Expand Explore Follow Formulate Fully Give Guide Implement Improve Increase Leading Maintain Make
Optimize Organize Perfect Persist Promote Resolutely Revise Ruling Speed Strengthen Strictly Study Support Take Thoroughly
Uphold Use Vigorously January February March April June July August September October November December Last Next
"""
_NOT_IN_NAMES = _OPENERS | frozenset(_LEADING_WORDS.split())
# What the small model takes for names on policy texts: editors' marks, subjects in capitals, technologies, indices.
_REJECTED = frozenset((
    "ed", "ai", "ict", "iot", "5g", "6g", "digital", "internet", "covid-19", "covid", "coronavirus", "download", "photo",
    "editor", "editor's note", "data", "big data", "digital technology", "digital technologies", "artificial intelligence",
    "cloud computing", "blockchain", "smart", "pdf", "gdp", "gnp", "gni", "cpi", "ppi", "pce", "pmi", "m1", "m2", "m3", "mbs", "cds",
    "etf", "ipo", "vat", "fdi", "r&d", "it", "ip", "ipv6", "api", "gpu", "cpu", "llm", "vr", "ar", "b2b", "o2o", "ppp", "libor", "sofr",
    "god", "speaker", "present", "translator", "translators", "reporter", "author", "source", "note", "rrp", "on rrp", "rp", "staff", "members", "chairman", "president", "liaison", "statistics", "annex", "appendix", "article", "chapter", "section", "part", "figure", "table",
))  # fmt: skip
# What stands for a body where the document names that body in full, and is nothing by itself.
_GENERIC_BODIES = """
Committee System Desk Board Bank Council Commission Bureau Office Department Ministry Group Government Administration
Company Court Agency Parliament Assembly Union Association
"""
GENERIC_BODIES = frozenset(_GENERIC_BODIES.split())
# A phrase in capitals that ends in one of these is a concept or an office, unless it is the name of a body that has it.
_CONCEPT_WORDS = """
transformation economy economies industrialization industrialisation informatization informatisation modernization
modernisation digitalization digitization globalization urbanization era journey ideas thought governance
civilization socialism rejuvenation innovation sovereignty development manufacturing computing elements
infrastructure productivity prosperity consumption marketization openness director directors counsel economist economists presidents governors
manager managers ministers members secretaries
"""
_CONCEPTS = frozenset(_CONCEPT_WORDS.split())
# A phrase of nothing but these is a subject that somebody wrote with capitals.
_SUBJECT_WORDS = """
digital data security computing power generative ai artificial intelligence carbon peak peaking neutrality energy
village villages smart green low new cyber cyberspace network networks internet things big cloud platform platforms
algorithm algorithms model models large language industrial industry industries manufacturing finance financial
trade commerce education health healthcare care elderly rural urban revitalization common prosperity high quality
development core technologies technology key strategic emerging future science innovation talent information
infrastructure integrated circuits chips semiconductors quantum blockchain robots robotics autonomous driving
altitude economy transformation era governance elements factors factor market markets consumption services service
supply chain chains side structural reform reforms opening up
"""
_SUBJECTS = frozenset(_SUBJECT_WORDS.split())
# The last word of a name tells what it is, whatever the model says.
_KIND_BY_LAST_WORD = {
    word: label
    for label, words in (
        ("ORG", "Commission Committee Ministry Bureau Association Federation University College Institute Academy Bank Corporation Company Agency Authority Foundation Party Alliance Court Parliament Council Department Daily"),
        ("EVENT", "Summit Conference Forum Expo Olympics War Revolution Initiative Program Programme Campaign Round"),
        ("LAW", "Law Act Treaty Agreement Constitution Protocol Charter Amendment"),
        ("LOC", "River Sea Ocean Valley Delta Peninsula Strait Mountains Basin Plateau Desert"),
        ("GPE", "Province County Prefecture Municipality"),
        ("FAC", "Airport Bridge Palace Stadium Dam Canal Highway Expressway"),
    )
    for word in words.split()
}  # fmt: skip
_PROPER_TAGS = ("NNP", "NNPS")
# What the model still tells in a headline, where every word has a capital.
_KEPT_IN_HEADLINES = frozenset(("PERSON", "GPE", "NORP", "LOC"))
_EDITION_BEHIND = re.compile(_EDITION.removesuffix("?"))
_NUMBER_IN_FRONT = re.compile(rf"\b(?:{_ORDINAL}|{_YEAR}) $")
_HELD_YEARLY = re.compile(
    r"(?:Expo|Exposition|Conference|Summit|Forum|Meeting|Congress|Fair|Games|Olympics|Festival|Week)\b"
)
_OFFICE_OF = re.compile(r"\b(?:General Office|Standing Committee) of (?:the )?$")
_PORTFOLIO = re.compile(
    r"\b(?:Party|Commerce|Trade|Treasury|Finance|Foreign|Defen[sc]e|Education|Justice|Agriculture|Health|Interior)$"
)
_HOLDS_OFFICE = re.compile(r" (?:[Ss]ecretary|[Mm]inister)")
_IN_BRACKETS = re.compile(r" \(([A-Z][A-Za-z&-]{1,9})\)")
_CHINESE_PERSON = re.compile(rf"\b(?=[A-Z]\w+ [A-Z])({'|'.join(_SURNAMES)}) ({_GIVEN_NAME})")
# "Huai Jinpeng", "Park Chung-hee": the surname stands in front.
_SURNAME_FIRST = re.compile(
    rf"(?:[A-Z](?:(?<=[ZCS])h)?{_FINAL}|Ou ?yang|Si ?ma|Zhu ?ge) {_GIVEN_NAME}|[A-Z][a-z]+ [A-Z][a-z]+-[a-z]+"
)
_PARTY_OF = re.compile(r"([A-Z]\w{3,}) Party")
_IN_CAPITALS = re.compile(r"[A-Z]+(?:'[A-Z]+)*")
_SMALL_WORDS = frozenset(("OF", "AND", "THE", "FOR", "ON", "IN", "TO", "AT", "WITH", "BY", "A", "AN"))
_CAPITALISED = re.compile(r"\b[A-Z]\w+")
_OPENS_SENTENCE = re.compile(r"(?:\A|[.!?:\"] ?| {2})$")


_HEADLINE_VERBS = re.compile(
    r"(?<= )(?:Act|Adopt|Agree|Announce|Approve|Attend|Brief|Call|Chair|Close|Convene|Deliver|Discuss|Exchange|Hold|Host|Issue|Launch|"
    r"Meet|Open|Pass|Pledge|Preside|Publish|Release|Respond|Review|Revise|Say|Sign|Stress|Study|Talk|Tell|Unveil|Urge|Visit|Vow)"
    r"(?:s|es|ed)?(?= [A-Za-z])"
)


def _with_small_verbs(headline: str) -> str:
    """A headline with its verbs in lower case, so that no name runs over them; as long as before."""
    return _HEADLINE_VERBS.sub(lambda match: match.group().lower(), headline)


@cache
def _phrases(nlp: Language) -> PhraseMatcher:
    from spacy.matcher import PhraseMatcher

    matcher = PhraseMatcher(nlp.vocab, attr="ORTH")
    by_label: dict[str, list[str]] = {}
    for entry in gazetteer():
        by_label.setdefault(entry.label, []).extend((entry.name, *entry.aliases))
    for label, names in sorted(by_label.items()):
        matcher.add(label, [nlp.make_doc(name.replace("’", "'")) for name in names])
    return matcher


def recognise(doc: Doc, nlp: Language) -> list[Found]:
    """The mentions in a parsed passage, in reading order, none inside or across another.

    `doc` must carry tags and the model's entities; its text has straight quotes and no line breaks.
    """
    text = doc.text  # put together from the tokens at each call
    taken: list[Found] = []  # by their place
    order = {"gazetteer": 0, "pattern": 1}
    known = list(_by_gazetteer(doc, text, nlp))
    in_headline = _is_headline(text)
    patterns = [
        found
        for found in _by_pattern(text, in_headline)
        if not any(_crosses(found, other) or (in_headline and _prolongs(found, other)) for other in known)
    ]
    for found in sorted(
        [*known, *patterns, *_chinese_people(text)], key=lambda f: (f.start - f.end, order[f.method], f.start)
    ):
        if not _overlapping(found, taken):
            insort(taken, found, key=_START)
    for found in sorted(_by_model(doc, text), key=lambda f: (f.label not in NAME_LABELS, f.start - f.end, f.start)):
        overlapping = _overlapping(found, taken)
        better = [found] if not overlapping else []
        if len(overlapping) == 1:
            better = _with_rule(text, found, overlapping[0])
        if better:
            _replace(taken, overlapping, better)
    _pair(text, taken)
    return [_as_language(text, found) for found in taken]


def _crosses(found: Found, other: Found) -> bool:
    """Whether a mention begins or ends in the middle of another."""
    return other.start < found.start < other.end < found.end or found.start < other.start < found.end < other.end


def _prolongs(found: Found, other: Found) -> bool:
    """Whether a body is taken for a longer one with the same beginning."""
    return found.label == other.label == "ORG" and found.start == other.start


_START = attrgetter("start")


def _overlapping(found: Found, taken: list[Found]) -> list[Found]:
    """Those of the mentions, which stand in order, that share a character with one."""
    last = bisect_left(taken, found.end, key=_START)
    first = last
    while first and taken[first - 1].end > found.start:
        first -= 1
    return taken[first:last]


def _replace(taken: list[Found], old: list[Found], new: list[Found]) -> None:
    """Put neighbours in the place of others; the mentions stay in order."""
    first = bisect_left(taken, (old or new)[0].start, key=_START)
    taken[first : first + len(old)] = new


def _by_gazetteer(doc: Doc, text: str, nlp: Language) -> Iterator[Found]:
    for key, from_token, to_token in _phrases(nlp)(doc):
        span, label = doc[from_token:to_token], nlp.vocab.strings[key]
        first, last = _with_what_belongs(text, span.start_char, span.end_char, label)
        yield Found(first, last, label, "gazetteer")


def _with_what_belongs(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """A name with its edition, its number or the office of it: "(Trial)", "2023", "General Office of the"."""
    if label == "LAW" and (behind := _EDITION_BEHIND.match(text, end)):
        return start, behind.end()
    front = {"EVENT": _NUMBER_IN_FRONT, "ORG": _OFFICE_OF}.get(label)
    if front and (before := front.search(text, max(0, start - 40), start)):
        is_year = before.group()[:4].isdigit()
        return (start if is_year and not _HELD_YEARLY.search(text, start, end) else before.start()), end
    return start, end


def _by_pattern(text: str, in_headline: bool) -> Iterator[Found]:
    if in_headline:
        text = _with_small_verbs(text)
    for label, words, pattern in _PATTERNS:
        if not any(word in text for word in words):
            continue
        for match in pattern.finditer(text):
            start, end = match.span(match.lastindex or 0)
            words_of_it = text[start:end].split(" ")
            while words_of_it and words_of_it[0] in _NOT_IN_NAMES:
                start += len(words_of_it.pop(0)) + 1
            if len(words_of_it) >= 2 or label in ("GPE", "NORP") or text[start:end] in ("Party", "Constitution"):
                yield Found(start, end, label, "pattern")


def _chinese_people(text: str) -> Iterator[Found]:
    """Chinese names: behind an office, or long enough to be nothing else."""
    places = _places()
    for match in _CHINESE_PERSON.finditer(text):
        surname, given = match.groups()
        is_plain = len(given) > (5 if surname in _ENGLISH_SURNAMES else 3) and given not in places
        if is_plain or _OFFICE_IN_FRONT.search(text, max(0, match.start() - 16), match.start()):
            yield Found(*match.span(), "PERSON", "pattern")


@cache
def _places() -> frozenset[str]:
    return frozenset(
        form for entry in gazetteer() if entry.label in ("GPE", "ORG") for form in (entry.name, *entry.aliases)
    )


def _by_model(doc: Doc, text: str) -> Iterator[Found]:
    is_tagged = doc.has_annotation("TAG")
    in_headline = _is_headline(text)
    for ent in doc.ents:
        start, end = _trim(text, ent.start_char, ent.end_char, ent.label_)
        name, label = text[start:end], ent.label_
        if not name:
            continue
        if label not in NAME_LABELS:
            if label not in ("ORDINAL", "CARDINAL") or not (name.endswith("ly") or text[end : end + 1].isalpha()):
                yield Found(start, end, label, "model")
            continue
        is_common = is_tagged and not any(token.tag_ in _PROPER_TAGS for token in ent)
        if name.islower() or (is_common and label not in ("NORP", "LANGUAGE")) or _is_no_name(name):
            continue
        if (portfolio := _PORTFOLIO.search(name)) and _HOLDS_OFFICE.match(text, end):
            if not portfolio.start():
                continue
            end = start + portfolio.start() - 1
            name = text[start:end]
        while (first := name.partition(" "))[2] and first[0] in _NOT_IN_NAMES and label in ("ORG", "LAW", "EVENT"):
            start, name = start + len(first[0]) + 1, first[2]
        label = _label_of(text, start, name, label)
        if in_headline and label not in _KEPT_IN_HEADLINES and name.rpartition(" ")[2] not in _KIND_BY_LAST_WORD:
            continue
        if label == "EVENT" and (number := _NUMBER_IN_FRONT.search(text, max(0, start - 40), start)):
            start, name = number.start(), number.group() + name
        bracketed = _IN_BRACKETS.search(name)
        if bracketed and abbreviates(bracketed.group(1), name[: bracketed.start()]):
            for begin, stop in ((0, bracketed.start()), bracketed.span(1), (bracketed.end() + 1, len(name))):
                if begin < stop:
                    yield Found(start + begin, start + stop, label, "model")
        else:
            yield Found(start, end, label, "model")


def _is_headline(text: str) -> bool:
    """Whether a line has no final stop and a capital in three of four of its longer words."""
    if len(text) > 250 or text.rstrip().endswith((".", "!", "?", ";", ":", ",")):
        return False
    words = text.split()
    longer = [word for word in words if len(word) > 3 and word[0].isalpha()]
    return min(len(words) - 1, len(longer)) > 2 and sum(word[0].isupper() for word in longer) >= 0.75 * len(longer)


def _is_no_name(name: str) -> bool:
    folded = name.casefold()
    words = folded.replace("-", " ").split()
    if all(word in _SUBJECTS for word in words):
        return True
    is_concept = words[-1] in _CONCEPTS and not any(word.capitalize() in _KIND_BY_LAST_WORD for word in words)
    return (
        folded in _REJECTED
        or is_concept
        or bool((_ENUMERATOR.match(name) and name[0] in "IVX") or _VISION.fullmatch(name))
    )


def _label_of(text: str, start: int, name: str, label: str) -> str:
    """The model's label, or another where the name itself or an office in front of it tells better."""
    words = name.split(" ")
    if len(words) > 1 and (told := _KIND_BY_LAST_WORD.get(words[-1])):
        return told
    if label != "PERSON" and len(words) <= 4 and not any(word in _KIND_BY_LAST_WORD for word in words):
        is_person = len(words) == 2 and (_CHINESE_PERSON.fullmatch(name) or words[0] in _GIVEN_NAMES)
        is_person = is_person or (1 < len(words) < 4 and bool(_OFFICE_BEHIND.match(text, start + len(name))))
        if is_person or (label != "NORP" and _OFFICE_IN_FRONT.search(text, max(0, start - 16), start)):
            return "PERSON"
    return label


def _as_language(text: str, found: Found) -> Found:
    """ "Chinese" in "published in Chinese, " is the language."""
    if (
        found.label == "NORP"
        and _IN_THE_LANGUAGE.search(text, max(0, found.start - 10), found.start)
        and _BEHIND_A_LANGUAGE.match(text, found.end)
    ):
        return replace(found, label="LANGUAGE")
    return found


def _trim(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """Take off what is no part of a name: articles, quotes, possessives, titles, an unclosed bracket, a loose "and"."""
    while True:
        span = text[start:end]
        stripped = span.strip(' \t\n"“”,;:.')
        if span.endswith(".") and re.search(
            r"\b(?:[A-Z]\.|Inc\.|Co\.|Corp\.|Ltd\.|Jr\.|Oct\.|Sept\.|Nov\.|Dec\.|Jan\.|Feb\.|Aug\.)$", span
        ):
            stripped = span.strip(' \t\n"“”,;:')
        start, end = start + span.find(stripped), start + span.find(stripped) + len(stripped)
        span = text[start:end]
        if "(" in span and ")" not in span:
            end = start + span.index("(")
        elif label in NAME_LABELS and (match := _ARTICLE.match(span)):
            start += match.end()
        elif label in NAME_LABELS and (match := _POSSESSIVE.search(span)):
            end = start + match.start() + (1 if match.group() == "s'" else 0)
        elif label == "LAW" and (match := _ARTICLE_OF.match(span)):
            start += match.end()
        elif label in NAME_LABELS and (match := _LOOSE_END.search(span)):
            end = start + match.start()
        elif (label == "ORG" and (match := _HELD_IN_BODY.match(span))) or (
            label == "PERSON" and (match := _PERSONAL_TITLE.match(span))
        ):
            start += match.end()
        else:
            return start, end
        if end <= start:
            return start, start


def _with_rule(text: str, found: Found, rule: Found) -> list[Found]:
    """What to make of a longer name of the model that holds one of the rules: one or two names, or nothing of it."""
    is_longer = found.start <= rule.start and rule.end <= found.end and found.end - found.start > rule.end - rule.start
    if rule.method == "model" or found.label not in NAME_LABELS or not is_longer:
        return []
    if rule.label in ("ORG", "PERSON") and text.startswith(" and ", rule.end) and rule.start == found.start:
        return [rule, replace(found, start=rule.end + 5, label=rule.label)]
    if rule.label in ("ORG", "PERSON") and text.endswith(" and ", 0, rule.start) and rule.end == found.end:
        return [replace(found, end=rule.start - 5, label=rule.label), rule]
    if rule.label == "LAW" and rule.start == found.start:
        return [replace(found, label="LAW")]
    last_word = text[found.start : found.end].rpartition(" ")[2]
    if last_word.islower():
        return []
    if rule.label == "PERSON" and rule.method == "gazetteer" and last_word not in _KIND_BY_LAST_WORD:
        return []
    return [replace(found, label=rule.label)] if rule.label in ("EVENT", "LAW") and rule.end == found.end else [found]


def _pair(text: str, taken: list[Found]) -> None:
    """Make a bracketed short form, as in "Communist Party of China (CPC)", a mention that stands for the name before it."""
    for match in _IN_BRACKETS.finditer(text):
        short = Found(*match.span(1), "", "pattern")
        before = _overlapping(Found(match.start() - 1, match.start(), "", "pattern"), taken)
        if not before or before[0].end != match.start() or before[0].label not in NAME_LABELS:
            continue
        name, overlapping = before[0], _overlapping(short, taken)
        full = text[name.start : name.end]
        stands_for = _abbreviated(match.group(1), full)
        if stands_for is None or (stands_for != full and not overlapping):
            continue
        known = overlapping[0] if overlapping else replace(short, label=name.label)
        label = name.label if stands_for == full else known.label
        _replace(taken, overlapping, [replace(short, label=label, method=known.method, stands_for=stands_for)])


def _abbreviated(short: str, full: str) -> str | None:
    """The part of a name that a short form behind it stands for: its last words, if these have its very initials."""
    words = full.split(" ")
    for start in range(len(words) - 1, 0, -1):
        initials = "".join(word[0] for word in words[start:] if word[0].isupper())
        if words[start][0].isupper() and initials == short:
            return " ".join(words[start:])
    return full if abbreviates(short, full) else None


def abbreviates(short: str, full: str) -> bool:
    """Whether the letters of `short`, in order, start words of `full` or stand in them, the first one starting a word.

    The rule is that of Schwartz and Hearst (2003), "A simple algorithm for identifying abbreviation definitions".
    """
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    if len(letters) < 2 or not short[:1].isupper() or len(short) >= len(full):
        return False
    folded = full.casefold()
    position = len(folded)
    for index in range(len(letters) - 1, -1, -1):
        position = folded.rfind(letters[index], 0, position)
        while index == 0 and position > 0 and folded[position - 1].isalnum():
            position = folded.rfind(letters[0], 0, position)
        if position < 0:
            return False
    return True


def settle(passages: list[tuple[str, list[Found]]], known: ShortForms) -> list[list[Found]]:
    """Mend the mentions in passages of one document by what the others say.

    A surname is a person where the full name stands elsewhere, a short form is what its definition says, and what is
    also written in lower case is no name. `known` holds what earlier passages told and takes in the new.
    """
    for text, mentions in passages:
        in_headline = _is_headline(text)
        for found in mentions:
            if not (in_headline and found.method == "model"):  # it may hold a verb
                known.learn(text[found.start : found.end], found)
    whole = " ".join(text for text, _ in passages)
    return [_settled(text, mentions, known, whole) for text, mentions in passages]


@dataclass(slots=True)
class ShortForms:
    """What a document calls by a short form: the label of each, and the full names of each surname in reading order."""

    labels: dict[str, str] = field(default_factory=dict)
    people: dict[str, list[str]] = field(default_factory=dict)
    latest: dict[str, str] = field(default_factory=dict)

    def learn(self, name: str, found: Found) -> None:
        """Take in the short form that a mention is, or the ones of the name that it is."""
        if found.stands_for is not None:
            self.labels.setdefault(name, found.label)
        elif found.label == "PERSON" and (surname := surname_of(name)):
            self.labels.setdefault(surname, "PERSON")
            if name not in (names := self.people.setdefault(surname, [])):
                names.append(name)
        elif found.label == "ORG" and " " in name:
            for word in {name.partition(" ")[0], name.rpartition(" ")[2]} & GENERIC_BODIES:
                self.labels.setdefault(word, "ORG")
            party = _PARTY_OF.fullmatch(name)
            if party and party.group(1) not in _groups():
                self.labels.setdefault(party.group(1), "ORG")


def surname_of(name: str) -> str | None:
    """What a person is called later on: the first word of a Chinese name, the last of another."""
    words = name.split(" ")
    if not 2 <= len(words) <= 4 or not all(word[:1].isupper() for word in words) or name.isupper():
        return None
    surname = words[0] if _SURNAME_FIRST.fullmatch(name) else words[-1]
    is_word = surname in GENERIC_BODIES or _OFFICE_WORD.fullmatch(surname) or not _IS_NO_DAY.match(surname)
    return surname if len(surname) > 1 and surname.replace("-", "").isalpha() and not is_word else None


@cache
def _groups() -> frozenset[str]:
    return frozenset(form for entry in gazetteer() if entry.label == "NORP" for form in (entry.name, *entry.aliases))


def _settled(text: str, mentions: list[Found], known: ShortForms, whole: str) -> list[Found]:
    settled = []
    in_headline = _is_headline(text)
    for found in mentions:
        name = text[found.start : found.end]
        if found.method == "model" and found.label in NAME_LABELS:
            first = name.partition(" ")[0]
            if (label := known.labels.get(name)) is not None:
                found = replace(found, label=label)
            elif in_headline and found.label == "PERSON" and first in known.people and name not in known.people[first]:
                found = replace(found, end=found.start + len(first))
            elif " " in name and first.endswith("'s") and first[:-2] in known.labels:
                found = replace(found, end=found.start + len(first) - 2, label=known.labels[first[:-2]])
            elif name in GENERIC_BODIES or (
                found.label not in ("NORP", "LANGUAGE") and _is_written_small(text, found.start, name, whole)
            ):
                continue
        settled.append(found)
    for match in _CAPITALISED.finditer(text):
        word = match.group()
        label = None if word in GENERIC_BODIES else known.labels.get(word)
        if not label or _is_written_small(text, match.start(), word, whole):
            continue
        if in_headline or _stands_alone(text, *match.span()):
            found = Found(*match.span(), label, "pattern")
            overlapping = _overlapping(found, settled)
            if all(other.label not in NAME_LABELS for other in overlapping):
                _replace(settled, overlapping, [found])
    return [_as_latest(text[found.start : found.end], found, known) for found in settled]


def _as_latest(name: str, found: Found, known: ShortForms) -> Found:
    """Where several people of a document share a surname, it stands for the one named last, else for the first to come."""
    if found.label == "PERSON":
        if (surname := surname_of(name)) is not None:
            known.latest[surname] = name
        elif len(people := known.people.get(name, [])) > 1:
            return replace(found, stands_for=known.latest.get(name, people[0]))
    return found


def _is_written_small(text: str, start: int, name: str, whole: str) -> bool:
    """Whether a phrase, or a word that opens a sentence, also stands in lower case in the document."""
    if " " not in name and not _OPENS_SENTENCE.search(text, max(0, start - 3), start):
        return False
    small = name.lower()
    place = whole.find(f" {small}")
    return place >= 0 and not whole[place + 1 + len(small) : place + 2 + len(small)].isalnum()


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a word is no part of a longer name, and a name where it might be an ordinary word ("He")."""
    before, after = text[max(0, start - 40) : start].rpartition(" ")[0], text[end : end + 2]
    if after[:1] == "-" or text[start - 1 : start] == "-" or (after[:1] == " " and after[1:].isupper()):
        return False
    opens = _OPENS_SENTENCE.search(text, max(0, start - 3), start) is not None
    if text[start:end] in _OPENERS:
        return not opens and text[start - 2 : start - 1].islower()
    last = before.rpartition(" ")[2] if text[start - 1 : start] == " " else ""
    return (
        opens
        or not last[:1].isupper()
        or not last[-1:].isalpha()
        or last in _OPENERS
        or bool(_OFFICE_IN_FRONT.search(f"{last} "))
    )


def title_case(text: str) -> str:
    """A line that is all in capitals as a headline in title case, character for character; other text as it is."""
    if not text.isupper() or len(words := _IN_CAPITALS.findall(text)) < 2 or not any(len(word) > 5 for word in words):
        return text
    return _IN_CAPITALS.sub(_capitalised, text)


def _capitalised(match: re.Match[str]) -> str:
    word = match.group()
    if word in _acronyms():
        return word
    return word.lower() if match.start() and word in _SMALL_WORDS else word[0] + word[1:].lower()


@cache
def _acronyms() -> frozenset[str]:
    """The names in capitals of the gazetteer, without those that are ordinary words too."""
    names = (form for entry in gazetteer() for form in (entry.name, *entry.aliases))
    return frozenset(name for name in names if name.isupper() and name.isalpha()) - {"US", "WHO", "AI", "FED"}
