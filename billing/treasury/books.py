"""What the treasury tells the books: fees that are known for sure, and payouts received."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum
from wagtail import hooks

from billing.invoicing.models import Invoice
from billing.payments.models import Refund
from billing.treasury.models import Payout, Settlement
from core.accounts.models import Company
from core.hooks import CashMove

AT_ONCE = 1000


@hooks.register("nourx_cash_moves")
def moves_for_the_books(
    company: Company, unposted: Callable[[str, QuerySet], QuerySet]
) -> Iterator[CashMove]:
    """Give the fees and payouts that the books do not hold yet.

    A fee worked out from terms waits for the payout or for the provider's own word.
    """
    yield from _fees(company, unposted)
    yield from _payouts(company, unposted)


def _fees(company: Company, unposted: Callable) -> Iterator[CashMove]:
    sure = Q(basis=Settlement.Basis.PROVIDER) | Q(payout__isnull=False)
    rows = Settlement.objects.filter(sure, payment__company=company, payment__is_test=False)
    rows = rows.annotate(whole=F("fee") + F("fee_vat")).filter(whole__gt=0)
    for row in unposted("fee", rows).select_related("payment", "payout").order_by("pk")[:AT_ONCE]:
        payment = row.payment
        yield CashMove(
            kind="fee",
            id=row.pk,
            company_id=company.pk,
            on=row.payout.paid_on if row.payout else row.available_on or payment.received_on,
            amount=row.fee + row.fee_vat,
            vat=row.fee_vat,
            reference=payment.provider_reference,
            provider=payment.provider,
            method=payment.method,
            currency=row.currency,
            exchange_rate=_rate_of(company, row.currency),
        )


def _payouts(company: Company, unposted: Callable) -> Iterator[CashMove]:
    rows = Payout.objects.filter(account__company=company)
    for row in unposted("payout", rows).order_by("pk")[:AT_ONCE]:
        difference = row.difference + _kept_back(row)
        yield CashMove(
            kind="payout",
            id=row.pk,
            company_id=company.pk,
            on=row.paid_on,
            amount=row.amount,
            difference=difference,
            reference=row.reference,
            provider=row.provider,
            currency=row.currency,
            exchange_rate=_rate_of(company, row.currency),
        )


def _kept_back(payout: Payout) -> int:
    """Return what a provider kept of a payout for refunds it made: the books hold these already.

    In whole units, never more than what was missing.
    """
    refunds = Refund.objects.filter(
        payment__settlement__payout=payout, refunded_on__lte=payout.paid_on
    )
    given = refunds.aggregate(sum=Sum("amount"))["sum"] or 0
    return min(given, max(-payout.difference, 0))


def _rate_of(company: Company, currency: str) -> Decimal | None:
    """Return the rate of the last invoice in a foreign currency, None for our own."""
    if currency == company.currency:
        return None
    rows = Invoice.objects.filter(company=company, currency=currency).exclude(exchange_rate=None)
    return rows.order_by("-issue_date", "-pk").values_list("exchange_rate", flat=True).first()
