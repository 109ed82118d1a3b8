"""Headlines: lines in which every word has a capital, or nothing but capitals."""

from __future__ import annotations

import re
from functools import cache

from tasks.gazetteer import gazetteer

_IN_CAPITALS = re.compile(r"[A-Z]+(?:'[A-Z]+)*")
_SMALL_WORDS = frozenset(("OF", "AND", "THE", "FOR", "ON", "IN", "TO", "AT", "WITH", "BY", "A", "AN"))
_HEADLINE_VERBS = re.compile(
    r"(?<= )(?:Act|Adopt|Agree|Announce|Approve|Attend|Brief|Call|Chair|Close|Convene|Deliver|Discuss|Exchange|Hold|"
    r"Host|Issue|Launch|Meet|Open|Pass|Pledge|Preside|Publish|Release|Respond|Review|Revise|Say|Sign|Stress|Study|Talk|Tell|Unveil|Urge|Visit|Vow)"
    r"(?:s|es|ed)?(?= [A-Za-z])"
)


def is_headline(text: str) -> bool:
    """Whether a line has no final stop and a capital in three of four of its longer words."""
    if len(text) > 250 or text.rstrip().endswith((".", "!", "?", ";", ":", ",")):
        return False
    words = text.split()
    longer = [word for word in words if len(word) > 3 and word[0].isalpha()]
    return min(len(words) - 1, len(longer)) > 2 and sum(word[0].isupper() for word in longer) >= 0.75 * len(longer)


def with_small_verbs(headline: str) -> str:
    """A headline with its verbs in lower case, so that no name runs over them; as long as before."""
    return _HEADLINE_VERBS.sub(lambda match: match.group().lower(), headline)


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
    names = (form for entry in gazetteer() for form in entry.forms)
    return frozenset(name for name in names if name.isupper() and name.isalpha()) - {"US", "WHO", "AI", "FED"}
