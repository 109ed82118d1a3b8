"""What may lie in a seeds folder, and what is to become of each file."""

from __future__ import annotations

import datetime
import os
import random
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.hostile import (
    GIGABYTE,
    Deflated,
    archive,
    bomb,
    deflated,
    docx,
    essay,
    html,
    html_paragraphs,
    odt,
    ole,
    open_paragraphs,
    page_content,
    paragraphs,
    pdf,
    rtf,
    stream,
    word_xml,
    wrapped,
)

Make = Callable[[str], str | bytes]  # a topic -> a file's content that holds the essay on it

SECRET = "the sealed vault opens with 8351"  # in a file outside the folder
LEAK = "root:"  # in /etc/passwd


@dataclass(frozen=True)
class Case:
    """A file and its outcome: `ingested`, or a status and a reason; ` or ` where either will do.

    Of an ingested file the essay must be in the text, once, with what it `holds` and without what it `lacks`, and
    `described` in `documents`. `place` makes what is no plain file; `detail` is named in the sentence of a rejection.
    """

    name: str
    make: Make = essay
    outcome: str = "ingested"
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    described: Mapping[str, object] = field(default_factory=dict)
    detail: str = ""
    place: Callable[[Path], None] | None = None
    shown: str = ""  # the path in the warehouse where it is not the name


def const(content: str | bytes) -> Make:
    """A file that has the same content whatever its topic."""
    return lambda _: content


def encoded(encoding: str, extra: str = "") -> Make:
    """The essay and a line more in an encoding."""
    return lambda topic: (essay(topic) + extra).encode(encoding)


EMPTY, SHORT, BINARY = "quarantined empty", "quarantined too_short", "quarantined not_text"
FOREIGN, ENCRYPTED, CORRUPT = "quarantined unsupported_language", "quarantined encrypted", "quarantined corrupt"
LARGE, FRONT_MATTER = "quarantined too_large", "quarantined bad_front_matter"

# -- text -------------------------------------------------------------------------------------------------------------

CHINESE = "国务院发布了关于数字经济发展的新规定。各地政府要建设公共数据平台，推动企业共享数据，并保护个人信息。" * 4
GERMAN = (
    "Das Ministerium teilte mit, dass die Regeln im nächsten Frühjahr gelockert werden und die Länder selbst "
    "entscheiden können, wie sie dafür zahlen. Die Städte antworteten, dass es sie mehr gekostet habe als versprochen."
)
RUSSIAN = (
    "Министерство сообщило, что правила будут смягчены следующей весной, и области сами решат, как за них платить. "
    "Города ответили, что это стоило им больше, чем было обещано, и что до урожая нужны новые деньги."
)
JAPANESE = (
    "経済産業省は、デジタル化に関する新しい規則を来年の春に発表すると述べた。企業はデータを共有しなければならない。" * 4
)
KOREAN = "정부는 내년 봄에 디지털 경제에 관한 새로운 규칙을 발표할 것이라고 밝혔다. 기업은 데이터를 공유해야 한다. " * 4
NAMES = (
    "The meeting was led by 王建国 of the planning office, with 李晓明 and 陈丽华 of the finance office beside him.\n"
)


def broken(text: str, times: int) -> str:
    """Text whose UTF-8 was read as cp1252, once or several times."""
    for _ in range(times):
        text = text.encode().decode("cp1252")
    return text


TEXTS = [
    Case("text/plain.txt", described={"encoding": "utf-8", "media_type": "text/plain", "language": "en"}),
    Case("text/plain.text"),
    Case("text/plain.md", described={"media_type": "text/markdown"}),
    Case("text/plain.markdown"),
    Case("text/mark.txt", encoded("utf-8-sig"), described={"encoding": "utf-8"}),
    Case("text/utf-16.txt", encoded("utf-16"), described={"encoding": "utf-16"}),
    Case("text/utf-16-le.txt", encoded("utf-16-le"), described={"encoding": "utf-16-le"}),
    Case("text/utf-16-be.txt", encoded("utf-16-be"), described={"encoding": "utf-16-be"}),
    Case("text/utf-16-le names.txt", encoded("utf-16-le", NAMES), holds=("王建国",)),
    Case("text/utf-32.txt", encoded("utf-32"), described={"encoding": "utf-32"}),
    Case("text/utf-32-le.txt", encoded("utf-32-le")),
    Case("text/utf-16.md", encoded("utf-16"), described={"encoding": "utf-16"}),
    Case(
        "text/latin-1.txt",
        encoded("latin-1", "The café owners of Orléans agreed.\n"),
        holds=("café owners of Orléans",),
        described={"encoding": "cp1252"},
    ),
    Case(
        "text/cp1252.txt",
        encoded("cp1252", "They called it “a naïve plan” – and paid €5.\n"),
        holds=("“a naïve plan” – and paid €5",),
        described={"encoding": "cp1252"},
    ),
    Case("text/gb18030.txt", encoded("gb18030", NAMES), holds=("王建国", "李晓明"), described={"encoding": "gb18030"}),
    Case("text/one broken byte.txt", lambda topic: essay(topic).encode() + b"\xc3"),
    Case("text/mojibake.txt", encoded("utf-8", broken("The café of Orléans.\n", 1)), holds=("The café of Orléans.",)),
    Case("text/mojibake2.txt", encoded("utf-8", broken("The café of Orléans.\n", 2)), holds=("The café of Orléans.",)),
    Case(
        "text/nul.txt",
        encoded("utf-8", "Three nu\0ll byt\0es came wi\0th it.\n"),
        holds=("Three null bytes came with",),
    ),
    Case(
        "text/escapes.txt",
        encoded("utf-8", "A \x1b[31mred\x1b[0m line rang \x07 a bell, \x9b2J.\n"),
        lacks=("\x1b", "\x07", "\x9b"),
    ),
    Case(
        "text/direction.txt",
        encoded("utf-8", "Its \u202ereversed\u202c and \u2066isolated\u2069 and zero\u200bwidth words stay.\n"),
        holds=("Its reversed and isolated and zerowidth words stay.",),
    ),
    Case("text/one line.txt", lambda topic: essay(topic).replace("\n\n", " ").strip()),
    Case("text/old mac.txt", lambda topic: essay(topic).replace("\n", "\r")),
    Case("text/no bytes.txt", const(b""), EMPTY),
    Case("text/spaces.txt", const(" \n\t\r\n" * 5000), EMPTY),
    Case("text/mark only.txt", const(b"\xef\xbb\xbf"), EMPTY),
    Case("text/utf-16 mark only.txt", const(b"\xff\xfe"), EMPTY),
    Case("text/invisible.txt", const("\u200b\u2060\ufeff" * 50), EMPTY),
    Case("text/four words.txt", const("Four words are few"), SHORT),
    Case("text/one long word.txt", const("a" * 100_000), SHORT),
    Case(
        "text/furniture.txt",
        const("Share this on Facebook\n\nCopyright 2021 All rights reserved.\n"),
        "quarantined boilerplate_only",
    ),
    Case("text/chinese.txt", const(CHINESE), FOREIGN),
    Case("text/chinese gb.txt", const(CHINESE.encode("gb18030")), FOREIGN),
    Case("text/chinese utf-16.txt", const(("续" + CHINESE).encode("utf-16-le")), FOREIGN),
    Case("text/german.txt", const(GERMAN), FOREIGN),
    Case("text/german latin-1.txt", const(("Hinweis: " + GERMAN).encode("latin-1")), FOREIGN),
    Case("text/russian.txt", const(RUSSIAN), FOREIGN),
    Case("text/russian cp1251.txt", const(RUSSIAN.encode("cp1251")), FOREIGN),
    Case("text/russian koi8.txt", const(RUSSIAN.encode("koi8-r")), FOREIGN),
    Case("text/japanese.txt", const(JAPANESE.encode("shift-jis")), FOREIGN),
    Case("text/korean.txt", const(KOREAN.encode("euc-kr")), FOREIGN),
    Case("text/half of utf-16.txt", lambda topic: essay(topic).encode("utf-16")[:-1], f"ingested or {BINARY}"),
]

_NOISE = random.Random(7).randbytes
BINARIES = [
    Case(
        "binary/png.txt",
        const(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\2\0\0\0" + _NOISE(4000)),
        BINARY,
        detail="png",
    ),
    Case("binary/jpeg.md", const(b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1" + _NOISE(4000)), BINARY),
    Case("binary/gif.html", const(b"GIF89a\x10\0\x10\0\xf7\0\0" + _NOISE(4000)), BINARY, detail="gif"),
    Case("binary/elf.txt", const(b"\x7fELF\2\1\1" + bytes(9) + _NOISE(4000)), BINARY),
    Case("binary/song.txt", const(b"ID3\4\0\0\0\0\0\x23TIT2" + _NOISE(4000)), BINARY),
    Case("binary/sqlite.txt", const(b"SQLite format 3\0\x10\0\1\1\0\x40\x20\x20" + _NOISE(4000)), BINARY),
    Case("binary/gzip.txt", const(b"\x1f\x8b\x08\0\0\0\0\0\0\3" + _NOISE(4000)), BINARY),
    Case("binary/random.txt", const(_NOISE(5000)), BINARY),
    Case("binary/random.pdf", const(_NOISE(5000)), f"{BINARY} or {CORRUPT}"),
    Case("binary/random.docx", const(_NOISE(5000)), f"{BINARY} or {CORRUPT}"),
    Case("binary/zeros.txt", const(bytes(5000)), f"{BINARY} or {EMPTY}"),
    Case("binary/archive.txt", const(archive([("a.bin", _NOISE(900)), ("b.bin", _NOISE(900))])), BINARY),
    Case(
        "binary/sheet.docx",
        const(archive([("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")])),
        f"{BINARY} or {CORRUPT}",
    ),
    Case("binary/old word.docx", const(ole("WordDocument", "1Table")), BINARY),
]

# -- formats ----------------------------------------------------------------------------------------------------------


def page(topic: str) -> bytes:
    """The essay as the content of a PDF page."""
    return page_content(wrapped(essay(topic)))


_TITLE = "Grain \u202e\x1b[31m prices"
_GREY = "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray"
_IMAGE = {90_000: stream(b"\x80", _GREY)}
_DRAW = b"q 500 0 0 700 40 40 cm /Im1 Do Q"
_LAUNCH = "/OpenAction << /S /Launch /F (touch executed) /Next << /S /JavaScript /JS (app.launchURL\\('file:executed'\\)) >> >>"

PDFS = [
    Case("pdf/plain.pdf", lambda t: pdf(page(t)), described={"media_type": "application/pdf"}),
    Case("pdf/compressed.PDF", lambda t: pdf(deflated(page(t)))),
    Case(
        "pdf/two pages.pdf",
        lambda t: pdf(page(t), page_content("A second page closes the report.")),
        holds=("A second page closes",),
    ),
    Case("pdf/no password.pdf", lambda t: pdf(page(t), password="")),
    Case("pdf/password.pdf", lambda t: pdf(page(t), password="sesame"), ENCRYPTED),
    Case("pdf/half.pdf", lambda t: pdf(page(t))[:700], CORRUPT),
    Case("pdf/header only.pdf", const(b"%PDF-1.4\n"), CORRUPT),
    Case("pdf/header and noise.pdf", const(b"%PDF-1.7\n" + _NOISE(3000)), CORRUPT),
    Case("pdf/wrong offsets.pdf", lambda t: pdf(page(t)).replace(b"startxref\n", b"startxref\n9")),
    Case(
        "pdf/information.pdf",
        lambda t: pdf(page(t), information=f"/Title <feff{_TITLE.encode('utf-16-be').hex()}>"),
    ),
    Case("pdf/late start.pdf", lambda t: b"\r\n\r\n" + pdf(page(t))),
    Case("pdf/trailing noise.pdf", lambda t: pdf(page(t)) + b"\n" + bytes(3000)),
    Case(
        "pdf/image.pdf",
        const(pdf(_DRAW, resources="/XObject << /Im1 90000 0 R >>", objects=_IMAGE)),
        "quarantined no_text_layer",
    ),
    Case("pdf/launch.pdf", lambda t: pdf(page(t), catalog=_LAUNCH)),
    Case("pdf/page tree.pdf", const(pdf(b"", kids="2 0 R")), f"{CORRUPT} or {EMPTY} or quarantined no_text_layer"),
    Case("pdf/empty pages.pdf", lambda _: pdf(*[b""] * 5000), f"quarantined no_text_layer or {EMPTY} or {LARGE}"),
    Case(
        "pdf/stream bomb.pdf",
        lambda _: pdf(bomb(b" ", GIGABYTE, b"BT /F1 9 Tf (a) Tj ")),
        f"{LARGE} or quarantined too_slow",
    ),
    Case(
        "pdf/text bomb.pdf",
        lambda _: pdf(bomb(b"BT /F1 9 Tf 9 9 Td (bomb) Tj ET\n", 1 << 28)),
        f"{LARGE} or quarantined too_slow",
    ),
    Case("pdf/named.txt", lambda t: pdf(page(t)), described={"media_type": "application/pdf"}),
    Case("pdf/in fact text.pdf", described={"media_type": "text/plain"}),
]

_RUN = "<w:r><w:t>{}</w:t></w:r>"
_BOX = "<w:txbxContent><w:p><w:r><w:t>The words in the box stand once.</w:t></w:r></w:p></w:txbxContent>"
_TWICE = (
    "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>"
    f"{_BOX}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{_BOX}</v:textbox>"
    "</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
)
_TABLE = (
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Barley</w:t></w:r></w:p></w:tc>"
    "<w:tc><w:p><w:r><w:t>Forty tonnes</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)
_REVISION = (
    f"<w:p>{_RUN.format('The quota is ')}<w:del><w:r><w:delText>ninety</w:delText></w:r></w:del>"
    f"<w:ins>{_RUN.format('seventy')}</w:ins>{_RUN.format(' tonnes.')}"
    f"<w:moveFrom>{_RUN.format(' Moved words.')}</w:moveFrom></w:p>"
    f"<w:p><w:moveTo>{_RUN.format('Moved words.')}</w:moveTo></w:p>"
)
_FIELD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "http://example.org"</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>the linked words</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
_EXTERNAL = '<!DOCTYPE x [<!ENTITY leak SYSTEM "file:///etc/passwd">]>'
_LAUGHTER = "".join(f'<!ENTITY e{number + 1} "' + f"&e{number};" * 10 + '">' for number in range(9))
_LAUGHS = f'<!DOCTYPE x [<!ENTITY e0 "haha haha ">{_LAUGHTER}]>'


def word(extra: str, **parts: str) -> Make:
    """A Word file of the essay and more in WordprocessingML."""
    return lambda topic: docx(paragraphs(essay(topic)) + extra, **parts)


def word_with(doctype: str, entity: str) -> Make:
    """A Word file with a document type and a paragraph that refers to an entity of it."""
    return lambda topic: docx(word_xml(paragraphs(essay(topic)) + paragraphs(entity), doctype=doctype))


def as_encrypted(topic: str) -> bytes:
    """A Word file whose entries are marked as encrypted."""
    return docx(paragraphs(essay(topic)), flags=1)


def wrong_sum(topic: str) -> bytes:
    """A Word file whose body does not have the checksum that is stated."""
    whole = word_xml(paragraphs(essay(topic)))
    packed = deflated(whole)
    return docx(Deflated(packed.data, packed.size, packed.crc32 ^ 1, 0))


DOCXS = [
    Case("docx/plain.docx", word("")),
    Case("docx/named.pdf", word("")),
    Case("docx/named.txt", word("")),
    Case("docx/in fact text.docx", described={"media_type": "text/plain"}),
    Case(
        "docx/entities.docx",
        word(f"<w:p>{_RUN.format('Wheat &amp; rye &lt;dried&gt; &#x2013; all')}</w:p>"),
        holds=("Wheat & rye <dried> – all",),
    ),
    Case(
        "docx/revised.docx",
        word(_REVISION),
        holds=("The quota is seventy tonnes.", "Moved words."),
        lacks=("ninety",),
    ),
    Case("docx/table.docx", word(_TABLE), holds=("Barley", "Forty tonnes"), lacks=("BarleyForty",)),
    Case(
        "docx/notes.docx",
        word("", notes=f'<w:footnote w:id="2"><w:p>{_RUN.format("A note under the line.")}</w:p></w:footnote>'),
        holds=("A note under the line.",),
    ),
    Case("docx/box.docx", word(_TWICE), holds=("The words in the box stand once.",)),
    Case(
        "docx/hidden.docx",
        word("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Concealed words.</w:t></w:r></w:p>"),
        lacks=("Concealed",),
    ),
    Case("docx/field.docx", word(_FIELD), holds=("the linked words",), lacks=("HYPERLINK",)),
    Case(
        "docx/breaks.docx",
        word("<w:p><w:r><w:t>left</w:t><w:tab/><w:t>right</w:t><w:br/><w:t>below</w:t></w:r></w:p>"),
        holds=("left right below",),
    ),
    Case(
        "docx/split words.docx", word(f"<w:p>{_RUN.format('un')}{_RUN.format('divided')}</w:p>"), holds=("undivided",)
    ),
    Case(
        "docx/slip.docx",
        lambda t: docx(paragraphs(essay(t)), extra=[("../../escaped.txt", b"out"), ("/escaped.txt", b"out")]),
    ),
    Case(
        "docx/crowd.docx",
        lambda t: docx(paragraphs(essay(t)), extra=[(f"x/{i}", b"") for i in range(100_000)]),
        f"ingested or {LARGE} or {CORRUPT}",
    ),
    Case("docx/external.docx", word_with(_EXTERNAL, "&leak;"), f"ingested or {CORRUPT}", lacks=(LEAK,)),
    Case(
        "docx/laughs.docx", word_with(_LAUGHS, "&e9;"), f"ingested or {CORRUPT} or {LARGE}", lacks=("haha haha haha",)
    ),
    Case("docx/bomb.docx", lambda _: docx(bomb(b" ", GIGABYTE, word_xml("")[:-22], word_xml("")[-22:])), LARGE),
    Case("docx/tag bomb.docx", lambda _: docx(bomb(b"<w:p/>", 1 << 28, word_xml("")[:-22], word_xml("")[-22:])), LARGE),
    Case(
        "docx/deep.docx",
        word("<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000),
        f"ingested or {CORRUPT} or {LARGE}",
    ),
    Case(
        "docx/no body.docx",
        const(docx(None, extra=[("word/styles.xml", b"<styles/>")])),
        CORRUPT,
    ),
    Case("docx/broken.docx", lambda t: docx(word_xml(paragraphs(essay(t)))[:-40]), CORRUPT),
    Case("docx/wrong sum.docx", wrong_sum, CORRUPT),
    Case("docx/half.docx", lambda t: docx(paragraphs(essay(t)))[:900], CORRUPT),
    Case("docx/empty.docx", const(docx("<w:p/>")), EMPTY),
    Case("docx/password.docx", const(ole("EncryptionInfo", "EncryptedPackage")), ENCRYPTED),
    Case("docx/encrypted entries.docx", as_encrypted, ENCRYPTED),
]

_REVISED = (
    "<text:tracked-changes><text:changed-region><text:deletion><text:p>Struck out words.</text:p></text:deletion>"
    "</text:changed-region></text:tracked-changes>"
)
_LOCKED = '<manifest:encryption-data manifest:checksum-type="SHA256/1K" manifest:checksum="AAAA"/>'


def office(extra: str = "", **parts: str) -> Make:
    """An OpenDocument text of the essay and more."""
    return lambda topic: odt(open_paragraphs(essay(topic)) + extra, **parts)


ODTS = [
    Case("odt/plain.odt", office()),
    Case("odt/named.docx", office()),
    Case("odt/revised.odt", lambda t: odt(_REVISED + open_paragraphs(essay(t))), lacks=("Struck out",)),
    Case(
        "odt/spaces.odt",
        office('<text:p>one<text:s text:c="3"/>two<text:tab/>three<text:line-break/>four</text:p>'),
        holds=("one two three four",),
    ),
    Case(
        "odt/table.odt",
        office(
            "<table:table><table:table-row><table:table-cell><text:p>Oats</text:p></table:table-cell></table:table-row></table:table>"
        ),
        holds=("Oats",),
    ),
    Case(
        "odt/list.odt",
        office("<text:list><text:list-item><text:p>A listed point</text:p></text:list-item></text:list>"),
        holds=("A listed point",),
    ),
    Case("odt/locked.odt", lambda _: odt(_NOISE(3000), manifest=_LOCKED), ENCRYPTED),
    Case(
        "odt/external.odt",
        office("<text:p>&leak;</text:p>", doctype=_EXTERNAL),
        f"ingested or {CORRUPT}",
        lacks=(LEAK,),
    ),
    Case(
        "odt/laughs.odt",
        office("<text:p>&e9;</text:p>", doctype=_LAUGHS),
        f"ingested or {CORRUPT} or {LARGE}",
        lacks=("haha haha haha",),
    ),
    Case("odt/broken.odt", lambda t: odt(b"<office:document-content>" + essay(t).encode()), CORRUPT),
    Case(
        "odt/no content.odt",
        const(archive([("mimetype", b"application/vnd.oasis.opendocument.text")], stored=("mimetype",))),
        CORRUPT,
    ),
    Case("odt/half.odt", lambda t: odt(open_paragraphs(essay(t)))[:500], CORRUPT),
    Case("odt/empty.odt", const(odt("<text:p/>")), EMPTY),
]


def rich(extra: str = "", opening: str = "") -> Make:
    """A Rich Text file of the essay and more."""
    return lambda topic: rtf(essay(topic) + extra, opening=opening)


RTFS = [
    Case("rtf/plain.rtf", rich()),
    Case("rtf/named.txt", rich()),
    Case(
        "rtf/escapes.rtf",
        rich("\n\nThe caf\\u233?s of Orl\\'e9ans, and \\{braces\\}."),
        holds=("The cafés of Orléans, and {braces}.",),
    ),
    Case("rtf/pair.rtf", rich("\n\nA face \\u-10179?\\u-8704? smiles."), holds=("A face 😀 smiles.",)),
    Case("rtf/half a pair.rtf", rich("\n\nA lone \\u-10179? half."), lacks=("\ud83d",)),
    Case("rtf/deep.rtf", rich("{" * 10_000 + "Deep words." + "}" * 10_000), f"ingested or {CORRUPT}"),
    Case(
        "rtf/blob.rtf",
        lambda t: rtf(essay(t)).replace(b"\\par\n}", b"\\par{\\pict\\bin64 " + b"}{\\" * 21 + b"}}Behind the blob.}"),
        holds=("Behind the blob.",),
    ),
    Case("rtf/picture.rtf", rich("{\\pict\\pngblip " + "89504e47" * 5000 + "}"), lacks=("89504e47",)),
    Case(
        "rtf/information.rtf",
        rich(opening="{\\info{\\author Somebody Else}}{\\*\\generator Some Writer;}"),
        lacks=("Somebody", "Writer", "Times"),
    ),
    Case(
        "rtf/field.rtf",
        rich('{\\field{\\*\\fldinst HYPERLINK "http://example.org"}{\\fldrslt the linked words}}'),
        holds=("the linked words",),
        lacks=("HYPERLINK",),
    ),
    Case("rtf/huge number.rtf", rich("\\li" + "9" * 5000 + " Behind the number."), f"ingested or {CORRUPT}"),
    Case("rtf/opening only.rtf", const(b"{\\rtf1"), f"{CORRUPT} or {EMPTY}"),
    Case(
        "rtf/half.rtf",
        lambda t: rtf(essay(t) + "\n\nWhat follows is cut off in the middle of a word")[:-16],
        f"ingested or {CORRUPT}",
    ),
    Case("rtf/empty.rtf", const(rtf("")), EMPTY),
]


def web(extra: str = "", head: str = "") -> Make:
    """A page with the essay and more."""
    return lambda topic: html(html_paragraphs(essay(topic)) + extra, head)


_FURNITURE = (
    "<nav>Sections index</nav><footer>Imprint line</footer><aside>Elsewhere today</aside><script>var tracker = 1</script>"
    "<style>p { color: red }</style><!-- a remark --><form><button>Send it</button></form><noscript>Turn it on</noscript>"
    '<p hidden>Unseen words</p><p style="display: none">Unshown words</p><template>Spare words</template>'
)
_NOT_BODY = ("Sections", "Imprint", "Elsewhere", "tracker", "color", "remark", "Send it", "Unseen", "Unshown", "Spare")
_TITLED = "<title>Grain reserves rise - Example Daily</title>"

HTMLS = [
    Case("html/plain.html", web(), described={"media_type": "text/html"}),
    Case("html/plain.HTM", web()),
    Case(
        "html/plain.xhtml",
        lambda t: (
            '<?xml version="1.0"?>'
            + html(html_paragraphs(essay(t))).replace("<html>", '<html xmlns="http://www.w3.org/1999/xhtml">')
        ),
    ),
    Case("html/named.txt", web(), described={"media_type": "text/html"}),
    Case("html/in fact text.html", described={"media_type": "text/plain"}),
    Case("html/furniture.html", web(_FURNITURE), lacks=_NOT_BODY),
    Case(
        "html/entities.html",
        web("<p>Wheat &amp; rye&nbsp;&mdash; caf&eacute; &#8220;new&#x201d; &lt;b&gt;</p>"),
        holds=("Wheat & rye — café “new” <b>",),
    ),
    Case(
        "html/charset.html",
        lambda t: web("<p>In Moscow (В Москве) a law was passed.</p>", '<meta charset="windows-1251">')(t).encode(
            "cp1251"
        ),
        holds=("В Москве",),
    ),
    Case(
        "html/charset gbk.html",
        lambda t: web(NAMES, '<meta http-equiv="Content-Type" content="text/html; charset=gbk">')(t).encode("gbk"),
        holds=("王建国",),
    ),
    Case("html/utf-16.html", lambda t: web()(t).encode("utf-16"), described={"encoding": "utf-16"}),
    Case("html/unknown charset.html", web("", '<meta charset="no-such-set">')),
    Case("html/deep.html", lambda t: html("<div>" * 10_000 + html_paragraphs(essay(t)) + "</div>" * 10_000)),
    Case("html/unclosed.html", lambda t: html("<b><i>" * 5000 + html_paragraphs(essay(t)).replace("</p>", ""))),
    Case("html/half.html", lambda t: html(html_paragraphs(essay(t)))[:-16]),
    Case("html/open comment.html", web("<!-- never closed <p>Lost words</p>"), lacks=("Lost",)),
    Case("html/attributes.html", web(f"<p {'a=b ' * 50_000}>Behind attributes.</p>"), holds=("Behind attributes.",)),
    Case(
        "html/surrogate.html",
        web("<p>Half &#xD83D; and &#0; and &#x110000; and &#99999999999; end.</p>"),
        lacks=("\ud83d", "\0"),
    ),
    Case(
        "html/external.xhtml",
        lambda t: (
            '<?xml version="1.0"?>' + _EXTERNAL + f"<html><body>{html_paragraphs(essay(t))}<p>&leak;</p></body></html>"
        ),
        f"ingested or {CORRUPT}",
        lacks=(LEAK,),
    ),
    Case(
        "html/laughs.xhtml",
        lambda t: _LAUGHS + f"<html><body>{html_paragraphs(essay(t))}<p>&e9;</p></body></html>",
        f"ingested or {CORRUPT}",
        lacks=("haha haha haha",),
    ),
    Case(
        "html/included.html",
        web(
            '<iframe src="../secret.txt"></iframe><object data="file:///etc/passwd"></object><img src="file:///etc/passwd">'
        ),
        lacks=(LEAK,),
    ),
    Case(
        "html/only a script.html",
        const(html("<script>document.write('all of the words are made by a script')</script>")),
        EMPTY,
    ),
    Case(
        "html/title.html",
        lambda t: html("".join(f"<p>{part}</p>" for part in essay(t).strip().split("\n\n")[1:]), _TITLED),
        described={"title": "Grain reserves rise"},
    ),
    Case(
        "html/og title.html",
        lambda t: html(
            html_paragraphs(essay(t)),
            '<title>x</title><meta property="og:title" content="Grain &amp; flour">'
            '<meta property="og:site_name" content="Example Daily">',
        ),
        described={"title": "Grain & flour"},
    ),
    Case("html/escapes.html", web("<p>&#27;[31m &#x202e; words</p>", "<title>Grain &#27;[31m &#x202e; prices</title>")),
    Case(
        "html/meta date.html",
        web("", '<meta property="article:published_time" content="2020-05-17T09:00:00+08:00">'),
        described={"publication_date": datetime.date(2020, 5, 17)},
    ),
    Case(
        "html/linked date.html",
        web("", '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2019-03-02"}</script>'),
        described={"publication_date": datetime.date(2019, 3, 2)},
    ),
    Case(
        "html/time date.html",
        web('<time pubdate datetime="2018-11-09">yesterday</time>'),
        described={"publication_date": datetime.date(2018, 11, 9)},
    ),
    Case("html/bad linked data.html", web("", f'<script type="application/ld+json">{"[" * 50_000}</script>')),
]

# -- front matter and dates -------------------------------------------------------------------------------------------


def front(matter: str) -> Make:
    """The essay behind front matter."""
    return lambda topic: f"---\n{matter}\n---\n{essay(topic)}"


_ALIASES = "a0: &a0 [x, x]\n" + "\n".join(f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 10)}]" for i in range(9))

FRONT_MATTERS = [
    Case("front/plain.md", front("title: Grain"), described={"title": "Grain"}),
    Case("front/aliases.md", front(_ALIASES), FRONT_MATTER),
    Case("front/itself.md", front("title: &t [*t]"), FRONT_MATTER),
    Case("front/python.md", front('title: !!python/object/apply:os.system ["touch executed"]'), FRONT_MATTER),
    Case("front/python name.md", front("title: !!python/name:os.system"), FRONT_MATTER),
    Case("front/list.md", front("- one\n- two"), FRONT_MATTER),
    Case("front/long.md", front("title: Grain\nnote: " + "long " * 9000), FRONT_MATTER),
    Case("front/deep.md", front("title: " + "[" * 9000), FRONT_MATTER),
    Case("front/deep block.md", front("\n".join(" " * i + "a:" for i in range(150)))),
    Case("front/half a pair.md", front('title: "Grain \\ud83d prices"'), f"ingested or {FRONT_MATTER}"),
    Case("front/nul.md", front('title: "Grain \\0 prices"'), f"ingested or {FRONT_MATTER}"),
    Case("front/escapes.md", front('title: "Grain \\e[31m \\x9b \\u202e prices"\nauthor: "Ann \\u2066 Lee"')),
    Case("front/huge number.md", front("title: " + "9" * 9000)),
    Case("front/bad date.md", front("date: 2021-02-31"), described={"publication_date": None}),
    Case("front/date of year 0.md", front("date: 0000-00-00"), described={"publication_date": None}),
    Case("front/only.md", const("---\ntitle: Grain and nothing else\n---\n"), EMPTY),
    Case("front/never closed.md", lambda t: "---\ntitle: Grain\n" + essay(t)),
    Case("front/twice.md", front("title: Grain\ntitle: Flour"), described={"title": "Flour"}),
]


def dated(line: str) -> Make:
    """The essay with a line of a date under its title."""
    return lambda topic: essay(topic).replace("\n\n", f"\n\n{line}\n\n", 1)


DATES = [
    Case("dates/ambiguous.txt", dated("03/04/2021"), described={"publication_date": None}),
    Case("dates/future.txt", dated("May 5, 2190"), described={"publication_date": None}),
    Case("dates/impossible.txt", dated("February 30, 2021"), described={"publication_date": None}),
    Case(
        "dates/day.txt",
        dated("May 5, 2019"),
        described={"publication_date": datetime.date(2019, 5, 5), "publication_date_precision": "day"},
    ),
    Case(
        "dates/1999-annual-report.txt",
        described={"publication_date": datetime.date(1999, 1, 1), "publication_date_precision": "year"},
    ),
    Case("dates/20210230.txt", described={"publication_date": None}),
]

# -- names, and what is no plain file ---------------------------------------------------------------------------------

_NAMES = [
    "single'quote.txt",
    'double"quote.txt',
    "new\nline.txt",
    "tab\there.txt",
    "x'; drop table documents; --.txt",
    "star*.txt",
    "q?.txt",
    "[a-z].txt",
    "$(touch executed).txt",
    "`touch executed`.txt",
    "-rf.txt",
    "--help.txt",
    "a..txt",
    "%s%n%00.txt",
    "back\\slash.txt",
    "a\\..\\..\\up.txt",
    "emoji 🌾.txt",
    "rtl \u202egnp.txt",
    "n" * 246 + ".txt",
    " space first.txt",
    "caf\u00e9.txt",
    "cafe\u0301.txt",
    "LOUD.TXT",
    "a.pdf.txt",
    "a=b&c.txt",
    ":memory:.txt",
    "{0} {name}.txt",
    "[red]markup[/red].txt",
    "esc\x1b[31m.txt",
    "a,b.txt",
    "con.txt",
    "~.txt",
    "null.txt",
    "nan.txt",
    "arabic \u061cmark.txt",
    "line\u2028separator.txt",
    "folder.txt/inside.txt",
    'it\'s/a "folder"/a.txt',
    "/".join(["d"] * 60) + "/sixty.txt",
]

NAMED = [Case(f"names/{name}") for name in _NAMES] + [
    Case("names/caf\udce9.txt", shown="names/caf\\xe9.txt"),
    Case("names/\udcff/a.txt", shown="names/\\xff/a.txt"),
]

_SKIPPED = {
    "hidden": (".hidden.txt", "..txt", ".DS_Store"),
    "system_file": ("Thumbs.db", "desktop.ini"),
    "lock_file": ("~$report.docx", "report.txt.lock"),
    "editor_backup": ("report.txt~", "report.bak", "#report.txt#", "report.txt.swp"),
    "unfinished_download": ("report.pdf.part", "report.pdf.crdownload"),
    "archive": ("a.tar.gz", "reports.zip", "reports.7z"),
    "unsupported_type": (
        "a.xlsx",
        "a.png",
        "a.doc",
        "a.exe",
        "a.json",
        "a.csv",
        "plain",
        "a.txt.",
        "a.txt ",
        "a.txt;x",
    ),
    "readme": ("README.md", "readme.txt", "Readme.HTML"),
    "analyst_file": ("_notes.txt", "_.md"),
}


def socket_at(path: Path) -> None:
    """Leave a socket behind; its path must be short, so it is bound from its own folder."""
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(before)


def link_to(target: str, *, is_folder: bool = False) -> Callable[[Path], None]:
    """A maker of symbolic links."""
    return lambda path: path.symlink_to(target, target_is_directory=is_folder)


def with_a_file(path: Path) -> None:
    """Make a folder with a file in it."""
    path.mkdir()
    (path / "a.txt").write_text(essay("what nobody reads"), encoding="utf-8")


SKIPPED = [
    Case(f"skipped/{name}", outcome=f"skipped {reason}") for reason, names in _SKIPPED.items() for name in names
] + [
    Case("skipped/.git", outcome="skipped hidden", place=with_a_file),
    Case("skipped/__pycache__", outcome="skipped hidden", place=with_a_file),
    Case("special/pipe.txt", outcome="skipped not_a_file", place=os.mkfifo),
    Case("special/socket.txt", outcome="skipped not_a_file", place=socket_at),
    Case("special/dangling.txt", outcome="skipped symlink", place=link_to("missing.txt")),
    Case("special/outside.txt", outcome="skipped symlink", place=link_to("../../secret.txt")),
    Case("special/loop.txt", outcome="skipped symlink", place=link_to("loop.txt")),
    Case("special/device.txt", outcome="skipped symlink", place=link_to("/dev/zero")),
    Case("special/folder", outcome="skipped symlink", place=link_to("../text", is_folder=True)),
    Case("special/parent", outcome="skipped symlink", place=link_to("..", is_folder=True)),
]

# -- the same again ---------------------------------------------------------------------------------------------------

SAME, EQUAL = "duplicate same_bytes", "duplicate same_text"
_ACCENTED, _LATER = "The cafés of Orléans stayed open.\n", "The cafe\u0301s of Orle\u0301ans stayed open.\n"


def twin_of(topic: str, *, ending: str = "", encoding: str = "utf-8", lines: str = "\n") -> Make:
    """The essay on a given topic, in other bytes."""
    return const((essay(topic) + ending).replace("\n", lines).encode(encoding))


def hard_link(path: Path) -> None:
    """A second name for a file that is already there."""
    os.link(path.with_name("1.txt"), path)


DUPLICATES = [
    Case("same/bytes/1.txt"),
    Case(
        "same/bytes/2.txt",
        outcome=SAME,
        place=lambda path: path.write_bytes(path.with_name("1.txt").read_bytes()) and None,
    ),
    Case("same/bytes/3.txt", outcome=SAME, place=hard_link),
    Case("same/lines/1.txt", twin_of("line ends"), "ingested"),
    Case("same/lines/2.txt", twin_of("line ends", lines="\r\n"), EQUAL),
    Case("same/mark/1.txt", twin_of("marks"), "ingested"),
    Case("same/mark/2.txt", twin_of("marks", encoding="utf-8-sig"), EQUAL),
    Case("same/mark/3.txt", twin_of("marks", encoding="utf-16"), EQUAL),
    Case("same/form/1.txt", twin_of("forms", ending=_ACCENTED), "ingested"),
    Case("same/form/2.txt", twin_of("forms", ending=_LATER), EQUAL),
    Case("same/form/3.txt", twin_of("forms", ending=_ACCENTED, encoding="cp1252"), EQUAL),
    Case("same/short/1.txt", const("Six words that say nothing much."), "ingested"),
    Case("same/refused/1.txt", const("Too short."), SHORT),
    Case("same/refused/2.txt", const("Too short."), SHORT),
]

CASES = [
    *TEXTS,
    *BINARIES,
    *PDFS,
    *DOCXS,
    *ODTS,
    *RTFS,
    *HTMLS,
    *FRONT_MATTERS,
    *DATES,
    *NAMED,
    *SKIPPED,
    *DUPLICATES,
]

# -- texts that make a careless program slow --------------------------------------------------------------------------


def _repeated(unit: str, size: int) -> str:
    return unit * (size // len(unit))


# Each stands at the beginning of a document, and if it is not of megabytes, at its end too.
HAZARDS: dict[str, str] = {
    "parentheses": "(" * 200_000,
    "brackets": "[" * 100_000,
    "braces": "{" * 100_000,
    "hyphens": "-" * 200_000,
    "equals": "=" * 200_000,
    "hashes": "#" * 200_000,
    "stars": "*" * 200_000,
    "digits": "1" * 200_000,
    "quotes": "\"'" * 100_000,
    "tags": "<" * 200_000,
    "open tags": "<a " * 70_000,
    "ampersands": "&" * 200_000,
    "backslashes": "\\" * 200_000,
    "letters": "a" * 200_000,
    "capitals": "A" * 200_000,
    "dots": "." * 200_000,
    "no space": _repeated("abc-def/", 5_000_000),
    "a gap": "a" + " " * 1_000_000 + "b",
    "a gap before a colon": "date" + " " * 200_000 + ":",
    "tabs": "a\t" * 100_000,
    "years": _repeated("2021 ", 200_000),
    "dates": _repeated("1 May 2021, ", 200_000),
    "half dates": _repeated("1 of ", 200_000),
    "months": _repeated("May ", 200_000),
    "a day and a gap": "1" + " " * 200_000 + "x",
    "names": _repeated("Ann Lee ", 200_000),
    "capitalised": _repeated("Word ", 200_000),
    "addresses": _repeated("http://", 200_000),
    "photo credits": "Photo: A" + "-" * 200_000 + "x",
    "menus": "Home" + " > a" * 6 + ">a" * 200_000 + "!x",
    "shares": "share" + "|share" * 100_000 + "!x",
    "pipes": "| a " * 100_000,
    "list": "- a\n" * 20_000,
    "short lines": _repeated("Some short words here\n\n", 200_000),
    "wrapped lines": _repeated("This line is about as long as a line of a letter that is wrapped.\n", 200_000),
    "quoted lines": "> > > " * 30_000,
    "nested quotation": ">" * 200_000,
    "empty lines": "\n" * 1_000_000,
    "sentences": _repeated("It is. ", 200_000),
    "abbreviations": _repeated("U.S. ", 200_000),
    "mojibake": _repeated("Ã©", 200_000),
    "accents": "e" + "\u0301\u0323" * 100_000,
    "zero width": _repeated("a\u200b", 200_000),
    "ligatures": "\ufdfa" * 100_000,
    "byline": "By " + _repeated("Ann ", 200_000),
    "dateline": _repeated("BEIJING, ", 200_000) + "May 5 (Agency)",
}
