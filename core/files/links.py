"""Handing a private file to somebody who may have it: a short link of the store, or the bytes.

The caller has already found the row through `visible_to`; nothing here decides who may read.
"""

from django.conf import settings
from django.core.files.storage import storages
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.http import content_disposition_header

from core.files.models import StoredFile

NO_POWER = "default-src 'none'; sandbox"


def download_response(
    request: HttpRequest, file: StoredFile, *, inline: bool = False
) -> HttpResponseBase:
    """Answer with a private file, as a download; or shown in the page when it is a safe type.

    With S3 the answer is a redirect to a link signed for `FILE_LINK_SECONDS`; on disk, the bytes.
    """
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


def _link(file: StoredFile, disposition: str, content_type: str) -> HttpResponseBase:
    url = storages["private"].url(
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
