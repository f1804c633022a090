"""What the support adds to the client's menu and home page."""

from collections.abc import Iterator
from functools import partial

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from core.access.grants import grants_of
from core.access.roles import Grant
from core.hooks import NavEntry, ToDo
from core.once import known, once
from portal.support.models import Ticket


def _waiting_rows(request: HttpRequest) -> QuerySet[Ticket]:
    rows = Ticket.objects.visible_to(request.user).filter(status=Ticket.Status.WAITING)
    return rows.order_by("updated_at")


def _waiting(request: HttpRequest) -> list[Ticket]:
    return once(request, "waiting-tickets", lambda: list(_waiting_rows(request)[:20]))


def _waiting_count(request: HttpRequest) -> int | QuerySet[Ticket]:
    read = known(request, "waiting-tickets")
    return _waiting_rows(request) if read is None else len(read)


def _may_write(request: HttpRequest) -> bool:
    return bool(grants_of(request.user).clients_with(Grant.OPEN_TICKETS))


@hooks.register("nourx_client_nav")
def support_entry(request: HttpRequest) -> Iterator[NavEntry]:
    if _may_write(request):
        yield NavEntry(
            key="support",
            label=_("Support"),
            url=reverse("support:list"),
            icon="support",
            order=60,
            count=partial(_waiting_count, request),
        )


@hooks.register("nourx_client_to_dos")
def tickets_to_answer(request: HttpRequest) -> Iterator[ToDo]:
    if not _may_write(request):
        return
    for ticket in _waiting(request):
        yield ToDo(
            title=_("Répondre à la demande %(number)s") % {"number": ticket.number},
            detail=ticket.subject,
            url=reverse("support:ticket", args=[ticket.pk]),
            glyph="reply",
            tone="warn",
            action=_("Répondre"),
        )
