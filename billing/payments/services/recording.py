"""Money that came without us: cash, a transfer, a cheque, Mobile Money outside the portal."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from billing.payments.models import Payment, PaymentMethod
from billing.payments.services.ledger import RecordedAlready, write_payment
from billing.payments.services.refusal import Refusal
from core.accounts.models import Client, User


class CannotRecord(Refusal):
    """The money cannot be written down."""


@transaction.atomic
def record_payment(
    *,
    client: Client,
    invoice: Invoice | None,
    amount: int,
    method: str,
    reference: str,
    received_on: date,
    actor: User,
    at: datetime,
    idempotency_key: str = "",
    note: str = "",
) -> Payment:
    """Write down money received, pay an invoice with it, keep the rest to the client's credit.

    `amount` is in whole units. The same `idempotency_key` again returns the first payment.

    :raises CannotRecord: if the amount, the day or the invoice cannot be.
    """
    invoice = invoice and Invoice.objects.select_for_update().get(pk=invoice.pk)
    if told := _told_before(idempotency_key):
        return told
    _require_recordable(client, invoice, amount, method, received_on, at)
    payment = Payment(
        company_id=client.company_id if invoice is None else invoice.company_id,
        client=client,
        method=method,
        provider_reference=reference.strip()[:100],
        amount=amount,
        currency=client.currency if invoice is None else invoice.currency,
        received_on=received_on,
        recorded_at=at,
        recorded_by=actor,
        note=note.strip()[:300],
        idempotency_key=idempotency_key,
    )
    try:
        return write_payment(payment=payment, invoice=invoice, at=at, actor=actor).payment
    except RecordedAlready:
        return Payment.objects.get(idempotency_key=idempotency_key)


def _told_before(idempotency_key: str) -> Payment | None:
    rows = Payment.objects.filter(idempotency_key=idempotency_key)
    return rows.first() if idempotency_key else None


def _require_recordable(
    client: Client,
    invoice: Invoice | None,
    amount: int,
    method: str,
    received_on: date,
    at: datetime,
) -> None:
    if amount <= 0:
        raise CannotRecord(_("Le montant doit être positif."))
    if method not in PaymentMethod.values:
        raise CannotRecord(_("Choisissez un moyen de paiement."))
    if received_on > at.date():
        raise CannotRecord(_("La date de réception est dans le futur."))
    if invoice is None:
        return
    if invoice.client_id != client.pk:
        raise CannotRecord(_("Cette facture est celle d’un autre client."))
    if invoice.amount_due <= 0:
        raise CannotRecord(_("Rien n’est dû sur cette facture : enregistrez une avance."))
