"""What invoicing tells of a client to the team: late invoices, quotes, how many were sent."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks

from billing.invoicing.models import Invoice, Quote
from billing.invoicing.queries import HEAVY
from billing.invoicing.states import quote_state
from core.hooks import HealthSign, Section
from core.money import format_amount
from core.ui.formats import date_long

MONEY = "argent"
POINTS_EACH, MOST_POINTS = -10, -30  # for late invoices
OLD_DAYS, OLD_POINTS = 60, -15  # one that is very late weighs more
MOST_QUOTES = 10


@hooks.register("nourx_health_signs")
def late_payers(client_ids: Sequence[int], on: date) -> Iterable[HealthSign]:
    """Worry about clients who owe past its day, the more so after two months."""
    rows = Invoice.objects.overdue(on).filter(client__in=client_ids).order_by()
    late: Any = rows.values("client_id").annotate(count=Count("pk"), oldest=Min("due_date"))
    page = reverse("wagtailsnippets_invoicing_invoice:list")
    for row in late:
        days = (on - row["oldest"]).days
        points = max(MOST_POINTS, POINTS_EACH * row["count"])
        if days > OLD_DAYS:
            points += OLD_POINTS
        text = ngettext(
            "%(count)s facture en retard, de %(days)s jours",
            "%(count)s factures en retard, jusqu’à %(days)s jours",
            row["count"],
        )
        yield HealthSign(
            row["client_id"],
            points,
            text % {"count": row["count"], "days": days},
            f"{page}?situation=late&client={row['client_id']}",
        )


@hooks.register("nourx_quotes_sent")
def sent_quotes(since: date) -> list[int]:
    """Count the quotes that left from a day on; one that a newer version replaced counts once."""
    left_us = Quote.objects.filter(issue_date__gte=since)
    return [left_us.exclude(status__in=(Quote.Status.DRAFT, Quote.Status.REPLACED)).count()]


@hooks.register("nourx_client_sections")
def quotes_of_client(client: Any) -> Iterator[Section]:
    """Show the last quotes of a client."""
    url = f"{reverse('wagtailsnippets_invoicing_quote:list')}?client={client.pk}"
    yield Section(
        title=_("Devis"),
        headings=(_("Numéro"), _("Objet"), _("Valable jusqu’au"), _("État"), _("Total TTC")),
        rows=lambda: _quotes(client),
        links=((_("Tous les devis"), url),),
        empty=_("Aucun devis."),
        order=15,
        tab=MONEY,
    )


def _quotes(client: Any) -> list[Any]:
    today = timezone.localdate()
    rows = Quote.objects.filter(client=client).defer(*HEAVY).order_by("-issue_date", "-pk")
    return [
        (
            format_html(
                '<a href="{}">{}</a>',
                reverse("wagtailsnippets_invoicing_quote:inspect", args=[row.pk]),
                row,
            ),
            row.subject,
            date_long(row.valid_until) if row.valid_until else "—",
            quote_state(row, today).label,
            format_amount(row.total, row.currency),
        )
        for row in rows[:MOST_QUOTES]
    ]
