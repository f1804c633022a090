"""A long export, written by a worker: the listing's own address, replayed as whoever asked.

Rights are asked when the file is asked for, when it is written and when it is taken: each time by
the view itself, with its policies and its filters.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.files.storage import storages
from django.core.files.temp import NamedTemporaryFile
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import rls
from core.desk.models import ListExport
from core.desk.services.exports import (
    Stopped,
    begin_list_export,
    fail_list_export,
    finish_list_export,
    follow_list_export,
)


def asked_again(export: ListExport, *, is_only_asked: bool = False) -> HttpRequest:
    """Return the request of a listing as its asker would make it now."""
    asked = HttpRequest()
    asked.method, asked.user = "GET", export.user
    query = QueryDict(export.query, mutable=True)
    query["export"] = export.format
    asked.GET = query  # type: ignore[assignment]  # only read from here on
    asked.path = asked.path_info = export.path
    asked.META = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest", "SERVER_NAME": "worker"}
    asked.session = {}  # type: ignore[assignment]  # a listing keeps nothing there
    if is_only_asked:
        asked.is_only_asked = True  # type: ignore[attr-defined]
    return asked


def may_still_read(export: ListExport) -> bool:
    """Tell whether whoever asked may open the listing now."""
    if not export.user.is_active:
        return False
    try:
        answer = resolve(export.path).func(asked_again(export, is_only_asked=True))
    except PermissionDenied:
        return False
    return answer.status_code == 204


def write_list_export(*, export_id: int) -> None:
    """Write the file of an export and tell its owner. Run twice, it writes one file.

    :raises StillRunning: if another worker is at it; to be tried later.
    """
    with rls.staff("export of a list, asked by somebody of the team"), translation.override("fr"):
        export = begin_list_export(export_id=export_id, at=timezone.now())
        if export is None:
            return
        if not may_still_read(export):
            reason = _("Vous n’avez plus accès à cette liste.")
            fail_list_export(export=export, reason=reason, at=timezone.now(), is_final=True)
            return
        try:
            _write(export)
        except Stopped:
            return
        except BaseException as error:
            _note(export, error)
            raise


def _write(export: ListExport) -> None:
    request = asked_again(export)
    request.follow_export = lambda done: follow_list_export(  # type: ignore[attr-defined]
        export=export, done=done, at=timezone.now()
    )
    response: Any = resolve(export.path).func(request)
    if not response.streaming:
        reason = _("La liste ne se laisse pas exporter ainsi : changez ses filtres.")
        fail_list_export(export=export, reason=reason, at=timezone.now(), is_final=True)
        return
    with NamedTemporaryFile() as written:
        for piece in response.streaming_content:
            written.write(piece)
        size = written.tell()
        written.seek(0)
        name = f"exports/listes/{export.token}.{export.format}"
        key = storages["private"].save(name, File(written))
    finish_list_export(
        export=export,
        key=key,
        size=size,
        name=_file_name(response),
        content_type=response["Content-Type"],
        at=timezone.now(),
    )


def _file_name(response: HttpResponseBase) -> str:
    return response["Content-Disposition"].rpartition("filename=")[2].strip('"')


def _note(export: ListExport, error: BaseException) -> None:
    reason = _("Une erreur a interrompu l’écriture (%(kind)s).") % {"kind": type(error).__name__}
    fail_list_export(export=export, reason=reason, at=timezone.now(), is_final=False)
