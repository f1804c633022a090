"""The words inside a file, for the team to find it by: texts, Word and PDF, the first of them."""

import io
import zipfile

from django.core.files.storage import storages
from lxml import etree
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from core.files.contents import ALLOWED
from core.files.models import StoredFile
from core.search import search_text

MOST_BYTES = 10_000_000  # of a file that is read
MOST_WORDS = 3_000
MOST_PAGES = 20
TEXTS = (ALLOWED["txt"], ALLOWED["csv"])
WORD_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"


def words_of(file: StoredFile) -> str:
    """Return the folded words of a file, its name first. A file that is not read has its name."""
    if not file.is_open or file.size > MOST_BYTES:
        return search_text(file.name)
    try:
        with storages["private"].open(file.key) as stream:
            text = text_of(stream.read(), file.content_type)
    except FileNotFoundError:
        text = ""
    return " ".join(search_text(file.name, text).split()[:MOST_WORDS])


def text_of(content: bytes, content_type: str) -> str:
    """Return the plain text of bytes of this type; nothing when it is not one that is read."""
    if content_type in TEXTS:
        return content[:200_000].decode("utf-8", errors="ignore")
    if content_type == ALLOWED["docx"]:
        return _text_of_word(content)
    return _text_of_pdf(content) if content_type == ALLOWED["pdf"] else ""


def _text_of_word(content: bytes) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            root = etree.fromstring(archive.read("word/document.xml"), parser)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
        return ""
    return " ".join(node.text or "" for node in root.iter(WORD_TEXT))


def _text_of_pdf(content: bytes) -> str:
    try:
        pages = PdfReader(io.BytesIO(content)).pages[:MOST_PAGES]
        return " ".join(page.extract_text() for page in pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""  # a PDF that readers mend may still be one that this one does not read
