"""What a tagged PDF for everybody (PDF/UA-1) must have, checked by another program than the one that made it: the points of the
Matterhorn protocol that a machine can decide, read with pypdf."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, NumberObject

STANDARD = {
    "/Document", "/Art", "/Sect", "/Div", "/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Lbl", "/LBody", "/Table", "/THead", "/TBody",
    "/TR", "/TH", "/TD", "/Span", "/Link", "/Figure", "/NonStruct", "/Caption",
}  # fmt: skip


def faults_of(content: bytes) -> list[str]:
    """Everything that keeps a file from being accessible; empty where nothing does."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    return [*_of_file(reader), *_of_tree(reader), *_of_content(reader), *_of_fonts(reader), *_of_notes(reader)]


def _of_file(reader: pypdf.PdfReader) -> Iterator[str]:
    root = reader.trailer["/Root"]
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "06-002 not marked as tagged"
    if not root.get("/Lang"):
        yield "11-006 no language"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "07-001 the title is not shown"
    if not (reader.metadata and reader.metadata.title):
        yield "06-003 no title"
    meta = root["/Metadata"].get_object().get_data() if "/Metadata" in root else b""
    if b"pdfuaid" not in meta:
        yield "06-001 does not say that it is PDF/UA"
    for page in reader.pages:
        if page.get("/Tabs") != "/S":
            yield "28-001 tab order"


def nodes(reader: pypdf.PdfReader) -> Iterator[tuple[DictionaryObject, list[str]]]:
    """Every element of the structure, in reading order, with the kinds above it."""

    def below(node: Any, above: list[str]) -> Iterator[tuple[DictionaryObject, list[str]]]:
        node = node.get_object()
        if not isinstance(node, DictionaryObject):
            return
        inside = above
        if "/S" in node:
            yield node, above
            inside = [*above, str(node["/S"])]
        for child in _children(node):
            yield from below(child, inside)

    yield from below(reader.trailer["/Root"]["/StructTreeRoot"], [])


def _children(node: DictionaryObject) -> list[Any]:
    children = node.get("/K", [])
    found = children.get_object() if hasattr(children, "get_object") else children
    return list(found) if isinstance(found, ArrayObject | list) else [found]


def _of_tree(reader: pypdf.PdfReader) -> Iterator[str]:
    named = {
        header
        for node, _above in nodes(reader)
        if node["/S"] == "/TD" and "/A" in node
        for header in node["/A"].get_object().get("/Headers", ())
    }
    level, roles = 0, reader.trailer["/Root"]["/StructTreeRoot"].get("/RoleMap", {})
    for node, above in nodes(reader):
        kind = str(node["/S"])
        if kind not in STANDARD and kind not in roles:
            yield f"02-001 {kind} means nothing"
        if kind == "/Figure" and not node.get("/Alt"):
            yield "13-004 a picture without words"
        if kind in ("/TH", "/TD") and above[-1] != "/TR":
            yield f"09-004 {kind} below {above[-1]}"
        if kind == "/TR" and above[-1] not in ("/Table", "/THead", "/TBody"):
            yield f"09-003 a row below {above[-1]}"
        if kind == "/TH" and "/Scope" not in str(node.get("/A", "")) and node.get("/ID") not in named:
            yield "15-003 a head of a column or row that no cell names and that does not say which it is"
        if kind[:2] == "/H" and kind[2:].isdigit():
            if int(kind[2:]) > level + 1:
                yield f"14-003 from heading {level} to {kind[2:]}"
            level = int(kind[2:])


def _of_content(reader: pypdf.PdfReader) -> Iterator[str]:
    """Whatever is painted belongs to the structure, or says that it does not."""
    known = {
        (_page(child, node), int(child if isinstance(child, NumberObject) else child["/MCID"]))
        for node, _above in nodes(reader)
        for child in (each.get_object() for each in _children(node))
        if isinstance(child, NumberObject) or "/MCID" in child
    }
    for page in reader.pages:
        marks: list[Any] = []
        for operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
            if operator in (b"BDC", b"BMC"):
                said = operands[1] if operator == b"BDC" and isinstance(operands[1], DictionaryObject) else {}
                marks.append("artifact" if operands[0] == "/Artifact" else said.get("/MCID"))
                if marks[-1] is not None and marks[-1] != "artifact":
                    where = (page.indirect_reference.idnum, int(marks[-1]))
                    if where not in known:
                        yield f"01-005 content {where} is in no element"
            elif operator == b"EMC":
                marks.pop()
            elif operator in (b"Tj", b"TJ", b"Do", b"f", b"f*", b"S", b"B") and all(mark is None for mark in marks):
                yield f"01-005 {operator.decode()} is neither tagged nor an artifact"


def _page(child: Any, node: DictionaryObject) -> int:
    holder = child if isinstance(child, DictionaryObject) and "/Pg" in child else node
    while "/Pg" not in holder and "/P" in holder:
        holder = holder["/P"].get_object()
    return int(holder.raw_get("/Pg").idnum)


def _of_fonts(reader: pypdf.PdfReader) -> Iterator[str]:
    for page in reader.pages:
        for name, font in page["/Resources"].get_object().get("/Font", {}).items():
            font = font.get_object()
            if "/ToUnicode" not in font:
                yield f"10-001 {name} cannot be read out"
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object()):
                yield f"31-009 {name} is not in the file"


def _of_notes(reader: pypdf.PdfReader) -> Iterator[str]:
    links = {
        each.get_object()["/Obj"].indirect_reference.idnum
        for node, _above in nodes(reader)
        if node["/S"] == "/Link"
        for each in _children(node)
        if isinstance(each.get_object(), DictionaryObject) and "/Obj" in each.get_object()
    }
    for page in reader.pages:
        for note in page.get("/Annots", []):
            if note.get_object().get("/Subtype") == "/Link" and note.idnum not in links:
                yield "28-011 a link outside the structure"
