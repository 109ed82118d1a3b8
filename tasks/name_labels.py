"""The labels of things with names, as a setting or a line of a file may state them."""

from __future__ import annotations

from typing import Literal

NameLabel = Literal["PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"]
