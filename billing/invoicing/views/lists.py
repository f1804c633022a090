"""The list of invoices and quotes of a client."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from billing.invoicing import queries
from billing.invoicing.models import Invoice, Quote
from billing.invoicing.states import State, invoice_state, quote_state
from billing.invoicing.views.base import BillingPageMixin
from core import hooks
from core.access.views import ScopedListView
from core.backoffice.search import search

DUE, LATE, PAID, ALL, QUOTES = "a-regler", "en-retard", "payees", "toutes", "devis"
FILTERS = {DUE: _("À régler"), LATE: _("En retard"), PAID: _("Payées"), ALL: _("Toutes")}
SHOWN_YEARS = 6
YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True)
class Row:
    """A paper in the list. `date_label` says what `on` is; the amount is what matters now."""

    number: str
    subject: str
    url: str
    on: date | None
    date_label: Any
    issued_on: date | None
    issued_label: Any
    amount: int
    currency: str
    state: State
    pdf_url: str


class PaperListView(BillingPageMixin, ScopedListView):
    """Invoices, due first, or quotes; by state, by year, searched by number and subject."""

    template_name = "billing/invoicing/paper_list.html"
    context_object_name = "papers"

    @property
    def tab(self) -> str:
        """Return the list that is asked for; a word we do not know means all invoices."""
        asked = self.request.GET.get("vue", ALL)
        return asked if asked in FILTERS or asked == QUOTES else ALL

    @property
    def year(self) -> str:
        """Return the year that is asked for, or nothing."""
        asked = self.request.GET.get("annee", "")
        return asked if YEAR.fullmatch(asked) else ""

    @property
    def text(self) -> str:
        """Return what is searched for."""
        return self.request.GET.get("q", "").strip()[:200]

    @property
    def model(self) -> type:
        return Quote if self.tab == QUOTES else Invoice

    def get_queryset(self) -> Any:
        papers = search(super().get_queryset(), self.text)
        if self.year:
            papers = papers.filter(issue_date__year=int(self.year))
        if self.tab == QUOTES:
            return papers.defer(*queries.HEAVY).order_by("-issue_date", "-pk")
        if self.tab == DUE:
            papers = papers.unpaid()
        elif self.tab == LATE:
            papers = papers.overdue(timezone.localdate())
        elif self.tab == PAID:
            papers = papers.issued().filter(~Q(settled_at=None))
        return queries.due_first(papers)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page, today = context["page_obj"], timezone.localdate()
        due = queries.due_invoices(self.request)
        return {
            **context,
            "rows": self._rows(list(page.object_list), today),
            "section": "devis" if self.tab == QUOTES else "factures",
            "filters": [] if self.tab == QUOTES else self._filters(due, today),
            "current": self.tab,
            "text": self.text,
            "year": self.year,
            "years": list(range(today.year, today.year - SHOWN_YEARS, -1)),
            "sums": queries.due_sums(due, today),
            "due_count": len(due),
            "quote_count": len(queries.open_quotes(self.request)),
            "clear_url": _list_url(self.tab),
            "label": _("%(first)s à %(last)s sur %(count)s")
            % {
                "first": page.start_index(),
                "last": page.end_index(),
                "count": page.paginator.count,
            },
        }

    def _rows(self, papers: list, today: date) -> list[Row]:
        if self.tab == QUOTES:
            return [_quote_row(quote, today) for quote in papers]
        being_paid = hooks.invoices_being_paid([paper.pk for paper in papers])
        return [_invoice_row(invoice, today, invoice.pk in being_paid) for invoice in papers]

    def _filters(self, due: list[Invoice], today: date) -> list[dict[str, Any]]:
        counts = {DUE: len(due), LATE: sum(invoice.is_overdue(today) for invoice in due)}
        return [
            {
                "key": key,
                "label": label,
                "url": _list_url(key, year=self.year, text=self.text),
                "count": counts.get(key, 0),
            }
            for key, label in FILTERS.items()
        ]


def _list_url(key: str, *, year: str = "", text: str = "") -> str:
    asked = {"vue": "" if key == ALL else key, "annee": year, "q": text}
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("invoicing:invoices") + (f"?{query}" if query else "")


def _invoice_row(invoice: Invoice, today: date, is_being_paid: bool) -> Row:
    return Row(
        number=invoice.number,
        subject=invoice.subject,
        url=reverse("invoicing:invoice", args=[invoice.number]),
        on=invoice.due_date,
        date_label=_("Échéance"),
        issued_on=invoice.issue_date,
        issued_label=_("Émise le"),
        amount=invoice.amount_due or invoice.amount_asked,
        currency=invoice.currency,
        state=invoice_state(invoice, today, is_being_paid=is_being_paid),
        pdf_url=reverse("invoicing:invoice_pdf", args=[invoice.number]) if invoice.pdf_id else "",
    )


def _quote_row(quote: Quote, today: date) -> Row:
    return Row(
        number=quote.number,
        subject=quote.subject,
        url=reverse("invoicing:quote", args=[quote.number]),
        on=quote.valid_until,
        date_label=_("Valable jusqu’au"),
        issued_on=quote.issue_date,
        issued_label=_("Émis le"),
        amount=quote.total,
        currency=quote.currency,
        state=quote_state(quote, today),
        pdf_url=reverse("invoicing:quote_pdf", args=[quote.number]) if quote.pdf_id else "",
    )
