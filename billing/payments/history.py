"""What the history of a client tells of its payments, for the team."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks

from billing.payments.models import Payment
from core.hooks import TimelineEntry, TimelineKind, TimelineSource, TimelineWindow
from core.money import format_amount

KIND = TimelineKind("paiements", _lazy("Paiements"), "circle-check")
WORDS = ("receipt__number", "provider_reference", "channel", "payer_name", "note")


@hooks.register("nourx_client_timeline")
def money_history(client: Any) -> Iterator[TimelineSource]:
    """Tell which money came in; that of an opportunity is told with its exchanges."""

    def rows(window: TimelineWindow) -> list[TimelineEntry]:
        found = Payment.objects.filter(client=client, attempt__opportunity=None)
        found = found.select_related("receipt", "recorded_by")
        return [_entry(row) for row in window.newest(found, "recorded_at", words=WORDS)]

    yield TimelineSource(kinds=(KIND,), rows=rows, permission="payments.view_payment")


def _entry(payment: Payment) -> TimelineEntry:
    amount = format_amount(payment.amount, payment.currency)
    receipt = getattr(payment, "receipt", None)
    details = (payment.channel or payment.get_method_display(), receipt.number if receipt else "")
    return TimelineEntry(
        at=payment.recorded_at,
        text=_("Paiement reçu : %(amount)s") % {"amount": amount},
        detail=" · ".join(str(each) for each in details if each),
        url=reverse("wagtailsnippets_payments_payment:inspect", args=[payment.pk]),
        kind=KIND.key,
        author=payment.recorded_by or "",
    )
