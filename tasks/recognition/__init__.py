"""Recognise names: the statistical model, a gazetteer and patterns for open classes, with the model's known faults mended.

The conventions are those of OntoNotes 5, read for policy texts: the longest name and nothing nested in it, no article,
no title, no possessive ending; congresses and plenums are EVENT, plans and outlines are LAW.
"""

from tasks.recognition.headlines import title_case
from tasks.recognition.mentions import NAME_LABELS, Found
from tasks.recognition.passages import recognise
from tasks.recognition.short_forms import ShortForms, settle

__all__ = ["NAME_LABELS", "Found", "ShortForms", "recognise", "settle", "title_case"]
