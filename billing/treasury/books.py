"""What the treasury tells the books: fees that are known for sure, and payouts received."""

from collections.abc import Callable, Iterator

from django.db.models import F, Q, QuerySet
from wagtail import hooks

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
        )


def _payouts(company: Company, unposted: Callable) -> Iterator[CashMove]:
    rows = Payout.objects.filter(account__company=company)
    for row in unposted("payout", rows).order_by("pk")[:AT_ONCE]:
        yield CashMove(
            kind="payout",
            id=row.pk,
            company_id=company.pk,
            on=row.paid_on,
            amount=row.amount,
            difference=row.difference,
            reference=row.reference,
            provider=row.provider,
            currency=row.currency,
        )
