"""What the treasury adds elsewhere: names of acts, admin screens, moves of money for the books."""

from collections.abc import Callable, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.payments.models import Payment
from billing.treasury import books, screens  # noqa: F401  register what they hold
from core.accounts.models import Company
from core.audit import log
from core.hooks import CashMove

MOST_MOVES = 1000

log.declare(
    payout_recorded=_("Versement d’un prestataire noté"),
    statement_imported=_("Relevé importé"),
    statement_line_decided=_("Ligne de relevé traitée"),
)


@hooks.register("nourx_cash_moves")
def cashed_cheques(
    company: Company, unposted: Callable[[str, QuerySet], QuerySet]
) -> Iterator[CashMove]:
    """Tell the books of cheques that the bank has paid."""
    rows = Payment.objects.filter(company=company, cheque_state=Payment.Cheque.CASHED)
    for row in unposted("cheque", rows).order_by("pk")[:MOST_MOVES]:
        yield CashMove(
            kind="cheque",
            id=row.pk,
            company_id=row.company_id,
            on=row.cheque_on or row.received_on,
            amount=row.amount,
            reference=row.provider_reference,
            method=row.method,
            currency=row.currency,
        )
