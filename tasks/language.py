"""The language of a text."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# The identifier chooses among these: with all of its languages it takes a list of Chinese names for Javanese.
_KNOWN_LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "pt", "ru", "zh")

# Codes with the names that documents state instead; without those of more than one word.
_NAMES = """
af Afrikaans am Amharic an Aragonese ar Arabic as Assamese az Azerbaijani be Belarusian bg Bulgarian bn Bengali br Breton
bs Bosnian ca Catalan cs Czech cy Welsh da Danish de German dz Dzongkha el Greek en English eo Esperanto es Spanish et Estonian
eu Basque fa Persian fi Finnish fo Faroese fr French ga Irish gl Galician gu Gujarati he Hebrew hi Hindi hr Croatian hu Hungarian
hy Armenian id Indonesian is Icelandic it Italian ja Japanese jv Javanese ka Georgian kk Kazakh km Khmer kn Kannada ko Korean
ku Kurdish ky Kyrgyz la Latin lb Luxembourgish lo Lao lt Lithuanian lv Latvian mg Malagasy mk Macedonian ml Malayalam
mn Mongolian mr Marathi ms Malay mt Maltese ne Nepali nl Dutch no Norwegian oc Occitan or Odia pa Punjabi pl Polish ps Pashto
pt Portuguese qu Quechua ro Romanian ru Russian rw Kinyarwanda si Sinhala sk Slovak sl Slovenian sq Albanian sr Serbian
sv Swedish sw Swahili ta Tamil te Telugu th Thai tl Tagalog tr Turkish ug Uyghur uk Ukrainian ur Urdu vi Vietnamese wa Walloon
xh Xhosa zh Chinese zu Zulu bo Tibetan ha Hausa ig Igbo my Burmese so Somali tg Tajik tk Turkmen tt Tatar uz Uzbek yo Yoruba
""".casefold().split()
_CODES = dict(zip(_NAMES[1::2], _NAMES[::2], strict=True))

_FIRST_PART = 2000  # characters

# Words that make up a quarter of any English text and are not those of other languages, and the reverse.
_ENGLISH_WORDS = "and been by for from have its of that the their this to were which with"
_FOREIGN_WORDS = """
aan au auf aus av bir che com con da dan das de dei del della dem den der det di do dos du een ei ein eine el em en est et
ett gli het il im ist ja ke la las le les los mit na nicht nie och og os para por pour que se sich sie sind som sono sur sus
til um una und une van ve von voor wie wird wo yang za zu zum zur
"""
_ENGLISH, _FOREIGN = frozenset(_ENGLISH_WORDS.split()), frozenset(_FOREIGN_WORDS.split())
_FEWEST_WORDS = 100
_ENGLISH_SHARE = 0.12
_FOREIGN_SHARE = 0.01
_BYTES_PER_LETTER = 1.04  # in UTF-8: a few quotation marks and accents

# Letters that are not Latin: from Greek to Cherokee, and from the radicals of Chinese on, without full-width Latin ones.
_OTHER_LETTERS = re.compile(
    r"[\u0370-\u1cff\u2e80-\u2fff\u3040-\ud7ff\uf900-\ufaff\ufb07-\ufdff\ufe70-\ufefc\U00020000-\U0003ffff]+"
)
_LATIN_LETTERS = 3  # say as much as one Chinese character


@cache
def language_identifier() -> Any:
    """The loaded identifier: some 0.4 s the first time."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(_KNOWN_LANGUAGES))
    return identifier


def identify_language(text: str) -> str:
    """The text's ISO 639-1 code, judged by its first part; where that is plainly English, without the identifier.

    What stands in another script beside more that is Latin, such as an original beside its translation, has no say.
    """
    start = text[:_FIRST_PART]
    if not is_in_other_script(start):
        start = _OTHER_LETTERS.sub(" ", start)
    return "en" if is_plainly_english(start) else str(language_identifier().classify(start)[0])


def is_in_other_script(text: str) -> bool:
    """Whether more of a text is written in other than Latin letters."""
    if text.isascii() or not (other := sum(map(len, _OTHER_LETTERS.findall(text)))):
        return False
    return other * _LATIN_LETTERS > sum(map(str.isalpha, text)) - other


def language_code(written: str) -> str | None:
    """The ISO 639-1 code of a language written as `en`, `en-GB` or `English`."""
    first = re.split(r"[-_]", written.strip().casefold())[0]
    return first if re.fullmatch(r"[a-z]{2}", first) else _CODES.get(first)


def is_plainly_english(text: str) -> bool:
    """Whether a text is long enough, and full enough of English and free of foreign small words, to be English for sure."""
    words = text.casefold().split()
    return (
        len(words) >= _FEWEST_WORDS
        and len(text.encode("utf-8", "surrogatepass")) <= _BYTES_PER_LETTER * len(text)
        and sum(map(_ENGLISH.__contains__, words)) >= _ENGLISH_SHARE * len(words)
        and sum(map(_FOREIGN.__contains__, words)) <= _FOREIGN_SHARE * len(words)
    )
