"""What invoicing adds to the client's home page and menu, and to a client's history."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks

from billing.invoicing import queries
from billing.invoicing.models import Invoice, Quote
from billing.invoicing.states import due_reminder
from billing.invoicing.steps import event_title
from core.access.grants import grants_of, may
from core.access.roles import Grant
from core.hooks import ClientPanel, Deadline, NavEntry, TimelineEntry, ToDo
from core.money import format_amount
from core.ui.formats import days_until


def _reads_billing(request: HttpRequest) -> bool:
    return bool(grants_of(request.user).clients_with(Grant.VIEW_BILLING))


def _invoice_url(invoice: Invoice) -> str:
    return reverse("invoicing:invoice", args=[invoice.number])


def _quote_url(quote: Quote) -> str:
    return reverse("invoicing:quote", args=[quote.number])


@hooks.register("nourx_client_nav")
def billing_entry(request: HttpRequest) -> Iterator[NavEntry]:
    if _reads_billing(request):
        yield NavEntry(
            key="billing",
            label=_("Factures et devis"),
            short=_("Factures"),
            url=reverse("invoicing:invoices"),
            icon="receipt",
            order=40,
            count=partial(queries.due_count, request),
        )


@hooks.register("nourx_client_panels")
def most_pressing_invoice(request: HttpRequest) -> Iterator[ClientPanel]:
    """Show what is owed, in one inverse card; nothing when nothing is due."""
    waiting = queries.due_invoices(request) if _reads_billing(request) else []
    if waiting:
        invoice, today = waiting[0], timezone.localdate()
        context = {
            "invoice": invoice,
            "others": len(waiting) - 1,
            "reminder": due_reminder(invoice, today),
            "today": today,
            "may_pay": may(request.user, Grant.PAY_INVOICES, invoice.client_id),
        }
        template = "billing/invoicing/panels/due.html"
        yield ClientPanel(template=template, order=10, context=context, area="top")


@hooks.register("nourx_client_to_dos")
def papers_to_answer(request: HttpRequest) -> Iterator[ToDo]:
    """Ask for an answer to quotes, and for the invoices that the card does not show."""
    if not _reads_billing(request):
        return
    for quote in queries.open_quotes(request):
        amount = format_amount(quote.total, quote.currency)
        yield ToDo(
            title=_("Répondre au devis %(number)s") % {"number": quote.number},
            detail=f"{quote.subject} · {amount}",
            url=_quote_url(quote),
            glyph="due",
            tone="warn",
            due=quote.valid_until,
        )
    others = queries.due_invoices(request)[1:]
    if others:
        yield _other_invoices(others, timezone.localdate())


def _other_invoices(others: list[Invoice], today: date) -> ToDo:
    """Ask for the invoices that the card does not show, in one row."""
    first, late = others[0], others[0].is_overdue(today)
    amount = format_amount(first.amount_due, first.currency)
    when = days_until(first.due_date, today) if first.due_date else ""
    if len(others) == 1:
        title = _("Régler la facture %(number)s") % {"number": first.number}
        url, detail = _invoice_url(first), [amount, when]
    else:
        title = _("Régler %(count)s autres factures") % {"count": len(others)}
        url, detail = reverse("invoicing:invoices") + "?vue=a-regler", [first.number, when]
    return ToDo(
        title=title,
        detail=" · ".join(text for text in detail if text),
        url=url,
        glyph="late" if late else "due",
        tone="bad" if late else "warn",
        due=first.due_date,
    )


@hooks.register("nourx_client_deadlines")
def billing_dates(request: HttpRequest) -> Iterator[Deadline]:
    if not _reads_billing(request):
        return
    today = timezone.localdate()
    for invoice in queries.due_invoices(request):
        if invoice.due_date and invoice.due_date >= today:
            label = _("Échéance de la facture %(number)s") % {"number": invoice.number}
            yield Deadline(on=invoice.due_date, label=label, url=_invoice_url(invoice))
    for quote in queries.open_quotes(request):
        if quote.valid_until:
            label = _("Fin de validité du devis %(number)s") % {"number": quote.number}
            yield Deadline(on=quote.valid_until, label=label, url=_quote_url(quote))


@hooks.register("nourx_client_activity")
def billing_activity(request: HttpRequest) -> Iterator[TimelineEntry]:
    if not _reads_billing(request):
        return
    for event in queries.recent_events(request.user):
        yield TimelineEntry(
            at=event.happened_at,
            text=event_title(event, event.invoice.currency),
            detail=event.invoice.number,
            url=_invoice_url(event.invoice),
        )
