"""Filling the fields of a Word file: those that Word cut into pieces too. Nothing of it runs.

Only texts change: styles, images and everything else of the file stay as they are.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from core.pdf.legible import printable
from portal.documents.merging.fields import FIELD

NS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT, PARAGRAPH, RUN, BREAK = f"{NS}t", f"{NS}p", f"{NS}r", f"{NS}br"
KEEP_SPACES = "{http://www.w3.org/XML/1998/namespace}space"
MOST_XML = 20_000_000  # bytes of a part once unpacked: far above any text
BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, KeyError, EOFError)
PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")


class UnreadableWord(ValueError):
    """The bytes are no Word file that can be filled."""


def texts_of(content: bytes) -> list[str]:
    """Return the texts of a Word file, a paragraph each: what fields are looked for in.

    :raises UnreadableWord: if it cannot be read.
    """
    return [
        "".join(node.text or "" for node in nodes)
        for _name, root in _parts(content)
        for nodes in _paragraphs(root)
    ]


def filled_word(content: bytes, values: Mapping[str, str]) -> bytes:
    """Return a Word file with each field replaced by its value, the rest left as it is.

    :raises UnreadableWord: if it cannot be read.
    """
    changed = {}
    for name, root in _parts(content):
        for nodes in _paragraphs(root):
            _fill(nodes, values)
        changed[name] = etree.tostring(
            root, xml_declaration=True, encoding="UTF-8", standalone=True
        )
    try:
        return _with_parts(content, changed)
    except BROKEN as fault:
        raise UnreadableWord from fault


def _with_parts(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            target.writestr(entry, changed.get(entry.filename) or source.read(entry))
    return output.getvalue()


def _parts(content: bytes) -> Iterator[tuple[str, Any]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if PARTS.fullmatch(entry.filename):
                    if entry.file_size > MOST_XML:
                        raise UnreadableWord
                    yield entry.filename, etree.fromstring(archive.read(entry), parser)
    except (*BROKEN, etree.XMLSyntaxError) as fault:
        raise UnreadableWord from fault


def _paragraphs(root: Any) -> Iterator[list[Any]]:
    """Go through the texts of each paragraph; those of a box inside are another paragraph's."""
    for paragraph in root.iter(PARAGRAPH):
        nodes = [
            node
            for node in paragraph.iter(TEXT)
            if next(node.iterancestors(PARAGRAPH), None) is paragraph
        ]
        if nodes:
            yield nodes


def _fill(nodes: list[Any], values: Mapping[str, str]) -> None:
    """Replace the fields of one paragraph: a value goes where its field began."""
    texts = [node.text or "" for node in nodes]
    whole = "".join(texts)
    for match in reversed(list(FIELD.finditer(whole))):
        value = printable(values.get(match.group(1), ""))
        texts = _replaced(texts, match.start(), match.end(), value)
    for node, text in zip(nodes, texts, strict=True):
        if text != (node.text or ""):
            _write(node, text)


def _replaced(texts: list[str], start: int, end: int, value: str) -> list[str]:
    """Put a value in place of the characters from start to end, which may span several texts."""
    kept, place = [], 0
    for text in texts:
        first, last = place, place + len(text)
        before = text[: max(start - first, 0)]
        after = text[max(end - first, 0) :] if last > end else ""
        if last <= start or first >= end:
            kept.append(text)
        elif first <= start:
            kept.append(before + value + after)
        else:
            kept.append(after)
        place = last
    return kept


def _write(node: Any, text: str) -> None:
    """Write a text of several lines: Word wants a break of its own between two."""
    first, *others = text.split("\n")
    node.text = first
    node.set(KEEP_SPACES, "preserve")
    for line in others:
        broken = etree.Element(BREAK)
        node.addnext(broken)
        node = etree.Element(TEXT)
        node.text = line
        node.set(KEEP_SPACES, "preserve")
        broken.addnext(node)
