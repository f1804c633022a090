"""The list of invoices and quotes of a client."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.invoicing import queries
from billing.invoicing.models import Invoice, Quote
from billing.invoicing.states import State, invoice_state, quote_state
from billing.invoicing.views.base import BillingPageMixin
from core import hooks
from core.access.views import ScopedListView
from core.backoffice.search import search

ALL, DUE, PAID, QUOTES = "toutes", "a-regler", "payees", "devis"
TABS = {ALL: _("Toutes"), DUE: _("À régler"), PAID: _("Payées"), QUOTES: _("Devis")}


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
    """Invoices, due first, or quotes; searched by number and subject."""

    template_name = "billing/invoicing/paper_list.html"
    context_object_name = "papers"

    @property
    def tab(self) -> str:
        """Return the list that is asked for; a word we do not know means all."""
        asked = self.request.GET.get("vue", ALL)
        return asked if asked in TABS else ALL

    @property
    def text(self) -> str:
        """Return what is searched for."""
        return self.request.GET.get("q", "").strip()[:200]

    @property
    def model(self) -> type:
        return Quote if self.tab == QUOTES else Invoice

    def get_queryset(self) -> Any:
        papers = search(super().get_queryset(), self.text)
        if self.tab == QUOTES:
            return papers.defer(*queries.HEAVY).order_by("-issue_date", "-pk")
        if self.tab == DUE:
            papers = papers.unpaid()
        elif self.tab == PAID:
            papers = papers.issued().filter(~Q(settled_at=None))
        return queries.due_first(papers)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        return {
            **context,
            "rows": self._rows(list(page.object_list)),
            "tabs": self._tabs(),
            "current": self.tab,
            "text": self.text,
            "clear_url": _tab_url(self.tab),
            "label": _("%(first)s à %(last)s sur %(count)s")
            % {
                "first": page.start_index(),
                "last": page.end_index(),
                "count": page.paginator.count,
            },
        }

    def _rows(self, papers: list) -> list[Row]:
        today = timezone.localdate()
        if self.tab == QUOTES:
            return [_quote_row(quote, today) for quote in papers]
        being_paid = hooks.invoices_being_paid([paper.pk for paper in papers])
        return [_invoice_row(invoice, today, invoice.pk in being_paid) for invoice in papers]

    def _tabs(self) -> list[dict[str, Any]]:
        counts = {
            DUE: len(queries.due_invoices(self.request)),
            QUOTES: len(queries.open_quotes(self.request)),
        }
        return [
            {"key": key, "label": label, "url": _tab_url(key), "count": counts.get(key, 0)}
            for key, label in TABS.items()
        ]


def _tab_url(key: str) -> str:
    url = reverse("invoicing:invoices")
    return url if key == ALL else f"{url}?vue={key}"


def _invoice_row(invoice: Invoice, today: date, is_being_paid: bool) -> Row:
    return Row(
        number=invoice.number,
        subject=invoice.subject,
        url=reverse("invoicing:invoice", args=[invoice.number]),
        on=invoice.due_date,
        date_label=_("Échéance"),
        issued_on=invoice.issue_date,
        issued_label=_("Émise le"),
        amount=invoice.amount_due or invoice.total,
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
