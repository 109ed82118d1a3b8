"""Word and OpenDocument: the text as its author accepts it, from archives that may be anything."""

# ruff: noqa: E501 - one element a line

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks import readers
from tasks.readers import Reading, Unreadable
from tests.test_html import damaged, is_sound

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
ODT_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "text": "text", "table": "table", "draw": "drawing", "svg": "svg-compatible", "m": "meta",
    }.items()
)  # fmt: skip


def archive(parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return held.getvalue()


def word(body: str, *, namespace: str = TRANSITIONAL, kind: str = DOCUMENT, **others: str | bytes) -> bytes:
    """A Word file; the names of other parts are written with two underscores for a slash."""
    return archive(
        {
            "[Content_Types].xml": f'<Types xmlns="x"><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
            "word/document.xml": f'<w:document xmlns:w="{namespace}" xmlns:mc="mc" xmlns:m="m"><w:body>{body}</w:body></w:document>',
            **{f"{name.replace('__', '/')}.xml": content for name, content in others.items()},
        }
    )


def odt(body: str, **others: str | bytes) -> bytes:
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {ODT_NAMES}><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
            **{f"{name.replace('__', '/')}.xml": content for name, content in others.items()},
        }
    )


def read(content: bytes, *, largest: int = 10_000_000) -> Reading:
    return readers.read(content, "a.docx", largest=largest)


def refusal(content: bytes, *, largest: int = 10_000_000) -> str:
    with pytest.raises(Unreadable) as caught:
        read(content, largest=largest)
    return caught.value.reason


def p(*texts: str, properties: str = "") -> str:
    return f"<w:p>{properties}{''.join(f'<w:r><w:t>{text}</w:t></w:r>' for text in texts)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


CELL = "<w:tc>{}</w:tc>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(p("One ", "two") + p("Three"), "One two\n\nThree", id="runs and paragraphs"),
        pytest.param(f"<w:p><w:ins>{run('new')}</w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del></w:p>", "new", id="tracked changes"),
        pytest.param(f"<w:p><w:moveFrom>{run('there')}</w:moveFrom><w:moveTo>{run('here')}</w:moveTo></w:p>", "here", id="moves"),
        pytest.param(p("One ", properties="<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>") + p("two") + p("Three"), "One two\n\nThree", id="a deleted end of a paragraph"),
        pytest.param(p("One", properties="<w:pPr><w:rPr><w:ins/></w:rPr></w:pPr>") + p("Two"), "One\n\nTwo", id="an inserted end of a paragraph"),
        pytest.param(p("One", properties="<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"), "One", id="the last end deleted"),
        pytest.param("<w:p>" + run("a") + run("b", "<w:vanish/>") + run("c", "<w:vanish w:val='0'/>") + "</w:p>", "ac", id="hidden text"),
        pytest.param('<w:p><w:r><w:fldChar/><w:instrText>HYPERLINK "x"</w:instrText></w:r><w:hyperlink><w:r><w:t>law</w:t></w:r></w:hyperlink></w:p>', "law", id="a field"),
        pytest.param('<w:p><w:fldSimple w:instr="PAGE"><w:r><w:t>3</w:t></w:r></w:fldSimple> of</w:p>', "3", id="a simple field; stray text is none"),
        pytest.param("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/><w:t>e</w:t></w:r></w:p>", "a\tb\nc-de", id="white space"),
        pytest.param("<w:p><w:r><w:t>a\n    b</w:t></w:r></w:p>", "a b", id="line ends of the XML"),
        pytest.param(f"<w:sdt><w:sdtPr/><w:sdtContent>{p('a')}</w:sdtContent></w:sdt><w:p><w:sdt><w:sdtContent>{run('b')}</w:sdtContent></w:sdt></w:p>", "a\n\nb", id="content controls"),
        pytest.param(f"<w:tbl><w:tr>{CELL.format(p('A'))}{CELL.format(p('B') + p('C'))}</w:tr><w:tr>{CELL.format(p())}{CELL.format(p('D'))}</w:tr></w:tbl>", "A\tB C\n\nD", id="a table"),
        pytest.param(f"<w:tbl><w:tr>{CELL.format('<w:tbl><w:tr>' + CELL.format(p('A')) + CELL.format(p('B')) + '</w:tr></w:tbl>')}{CELL.format(p('C'))}</w:tr></w:tbl>", "A B\tC", id="a table in a table"),
        pytest.param(f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{CELL.format(p('A'))}</w:tr><w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr>{p('B')}</w:tc>{CELL.format(p('C'))}</w:tr></w:tbl>", "C", id="a deleted row and cell"),
        pytest.param(
            f"<w:p>{run('Around')}<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{p('Box')}</w:txbxContent></mc:Choice>"
            f"<mc:Fallback><w:txbxContent>{p('Box')}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>{run(' it')}</w:p>",
            "Around it\n\nBox", id="a text box once",
        ),
        pytest.param("<w:p><w:pPr><w:numPr><w:numId/></w:numPr></w:pPr><w:r><w:t>Item</w:t></w:r></w:p>", "Item", id="a number of a list"),
        pytest.param("<w:p><m:oMath><m:r><m:t>x+y</m:t></m:r></m:oMath></w:p>", "x+y", id="a formula"),
        pytest.param("<w:p><w:r><w:t>a\u202eb\u200bc</w:t></w:r></w:p>", "abc", id="invisible characters"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("namespace", [TRANSITIONAL, STRICT])
def test_word(body: str, text: str, namespace: str) -> None:
    assert read(word(body, namespace=namespace)).text == text


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(DOCUMENT, id="docx"),
        pytest.param(DOCUMENT.replace("document.main", "template.main"), id="dotx"),
        pytest.param("application/vnd.ms-word.document.macroEnabled.main+xml", id="docm"),
        pytest.param("application/vnd.ms-word.template.macroEnabledTemplate.main+xml", id="dotm"),
    ],
)
def test_documents_templates_and_those_with_macros_are_read_alike(kind: str) -> None:
    assert read(word(p("One"), kind=kind)).text == "One"


def test_notes_stand_behind_the_text_and_headers_and_comments_are_left_out() -> None:
    notes = f'<w:footnotes xmlns:w="{TRANSITIONAL}"><w:footnote>{p("Note")}</w:footnote></w:footnotes>'
    other = f'<w:hdr xmlns:w="{TRANSITIONAL}">{p("Other")}</w:hdr>'
    content = word(p("One"), word__footnotes=notes, word__endnotes=notes, word__header1=other, word__comments=other)
    assert read(content).text == "One\n\nNote\n\nNote"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param("<text:h>One</text:h><text:p>Two <text:span>three</text:span> four</text:p>", "One\n\nTwo three four", id="text"),
        pytest.param("<text:p>a<text:tab/>b<text:s/>c<text:line-break/>d</text:p>", "a\tb c\nd", id="white space"),
        pytest.param("<text:p>a\n      b</text:p>", "a b", id="line ends of the XML"),
        pytest.param("<text:tracked-changes><text:deletion><text:p>old</text:p></text:deletion></text:tracked-changes><text:p>n<text:change/>ew</text:p>", "new", id="deletions"),
        pytest.param("<text:p>One<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Note</text:p></text:note-body></text:note> on</text:p>", "One on\n\nNote", id="notes"),
        pytest.param("<text:p>a<office:annotation><text:p>b</text:p></office:annotation>c</text:p>", "ac", id="comments"),
        pytest.param("<table:table><table:table-row><table:table-cell><text:p>A</text:p></table:table-cell><table:table-cell><text:p>B</text:p></table:table-cell></table:table-row></table:table>", "A\tB", id="a table"),
        pytest.param("<text:list><text:list-item><text:p>A</text:p></text:list-item></text:list>", "A", id="a list"),
        pytest.param("<text:p>a<draw:frame><draw:text-box><text:p>Box</text:p></draw:text-box><svg:title>t</svg:title><svg:desc>d</svg:desc></draw:frame>b</text:p>", "ab\n\nBox", id="a text box and a picture's description"),
        pytest.param("<text:p>a<text:hidden-text>b</text:hidden-text><text:title>c</text:title></text:p>", "ac", id="fields"),
    ],
)  # fmt: skip
def test_open_document(body: str, text: str) -> None:
    reading = read(odt(body))
    assert (reading.text, reading.media_type) == (text, "application/vnd.oasis.opendocument.text")


CORE = '<c xmlns:dc="d"><dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator></c>'


@pytest.mark.parametrize(
    ("core", "properties"),
    [
        pytest.param(CORE.format(title="The  Plan", creator="Ada Lim"), {"title": "The Plan", "author": "Ada Lim"}, id="both"),
        pytest.param(CORE.format(title="", creator="Microsoft Office User"), {}, id="placeholders"),
        pytest.param("<c", {}, id="broken, which costs no text"),
    ],
)  # fmt: skip
def test_properties(core: str, properties: dict[str, str]) -> None:
    assert read(word(p("One"), docProps__core=core)).properties == properties
    assert read(odt("<text:p>One</text:p>", meta=core)).properties == properties


def test_missing_properties_are_none() -> None:
    assert not read(word(p("One"))).properties


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"PK\x03\x04" + bytes(100), "corrupt", id="no archive"),
        pytest.param(word(p("One"))[:-30], "corrupt", id="broken off"),
        pytest.param(archive({"a.txt": "text"}), "not_text", id="another archive"),
        pytest.param(word(p("One"), kind=DOCUMENT.replace("wordprocessing", "spreadsheet")), "not_text", id="a table"),
        pytest.param(archive({"mimetype": "application/epub+zip", "a.html": ""}), "not_text", id="a book"),
        pytest.param(word("<w:p>"), "corrupt", id="broken XML"),
        pytest.param(word("<w:p>" * 5000 + "</w:p>" * 5000), "corrupt", id="nested too deeply"),
        pytest.param(word(p("One"), word__footnotes=BOMB), "corrupt", id="entities"),
        pytest.param(word(p("One"), word__footnotes='<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'), "corrupt", id="a document type"),
        pytest.param(archive({"mimetype": "application/vnd.oasis.opendocument.text"}), "corrupt", id="no content"),
        pytest.param(odt("<text:p/>", **{"META-INF__manifest": "<m:encryption-data/>"}), "encrypted", id="encrypted"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted", id="encrypted Word"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not_text", id="old Word"),
        pytest.param(archive({f"{i}": "" for i in range(10_001)}), "too_large", id="many files"),
    ],
)  # fmt: skip
def test_refusals(content: bytes, reason: str) -> None:
    assert refusal(content) == reason


def test_an_archive_that_unfolds_beyond_the_limit_is_refused() -> None:
    content = word(p("One"), word__footnotes=b" " * 5_000_000)
    assert len(content) < 10_000
    assert refusal(content, largest=1_000_000) == "too_large"


def test_a_size_that_the_archive_lies_about_does_not_count() -> None:
    content = word(p("word " * 400_000))
    entry = content.index(b"word/document.xml", content.index(b"PK\x01\x02") + 1) - 46
    start = content.index(b"PK\x01\x02", entry)
    lying = content[: start + 24] + (100).to_bytes(4, "little") + content[start + 28 :]
    assert refusal(lying, largest=1_000_000) in ("too_large", "corrupt")


SAMPLE = archive(
    {
        "[Content_Types].xml": f'<Types><Override PartName="/word/document.xml" ContentType="{DOCUMENT}"/></Types>',
        "word/document.xml": f'<w:document xmlns:w="{TRANSITIONAL}"><w:body>{p("One two")}{p("three")}</w:body></w:document>',
        "docProps/core.xml": CORE.format(title="T", creator="C"),
    },
    zipfile.ZIP_STORED,
)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    with contextlib.suppress(Unreadable):
        reading = read(damaged(data, SAMPLE))
        if reading.text:
            is_sound(reading)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_damaged_xml_is_read_or_refused(data: st.DataObject) -> None:
    body = (
        f"{p('One two')}<w:tbl><w:tr>{CELL.format(p('A'))}</w:tr></w:tbl><w:p><w:del>{run('x')}</w:del></w:p>".encode()
    )
    with contextlib.suppress(Unreadable):
        reading = read(word(damaged(data, body).decode("utf-8", "replace")))
        if reading.text:
            is_sound(reading)
