"""The one way in: HTML goes in, a PDF comes out."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _


class PdfUnavailable(RuntimeError):
    """The server lacks the system libraries that draw PDFs."""

    message = _(
        "La création de PDF n’est pas disponible : "
        "la bibliothèque Pango n’est pas installée sur ce serveur."
    )

    def __str__(self) -> str:
        return str(self.message)


def render_pdf(
    html: str,
    *,
    title: str,
    created_at: datetime,
    author: str = "",
    subject: str = "",
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """Turn HTML into a tagged PDF/A-3b, dressed by our own sheet and fonts.

    `created_at` carries its time zone and is the only clock: the same arguments give
    the same bytes. The HTML shows an image by name, as `nourx:image/logo`; every other
    address is refused and shows nothing.

    :raises PdfUnavailable: if Pango is not installed.
    """
    try:
        from core.pdf import engine
    except (ImportError, OSError) as missing:  # Pango is looked for on import
        raise PdfUnavailable from missing
    details = engine.Details(title, author, subject, created_at)
    return engine.render(html, details, images or {})
