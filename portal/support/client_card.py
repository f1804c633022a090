"""What support tells of a client to the team: requests, promises not kept, bad marks."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks

from core.hooks import HealthSign, Section
from core.ui.formats import moment
from portal.support.models import Ticket

TAB = "support"
OPEN = (Ticket.Status.OPEN, Ticket.Status.TAKEN)
POINTS_EACH, MOST_POINTS = -10, -20
LOW_MARK, LATELY = 2, timedelta(days=90)
MOST_TICKETS = 20


@hooks.register("nourx_health_signs")
def broken_promises(client_ids: Sequence[int], on: date) -> Iterable[HealthSign]:
    """Worry about clients to whom an answer or a solution is overdue."""
    now = timezone.now()
    late = Q(answered_at=None, answer_due_at__lt=now) | Q(solution_due_at__lt=now)
    rows = Ticket.objects.filter(late, client__in=client_ids, status__in=OPEN).order_by()
    counts: Any = rows.values("client_id").annotate(count=Count("pk"))
    page = reverse("wagtailsnippets_support_ticket:list")
    for row in counts:
        text = ngettext(
            "%(count)s demande hors délai", "%(count)s demandes hors délai", row["count"]
        )
        yield HealthSign(
            row["client_id"],
            max(MOST_POINTS, POINTS_EACH * row["count"]),
            text % {"count": row["count"]},
            f"{page}?client={row['client_id']}",
        )


@hooks.register("nourx_health_signs")
def bad_marks(client_ids: Sequence[int], on: date) -> Iterable[HealthSign]:
    """Worry about clients who gave a bad mark in the last three months."""
    rows = Ticket.objects.filter(
        client__in=client_ids, rating__lte=LOW_MARK, rated_at__date__gte=on - LATELY
    ).order_by()
    counts: Any = rows.values("client_id").annotate(count=Count("pk"), worst=Min("rating"))
    for row in counts:
        text = ngettext(
            "%(count)s demande mal notée (%(worst)s sur 5)",
            "%(count)s demandes mal notées (jusqu’à %(worst)s sur 5)",
            row["count"],
        )
        yield HealthSign(
            row["client_id"],
            max(MOST_POINTS, POINTS_EACH * row["count"]),
            text % {"count": row["count"], "worst": row["worst"]},
            f"?onglet={TAB}",
        )


@hooks.register("nourx_client_sections")
def tickets_of_client(client: Any) -> Iterator[Section]:
    """Show the last requests of a client."""
    listing = reverse("wagtailsnippets_support_ticket:list")
    yield Section(
        title=_("Demandes"),
        headings=(_("Numéro"), _("Sujet"), _("État"), _("Priorité"), _("Ouverte"), _("Avis")),
        rows=lambda: _tickets(client),
        links=((_("Toutes ses demandes"), f"{listing}?client={client.pk}"),),
        empty=_("Aucune demande."),
        order=10,
        tab=TAB,
    )


def _tickets(client: Any) -> list[Any]:
    now = timezone.localtime()
    rows = Ticket.objects.filter(client=client).order_by("-created_at", "-pk")
    return [
        (
            format_html(
                '<a href="{}">{}</a>',
                reverse("wagtailsnippets_support_ticket:inspect", args=[row.pk]),
                row.number,
            ),
            row.subject,
            row.get_status_display(),
            row.get_priority_display(),
            moment(timezone.localtime(row.created_at), now),
            f"{row.rating}/5" if row.rating else "—",
        )
        for row in rows[:MOST_TICKETS]
    ]
