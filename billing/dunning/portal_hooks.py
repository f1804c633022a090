"""What reminding adds to the page of an invoice: a date to give, a disagreement to tell."""

from collections.abc import Iterator

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

FORMS = "dunning-forms"  # what a refused form puts on the page again, by its name


@hooks.register("nourx_invoice_panels")
def difficulty_panel(request: HttpRequest, invoice: Invoice) -> Iterator[ClientPanel]:
    """Offer to give a date or to contest; say what was given and contested."""
    if invoice.amount_due <= 0:
        return
    today = timezone.localdate()
    disputes = Dispute.objects.filter(invoice=invoice, closed_at=None).select_related("ticket")
    promises = list(PaymentPromise.objects.filter(invoice=invoice).order_by("-pk"))
    dispute = disputes.first()
    promise = next((each for each in promises if each.state == PaymentPromise.State.OPEN), None)
    has_promised = promise is not None or any(each.is_by_client for each in promises)
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


def _is_broken(promise: PaymentPromise) -> bool:
    return promise.state == PaymentPromise.State.BROKEN
