"""What the history of a client tells of its quotes and its invoices, for the team."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks

from billing.invoicing import queries
from billing.invoicing.models import InvoiceEvent, Quote
from billing.invoicing.steps import event_title
from core.hooks import TimelineEntry, TimelineKind, TimelineSource, TimelineWindow
from core.ui.formats import date_long

QUOTES = TimelineKind("devis", _lazy("Devis"), "doc-full")
INVOICES = TimelineKind("factures", _lazy("Factures"), "doc-full-inverse")
QUOTE_WORDS = ("number", "subject", "decided_name")


@hooks.register("nourx_client_timeline")
def billing_history(client: Any) -> Iterator[TimelineSource]:
    """Tell what happened to a client's papers."""
    yield TimelineSource(
        kinds=(QUOTES,),
        rows=lambda window: _quotes(client, window),
        permission="invoicing.view_quote",
    )
    yield TimelineSource(
        kinds=(INVOICES,),
        rows=lambda window: _invoices(client, window),
        permission="invoicing.view_invoice",
    )


def _invoices(client: Any, window: TimelineWindow) -> list[TimelineEntry]:
    """Return what happened to invoices; money received is told where payments are."""
    rows = InvoiceEvent.objects.filter(client=client).exclude(kind=InvoiceEvent.Kind.PAYMENT)
    rows = rows.select_related("invoice", "actor").defer("invoice__search_vector")
    words = ("invoice__number", "invoice__subject", "detail")
    return [
        TimelineEntry(
            at=event.happened_at,
            text=event_title(event, event.invoice.currency),
            detail=f"{event.invoice.number} · {event.invoice.subject}",
            url=reverse("wagtailsnippets_invoicing_invoice:inspect", args=[event.invoice_id]),
            kind=INVOICES.key,
        )
        for event in window.newest(rows, "happened_at", words=words)
    ]


def _quotes(client: Any, window: TimelineWindow) -> list[TimelineEntry]:
    """Return quotes that were sent, and those that were answered."""
    rows = Quote.objects.filter(client=client).exclude(status=Quote.Status.DRAFT)
    rows = rows.defer(*queries.HEAVY)
    sent = _newest(window, rows.exclude(issued_at=None), "issued_at")
    decided = _newest(window, rows.exclude(decided_at=None), "decided_at")
    entries = [_sent(quote) for quote in sent] + [_decided(quote) for quote in decided]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return entries[: window.limit]


def _newest(window: TimelineWindow, rows: QuerySet[Quote], moment: str) -> QuerySet[Quote]:
    return window.newest(rows, moment, words=QUOTE_WORDS)


def _sent(quote: Quote) -> TimelineEntry:
    until = date_long(quote.valid_until) if quote.valid_until else ""
    return TimelineEntry(
        at=quote.issued_at,
        text=_("Devis envoyé : %(subject)s") % {"subject": quote.subject},
        detail=f"{quote.number} · {until}" if until else quote.number,
        url=_url(quote),
        kind=QUOTES.key,
    )


def _decided(quote: Quote) -> TimelineEntry:
    is_yes = quote.status == Quote.Status.ACCEPTED
    text = _("Devis accepté par %(name)s") if is_yes else _("Devis refusé par %(name)s")
    return TimelineEntry(
        at=quote.decided_at,
        text=text % {"name": quote.decided_name},
        detail=quote.number,
        url=_url(quote),
        kind=QUOTES.key,
    )


def _url(quote: Quote) -> str:
    return reverse("wagtailsnippets_invoicing_quote:inspect", args=[quote.pk])
