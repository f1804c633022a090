"""What reminding adds to the page of an invoice: a date to give, a disagreement to tell."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, TruncDate
from django.http import HttpRequest
from django.utils import timezone
from wagtail import hooks

from billing.dunning.forms import ContestForm, PromiseForm
from billing.dunning.models import Dispute, PaymentPromise
from billing.invoicing.models import Invoice
from core.access.grants import may
from core.access.roles import Grant
from core.hooks import ClientPanel
from core.once import once

DISPUTE, PROMISE = "dispute", "promise"
FORMS = "dunning-forms"  # what a refused form puts on the page again, by its name


@hooks.register("nourx_invoice_marks")
def is_spoken_of() -> Iterator[tuple[str, Q]]:
    """Mark an invoice that a client contests, or has given a date for."""
    disputes = Dispute.objects.filter(invoice=OuterRef("pk"), closed_at=None)
    promises = PaymentPromise.objects.filter(invoice=OuterRef("pk"))
    yield "is_spoken_of", Q(Exists(disputes)) | Q(Exists(promises))


@hooks.register("nourx_invoice_panels")
def difficulty_panel(request: HttpRequest, invoice: Invoice) -> Iterator[ClientPanel]:
    """Offer to give a date or to contest; say what was given and contested."""
    if invoice.amount_due <= 0:
        return
    today = timezone.localdate()
    rows = _said(invoice) if getattr(invoice, "is_spoken_of", True) else []
    dispute = next((row for row in rows if row["kind"] == DISPUTE), None)
    promises = [row for row in rows if row["kind"] == PROMISE]
    promise = next((row for row in promises if row["state"] == PaymentPromise.State.OPEN), None)
    has_promised = promise is not None or any(row["is_client"] for row in promises)
    typed = once(request, FORMS, dict)
    yield ClientPanel(
        template="billing/dunning/panels/difficulty.html",
        order=30,
        context={
            "dispute": dispute,
            "promise": promise,
            "broken": None if promise else next((row for row in promises if _is_broken(row)), None),
            "promise_form": None
            if has_promised or not may(request.user, Grant.PAY_INVOICES, invoice.client_id)
            else typed.get("promise") or PromiseForm(today=today),
            "contest_form": None
            if dispute or not may(request.user, Grant.OPEN_TICKETS, invoice.client_id)
            else typed.get("contest") or ContestForm(),
        },
    )


def _said(invoice: Invoice) -> list[dict[str, Any]]:
    """Return the open dispute and the promises of an invoice, newest first, in one query."""
    disputes = Dispute.objects.filter(invoice=invoice, closed_at=None).annotate(
        kind=Value(DISPUTE),
        on=TruncDate("opened_at"),
        words=F("reason"),
        ticket_pk=F("ticket_id"),
        state=Value(""),
        is_client=F("is_by_client"),
        row=F("pk"),
    )
    promises = PaymentPromise.objects.filter(invoice=invoice).annotate(
        kind=Value(PROMISE),
        on=F("promised_for"),
        words=Cast("note", TextField()),
        ticket_pk=Cast(None, BigIntegerField()),
        is_client=F("is_by_client"),
        row=F("pk"),
    )
    names = ("kind", "on", "words", "ticket_pk", "state", "is_client", "row")
    return list(disputes.values(*names).union(promises.values(*names), all=True).order_by("-row"))


def _is_broken(promise: dict[str, Any]) -> bool:
    return bool(promise["state"] == PaymentPromise.State.BROKEN)
