"""Word and OpenDocument texts: the accepted text, without what is deleted, hidden or a field's code.

Both are XML in a ZIP archive. The libraries for them leave out inserted text, footnotes and text boxes, so the XML is
walked here; no entity is resolved, nothing is unpacked beyond a limit, and lxml bounds how deep elements nest.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from tasks.readers.reading import Reading, Unreadable, named_author
from tasks.readers.text import normalise

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_MEMBERS = 10_000
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ODT = "application/vnd.oasis.opendocument.text"
_ODT_ALTERNATIVE = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}title"  # of a picture
# Documents and templates, with macros, which nothing here runs, and without.
_WORD_PART = re.compile(
    r".*(?:wordprocessingml\.(?:document|template)|ms-word\.(?:document|template)\.macroEnabled(?:Template)?)\.main\+xml"
)
_DELETED = frozenset({"del", "moveFrom", "cellDel"})
_WHITE_SPACE = re.compile(r"[ \t\r\n]+")


class _Format(NamedTuple):
    """How a format's XML is read: local names of elements."""

    paragraphs: frozenset[str]
    dropped: frozenset[str]  # with all that they hold
    spaces: dict[str, str]  # elements that stand for white space
    rows: frozenset[str]
    containers: frozenset[str]  # of paragraphs inside a paragraph
    text: frozenset[str] | None  # elements whose text counts; any, if None


_WORD_FORMAT = _Format(
    paragraphs=frozenset({"p"}),
    # `Fallback` repeats the content of `Choice` for older programs.
    dropped=frozenset({"del", "moveFrom", "instrText", "delText", "delInstrText", "Fallback", "pPr", "sectPr"}),
    spaces={"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"},
    rows=frozenset({"tr"}),
    containers=frozenset({"txbxContent"}),
    text=frozenset({"t"}),
)
_ODT_FORMAT = _Format(
    paragraphs=frozenset({"p", "h"}),
    dropped=frozenset(
        {
            "tracked-changes",
            "annotation",
            "sequence-decls",
            "note-citation",
            "forms",
            "desc",
            "hidden-text",
            _ODT_ALTERNATIVE,
        }
    ),
    spaces={"tab": "\t", "line-break": "\n", "s": " "},
    rows=frozenset({"table-row"}),
    containers=frozenset({"note-body", "text-box"}),
    text=None,
)
# The day a file was made is left alone: it is most often that of a template.
_PROPERTIES = {"title": "title", "creator": "author", "initial-creator": "author"}


def looks_like_archive(content: bytes) -> bool:
    """Whether some bytes start as a ZIP archive does, or as the container of old and of encrypted Office files."""
    return content.startswith((_ZIP, _OLE))


def read(content: bytes, largest: int) -> Reading:
    """Read a Word (.docx) or OpenDocument (.odt) text; stop with a verdict where it unfolds beyond `largest` bytes."""
    if content.startswith(_OLE):
        raise _ole_verdict(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read_archive(archive, largest)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise Unreadable("corrupt", f"the file is no readable archive: {error}") from error


def _ole_verdict(content: bytes) -> Unreadable:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Unreadable("encrypted", "the file asks for a password")
    return Unreadable("not_text", "an Office file of the kind before 2007: save it as .docx")


def _read_archive(archive: zipfile.ZipFile, largest: int) -> Reading:
    members = {member.filename: member for member in archive.infolist()}
    if len(members) > _MOST_MEMBERS:
        raise Unreadable("too_large", f"an archive of {len(members):,} files")
    package = _Package(archive, members, largest)
    kind = package.bytes("mimetype").decode("ascii", "replace").strip() if "mimetype" in members else ""
    if kind.startswith(_ODT):
        manifest = package.bytes("META-INF/manifest.xml") if "META-INF/manifest.xml" in members else b""
        if b"encryption-data" in manifest:
            raise Unreadable("encrypted", "the file asks for a password")
        return _reading([package.xml("content.xml")], _ODT_FORMAT, _ODT, package.properties("meta.xml"))
    if "[Content_Types].xml" in members:
        main = _main_part(package)
        folder = main.rpartition("/")[0]
        notes = [f"{folder}/{name}.xml".lstrip("/") for name in ("footnotes", "endnotes")]
        trees = [package.xml(name) for name in (main, *notes) if name == main or name in members]
        return _reading(trees, _WORD_FORMAT, _WORD, package.properties("docProps/core.xml"))
    raise Unreadable(
        "not_text", "a ZIP archive that is neither a Word nor an OpenDocument text; archives are not unpacked"
    )


def _main_part(package: _Package) -> str:
    types = package.xml("[Content_Types].xml")
    for element in types.iter():
        if _WORD_PART.fullmatch(str(element.get("ContentType", ""))):
            return str(element.get("PartName", "")).lstrip("/")
    raise Unreadable("not_text", "an Office file that is no text document, such as a table or slides")


class _Package:
    """The parts of an archive, each read with a limit on what all of them may unfold to."""

    def __init__(self, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], largest: int) -> None:
        self._archive = archive
        self._members = members
        self._left = largest

    def bytes(self, name: str) -> bytes:
        """The bytes of a part. Raises `Unreadable` where it is missing, encrypted or too large."""
        member = self._members.get(name)
        if member is None:
            raise Unreadable("corrupt", f"the archive has no {name}")
        if member.flag_bits & 1:
            raise Unreadable("encrypted", "the file asks for a password")
        with self._archive.open(member) as part:  # what the archive says of sizes may be a lie
            content = part.read(self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            raise Unreadable("too_large", "the archive unfolds to more than ingest.largest_content allows")
        return content

    def xml(self, name: str) -> Any:
        """The tree of an XML part, in which no entity is resolved; a document type is refused."""
        from lxml import etree

        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            tree = etree.fromstring(self.bytes(name), parser)
        except etree.XMLSyntaxError as error:
            raise Unreadable("corrupt", f"{name} is no valid XML: {error.msg}") from error
        if tree.getroottree().docinfo.doctype:
            raise Unreadable("corrupt", f"{name} declares a document type, which such files may not")
        return tree

    def properties(self, name: str) -> dict[str, str]:
        """The document's properties, under the names of the fields that they fill."""
        if name not in self._members:
            return {}
        try:
            tree = self.xml(name)
        except Unreadable as verdict:
            if verdict.reason == "corrupt":  # the text may be whole, and is what counts
                return {}
            raise
        found: dict[str, str] = {}
        for element in tree.iter():
            field = _PROPERTIES.get(_local(element))
            text = normalise(" ".join((element.text or "").split()))
            if field is not None and (text := named_author(text) if field == "author" else text):
                found.setdefault(field, text)
        return found


def _reading(trees: list[Any], form: _Format, media_type: str, properties: dict[str, str]) -> Reading:
    paragraphs = [text for tree in trees for raw in _paragraphs(tree, form) if (text := normalise(raw).strip())]
    return Reading("\n\n".join(paragraphs), media_type, "utf-8", properties=properties)


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _is_hidden(element: Any) -> bool:
    """Whether a Word run is hidden text."""
    return any(
        _local(mark) == "vanish" and not any(value in ("0", "false") for value in mark.attrib.values())
        for properties in element
        if _local(properties) == "rPr"
        for mark in properties
    )


def _is_deleted(element: Any) -> bool:
    """Whether a Word paragraph's end, a row or a cell is marked as deleted."""
    for properties in element:
        name = _local(properties)
        if name in ("trPr", "tcPr"):
            return any(_local(mark) in _DELETED for mark in properties)
        if name == "pPr":
            return any(_local(mark) in _DELETED for run in properties if _local(run) == "rPr" for mark in run)
    return False


def _is_dropped(element: Any, form: _Format) -> bool:
    return _local(element) in form.dropped or element.tag in form.dropped


def _paragraphs(element: Any, form: _Format) -> Iterator[str]:
    """Yield the paragraphs inside an element, one for each row of a table."""
    begun = ""  # by paragraphs whose end is deleted, so that the next goes on with them
    for child in element:
        name = _local(child)
        if _is_dropped(child, form):
            continue
        if name in form.paragraphs:
            inside: list[str] = []  # of a text box or a note, which stands in the paragraph and is none of its words
            begun += "".join(_pieces(child, form, inside))
            if not _is_deleted(child):
                yield begun
                begun = ""
            yield from inside
        elif name in form.rows:
            if not _is_deleted(child):
                cells = (" ".join(" ".join(_paragraphs(cell, form)).split()) for cell in child if not _is_deleted(cell))
                yield "\t".join(filter(None, cells))
        else:
            yield from _paragraphs(child, form)
    yield begun


def _pieces(element: Any, form: _Format, inside: list[str]) -> Iterator[str]:
    name = _local(element)
    yield form.spaces.get(name, "")
    if form.text is None or name in form.text:
        yield _WHITE_SPACE.sub(" ", element.text or "")
    for child in element:
        name = _local(child)
        if name in form.containers:
            inside += _paragraphs(child, form)
        elif not (_is_dropped(child, form) or (name == "r" and _is_hidden(child))):
            yield from _pieces(child, form, inside)
        if form.text is None:
            yield _WHITE_SPACE.sub(" ", child.tail or "")
