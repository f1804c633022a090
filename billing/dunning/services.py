"""Reminding of what is due: one mail per step and invoice, however often the job runs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.text import format_lazy

from billing.dunning.models import DunningNotice
from billing.dunning.steps import STEPS, Step, step_on, steps_before
from billing.invoicing.models import Invoice, InvoiceEvent
from billing.invoicing.recipients import billing_addresses
from billing.invoicing.services.deliveries import invoice_words
from billing.invoicing.services.invoices import add_event, locked_invoice
from core import hooks
from core.access.grants import holders
from core.access.roles import Grant
from core.accounts.language import language_of_readers
from core.audit.log import record
from core.money import format_amount
from core.notify.announcing import announce
from core.notify.mail import owe_mail
from core.ui.formats import date_long

FIRST = timedelta(days=-min(step.days for step in STEPS))  # how long before the due date we begin


@dataclass(frozen=True)
class Reminder:
    """A mail to send: an invoice, its step and whom it goes to."""

    invoice: Invoice
    step: Step
    addresses: list[str]

    def __str__(self) -> str:
        amount = format_amount(self.invoice.amount_due, self.invoice.currency)
        return f"{self.invoice.number} {self.step.key} {amount} {', '.join(self.addresses)}"


def find_reminders(*, on: date) -> list[Reminder]:
    """Return the mails that a day calls for and that were not sent; run in the team's scope.

    An invoice with a payment under way waits for the next day; without an address, nobody is told.
    """
    rows = Invoice.objects.unpaid().filter(due_date__lte=on + FIRST).select_related("client")
    invoices = list(rows.defer("search_vector").order_by(F("due_date").asc(), "pk"))
    paying = hooks.invoices_being_paid([invoice.pk for invoice in invoices])
    told = set(DunningNotice.objects.filter(invoice__in=invoices).values_list("invoice_id", "step"))
    found = []
    for invoice in invoices:
        step = step_on(invoice, on)
        if step is None or (invoice.pk, step.key) in told or invoice.pk in paying:
            continue
        if addresses := billing_addresses(invoice.client):
            found.append(Reminder(invoice, step, addresses))
    return found


def send_reminders(*, on: date, at: datetime) -> list[Reminder]:
    """Send what a day calls for, each invoice in a transaction of its own; return what was sent."""
    return [reminder for reminder in find_reminders(on=on) if _send(reminder, at)]


@transaction.atomic
def _send(reminder: Reminder, at: datetime) -> bool:
    """Tell one step of an invoice, unless it was told or paid meanwhile."""
    invoice, step = locked_invoice(reminder.invoice), reminder.step
    if invoice.amount_due <= 0 or invoice.dunning_notices.filter(step=step.key).exists():
        return False
    _write_down(invoice, step, at)
    key = f"dunning:{invoice.pk}:{step.key}"
    with translation.override(language_of_readers(reminder.addresses)):
        owe_mail(
            step.template,
            key=key,
            to=reminder.addresses,
            client_id=invoice.client_id,
            attachment_ids=[invoice.pdf_id] if invoice.pdf_id else [],
            context=invoice_words(invoice, at=at),
        )
    _announce(invoice, step)
    add_event(invoice, InvoiceEvent.Kind.REMINDED, at=at, detail=str(step.label))
    record("invoice_reminded", invoice, step=step.key, to=reminder.addresses)
    return True


def _write_down(invoice: Invoice, step: Step, at: datetime) -> None:
    """Write the step down, and those it overtakes that were never told."""
    facts: dict[str, Any] = {
        "client_id": invoice.client_id,
        "invoice": invoice,
        "amount_due": invoice.amount_due,
        "created_at": at,
    }
    known = set(invoice.dunning_notices.values_list("step", flat=True))
    DunningNotice.objects.bulk_create(
        DunningNotice(**facts, step=each.key, is_sent=each is step)
        for each in (*steps_before(step), step)
        if each.key not in known
    )


def _announce(invoice: Invoice, step: Step) -> None:
    announce(
        "invoice_due",
        client_id=invoice.client_id,
        to=holders(Grant.PAY_INVOICES, invoice.client_id),
        text=format_lazy(
            step.notice,
            number=invoice.number,
            amount=format_amount(invoice.amount_due, invoice.currency),
            due=date_long(invoice.due_date) if invoice.due_date else "",
        ),
        url=reverse("invoicing:invoice", args=[invoice.number]),
        key=f"{invoice.pk}:{step.key}",
    )
