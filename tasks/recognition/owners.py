"""Whose a body is: those of other states and parties often go by the name of one of China's."""

from __future__ import annotations

import re
from dataclasses import replace

from tasks.gazetteer import organs_of_china, places_of_china
from tasks.recognition.mentions import Found

_OF = re.compile(r" of (?:the )?")
_POSSESSIVE = re.compile(r"'s? (?:[a-z-]+ )?")  # "Vietnam's ruling Communist Party"
# Ministries, parties and organs with a number go by one name in many countries.
_SHARED_NAME = re.compile(r"Ministry of .+|.+ (?:Central Committee|Politburo|Political Bureau|Congress|Party)")
_PARTY = re.compile(r".+ (?:Party|League)(?: of .+)?")
_CHINAS_PARTY = re.compile(r"(?:.+ )?(?:Communist Party of China|Chinese Communist Party)|Communist Party")
_CHINA = re.compile(r"\b(?:China|Chinese|Communists?)\b")
# "informed the Ministry of Commerce of Japan's reply"
_TELLS_OF = re.compile(r"\b(?:inform|notif|advis|assur|remind|warn|accus|convinc|persuad)\w* (?:the )?$")


def with_owners(text: str, taken: list[Found]) -> None:
    """Give the bodies of other states and parties among the mentions, which are in reading order, their whole names.

    "Central Committee of the Communist Party of Vietnam" is one mention and so is "Russian Ministry of Finance". A
    possessive in front is a mention of its own, and behind it what would be China's stands for its name with "of".
    """
    # From the last on, so that the party is whole whose committee is told; what stands behind belongs closer.
    for place in reversed(range(len(taken) - 1)):
        body, behind = taken[place], taken[place + 1]
        if (
            _OF.fullmatch(text, body.end, behind.start)
            and _is_shared(text, body)
            and _is_another(text, behind)
            and not (text.startswith("'s", behind.end) and _TELLS_OF.search(text, max(0, body.start - 20), body.start))
        ):
            taken[place : place + 2] = [replace(body, end=behind.end)]
    for place in reversed(range(1, len(taken))):
        owner, body = taken[place - 1 : place + 1]
        name = text[body.start : body.end]
        if not (_is_shared(text, body) and _is_another(text, owner)):
            continue
        if text[owner.end : body.start] == " ":
            taken[place - 1 : place + 1] = [replace(body, start=owner.start)]
        elif name in organs_of_china() and _POSSESSIVE.fullmatch(text, owner.end, body.start):
            article = "the " if text.endswith(("the ", "The "), 0, owner.start) else ""
            taken[place] = replace(body, stands_for=f"{name} of {article}{text[owner.start : owner.end]}")


def _is_shared(text: str, body: Found) -> bool:
    """Whether a body's name tells of itself only what it is and not whose."""
    name = text[body.start : body.end]
    return body.label in ("ORG", "EVENT") and (name in organs_of_china() or _SHARED_NAME.fullmatch(name) is not None)


def _is_another(text: str, owner: Found) -> bool:
    """Whether a mention is of a place that is not in China, of its people, or of a party that does not govern China."""
    name = text[owner.start : owner.end]
    if owner.label == "ORG":
        return _PARTY.fullmatch(name) is not None and not _CHINAS_PARTY.fullmatch(name)
    return owner.label in ("GPE", "NORP") and name not in places_of_china() and not _CHINA.search(name)
