"""How a page shows a file without running anything of it."""

from dataclasses import dataclass

from django.conf import settings
from django.core.files.storage import storages
from django.http import HttpResponseBase

from core.access.headers import portal_policy
from core.files.links import NO_POWER
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
    """Return the content policy of a page that shows private files, or leads to one.

    Files come from our own origin, or by a redirect from the store's.
    """
    policy, store = portal_policy(), settings.S3_ORIGIN
    for directive in ("img-src", "form-action"):
        policy = policy.replace(f"{directive} 'self'", f"{directive} 'self' {store}".rstrip())
    return f"{policy}; frame-src 'self' {store}".rstrip()


def let_own_pages_frame(response: HttpResponseBase) -> None:
    """Let a file that is shown be framed by our own pages; it stays shut to every other."""
    policy = response.headers.get("Content-Security-Policy", NO_POWER)
    response.headers["Content-Security-Policy"] = f"{policy}; frame-ancestors 'self'"


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
