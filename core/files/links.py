"""Handing a private file to somebody who may have it: the bytes, or a link that soon dies.

The caller has already found the row through `visible_to`; nothing here decides who may read.
What an antivirus has not cleared is never handed over, whoever asks.
"""

from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.storage import storages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header

from core.files.models import SHOWN_AS_TEXT, SHOWN_INLINE, StoredFile

NO_POWER = "default-src 'none'; sandbox"
MOST_PREVIEWED = 2_000_000  # bytes of a text shown in a page
SALT = "core.files.link"
LONGEST_LINK = 30 * 24 * 3600


class LinkExpired(Exception):
    """A signed link is over, was touched, or is not for this person."""


def download_response(
    request: HttpRequest, file: StoredFile, *, inline: bool = False
) -> HttpResponseBase:
    """Answer with a private file, as a download; or shown in the page when it is a safe type.

    With S3 the answer is a redirect to a link signed for `FILE_LINK_SECONDS`; on disk, the bytes.
    A file that waits for the antivirus answers a 409 page, one in quarantine a 410 page.
    """
    if not file.is_open:
        return _kept_back(request, file)
    shown = inline and file.is_shown_inline
    disposition = content_disposition_header(not shown, file.name) or "attachment"
    content_type = file.content_type if shown else "application/octet-stream"
    response = (
        _link(file, disposition, content_type)
        if settings.S3_BUCKET
        else _bytes(file, disposition, content_type)
    )
    response["Cache-Control"] = "private, no-store"
    return response


def preview_response(request: HttpRequest, file: StoredFile) -> HttpResponseBase:
    """Show a private file in a page of its own, where nothing of it can run.

    PDF and pictures as they are; texts as plain text. Other types are for download only.

    :raises Http404: if the type is not one that is shown, or the text is too long.
    """
    if not file.is_open:
        return _kept_back(request, file)
    if file.content_type in SHOWN_INLINE:
        return download_response(request, file, inline=True)
    if file.content_type not in SHOWN_AS_TEXT or file.size > MOST_PREVIEWED:
        raise Http404
    with storages["private"].open(file.key) as stream:
        response = HttpResponse(_text_of(stream.read()), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NO_POWER
    return response


def signed_link(file: StoredFile, *, seconds: int | None = None, user: Any = None) -> str:
    """Return an address of ours that hands a file over, without its page, for a time.

    `seconds` is `FILE_LINK_SECONDS` unless told, 30 days at most. With a user the link is theirs:
    it also needs their session. Without, whoever holds it reads the file until it dies; for a
    link that can be taken back, keep a row and look it up before calling `download_response`.
    """
    life = min(seconds or settings.FILE_LINK_SECONDS, LONGEST_LINK)
    facts = {"f": str(file.uuid), "c": file.client_id, "s": life, "u": user.pk if user else 0}
    return reverse("files:signed", args=[signing.dumps(facts, salt=SALT)])


def facts_of_link(token: str) -> dict[str, Any]:
    """Return what a link was signed for: file `f`, client `c`, seconds `s`, person `u` or 0.

    :raises LinkExpired: if it is over, or not of ours.
    """
    try:
        facts = signing.loads(token, salt=SALT)
        return signing.loads(token, salt=SALT, max_age=facts["s"])
    except signing.BadSignature as error:
        raise LinkExpired from error


def _text_of(content: bytes) -> bytes:
    """Return a text in UTF-8, whichever of the two encodings we accept it came in."""
    try:
        return content.decode("utf-8-sig").encode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace").encode()


def _kept_back(request: HttpRequest, file: StoredFile) -> HttpResponse:
    """Say why a file is not handed over: it waits for the antivirus, or it is in quarantine."""
    is_infected = file.scan == StoredFile.Scan.INFECTED
    context = {"file": file, "is_infected": is_infected}
    status = 410 if is_infected else 409
    response = render(request, "core/files/kept_back.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _link(file: StoredFile, disposition: str, content_type: str) -> HttpResponseBase:
    store: Any = storages["private"]
    url = store.url(
        file.key,
        parameters={
            "ResponseContentDisposition": disposition,
            "ResponseContentType": content_type,
        },
        expire=settings.FILE_LINK_SECONDS,
    )
    return HttpResponseRedirect(url)


def _bytes(file: StoredFile, disposition: str, content_type: str) -> HttpResponseBase:
    stream = storages["private"].open(file.key)
    response = FileResponse(stream, content_type=content_type)
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = disposition
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NO_POWER
    return response
