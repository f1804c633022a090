"""Small files of every kind, made here: honest ones, and ones made to harm."""

import io
import zipfile

from PIL import Image

OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", f"{OFFICE}wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OFFICE}spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OFFICE}presentationml.presentation.main+xml"),
}
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
SCRIPT = b"#!/bin/sh\nrm -rf /\n"
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"


def picture(kind: str, size: tuple[int, int] = (4, 4)) -> bytes:
    """Return a picture: "PNG", "JPEG", "WEBP" or "GIF"."""
    stream = io.BytesIO()
    Image.new("RGB", size, "white").save(stream, kind)
    return stream.getvalue()


def archive(parts: dict[str, bytes], *, packed: bool = True) -> bytes:
    """Return a zip of these parts."""
    stream = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(stream, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


def office(kind: str, *, declared: str = "", **parts: bytes) -> bytes:
    """Return an Office file: "docx", "xlsx" or "pptx", with other parts if any."""
    name, main_type = MAIN[kind]
    types = f'<Types><Override PartName="/{name}" ContentType="{declared or main_type}"/></Types>'
    return archive({"[Content_Types].xml": types.encode(), name: b"<x/>", **parts})


def with_macros() -> bytes:
    """Return a Word file that runs: its name says docx, its parts say otherwise."""
    return office("docx", **{"word/vbaProject.bin": b"\xd0\xcf"})


def encrypted() -> bytes:
    """Return a zip whose only entry is marked as encrypted."""
    content = bytearray(archive({"note.txt": b"bonjour"}, packed=False))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)
