"""RTF: the text that a reader sees, in the code page that it is written in."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks import readers
from tasks.readers import Reading, Unreadable
from tests.test_html import damaged, is_sound


def read(content: bytes | str) -> Reading:
    return readers.read(content.encode("ascii") if isinstance(content, str) else content, "a.txt", largest=10_000_000)


# A text box, as programs of today and of long ago write it.
BOX = r"{\*\shpinst\shpleft9{\sp{\sn shapeType}{\sv 202}}{\shptxt \pard In {\b a}\par box\par}{\sp{\sn fFlip}{\sv 0}}}"
OLD_BOX = r"{\*\do\dobxcolumn\dptxbx{\dptxbxtext\pard In a\par box\par}\dpx9\dpy9}"
BOXED = "\n\nIn a\n\nbox"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param(r"One\par Two\line three", "One\n\nTwo\nthree", id="paragraphs and lines"),
        pytest.param("One\r\n two\\par\r\nThree", "One two\n\nThree", id="line ends of the file are none of the text"),
        pytest.param(r"a\{b\}c\\d\~e\_f\-g", "a{b}c\\d\u00a0e-fg", id="symbols"),
        pytest.param(r"\ldblquote a\rdblquote\emdash b\rquote s", "“a”—b’s", id="marks"),
        pytest.param(r"caf\'e9 \'93x\'94", "café “x”", id="code page"),
        pytest.param(r"\u8220?a\u8221?", "“a”", id="Unicode with one character for old programs"),
        pytest.param(r"\uc2\u25968\'ca\'fdx", "数x", id="two"),
        pytest.param(r"\uc0\u25968 x", "数x", id="none"),
        pytest.param(r"{\uc0 \u25968}\u25968?x", "数数x", id="the number of them ends with its group"),
        pytest.param(r"\u-10187?\u-9216?", "\U0001d400", id="two halves"),
        pytest.param(r"a\u-10187?b", "a\ufffdb", id="one half"),
        pytest.param(r"{\fonttbl{\f0 Arial;}{\f1\fcharset134 SimSun;}}\f1\'ca\'fd\'be\'dd\f0  caf\'e9", "数据 café", id="fonts"),
        pytest.param(r"{\b bold} and {\i italic}", "bold and italic", id="groups"),
        pytest.param(r"a{\v hidden}b\v hidden\v0 c\deleted gone\deleted0 d\v e\plain f", "abcdf", id="hidden and deleted"),
        pytest.param(r"{\header H}{\footerf F}{\info{\title T}}{\*\generator G;}x", "x", id="apart"),
        pytest.param(r"x{\pict\pngblip 89504e47}y", "xy", id="a picture"),
        pytest.param(r"One{\footnote Note \i one} goes on.\par Two", "One goes on.\n\nTwo\n\nNote one", id="a footnote"),
        pytest.param(rf"One{{\shp{BOX}}} goes on.\par Two", "One goes on.\n\nTwo" + BOXED, id="a text box"),
        pytest.param(rf"One{{\shp{BOX}{{\shprslt{OLD_BOX}}}}} goes on.", "One goes on." + BOXED, id="a text box twice"),
        pytest.param(rf"One{OLD_BOX} goes on.", "One goes on." + BOXED, id="a text box of an old program"),
        pytest.param(rf"One{{\shpgrp{{\*\shpinst{{\shp{BOX}}}{{\shp{BOX}}}}}}}", "One" + BOXED * 2, id="two in a group"),
        pytest.param(rf"{{\header H{{\shp{BOX}}}}}{{\*\x{{\shp{BOX}}}}}One", "One", id="a text box in what is apart"),
        pytest.param(r'{\field{\*\fldinst HYPERLINK "https://a.example"}{\fldrslt the law}}', "the law", id="a link"),
        pytest.param(r"\trowd\cellx1\cellx2 A\cell B\cell\row C\cell D\cell\row", "A\tB\n\nC\tD", id="a table"),
        pytest.param("{" * 50_000 + "deep" + "}" * 50_000, "deep", id="nested deeply"),
        pytest.param(r"{\upr{a}{\*\ud{b}}}", "a", id="twice"),
        pytest.param("a\\", "a", id="a lone backslash"),
    ],
)  # fmt: skip
def test_text(source: str, text: str) -> None:
    body = source + ("\n" if source.endswith("\\") else "")
    assert read(rf"{{\rtf1\ansi\ansicpg1252 {body}}}").text == text


# One notice as three programs save it: each begins nearly every line with a control word.
WORDPAD = rb"""{\rtf1\ansi\ansicpg1252\deff0\nouicompat\deflang1033{\fonttbl{\f0\fnil\fcharset0 Calibri;}}
{\*\generator Riched20 10.0.22621}\viewkind4\uc1
\pard\sa200\sl276\slmult1\f0\fs22\lang9 A bureau of ports opens
\par March 9, 2023
\par Its staff will \b
chart every river\b0  and \'93share the charts\'94.
\par
\pard\sa200 They begin in May.\par
}"""
LIBREOFFICE = rb"""{\rtf1\ansi\deff3\adeflang1025
{\fonttbl{\f0\froman\fprq2\fcharset0 Times New Roman;}{\f3\froman\fprq2\fcharset0 Liberation Serif;}}
{\colortbl;\red0\green0\blue0;}
{\stylesheet{\s0\snext0\fs24\lang2057 Normal;}
{\s15\sbasedon0\snext16\sb240 Heading;}
}{\*\generator LibreOffice/7.4.7.2}{\info{\creatim\yr2023\mo3\dy9}}{\*\userprops}\deftab709
\hyphauto1\viewscale100
{\*\pgdsctbl
{\pgdsc0\pgdscuse451\pgwsxn11906\pghsxn16838\marglsxn1134\pgdscnxt0 Default Page Style;}}
\formshade\paperh16838\paperw11906\margl1134\margr1134\sectd\sbknone\pgndec\sftnnar\sectunlocked1
{\*\ftnsep\chftnsep}\pgndec\pard\plain \s15\ltrpar\sb240{\loch
A bureau of ports opens}
\par \pard\plain \s0\ltrpar{\loch
March 9, 2023}
\par \pard\plain \s0\ltrpar{\loch
Its staff will }{\b\loch
chart every river}{\loch
 and \u8220\'93share the charts\u8221\'94.}
\par \pard\plain \s0\ltrpar{\loch
They begin in May.}
\par }"""
TEXTEDIT = rb"""{\rtf1\ansi\ansicpg1252\cocoartf2709
\cocoatextscaling0\cocoaplatform0{\fonttbl\f0\fswiss\fcharset0 Helvetica;\f1\fswiss\fcharset0 Helvetica-Bold;}
{\colortbl;\red255\green255\blue255;}
{\*\expandedcolortbl;;}
\paperw11900\paperh16840\margl1440\margr1440\vieww11520\viewh8400\viewkind0
\pard\tx566\tx1133\pardirnatural\partightenfactor0

\f0\fs24 \cf0 A bureau of ports opens\
March 9, 2023\
\
Its staff will
\f1\b  chart every river
\f0\b0  and \'93share the charts\'94.\
They begin in May.}"""


@pytest.mark.parametrize("content", [WORDPAD, LIBREOFFICE, TEXTEDIT], ids=["WordPad", "LibreOffice", "TextEdit"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_a_line_may_begin_with_a_control_word(content: bytes, line_end: bytes) -> None:
    assert read(content.replace(b"\n", line_end)).text.split("\n\n") == [
        "A bureau of ports opens",
        "March 9, 2023",
        "Its staff will chart every river and “share the charts”.",
        "They begin in May.",
    ]


def test_bytes_of_a_picture_are_skipped_whatever_they_are() -> None:
    assert read(rb"{\rtf1 a{\pict\bin6 }}{{\x}b}").text == "ab"


@pytest.mark.parametrize(
    ("head", "encoding", "word"),
    [
        pytest.param(rb"\ansi\ansicpg1251", "cp1251", "цифры", id="Cyrillic"),
        pytest.param(rb"\ansi\ansicpg936", "gb18030", "数字经济", id="Chinese"),
        pytest.param(rb"\mac", "mac-roman", "café", id="Macintosh"),
        pytest.param(rb"\pc", "cp437", "café", id="DOS"),
        pytest.param(rb"", "cp1252", "café", id="none declared"),
    ],
)
def test_the_code_page_is_the_declared_one(head: bytes, encoding: str, word: str) -> None:
    escaped = "".join(f"\\'{byte:02x}" for byte in word.encode(encoding)).encode()
    reading = read(rb"{\rtf1" + head + b" " + escaped + b"}")
    assert (reading.text, reading.encoding, reading.media_type) == (word, encoding, "application/rtf")


def test_a_code_page_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Unreadable, match="code page that does not exist: 99999"):
        read(r"{\rtf1\ansicpg99999 a}")


@pytest.mark.parametrize("source", [r"{\rtf1 some text", r"{\rtf1 {\b some} {text}", r"{\rtf1 a\bin999 }"])
def test_a_file_that_breaks_off_is_refused(source: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(source)
    assert caught.value.reason == "corrupt"


def test_what_stands_behind_the_end_is_no_text() -> None:
    assert read(b"{\\rtf1 one}\r\n\0\0{two}").text == "one"


SAMPLE = (
    rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 A;}{\f1\fcharset134 S;}}\uc1 One \b bold\b0 {\footnote note}\par "
    rb"\f1\'ca\'fd\u25968?\u-10187?\u-8704?{\pict\bin4 abcd}\trowd A\cell B\cell\row{\v no}\~x\par}"
)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    with contextlib.suppress(Unreadable):
        reading = read(damaged(data, SAMPLE))
        if reading.media_type == "application/rtf" and reading.text:
            is_sound(reading)
