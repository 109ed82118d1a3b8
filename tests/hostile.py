"""Builders of nasty files: minimal PDF, DOCX, ODT, RTF, HTML and ZIP bytes, written by hand so that each can be bent."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

GIGABYTE = 1 << 30


def essay(topic: str) -> str:
    """A small English text about a topic; no two topics give the same one."""
    return (
        f"Notes on {topic}\n\n"
        f"The ministry said that the rules on {topic} would be eased next spring, and that the provinces could decide "
        f"for themselves how to pay for them.\n\n"
        f"Officials in four towns answered that {topic} had cost them more than they had been promised, so that new "
        f"money was needed before the harvest.\n"
    )


# -- compressed bytes -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deflated:
    """Raw deflate data with what it claims to unpack to."""

    data: bytes
    size: int
    crc32: int
    adler32: int

    @property
    def zlib(self) -> bytes:
        """The same as a zlib stream, as PDF has it."""
        return b"\x78\x9c" + self.data + struct.pack(">I", self.adler32)


def bomb(filler: bytes, size: int, prefix: bytes = b"", suffix: bytes = b"") -> Deflated:
    """`prefix`, about `size` bytes of filler, `suffix`: the filler is compressed once, and its block repeated."""
    block = filler * ((1 << 24) // len(filler))
    times = size // len(block)
    deflate = zlib.compressobj(9, wbits=-15)
    head = deflate.compress(prefix) + deflate.flush(zlib.Z_FULL_FLUSH)
    body = deflate.compress(block) + deflate.flush(zlib.Z_FULL_FLUSH)
    tail = deflate.compress(suffix) + deflate.flush()
    crc, adler = zlib.crc32(prefix), zlib.adler32(prefix)
    for _ in range(times):
        crc, adler = zlib.crc32(block, crc), zlib.adler32(block, adler)
    whole = len(prefix) + times * len(block) + len(suffix)
    return Deflated(head + body * times + tail, whole, zlib.crc32(suffix, crc), zlib.adler32(suffix, adler))


def deflated(content: bytes) -> Deflated:
    """Content as deflate data."""
    deflate = zlib.compressobj(wbits=-15)
    return Deflated(
        deflate.compress(content) + deflate.flush(), len(content), zlib.crc32(content), zlib.adler32(content)
    )


def archive(parts: Iterable[tuple[str, bytes | Deflated]], *, flags: int = 0, stored: Sequence[str] = ()) -> bytes:
    """A ZIP file; `flags` go to every entry (1: encrypted), and names in `stored` are not compressed."""
    local, central, count = bytearray(), bytearray(), 0
    for name, content in parts:
        method = 0 if name in stored else 8
        packed = content if isinstance(content, Deflated) else deflated(content)
        data = content if method == 0 and isinstance(content, bytes) else packed.data
        raw = name.encode()
        facts = struct.pack(
            "<HHHHHIIIHH", 20, flags | 0x800, method, 0, 33, packed.crc32, len(data), packed.size, len(raw), 0
        )
        central += b"PK\1\2\x14\0" + facts + struct.pack("<HHHII", 0, 0, 0, 0, len(local)) + raw
        local += b"PK\3\4" + facts + raw + data
        count += 1
    shown = min(count, 0xFFFF)  # with more the true number stands in a record of its own
    end = b""
    if count > shown:
        end = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, len(central), len(local))
        end += b"PK\6\7" + struct.pack("<IQI", 0, len(local) + len(central), 1)
    end += b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, shown, shown, len(central), len(local), 0)
    return bytes(local + central + end)


# -- PDF --------------------------------------------------------------------------------------------------------------

_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def rc4(key: bytes, data: bytes) -> bytes:
    """The RC4 cipher."""
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def page_content(text: str) -> bytes:
    """The drawing instructions that put lines of ASCII text on a page."""
    lines = (line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in text.split("\n"))
    return ("BT /F1 9 Tf 40 760 Td 12 TL\n" + "\n".join(f"({line}) Tj T*" for line in lines) + "\nET").encode("ascii")


def wrapped(text: str, width: int = 90) -> str:
    """A text in lines that fit a page; paragraphs stay apart."""
    lines = []
    for paragraph in text.strip().split("\n\n"):
        line = ""
        for word in paragraph.split():
            if len(line) + len(word) >= width:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines += [line, ""]
    return "\n".join(lines)


def pdf(
    *contents: bytes | Deflated,
    catalog: str = "",
    information: str = "",
    resources: str = "",
    kids: str | None = None,
    objects: Mapping[int, bytes] | None = None,
    password: str | None = None,
) -> bytes:
    """A PDF with a page for each content; `objects` (numbers from 90,000 up) are added as they are.

    With a `password` it is encrypted by the standard handler, 40 bits of RC4.
    """
    numbers = range(10, 10 + 2 * len(contents), 2)
    found: dict[int, bytes] = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        2: (
            f"<< /Type /Pages /Count {len(contents)} /Kids [{kids or ' '.join(f'{n} 0 R' for n in numbers)}] "
            f"/MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> {resources} >> >>"
        ).encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        **(objects or {}),
    }
    key, trailer = b"", f"/Info << {information} >>" if information else ""
    if password is not None:
        user = (password.encode() + _PAD)[:32]
        owner = rc4(hashlib.md5((b"owner" + _PAD)[:32]).digest()[:5], user)
        identity = b"0123456789abcdef"
        key = hashlib.md5(user + owner + struct.pack("<i", -4) + identity).digest()[:5]
        found[4] = (f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{owner.hex()}> /U <{rc4(key, _PAD).hex()}> >>").encode()
        trailer += f"/Encrypt 4 0 R /ID [<{identity.hex()}> <{identity.hex()}>]"
    for number, content in zip(numbers, contents, strict=True):
        found[number] = f"<< /Type /Page /Parent 2 0 R /Contents {number + 1} 0 R >>".encode()
        data, how = (content.zlib, "/Filter /FlateDecode") if isinstance(content, Deflated) else (content, "")
        if key:
            data = rc4(hashlib.md5(key + struct.pack("<I", number + 1)[:3] + b"\0\0").digest()[:10], data)
        found[number + 1] = f"<< /Length {len(data)} {how} >>\nstream\n".encode() + data + b"\nendstream"
    return _pdf_file(found, trailer)


def _pdf_file(objects: Mapping[int, bytes], trailer: str) -> bytes:
    out, table = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"), bytearray(b"xref\n0 1\n0000000000 65535 f \n")
    for number, content in sorted(objects.items()):
        table += f"{number} 1\n{len(out):010d} 00000 n \n".encode()
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += (
        table + f"trailer\n<< /Size {max(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return bytes(out)


def stream(content: bytes, entries: str = "") -> bytes:
    """The body of a PDF object that is a stream."""
    return f"<< /Length {len(content)} {entries} >>\nstream\n".encode() + content + b"\nendstream"


# -- DOCX, ODT, OLE ---------------------------------------------------------------------------------------------------

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="{office}/{kind}" Target="{target}"/></Relationships>'
)


def paragraphs(text: str) -> str:
    """Text as paragraphs of WordprocessingML."""
    return "".join(f"<w:p><w:r><w:t>{part}</w:t></w:r></w:p>" for part in text.strip().split("\n\n"))


def word_xml(body: str, *, root: str = "document", doctype: str = "") -> bytes:
    """A part of a Word file: its body, notes or whatever `root` says."""
    inner = f"<w:body>{body}</w:body>" if root == "document" else body
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<w:{root} xmlns:w="{_WORD}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
        f">{inner}</w:{root}>"
    ).encode()


def docx(
    body: str | bytes | Deflated | None, *, notes: str = "", extra: Iterable[tuple[str, bytes]] = (), flags: int = 0
) -> bytes:
    """A Word file with a body in WordprocessingML, or with these very bytes for `document.xml`, or without one."""
    document = word_xml(body) if isinstance(body, str) else body
    parts: list[tuple[str, bytes | Deflated]] = [
        ("[Content_Types].xml", _TYPES.encode()),
        ("_rels/.rels", _RELATIONS.format(office=_OFFICE, kind="officeDocument", target="word/document.xml").encode()),
    ]
    if document is not None:
        parts.append(("word/document.xml", document))
    if notes:
        relation = _RELATIONS.format(office=_OFFICE, kind="footnotes", target="footnotes.xml")
        parts += [
            ("word/_rels/document.xml.rels", relation.encode()),
            ("word/footnotes.xml", word_xml(notes, root="footnotes")),
        ]
    return archive([*parts, *extra], flags=flags)


def odt(body: str | bytes, *, doctype: str = "", manifest: str = "") -> bytes:
    """An OpenDocument text with a body, or with these very bytes for `content.xml`; `manifest` goes to its entry there."""
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "text", "table")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<office:document-content {names} office:version="1.2"><office:body>'
        f"<office:text>{body}</office:text></office:body></office:document-content>"
    ).encode()
    listed = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
        f"{manifest}</manifest:file-entry></manifest:manifest>"
    )
    parts = [
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", body if isinstance(body, bytes) else content),
        ("META-INF/manifest.xml", listed.encode()),
    ]
    return archive(parts, stored=("mimetype",))


def open_paragraphs(text: str) -> str:
    """Text as paragraphs of OpenDocument."""
    return "".join(f"<text:p>{part}</text:p>" for part in text.strip().split("\n\n"))


def ole(*names: str) -> bytes:
    """A compound file (the container of .doc, and of Office files with a password) with streams of these names."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0) + struct.pack("<I", free) * 108
    table = struct.pack("<II", 0xFFFFFFFD, end) + struct.pack("<I", free) * 126
    entries = b""
    for index, (name, kind) in enumerate([("Root Entry", 5), *((name, 2) for name in names)]):
        raw = (name + "\0").encode("utf-16-le")
        child = 1 if index == 0 else free
        after = index + 1 if 0 < index < len(names) else free
        entries += raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, free, after, child)
        entries += bytes(36) + struct.pack("<IQ", end, 0)
    return header + table + entries.ljust(512, b"\0")


# -- HTML, RTF --------------------------------------------------------------------------------------------------------


def html(body: str, head: str = "") -> str:
    """A page; paragraphs of plain text become `<p>`."""
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body>{body}</body></html>\n"


def html_paragraphs(text: str) -> str:
    """Text as `<h1>` and paragraphs."""
    title, *rest = text.strip().split("\n\n")
    return f"<h1>{title}</h1>" + "".join(f"<p>{part}</p>" for part in rest)


def rtf(text: str, *, opening: str = "") -> bytes:
    """A Rich Text file: control words in `text` stay as they are."""
    body = text.strip().replace("\n\n", "\\par\n")
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{{\\fonttbl{{\\f0 Times;}}}}{opening}\\f0\\fs24 {body}\\par\n}}".encode()
