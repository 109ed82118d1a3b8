"""PDF: lines become paragraphs, what recurs at the edges of pages is furniture, and what cannot be read is refused."""

from __future__ import annotations

import contextlib
import textwrap
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks import readers
from tasks.readers import Reading, Unreadable
from tests.test_html import blocks, damaged, furniture, is_sound, prose

Text = tuple[float, float, float, str]  # left, distance from the bottom, size of type, words


def pdf(pages: Iterable[Sequence[Text]], *, info: str = "", rotation: int = 0, extra: str = "") -> bytes:
    """A PDF file with one line of Courier for each text."""
    objects: list[bytes] = [b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"]
    kids = []
    for texts in pages:
        content = "\n".join(
            f"BT /F {size} Tf 1 0 0 1 {left} {y} Tm ({_escaped(words)}) Tj ET" for left, y, size, words in texts
        ).encode("cp1252")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 1 0 R /MediaBox [0 0 595 842] /Rotate %d /Contents %d 0 R "
            b"/Resources << /Font << /F 2 0 R >> >> >>" % (rotation, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    objects.append(b"<< /Type /Catalog /Pages 1 0 R >>")
    catalog = len(objects)
    objects.append(f"<< {info} >>".encode())
    content = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = f"<< /Size {len(objects) + 1} /Root {catalog} 0 R /Info {len(objects)} 0 R {extra} >>".encode()
    start = len(content)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return content + head + table + b"trailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % start


def _escaped(words: str) -> str:
    return words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def set_in_lines(
    paragraphs: Iterable[str], *, left: float = 72, top: float = 740, size: float = 10, width: int = 72,
    gap: float = 8, indent: float = 0,
) -> list[Text]:  # fmt: skip
    """The lines of some paragraphs below each other."""
    lines, y = [], top
    for paragraph in paragraphs:
        for number, line in enumerate(textwrap.wrap(paragraph, width)):
            lines.append((left + (indent if number == 0 else 0), y, size, line))
            y -= size * 1.2
        y -= gap
    return lines


def read(content: bytes, *, largest: int = 10_000_000) -> Reading:
    return readers.read(content, "a.pdf", largest=largest)


def refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(content)
    return caught.value.reason


def paragraphs(reading: Reading) -> list[str]:
    return [line for line, is_furniture in blocks(reading) if not is_furniture]


A = prose(12)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(set_in_lines(A[:8]), id="space between paragraphs"),
        pytest.param(set_in_lines(A[:8], gap=0, indent=20), id="first lines indented"),
        pytest.param(set_in_lines(A[:4], size=14, width=50), id="large type"),
        pytest.param(set_in_lines(A[:3], width=36) + set_in_lines(A[3:6], width=36, left=320), id="two columns"),
    ],
)
def test_lines_become_paragraphs(lines: list[Text]) -> None:
    words = " ".join(line[3] for line in lines)
    found = paragraphs(read(pdf([lines])))
    assert " ".join(found) == words
    assert found == [text for text in A if text in words]


@pytest.mark.parametrize(
    "across",
    [
        pytest.param([(72, 780, 18, "The Register of the River Ports in Practice")], id="a title"),
        pytest.param(set_in_lines(["The Ports of Wuhan share one Register. " * 3], top=780, width=80), id="a summary"),
    ],
)
def test_what_goes_across_the_page_leaves_the_columns_below_whole(across: list[Text]) -> None:
    names = [f"In the Port of {name} the Bureau of Rivers and the Guild of Pilots keep one Register of Barges and Tugs."
             for name in ("Wuhan", "Yichang", "Nanjing", "Anqing")]  # fmt: skip
    columns = set_in_lines(names[:2], width=36) + set_in_lines(names[2:], width=36, left=320, top=752)
    assert paragraphs(read(pdf([across + columns])))[1:] == names


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_alike(rotation: int) -> None:
    content = pdf([set_in_lines(A[:4])], rotation=rotation)
    turned = {
        0: b"1 0 0 1 %s %s Tm", 90: b"0 1 -1 0 %s %s Tm", 180: b"-1 0 0 -1 %s %s Tm", 270: b"0 -1 1 0 %s %s Tm",
    }  # fmt: skip
    pages = []
    for left, y, size, words in set_in_lines(A[:4]):
        place = {0: (left, y), 90: (595 - y, left), 180: (595 - left, 842 - y), 270: (y, 842 - left)}[rotation]
        matrix = (turned[rotation] % tuple(str(round(n)).encode() for n in place)).decode()
        pages.append(f"BT /F {size} Tf {matrix} ({words}) Tj ET")
    stream = "\n".join(pages).encode()
    start, end = content.index(b"stream\n") + 7, content.index(b"\nendstream")
    content = content[:start] + stream + content[end:]
    assert paragraphs(read(content)) == A[:4]


def test_a_title_over_two_lines_is_one_paragraph() -> None:
    title = [(72, 780, 20, "The Digital Economy of the Western Provinces"), (72, 756, 20, "and Its Road to the Sea")]
    found = paragraphs(read(pdf([title + set_in_lines(A[:3], top=700)])))
    assert found == ["The Digital Economy of the Western Provinces and Its Road to the Sea", *A[:3]]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        pytest.param(["the interna-", "tional market"], "the international market", id="a word divided"),
        pytest.param(["trade by e-", "commerce grows"], "trade by e-commerce grows", id="a single letter"),
        pytest.param(["the Asia-", "Pacific region"], "the Asia-Pacific region", id="a name"),
        pytest.param(
            ["our long-term goals and long-", "term plans"], "our long-term goals and long-term plans", id="compound"
        ),
        pytest.param(["the market ends-"], "the market ends-", id="at the end"),
        pytest.param(["the plan -", "and its goals"], "the plan - and its goals", id="a dash"),
    ],
)
def test_hyphens_at_the_end_of_lines(lines: list[str], text: str) -> None:
    assert read(pdf([[(72, 700 - 12 * i, 10, line) for i, line in enumerate(lines)]])).text == text


def test_running_headers_and_page_numbers_are_furniture() -> None:
    pages = [
        [
            (72, 800, 9, "Bureau of Data, 17 November 2020"),
            *set_in_lines(A[3 * i : 3 * i + 3]),
            (290, 40, 9, f"- {i + 1} -"),
        ]
        for i in range(4)
    ]
    reading = read(pdf(pages))
    assert paragraphs(reading) == A
    assert set(furniture(reading)) == {"Bureau of Data, 17 November 2020", "- 1 -", "- 2 -", "- 3 -", "- 4 -"}


def test_a_running_header_on_two_pages_is_furniture() -> None:
    pages = [[(72, 800, 9, "Bureau of Data"), *set_in_lines(A[3 * i : 3 * i + 3])] for i in range(2)]
    assert paragraphs(read(pdf(pages))) == A[:6]


@pytest.mark.parametrize("count", [1, 2])
def test_what_a_browser_prints_around_a_page_is_furniture(count: int) -> None:
    pages = [
        [
            *set_in_lines([f"1/9/24, 4:10 PM was when the lock opened. {text}" for text in A[2 * i : 2 * i + 2]]),
            (24, 810, 8, "11/30/24, 4:13 PM One Register for the Ports"),
            (24, 20, 8, f"https://ports.example/register.html {i + 1}/{count}"),
        ]
        for i in range(count)
    ]
    reading = read(pdf(pages))
    assert all(line.startswith("1/9/24") for line in paragraphs(reading))
    assert len(furniture(reading)) == 2 * count


def test_a_title_that_later_pages_repeat_in_small_type_stays() -> None:
    first = [(72, 800, 20, "Annual Report of the Bureau"), *set_in_lines(A[:3])]
    others = [[(72, 800, 9, "Annual Report of the Bureau"), *set_in_lines(A[3 * i : 3 * i + 3])] for i in range(1, 4)]
    assert paragraphs(read(pdf([first, *others]))) == ["Annual Report of the Bureau", *A]


def test_rows_of_figures_at_the_edges_of_pages_stay() -> None:
    pages = [
        [(72, 780 - 20 * row, 10, f"{page}.{row} {row * 1000} 2,0{page}{row}") for row in range(9)] for page in range(4)
    ]
    assert not furniture(read(pdf(pages)))


def test_a_paragraph_goes_on_over_the_page_past_footnotes() -> None:
    lines = set_in_lines(A[:2])
    pages = [
        [*lines[:4], (72, 120, 7, "1 See the yearbook of the bureau, second table."), (290, 40, 9, "1")],
        [*lines[4:], (290, 40, 9, "2")],
    ]
    found = paragraphs(read(pdf(pages)))
    assert sorted(found) == sorted([*A[:2], "1 See the yearbook of the bureau, second table."])


def test_pages_without_text_stand_among_others() -> None:
    assert paragraphs(read(pdf([set_in_lines(A[:2]), [], set_in_lines(A[2:4])]))) == A[:4]


@pytest.mark.parametrize(
    ("info", "properties"),
    [
        pytest.param(f"/Title ({A[0][:30]})", {"title": A[0][:30]}, id="a title that the text has"),
        pytest.param("/Title (Microsoft Word - Document1)", {}, id="a title that it has not"),
        pytest.param("/Author (Ada Lim)", {"author": "Ada Lim"}, id="author"),
        pytest.param("/Author (Administrator)", {}, id="an account"),
        pytest.param("/CreationDate (D:20201117235959-05'00')", {"publication_date": "2020-11-17"}, id="date"),
        pytest.param("/CreationDate (D:2020)", {"publication_date": "2020"}, id="year"),
        pytest.param("/CreationDate (yesterday)", {}, id="no date"),
    ],
)
def test_properties(info: str, properties: dict[str, str]) -> None:
    assert read(pdf([set_in_lines(A[:2])], info=info)).properties == properties


LOCKED = f"/Filter /Standard /V 1 /R 2 /O <{'ab' * 32}> /U <{'cd' * 32}> /P -4"  # no password fits these


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(pdf([[], []]), "no_text_layer", id="no text"),
        pytest.param(pdf([]), "corrupt", id="no pages"),
        pytest.param(
            pdf([set_in_lines(A)], extra=f"/Encrypt << {LOCKED} >> /ID [<00> <00>]"), "encrypted", id="a password"
        ),
        pytest.param(b"%PDF-1.7\n", "corrupt", id="nothing behind the mark"),
        pytest.param(b"%PDF-1.7\n" + bytes(range(256)) * 20, "corrupt", id="rubbish"),
    ],
)
def test_refusals(content: bytes, reason: str) -> None:
    assert refusal(content) == reason


def test_the_table_of_objects_may_be_broken() -> None:
    content = pdf([set_in_lines(A[:3])])
    assert paragraphs(read(content.replace(b"startxref\n", b"startxref\n7"))) == A[:3]
    assert paragraphs(read(b"\n\n" + content)) == A[:3]


def test_text_beyond_the_limit_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        read(pdf([set_in_lines(A)] * 3), largest=2000)
    assert caught.value.reason == "too_large"


def test_a_text_that_mentions_the_mark_is_no_pdf() -> None:
    assert readers.read(b"The files start with %PDF-1.7 or so.", "a.txt", largest=1000).media_type == "text/plain"


SAMPLE = pdf([set_in_lines(A[:2]), set_in_lines(A[2:4])], info="/Title (A) /Author (B) /CreationDate (D:2020)")


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    with contextlib.suppress(Unreadable):
        is_sound(read(damaged(data, SAMPLE)))
