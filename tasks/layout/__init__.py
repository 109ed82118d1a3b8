"""The layout of a text: its paragraphs, what a line is, and what the lines above the body state."""

from tasks.layout.blocks import Paragraph, paragraphs
from tasks.layout.header import Header, read_header
from tasks.layout.lines import is_byline, is_caption, is_date_line, is_heading, is_note

__all__ = [
    "Header",
    "Paragraph",
    "is_byline",
    "is_caption",
    "is_date_line",
    "is_heading",
    "is_note",
    "paragraphs",
    "read_header",
]
