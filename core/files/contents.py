"""What the bytes of a file are, whatever its name says; and names fit to be shown."""

import io
import unicodedata
import zipfile

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
MAIN_PARTS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
REFUSED_PARTS = (".bin", ".exe", ".js", ".vbs", ".bat", ".cmd", ".scr", ".ps1", ".jar")
MOST_PIXELS = 60_000_000
MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO = 2000, 500 * 1024 * 1024, 100
LONGEST_NAME = 120


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
    return f"{stem[: LONGEST_NAME - len(extension)]}{dot}{extension}" if dot else kept or "document"


def _checks(extension: str):
    if extension == "pdf":
        return _is_pdf
    if extension in ("png", "jpg", "webp"):
        return _is_picture
    if extension in ("txt", "csv"):
        return _is_text
    return _is_archive


def _is_pdf(content: bytes, extension: str) -> bool:
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]


def _is_picture(content: bytes, extension: str) -> bool:
    kind = filetype.guess(content)
    if kind is None or kind.extension != extension:
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


def _is_text(content: bytes, extension: str) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    has_controls = any(ord(char) < 32 and char not in "\t\r\n\f" for char in text)
    return not has_controls and not text.lstrip().startswith(("<", "{\\rtf"))


def _is_archive(content: bytes, extension: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        return False
    if not 0 < len(entries) <= MOST_ENTRIES:
        return False
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(len(content), 1024):
        return False
    names = [entry.filename.lower() for entry in entries]
    if any(
        name.startswith(("/", "\\")) or ".." in name.split("/") or ":" in name for name in names
    ):
        return False
    if extension == "zip":
        return not any(name.endswith(REFUSED_PARTS) for name in names)
    is_office = "[content_types].xml" in names and any(
        name.startswith(MAIN_PARTS[extension]) for name in names
    )
    return is_office and not any(name.endswith(REFUSED_PARTS) for name in names)
