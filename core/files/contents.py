"""What the bytes of a file are, whatever its name says; and names fit to be shown."""

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Callable

import filetype
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

ALLOWED = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
    "txt": "text/plain",
    "csv": "text/csv",
}
OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN_TYPES = {
    "docx": f"{OFFICE}wordprocessingml.document.main+xml",
    "xlsx": f"{OFFICE}spreadsheetml.sheet.main+xml",
    "pptx": f"{OFFICE}presentationml.presentation.main+xml",
}
REFUSED_PARTS = (".bin", ".exe", ".js", ".vbs", ".bat", ".cmd", ".scr", ".ps1", ".jar")
MOST_PIXELS = 60_000_000
MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO = 2000, 500 * 1024 * 1024, 100
LONGEST_NAME, LONGEST_EXTENSION = 120, 10
MOST_DECLARED = 1024 * 1024  # bytes of the part of an Office file that says what it is


class UnsafeContent(Exception):
    """The bytes are of no type we keep, or not what their name says. Its text is for people."""


def content_type_of(content: bytes, name: str) -> str:
    """Return the type of a file, read from its bytes.

    :raises UnsafeContent: if it is not one of the types we keep, or is made to harm.
    """
    extension = name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    if extension not in ALLOWED or not content:
        raise UnsafeContent(_("Ce type de fichier n’est pas accepté."))
    if not _checks(extension)(content, extension):
        raise UnsafeContent(_("Le contenu de ce fichier ne correspond pas à son nom."))
    return ALLOWED[extension]


def safe_name(name: str) -> str:
    """Return a file's name without folders, control or direction marks, at a decent length."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    kept = "".join("_" if char in '<>:"|?*' else char for char in kept).strip(" .")
    stem, dot, extension = kept.rpartition(".")
    if not dot or len(extension) > LONGEST_EXTENSION:
        return kept[:LONGEST_NAME] or "document"
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"


def _checks(extension: str) -> Callable[[bytes, str], bool]:
    if extension == "pdf":
        return _is_pdf
    if extension in ("png", "jpg", "webp"):
        return _is_picture
    if extension in ("txt", "csv"):
        return _is_text
    return _is_archive


def _is_pdf(content: bytes, extension: str) -> bool:
    """Tell whether it begins and ends as a PDF: nothing before, nothing of another type after."""
    return content.startswith(b"%PDF-") and content.rstrip(b"\r\n\t \0").endswith(b"%%EOF")


def _is_picture(content: bytes, extension: str) -> bool:
    kind = filetype.guess(content)
    if kind is None or kind.extension != extension or not _ends_as(content, extension):
        return False
    try:
        with Image.open(
            io.BytesIO(content), formats=[{"jpg": "JPEG"}.get(extension, extension.upper())]
        ) as image:
            if image.width * image.height > MOST_PIXELS:
                return False
            image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        return False
    return True


def _ends_as(content: bytes, extension: str) -> bool:
    """Tell whether nothing follows the picture; phones do add their own notes after a JPEG."""
    if extension == "png":
        return content.endswith(b"IEND\xaeB`\x82")
    if extension == "webp":
        return len(content) - int.from_bytes(content[4:8], "little") in (8, 9)
    return True


def _is_text(content: bytes, extension: str) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    has_controls = any(ord(char) < 32 and char not in "\t\r\n\f" for char in text)
    return not has_controls and not text.lstrip().startswith(("<", "{\\rtf"))


def _is_archive(content: bytes, extension: str) -> bool:
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if not _is_modest(entries, len(content)) or any(_is_harmful(row) for row in entries):
                return False
            return extension == "zip" or _declares(archive, MAIN_TYPES[extension])
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, EOFError):
        return False


def _is_modest(entries: list[zipfile.ZipInfo], packed: int) -> bool:
    """Tell whether an archive stays small once open."""
    unpacked = sum(entry.file_size for entry in entries)
    is_few = 0 < len(entries) <= MOST_ENTRIES
    return is_few and unpacked <= min(MOST_UNPACKED, MOST_RATIO * max(packed, 1024))


def _is_harmful(entry: zipfile.ZipInfo) -> bool:
    """Tell whether a part of an archive runs, hides, or would land outside its folder."""
    name = entry.filename.lower().replace("\\", "/")
    is_outside = name.startswith("/") or ".." in name.split("/") or ":" in name
    is_encrypted = bool(entry.flag_bits & 1)
    return is_outside or is_encrypted or name.endswith(REFUSED_PARTS)


def _declares(archive: zipfile.ZipFile, main_type: str) -> bool:
    """Tell whether an Office file says it is of this type, which excludes those with macros."""
    part = archive.getinfo("[Content_Types].xml")
    if part.file_size > MOST_DECLARED:
        return False
    declared = archive.read(part).decode("utf-8", errors="replace")
    return f'"{main_type}"' in declared and "macroenabled" not in declared.lower()
