"""What invoicing tells of a project: its quotes and invoices, and what it was billed."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.invoicing.models import CreditNote, Invoice, Quote
from core.hooks import Billed, Section
from core.money import format_short
from core.ui.formats import date_long

MOST_PAPERS = 50
TAB = "argent"


@hooks.register("nourx_billed_of_projects")
def billed(project_ids: Sequence[int], first: date | None, last: date | None) -> Iterator[Billed]:
    """Give the net of issued invoices of projects, less their credit notes. Two queries."""
    invoices = Invoice.objects.filter(project__in=project_ids).exclude(status=Invoice.Status.DRAFT)
    credits = CreditNote.objects.filter(
        invoice__project__in=project_ids, status=CreditNote.Status.ISSUED
    )
    for rows, path, sign in ((invoices, "project_id", 1), (credits, "invoice__project_id", -1)):
        kept = _between(rows, first, last).order_by()
        sums = kept.values("currency", key=F(path)).annotate(net=Sum("total_net"))
        for row in sums:
            yield Billed(row["key"], row["currency"], sign * (row["net"] or 0))


def _between(rows: QuerySet, first: date | None, last: date | None) -> QuerySet:
    kept = Q()
    if first is not None:
        kept &= Q(issue_date__gte=first)
    if last is not None:
        kept &= Q(issue_date__lte=last)
    return rows.filter(kept)


@hooks.register("nourx_project_sections")
def papers_of_project(project: Any) -> Iterator[Section]:
    """Give the quotes and invoices of a project, read when their tab shows."""
    yield Section(
        title=_("Factures du projet"),
        headings=(
            _("Facture"),
            _("Statut"),
            _("Émise"),
            _("Échéance"),
            _("Total TTC"),
            _("Reste dû"),
        ),
        rows=lambda: _invoices(project),
        empty=_("Aucune facture ne porte ce projet."),
        links=[(_("Nouvelle facture"), reverse("wagtailsnippets_invoicing_invoice:add"))],
        order=10,
        tab=TAB,
    )
    yield Section(
        title=_("Devis du projet"),
        headings=(_("Devis"), _("Statut"), _("Total TTC")),
        rows=lambda: _quotes(project),
        empty=_("Aucun devis ne porte ce projet."),
        order=20,
        tab=TAB,
    )


def _invoices(project: Any) -> list[tuple[Any, ...]]:
    today = timezone.localdate()
    rows = Invoice.objects.filter(project=project.pk).order_by("-issue_date", "-pk")
    return [
        (
            _page("invoice", row, row.number or _("Brouillon")),
            _("En retard") if row.is_overdue(today) else row.get_status_display(),
            date_long(row.issue_date) if row.issue_date else "—",
            date_long(row.due_date) if row.due_date else "—",
            _figure(row.total, row.currency),
            _figure(row.amount_due, row.currency),
        )
        for row in rows[:MOST_PAPERS]
    ]


def _quotes(project: Any) -> list[tuple[Any, ...]]:
    rows = Quote.objects.filter(project=project.pk).order_by("-pk")[:MOST_PAPERS]
    return [
        (
            _page("quote", row, row.number or _("Brouillon")),
            row.get_status_display(),
            _figure(row.total, row.currency),
        )
        for row in rows
    ]


def _page(model: str, row: Any, label: Any) -> str:
    url = reverse(f"wagtailsnippets_invoicing_{model}:inspect", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, label)


def _figure(amount: int, currency: str) -> str:
    return format_html('<span class="nx-number">{}</span>', format_short(amount, currency))
