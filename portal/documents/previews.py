"""How a page shows a file without running anything of it."""

from dataclasses import dataclass

from django.core.files.storage import storages

from core.access.headers import portal_policy
from core.files.models import StoredFile

MOST_SHOWN = 200_000  # bytes of a text
TEXTS = frozenset({"text/plain", "text/csv"})


@dataclass(frozen=True)
class Preview:
    """What a page shows of a file: kind is image, pdf or text."""

    kind: str
    text: str = ""
    is_cut: bool = False


def preview_of(file: StoredFile) -> Preview | None:
    """Return how a file is shown in a page; None when it is only downloaded."""
    if not file.is_open:
        return None
    if file.content_type in TEXTS:
        return _text_of(file)
    if file.content_type == "application/pdf":
        return Preview("pdf")
    return Preview("image") if file.is_shown_inline else None


def policy_of_page() -> str:
    """Return the content policy of a page that frames files of our own origin."""
    return f"{portal_policy()}; frame-src 'self'"


def _text_of(file: StoredFile) -> Preview | None:
    """Return the first characters of a text, to be written in the page as any other words."""
    try:
        with storages["private"].open(file.key) as stream:
            content = stream.read(MOST_SHOWN)
    except FileNotFoundError:
        return None
    is_cut = file.size > MOST_SHOWN
    try:
        text = content.decode("utf-8-sig", errors="ignore" if is_cut else "strict")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return Preview("text", text, is_cut)
