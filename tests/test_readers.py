"""Readers: bytes in any encoding become clean text, front matter becomes metadata, and the rest is refused with a reason."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks import readers
from tasks.readers import SUFFIXES, Reading, Unreadable, is_plain
from tasks.readers.markdown import front_matter
from tasks.readers.text import decode, normalise

ENGLISH = "The committee said that digital trade grows, and that the rules of the market apply to every platform. "
CHINESE = "数据资源是数字经济的关键要素，各地要建设公共数据平台，推动企业共享数据。"


def read(content: bytes, path: str) -> Reading:
    return readers.read(content, path, largest=10_000_000)


def refusal(content: bytes, path: str = "a.txt") -> str:
    with pytest.raises(Unreadable) as caught:
        read(content, path)
    assert caught.value.detail == str(caught.value)
    assert caught.value.detail
    return caught.value.reason


def reason_of(reading: Callable[[], object]) -> str | None:
    """The reason why a file is refused, None if it is read; any other exception is an error."""
    try:
        reading()
    except Unreadable as verdict:
        return verdict.reason
    return None


# -- encodings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        pytest.param((ENGLISH + CHINESE).encode(), "utf-8", id="utf-8"),
        pytest.param((ENGLISH + CHINESE).encode("utf-8-sig"), "utf-8", id="utf-8 with a mark"),
        pytest.param((ENGLISH + CHINESE).encode("utf-16"), "utf-16", id="utf-16"),
        pytest.param(codecs.BOM_UTF16_LE + (ENGLISH + CHINESE).encode("utf-16-le"), "utf-16", id="utf-16, little end"),
        pytest.param(codecs.BOM_UTF16_BE + (ENGLISH + CHINESE).encode("utf-16-be"), "utf-16", id="utf-16, big end"),
        pytest.param(codecs.BOM_UTF32_LE + (ENGLISH + CHINESE).encode("utf-32-le"), "utf-32", id="utf-32, little end"),
        pytest.param(codecs.BOM_UTF32_BE + (ENGLISH + CHINESE).encode("utf-32-be"), "utf-32", id="utf-32, big end"),
    ],
)
def test_unicode_encodings_are_told_for_certain(content: bytes, encoding: str) -> None:
    assert read(content, "a.txt") == Reading(ENGLISH + CHINESE, "text/plain", encoding)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(ENGLISH * 3 + "“Quoted” – it’s a café…", "cp1252", id="cp1252, quotation marks"),
        pytest.param(ENGLISH * 3 + "The naïve façade of a crème brûlée costs €5.", "cp1252", id="cp1252, accents"),
        pytest.param(ENGLISH * 3 + "A café in Österreich, près de Zürich.", "latin-1", id="latin-1"),
        pytest.param(CHINESE * 3, "gb18030", id="gb18030"),
        pytest.param(ENGLISH * 3 + "It’s l’économie, s’il s’étend.", "mac-roman", id="mac-roman that has some UTF-8"),
        pytest.param(ENGLISH * 3 + CHINESE, "gb18030", id="gb18030 in English"),
        pytest.param(ENGLISH * 3 + CHINESE, "utf-16-le", id="utf-16 without a mark"),
    ],
)
def test_other_encodings_are_found_out_by_their_text(text: str, encoding: str) -> None:
    assert read(text.encode(encoding), "a.txt").text == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_without_a_mark_are_told_by_their_zeros(encoding: str) -> None:
    assert read((ENGLISH * 3).encode(encoding), "a.txt") == Reading(ENGLISH * 3, "text/plain", encoding)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(ENGLISH * 20 + CHINESE * 5, "utf-8", id="UTF-8"),
        pytest.param(ENGLISH * 20 + CHINESE * 5, "gb18030", id="GB 18030"),
        pytest.param(ENGLISH * 20, "utf-8", id="ASCII"),
    ],
)
def test_a_few_broken_bytes_cost_themselves_only(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    place = len(ENGLISH)
    reading = read(content[:place] + b"\xff" + content[place:], "a.txt")
    assert reading.text[:place] == ENGLISH
    assert reading.text.endswith(text[place + 1 :])


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(b" Next year\x92s.", " Next year’s.", id="a quotation mark in cp1252"),
        pytest.param(b" A caf\xe9.", " A café.", id="an accent in cp1252"),
        pytest.param(b" Next\xa0year.", " Next\xa0year.", id="a space in cp1252"),
        pytest.param(b" Undefined\x81.", " Undefined\ufffd.", id="a byte that cp1252 has not"),
        pytest.param(b" The year\xe2\x80s end.", " The year\ufffds end.", id="a byte lost"),
        pytest.param(b" The year\xe2\x80", " The year\ufffd", id="cut within a character"),
    ],
)
@pytest.mark.parametrize("quoted", ["“Yes” ", "It’s – “yes” ", "Müller’s 数据 ", "“Yes” " * 9])
def test_a_broken_byte_in_a_text_of_few_marks_costs_itself_only(quoted: str, content: bytes, text: str) -> None:
    assert read((ENGLISH + quoted + ENGLISH).encode() + content, "a.txt") == Reading(
        ENGLISH + quoted + ENGLISH + text, "text/plain", "utf-8"
    )


@pytest.mark.parametrize(
    ("other", "encoding"),
    [
        pytest.param("It’s the mill’s “own” view – so far… A café.", "cp1252", id="cp1252"),
        pytest.param(CHINESE, "gb18030", id="GB 18030"),
        pytest.param("Порты обмениваются данными, и города знают об этом.", "cp1251", id="Cyrillic"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_lines_in_utf_8_are_none_of_what_the_others_are_in(other: str, encoding: str, line_end: str) -> None:
    parts = [("The port’s data.", "utf-8"), (ENGLISH, "utf-8"), (other, encoding), ("“Yes.”", "utf-8")]
    content = (line_end * 2).encode().join(text.encode(name) for text, name in parts)
    assert read(content, "a.txt") == Reading("\n\n".join(text for text, _ in parts), "text/plain", encoding)


@pytest.mark.parametrize(
    ("content", "path", "media_type"),
    [
        pytest.param(b"<html><body><p>Some text</p></body></html>", "a.txt", "text/html", id="a page named as text"),
        pytest.param(b"\xef\xbb\xbf<!-- x -->\n<!DOCTYPE HTML><p>Some text", "a.txt", "text/html", id="after a mark"),
        pytest.param("<html><p>Some text</p></html>".encode("utf-16"), "a", "text/html", id="a page in UTF-16"),
        pytest.param(b"<p>Some text</p>", "a.html", "text/html", id="a fragment"),
        pytest.param(b"<p>Some text</p>", "a.txt", "text/plain", id="a tag in a text"),
        pytest.param(b"Some plain text", "a.html", "text/plain", id="a text named as a page"),
        pytest.param(b"# Title\n\nSome text", "a.MD", "text/markdown", id="capitals in the suffix"),
        pytest.param(b"Some <html> in a text", "a.txt", "text/plain", id="a tag further on"),
        pytest.param(b"\n {\\rtf1 Some text}", "a.txt", "application/rtf", id="RTF named as text"),
        pytest.param(b"Some text", "a.pdf", "text/plain", id="a text named as PDF"),
    ],
)
def test_the_content_decides_on_the_reader(content: bytes, path: str, media_type: str) -> None:
    assert read(content, path).media_type == media_type
    assert is_plain(content, path) == (media_type in ("text/plain", "text/markdown"))


@pytest.mark.parametrize("mark", [b"%PDF-1.7\n", b"{\\rtf1 ", b"<html>"])
def test_a_mark_far_from_the_start_is_text_whether_or_not_the_whole_is_seen(mark: bytes) -> None:
    content = b" " * 5000 + mark + b"Some text"
    assert is_plain(content[:4096], "a.txt")
    assert read(content, "a.txt").media_type == "text/plain"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "empty", id="no bytes"),
        pytest.param(b" \r\n\t\n", "empty", id="blank"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "not_text", id="a picture"),
        pytest.param(b"ab" + bytes(200), "not_text", id="zeros, which are valid UTF-8"),
        pytest.param(b"PK\x03\x04" + bytes(200), "corrupt", id="an archive that is none"),
        pytest.param(bytes(range(1, 32)) * 30, "not_text", id="control characters"),
        pytest.param(b"\xff\xfea", "not_text", id="half a UTF-16 character"),
        pytest.param(codecs.BOM_UTF8 + b"abc\xff", "not_text", id="a UTF-8 mark on something else"),
        pytest.param(codecs.BOM_UTF32_BE + b"ab", "not_text", id="half a UTF-32 character"),
    ],
)
@pytest.mark.parametrize("path", ["a.txt", "a.md"])
def test_what_is_no_text_is_refused(content: bytes, reason: str, path: str) -> None:
    assert refusal(content, path) == reason


# -- normal form ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain", "plain", id="plain"),
        pytest.param("a\r\nb\rc\nd", "a\nb\nc\nd", id="line ends"),
        pytest.param("a\r\r\nb\r\r\n\r\r\nc\r\rd", "a\nb\n\nc\n\nd", id="line ends that were converted twice"),
        pytest.param("a\x0bb\x0cc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf", id="rare line ends"),
        pytest.param("a\x00b\x07c\x1bd\x7fe", "abcde", id="control characters"),
        pytest.param("a\u200bb\ufeffc\u202ed\u2066e", "abcde", id="invisible characters"),
        pytest.param("al\u00adthough it is\u00ad\nland", "although it island", id="soft hyphens"),
        pytest.param("tab\tstays", "tab\tstays", id="tab"),
        pytest.param("no\u00a0break", "no\u00a0break", id="no-break space"),
        pytest.param("cafe\u0301", "café", id="composed form"),
        pytest.param("oﬃce ﬁne eﬀect ﬂow baﬄe ﬅop ﬆop", "office fine effect flow baffle stop stop", id="ligatures"),
        pytest.param("½ Ⅳ data² Ａ① œuvre Æ ﬓ", "½ Ⅳ data² Ａ① œuvre Æ ﬓ", id="other compatibility characters stay"),
        pytest.param("Beijingâ€™s â€œplanâ€\x9d", "Beijing’s “plan”", id="mojibake of quotation marks"),
        pytest.param("Beijing\xe2\x80\x99s plan", "Beijing’s plan", id="mojibake through latin-1"),
        pytest.param("The cafÃ© opens", "The café opens", id="mojibake of an accent"),
        pytest.param("Ångström, São, naïve", "Ångström, São, naïve", id="right accents stay"),
        pytest.param("“President Xi‘s”", "“President Xi‘s”", id="marks the wrong way round stay"),
        pytest.param("&amp; &lt;b&gt;", "&amp; &lt;b&gt;", id="entities stay"),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_mojibake_in_a_file_is_mended_and_no_sign_of_a_binary_file() -> None:
    text = "Beijing’s rules aren’t the world’s last word. " * 10
    twice_encoded = text.encode().decode("latin-1").encode()
    assert read(twice_encoded, "a.txt").text == text


def test_a_few_stray_control_characters_are_cut_from_a_file() -> None:
    assert read(b"The ports\x00 share\x08 data.\r\nThey do.", "a.txt").text == "The ports share data.\nThey do."


MESSY = st.lists(
    st.sampled_from(["a", "é", "\r", "\n", "\x00", "\x85", "â€™", "Ã©", "\u0301", "\ufffd", "数", "\u200b"])
    | st.text(max_size=4),
    max_size=10,
).map(" ".join)


@settings(deadline=None, derandomize=True, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(text=MESSY)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert all(character in "\n\t" or unicodedata.category(character) != "Cc" for character in once)


# -- front matter -----------------------------------------------------------------------------------------------------


def test_front_matter_becomes_metadata_and_the_body_starts_behind_it() -> None:
    text = "---\ntitle: Rules for Platforms\ndate: 2021-10-18\n---\n# Rules\n\nBody.\n"
    assert read(text.encode(), "notes/a.md") == Reading(
        text,
        "text/markdown",
        "utf-8",
        text.index("# Rules"),
        {"title": "Rules for Platforms", "publication_date": "2021-10-18"},
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"---\r\ntitle: A\r\n---\r\nBody.", id="line ends of Windows"),
        pytest.param(codecs.BOM_UTF8 + b"---\ntitle: A\n---\nBody.", id="byte-order mark"),
        pytest.param(b"---  \ntitle: A\n--- \nBody.", id="space behind the fences"),
        pytest.param(b"---\ntitle: A\n...\nBody.", id="dots as the closing fence"),
    ],
)
def test_fences_may_be_written_in_several_ways(content: bytes) -> None:
    reading = read(content, "a.md")
    assert (dict(reading.metadata), reading.text[reading.body_start :]) == ({"title": "A"}, "Body.")


def test_front_matter_may_be_all_there_is() -> None:
    reading = read(b"---\ntitle: A\n---", "a.md")
    assert (dict(reading.metadata), reading.text[reading.body_start :]) == ({"title": "A"}, "")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# Title\n\nBody.", id="no fence"),
        pytest.param("Body.\n---\ntitle: A\n---\n", id="a fence further down"),
        pytest.param("---\ntitle: A\nno end", id="a fence that is not closed"),
        pytest.param("----\ntitle: A\n----\n", id="four dashes"),
        pytest.param("---\n\nBody.\n\n---\n\nMore.", id="rules that part a text"),
    ],
)
def test_markdown_without_front_matter_is_all_body(text: str) -> None:
    assert read(text.encode(), "a.md") == Reading(text, "text/markdown", "utf-8")


def test_empty_front_matter_ends_at_its_own_fence() -> None:
    reading = read(b"---\n---\nBody.\n\n---\n\nMore.", "a.md")
    assert (dict(reading.metadata), reading.text[reading.body_start :]) == ({}, "Body.\n\n---\n\nMore.")


def test_plain_text_has_no_front_matter() -> None:
    text = "---\ntitle: A\n---\nBody."
    assert read(text.encode(), "a.txt") == Reading(text, "text/plain", "utf-8")


WRAPPED = "The council has agreed that what it calls {}\nof the data that every port and every market holds is next.\n"


LETTER = (
    "From: Li Wen <li@ports.example>\nSent: Monday, October 18, 2021 9:05 AM\nTo: Press list\n"
    "Subject: Rules for the ports,\n and what they leave open\n\n"
)


@pytest.mark.parametrize(
    ("head", "metadata"),
    [
        pytest.param(
            LETTER,
            {
                "title": "Rules for the ports, and what they leave open",
                "author": "Li Wen",
                "publication_date": "Monday, October 18, 2021 9:05 AM",
            },
            id="as it is forwarded",
        ),
        pytest.param(
            "Delivered-To: me@there.example\nReceived: by there.example\n\twith SMTP id 7\n"
            "Date: Mon, 18 Oct 2021 09:05:00 +0800\nFrom: press@ports.example\nSubject: =?utf-8?q?Rules_for_caf=C3=A9s?=\n\n",
            {"title": "Rules for cafés", "publication_date": "Mon, 18 Oct 2021 09:05:00 +0800"},
            id="as it was sent",
        ),
        pytest.param(
            "From: A\nTo: B\nSubject: =?none?q?Rules?=\n\n",
            {"title": "=?none?q?Rules?="},
            id="an encoding of its own",
        ),
        pytest.param("Source: A\nDate: 2021-10-18\nSubject: Rules\n\n", {}, id="no e-mail"),
        pytest.param(LETTER.replace("\n\n", "\n"), {}, id="no end"),
    ],
)
def test_the_header_lines_of_an_email_become_metadata(head: str, metadata: dict[str, str]) -> None:
    body = "The ports share data.\n"
    reading = read((head + body).encode(), "a.txt")
    assert reading.metadata == metadata
    assert reading.text == head + body
    assert reading.text[reading.body_start :].lstrip() == (body if metadata else head + body)


@pytest.mark.parametrize(
    ("parted", "whole"),
    [
        pytest.param("the govern-\nance", "the governance", id="one word"),
        pytest.param("the regu-\nlation,", "the regulation,", id="one word with a mark behind it"),
        pytest.param("the long-\nterm use", "the long-term\nuse", id="two words"),
        pytest.param(
            "the low-\ncarbon use", "the low-carbon\nuse", id="two words that the dictionary has not together"
        ),
        pytest.param("the cyber-\nspace", "the cyber-space", id="two words that may be one"),
        pytest.param(
            "cyberspace, the cyber-\nspace", "cyberspace, the cyberspace", id="one word elsewhere in the text"
        ),
        pytest.param("pre-war and pre-\nwar use", "pre-war and pre-war\nuse", id="two words elsewhere in the text"),
        pytest.param("the eco-\nnomy.\n\nThe", "the economy.\n\nThe", id="at the end of a paragraph"),
        pytest.param("supply-\nDemand", "supply-\nDemand", id="a capital behind it"),
        pytest.param("the pre-\nand post-war use", "the pre-\nand post-war use", id="half a word that another ends"),
        pytest.param("the hand-\nto-hand use", "the hand-to-hand use", id="a word of three"),
        pytest.param("the govern-\n  \tance of it", "the governance\n  \tof it", id="an indented line"),
        pytest.param("the govern-\n  ance\n  of it", "the governance\n  of it", id="the end of a word only"),
        pytest.param("the govern-\n> ance of it", "the govern-\n> ance of it", id="a quotation behind it"),
    ],
)
@pytest.mark.parametrize("path", ["a.txt", "a.md"])
def test_words_parted_at_the_end_of_a_line_are_whole(parted: str, whole: str, path: str) -> None:
    assert read(WRAPPED.format(parted).encode(), path).text == WRAPPED.format(whole)


@pytest.mark.parametrize("path", ["a.txt", "a.md"])
def test_words_parted_within_a_quotation_are_whole(path: str) -> None:
    parted, whole = (WRAPPED.format(words) for words in ("the govern-\n> ance of", "the governance\nof"))
    assert read(f"> {parted}".encode(), path).text == f"> {whole}"


@pytest.mark.parametrize(
    ("quoted", "once"),
    [
        pytest.param(
            "> The ports of the river share their data with all\n> Northern Towns, and those\n> with mills. They do.",
            "> The ports of the river share their data with all\nNorthern Towns, and those\nwith mills. They do.",
            id="one paragraph",
        ),
        pytest.param(
            ">> The ports of the river share their data with\n>> “all towns”.\n>\n>> the end of it",
            ">> The ports of the river share their data with\n“all towns”.\n>\n>> the end of it",
            id="two paragraphs",
        ),
        pytest.param(
            "> The ports of the river share their data.\n> > with the towns that have mills",
            "> The ports of the river share their data.\n> > with the towns that have mills",
            id="a quotation within one",
        ),
        pytest.param(
            "> The ports of the river share their data with:\n> - all the towns\n> - the mills",
            "> The ports of the river share their data with:\n> - all the towns\n> - the mills",
            id="a list",
        ),
        pytest.param(
            "> The ports of the river share.\n> They do.\n> The ports of the sea share what they know with the towns.",
            "> The ports of the river share.\n> They do.\n> The ports of the sea share what they know with the towns.",
            id="lines that are not full",
        ),
        pytest.param(f"> {ENGLISH * 2}\n> {ENGLISH}", f"> {ENGLISH * 2}\n> {ENGLISH}", id="long lines"),
    ],
)
@pytest.mark.parametrize("path", ["a.txt", "a.md"])
def test_a_wrapped_quotation_has_its_mark_once(quoted: str, once: str, path: str) -> None:
    assert read(quoted.encode(), path).text == once


@pytest.mark.parametrize("fence", ["```", "~~~"])
def test_words_in_code_and_in_front_matter_stay_as_they_are(fence: str) -> None:
    parted, whole = (WRAPPED.format(words) for words in ("the govern-\nance", "the governance"))
    text = "---\nnote: |\n  " + parted.replace("\n", "\n  ") + "\n---\n{}" + f"{fence}\n{parted}{fence}\n" + "{}"
    body_start = text.index("{}")
    assert read(text.format(parted, parted).encode(), "a.md") == Reading(
        text.format(whole, whole), "text/markdown", "utf-8", body_start
    )


def test_short_lines_that_end_in_a_hyphen_stay_as_they_are() -> None:
    text = "Kinds of words\npre-\nposition\n"
    assert read(text.encode(), "a.txt").text == text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("title: A", {"title": "A"}, id="title"),
        pytest.param("TITLE: A", {"title": "A"}, id="case of keys"),
        pytest.param("publisher: P", {"publisher": "P"}, id="publisher"),
        pytest.param("source: P", {"publisher": "P"}, id="source is the publisher"),
        pytest.param("publisher: P\nsource: Q", {"publisher": "P"}, id="the first of two keys for one field"),
        pytest.param("author: Zhang Wei", {"author": "Zhang Wei"}, id="author"),
        pytest.param("authors: [Zhang Wei, Li Min]", {"author": "Zhang Wei, Li Min"}, id="list in brackets"),
        pytest.param("authors:\n- Zhang Wei\n- Li Min", {"author": "Zhang Wei, Li Min"}, id="list of lines"),
        pytest.param("speaker: Li Min", {"speaker": "Li Min"}, id="speaker"),
        pytest.param("lang: en", {"language": "en"}, id="lang"),
        pytest.param("language: no", {"language": "no"}, id="Norwegian is not false"),
        pytest.param("title: Yes", {"title": "Yes"}, id="a word that YAML takes for true"),
        pytest.param("date: 2021-10-18", {"publication_date": "2021-10-18"}, id="date stays text"),
        pytest.param("date: 2021-10", {"publication_date": "2021-10"}, id="month stays text"),
        pytest.param("date: 2021-02-30", {"publication_date": "2021-02-30"}, id="impossible date stays text"),
        pytest.param(
            "published: 2021-10-18 15:49:00", {"publication_date": "2021-10-18 15:49:00"}, id="time stays text"
        ),
        pytest.param("publication_date: 18 October 2021", {"publication_date": "18 October 2021"}, id="written date"),
        pytest.param("event_date: 2021", {"event_date": "2021"}, id="year stays text"),
        pytest.param("title: 007", {"title": "007"}, id="number stays text"),
        pytest.param("title: 1.50", {"title": "1.50"}, id="fraction stays text"),
        pytest.param("title: 'Xi: a speech'", {"title": "Xi: a speech"}, id="single quotes"),
        pytest.param(
            'title: "A \\"plan\\" of 5* rules & more"', {"title": 'A "plan" of 5* rules & more'}, id="double quotes"
        ),
        pytest.param("title: R&D", {"title": "R&D"}, id="ampersand"),
        pytest.param("title: R&D\nnote: a 5* plan", {"title": "R&D"}, id="ampersand and asterisk in words"),
        pytest.param("title: >\n  Two\n  lines", {"title": "Two lines"}, id="folded lines"),
        pytest.param("title:   spaced  ", {"title": "spaced"}, id="space is cut"),
        pytest.param("title:", {}, id="no value"),
        pytest.param("title: {a: b}", {}, id="a mapping is no text"),
        pytest.param("draft: true\ntags: [a]", {}, id="unknown keys"),
        pytest.param("# only a comment", {}, id="comment"),
        pytest.param("", {}, id="nothing"),
        pytest.param("title: 数字经济", {"title": "数字经济"}, id="Chinese"),
    ],
)
def test_front_matter_fields(source: str, expected: dict[str, str]) -> None:
    assert front_matter(source) == expected


@pytest.mark.parametrize(
    ("source", "detail"),
    [
        pytest.param("title: A\nnote: B: C", "line 3", id="a colon in a value, with its line in the file"),
        pytest.param("title: [A", "YAML", id="open bracket"),
        pytest.param("title: 'A", "YAML", id="open quote"),
        pytest.param("\ttitle: A", "YAML", id="tab"),
        pytest.param("title: *missing", "", id="alias without an anchor"),
        pytest.param("a: &a [x]\ntitle: [*a, *a]", "alias", id="aliases"),
        pytest.param("a: &a [lol', z']\ntitle: [x', *a, *a, y']", "", id="aliases between apostrophes"),
        pytest.param("- a\n- b", "key: value", id="a list"),
        pytest.param("just text", "key: value", id="a sentence"),
        pytest.param("title: " + "long " * 5000, "20,000", id="too long"),
        pytest.param("[" * 500, "", id="nested too deeply"),
    ],
)
def test_front_matter_that_is_no_plain_mapping_is_refused(source: str, detail: str) -> None:
    with pytest.raises(Unreadable) as caught:
        front_matter(source)
    assert caught.value.reason == "bad_front_matter"
    assert detail in caught.value.detail
    assert refusal(f"---\n{source}\n---\nBody.".encode(), "a.md") == "bad_front_matter"


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.mkdir",
        "!!python/object/new:os.mkdir",
        "!!python/name:os.mkdir",
        "!!python/module:os",
        "!own",
    ],
)
def test_tags_run_nothing(tag: str, tmp_path: Path) -> None:
    made = tmp_path / "made"
    with pytest.raises(Unreadable):
        front_matter(f"title: {tag} ['{made}']")
    assert not made.exists()


@pytest.mark.parametrize(
    "source",
    ["title: !!bool maybe", "title: !!int ''", "title: !!float ''", "date: !!timestamp soon", "title: !!int x"],
)
def test_a_tag_that_does_not_fit_its_value_is_refused_or_ignored(source: str) -> None:
    assert reason_of(lambda: front_matter(source)) in {None, "bad_front_matter"}


# -- properties -------------------------------------------------------------------------------------------------------

MARKS = st.sampled_from(
    [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE, b"---\n", b"\x80", b"\xa3\xac"]
)


@settings(deadline=None, derandomize=True, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(
    mark=MARKS,
    content=st.binary(max_size=60) | st.text(max_size=40).map(str.encode),
    suffix=st.sampled_from(sorted(SUFFIXES)),
)
def test_any_bytes_are_read_or_refused(mark: bytes, content: bytes, suffix: str) -> None:
    reason = reason_of(lambda: read(mark + content, f"a{suffix}"))
    assert reason in {None, "empty", "not_text", "bad_front_matter"}
    if reason is None:
        reading = read(mark + content, f"a{suffix}")
        assert reading.text == normalise(decode(mark + content)[0])
        assert 0 <= reading.body_start <= len(reading.text)


YAML = st.lists(
    st.sampled_from([*list("[]{}:'\"|\n~"), "title", "date", ": ", "- ", "&a ", "*a", "2021-10-18", "no", "? "])
    | st.text(max_size=3),
    max_size=12,
).map("".join)


@settings(deadline=None, derandomize=True, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(source=YAML)
def test_any_front_matter_is_read_as_text_or_refused(source: str) -> None:
    reason = reason_of(lambda: front_matter(source))
    assert reason in {None, "bad_front_matter"}
    if reason is None:
        metadata = front_matter(source)
        assert set(metadata) <= {"title", "publication_date"}
        assert all(isinstance(value, str) and value == value.strip() != "" for value in metadata.values())
