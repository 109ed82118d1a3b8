"""People: Chinese names by their sound, others by an office beside them, and the surname that a person goes by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tasks.gazetteer import GENERIC_BODIES, gazetteer
from tasks.recognition.mentions import Found
from tasks.recognition.patterns import NO_DAY

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
# Those that are words too: unless an office stands in front, only a long given name makes a person's name of one.
_SURNAMES_AND_WORDS = "An Ban Chang Fan He Long Min Pan Ran She Song Sun Tai Tan You"
_AMBIGUOUS_SURNAMES = frozenset(_SURNAMES_AND_WORDS.split())
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
_GIVEN_NAME = rf"(?=[A-Z])(?!China\b|Asian\b)(?i:{_INITIAL}{_FINAL}(?:['-]?{_INITIAL}{_FINAL})?)\b"
_OFFICES = (
    r"(?:[Pp]resident|[Pp]remier|[Mm]inister|[Ss]ecretary|[Cc]hairman|[Cc]hairwoman|[Cc]hair|[Gg]overnor|[Mm]ayor|"
    r"[Dd]irector|[Cc]ouncilor|[Cc]ouncillor|[Ss]enator|[Cc]hancellor|[Aa]mbassador|[Pp]rofessor|[Aa]cademician|"
    r"[Ss]pokes(?:man|woman|person)|[Ll]eader|[Ee]xecutive|[Ff]ounder|[Ee]conomist|[Aa]nalyst|[Cc]ommissioner|"
    r"[Cc]andidate|[Jj]udge|[Jj]ustice|[Ss]peaker|[Cc]omrade|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Rep\.|Sen\.)"
)
_OFFICE_IN_FRONT = re.compile(rf"\b(?:{_OFFICES}|said) $")
_RANK = (
    r"(?:[Vv]ice|[Dd]eputy|[Ff]ormer|[Tt]hen|[Aa]cting|[Ee]xecutive|[Gg]eneral|[Ss]tate|[Pp]rime|[Ff]oreign|[Ff]inance|"
    r"[Cc]ommerce|[Dd]efen[cs]e|[Pp]arty)[ -]"
)
_RANKED_OFFICE = re.compile(rf"\b((?:{_RANK})*{_OFFICES}) $")
_LONGEST_OFFICE = 40  # characters
_OFFICE_BEHIND = re.compile(
    r", (?:an? |the |who )?(?:[a-z][a-z-]{1,15} ){0,2}(?:president|director|chairman|chairwoman|professor|researcher|minister|"
    r"spokes(?:man|woman|person)|economist|analyst|academician|governor|chief executive|secretary|fellow|who led)\b"
)
_IS_NO_DAY = re.compile(NO_DAY)
_OFFICE_WORD = re.compile(_OFFICES)
_CHINESE_PERSON = re.compile(rf"\b(?=[A-Z]\w+ [A-Z])({'|'.join(_SURNAMES)}) ({_GIVEN_NAME})")
# "Huai Jinpeng", "Park Chung-hee": the surname stands in front.
_SURNAME_FIRST = re.compile(
    rf"(?:[A-Z](?:(?<=[ZCS])h)?{_FINAL}|Ou ?yang|Si ?ma|Zhu ?ge) {_GIVEN_NAME}|[A-Z][a-z]+ [A-Z][a-z]+-[a-z]+"
)


def chinese_people(text: str) -> Iterator[Found]:
    """Chinese names: behind an office, or long enough to be nothing else."""
    places = _places()
    for match in _CHINESE_PERSON.finditer(text):
        surname, given = match.groups()
        is_plain = len(given) > (5 if surname in _AMBIGUOUS_SURNAMES else 3) and given not in places
        if is_plain or follows_office(text, match.start()):
            yield Found(*match.span(), "PERSON", "pattern")


@cache
def _places() -> frozenset[str]:
    return frozenset(form for entry in gazetteer() if entry.label in ("GPE", "ORG") for form in entry.forms)


def follows_office(text: str, start: int) -> bool:
    """Whether an office, or that somebody said something, stands in front of a place."""
    return _OFFICE_IN_FRONT.search(text, max(0, start - 16), start) is not None


def office_of(text: str, start: int) -> str | None:
    """The office that stands in front of a place, with its rank, in small letters: `vice premier`."""
    match = _RANKED_OFFICE.search(text, max(0, start - _LONGEST_OFFICE), start)
    return match.group(1).lower() if match else None


def is_person(text: str, start: int, name: str) -> bool:
    """Whether a name of several words is a person's by itself, or by the office that stands behind it."""
    words = name.split(" ")
    if len(words) == 2 and (_CHINESE_PERSON.fullmatch(name) or words[0] in _GIVEN_NAMES):
        return True
    return 2 <= len(words) <= 3 and _OFFICE_BEHIND.match(text, start + len(name)) is not None


def surname_of(name: str) -> str | None:
    """What a person is called later on: the first word of a Chinese name, the last of another."""
    words = name.split(" ")
    if not 2 <= len(words) <= 4 or not all(word[:1].isupper() for word in words) or name.isupper():
        return None
    surname = words[0] if _SURNAME_FIRST.fullmatch(name) else words[-1]
    is_word = surname in GENERIC_BODIES or _OFFICE_WORD.fullmatch(surname) or not _IS_NO_DAY.match(surname)
    return surname if len(surname) > 1 and surname.replace("-", "").isalpha() and not is_word else None
