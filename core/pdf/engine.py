"""WeasyPrint, closed to the outside. Importing this module loads Pango."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from core.pdf.images import usable_image
from core.pdf.legible import legible, printable

SCHEME = "nourx"
SHEET = "pdf.css"
FONTS = (
    "pdf-sans-400.woff2",
    "pdf-sans-500.woff2",
    "pdf-sans-600.woff2",
    "pdf-sans-700.woff2",
    "pdf-fallback.woff2",
)
IMAGE_PREFIX = f"{SCHEME}:image/"
OPTIONS = {
    "pdf_variant": "pdf/a-3b",
    "pdf_tags": True,
    "optimize_images": True,
    "dpi": 300,
    "jpeg_quality": 85,
}
GENERATOR = "NOURX"
_one_at_a_time = threading.Lock()  # a Pango font map belongs to one thread at once


class RefusedAddress(ValueError):
    """The document asks for something which is not ours."""


@dataclass(frozen=True)
class Details:
    """What a PDF says of itself."""

    title: str
    author: str
    subject: str
    created_at: datetime


class ClosedFetcher(URLFetcher):
    """Serves our fonts and the images of one document, and refuses every other address.

    WeasyPrint catches what is raised here, leaves the resource out and goes on.
    """

    def __init__(self, images: Mapping[str, bytes]):
        super().__init__(allowed_protocols=(SCHEME,), allow_redirects=False)
        self._images = images

    def fetch(self, url, headers=None):
        if url.startswith(IMAGE_PREFIX):
            return self._image(url)
        name = url.removeprefix(f"{SCHEME}:")
        if name not in FONTS:
            raise RefusedAddress(url)
        body = static_file(name).read_bytes()
        return URLFetcherResponse(url, body, {"Content-Type": "font/woff2"})

    def _image(self, url):
        name = url.removeprefix(IMAGE_PREFIX)
        if name not in self._images:
            raise RefusedAddress(url)
        body, kind = usable_image(self._images[name])
        return URLFetcherResponse(url, body, {"Content-Type": kind})


def render(html: str, details: Details, images: Mapping[str, bytes]) -> bytes:
    """Lay out and write a document; one thread at a time."""
    with _one_at_a_time:
        fonts, sheet = _stationery()
        page = HTML(string=legible(html, fonts=_font_paths()), url_fetcher=ClosedFetcher(images))
        document = page.render(font_config=fonts, stylesheets=[sheet], **OPTIONS)
        _sign(document, details)
        return document.write_pdf(**OPTIONS)


def static_file(name: str) -> Path:
    """Find one of our own static files on disk.

    :raises FileNotFoundError: if it was not shipped.
    """
    found = finders.find(f"nourx/{name}")
    if found is None:
        raise FileNotFoundError(name)
    return Path(found)


@cache
def _stationery() -> tuple[FontConfiguration, CSS]:
    """Load fonts and sheet once per process: it costs more than a page."""
    fonts = FontConfiguration()
    text = static_file(SHEET).read_text(encoding="utf-8")
    return fonts, CSS(string=text, url_fetcher=ClosedFetcher({}), font_config=fonts)


def _font_paths() -> tuple[Path, ...]:
    return tuple(static_file(name) for name in FONTS)


def _sign(document: Document, details: Details) -> None:
    at = details.created_at.isoformat(timespec="seconds")
    metadata = document.metadata
    metadata.title = printable(details.title)
    metadata.authors = [printable(details.author)] if details.author else []
    metadata.description = printable(details.subject) or None
    metadata.keywords = []
    metadata.attachments = []
    metadata.generator = GENERATOR
    metadata.created = metadata.modified = at
