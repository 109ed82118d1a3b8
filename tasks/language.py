"""The language of a text."""

from __future__ import annotations

from functools import cache
from typing import Any

# The identifier chooses among these: with all of its languages it takes a list of Chinese names for Javanese.
_KNOWN_LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "pt", "ru", "zh")


@cache
def language_identifier() -> Any:
    """The loaded identifier: some 0.1 s the first time."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(_KNOWN_LANGUAGES))
    return identifier


def identify_language(text: str) -> str:
    """The text's ISO 639-1 code, judged by its first part."""
    return str(language_identifier().classify(text[:2000])[0])
