"""The layout of a text: its paragraphs, what a line is, and what the lines above the body state."""

from tasks.layout.blocks import Paragraph, paragraphs
from tasks.layout.header import Header, read_header
from tasks.layout.lines import PUBLICATION, is_byline, is_caption, is_date_line, is_heading, is_note, possible_row

__all__ = [
    "PUBLICATION",
    "Header",
    "Paragraph",
    "is_byline",
    "is_caption",
    "is_date_line",
    "is_heading",
    "is_note",
    "paragraphs",
    "possible_row",
    "read_header",
]
