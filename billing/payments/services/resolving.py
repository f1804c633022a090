"""What the team may do about an anomaly, beyond saying that it was looked at.

Each act is one transaction: the money moves and the anomaly is put away, or nothing happens.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from billing.payments.channels import operator_channel
from billing.payments.models import (
    Anomaly,
    AttemptEvent,
    Payment,
    PaymentAttempt,
    PaymentMethod,
)
from billing.payments.services.anomalies import resolve_anomaly
from billing.payments.services.credit import use_credit
from billing.payments.services.ledger import RecordedAlready, write_payment
from billing.payments.services.refunds import record_refund, refundable, reverse_payment
from billing.payments.services.refusal import Refusal
from billing.payments.services.settlement import company_of, lock_attempt
from core.accounts.models import User
from core.audit.log import record
from core.money import format_amount

Kind, State = Anomaly.Kind, PaymentAttempt.State
ACCEPT, TO_CREDIT, REFUND, LINK, REVERSE = "accept", "to_credit", "refund", "link", "reverse"
# What may be done about each kind, while its facts allow it.
ACTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        Kind.AMOUNT: (ACCEPT, TO_CREDIT),
        Kind.CURRENCY: (ACCEPT, TO_CREDIT),
        Kind.CONTRADICTION: (ACCEPT, TO_CREDIT, REVERSE),
        Kind.REVERSAL: (REVERSE,),
        Kind.SURPLUS: (LINK, REFUND),
        Kind.UNALLOCATED: (LINK, REFUND),
        Kind.STALE: (),
        Kind.UNKNOWN: (),
        Kind.CONFIGURATION: (),
        Kind.FAILURES: (),
    }
)


class CannotResolve(Refusal):
    """The facts have changed, or the act does not fit the anomaly."""


def possible_acts(anomaly: Anomaly) -> list[str]:
    """Return what may be done about an anomaly now, by name."""
    if anomaly.resolved_at is not None:
        return []
    return [act for act in ACTS[anomaly.kind] if _fits(act, anomaly)]


def announced_amount(anomaly: Anomaly) -> int | None:
    """Return what the provider last said was paid, if it said so in the attempt's currency."""
    attempt = anomaly.attempt
    if attempt is None:
        return None
    said = attempt.events.filter(amount__isnull=False).order_by("-happened_at", "-pk").first()
    return said.amount if said and said.currency == attempt.currency else None


@transaction.atomic
def accept_money(
    *,
    anomaly: Anomaly,
    amount: int,
    comment: str,
    actor: User,
    at: datetime,
    to_credit: bool = False,
) -> Payment:
    """Count money in review: on the invoice of the attempt, or all to the client's credit.

    `amount` is what really came, in whole units of the attempt's currency.

    :raises CannotResolve: if the attempt is not in review, or the amount is not positive.
    :raises AlreadyResolved: if somebody did so before.
    :raises CommentMissing: if nothing is said.
    """
    if anomaly.attempt_id is None:
        raise CannotResolve(_("Cette anomalie n’a pas de tentative."))
    invoice, attempt = lock_attempt(anomaly.attempt_id)
    if attempt.state != State.REVIEW:
        raise CannotResolve(_("Cette tentative n’est plus à vérifier."))
    if amount <= 0:
        raise CannotResolve(_("Le montant doit être positif."))
    payment = _payment_of(invoice, attempt, amount, actor, at, comment)
    try:
        write_payment(payment=payment, invoice=None if to_credit else invoice, at=at, actor=actor)
    except RecordedAlready as error:
        text = _("La référence opérateur de ce paiement a déjà compté : rien n’est ajouté.")
        raise CannotResolve(text) from error
    attempt.state, attempt.ended_at = State.SUCCEEDED, at
    attempt.save(update_fields=["state", "ended_at"])
    _note_acceptance(attempt, amount, comment, at)
    record("anomaly_accepted", attempt, actor=actor, amount=amount, to_credit=to_credit)
    resolve_anomaly(anomaly=anomaly, comment=comment, actor=actor, at=at)
    return payment


@transaction.atomic
def link_to_invoice(
    *, anomaly: Anomaly, invoice: Invoice, amount: int, comment: str, actor: User, at: datetime
) -> int:
    """Put money that no invoice needed on another invoice of the client.

    :raises CannotUseCredit: if the amount is above what is due, or above the credit.
    :raises AlreadyResolved: if somebody did so before.
    """
    payment = _payment(anomaly)
    if invoice.client_id != payment.client_id:
        raise CannotResolve(_("Cette facture est celle d’un autre client."))
    used = use_credit(invoice=invoice, payment=payment, amount=amount, at=at, actor=actor)
    resolve_anomaly(anomaly=anomaly, comment=comment, actor=actor, at=at)
    return used


@transaction.atomic
def refund_surplus(
    *, anomaly: Anomaly, reference: str, comment: str, actor: User, at: datetime
) -> None:
    """Write down that money no invoice needed was given back.

    :raises CannotRefund: if nothing is left of it.
    :raises AlreadyResolved: if somebody did so before.
    """
    payment = _payment(anomaly)
    record_refund(
        payment=payment,
        amount=payment.amount_unallocated,
        reason=comment,
        reference=reference,
        refunded_on=timezone.localdate(at),
        actor=actor,
        at=at,
        idempotency_key=f"anomaly:{anomaly.pk}",
    )
    resolve_anomaly(anomaly=anomaly, comment=comment, actor=actor, at=at)


@transaction.atomic
def accept_reversal(*, anomaly: Anomaly, comment: str, actor: User, at: datetime) -> None:
    """Undo a payment that the provider took back: its invoices are due again.

    :raises CannotRefund: if nothing is left of it.
    :raises AlreadyResolved: if somebody did so before.
    """
    on = timezone.localdate(at)
    reverse_payment(payment=_payment(anomaly), reason=comment, on=on, actor=actor, at=at)
    resolve_anomaly(anomaly=anomaly, comment=comment, actor=actor, at=at)


def _fits(act: str, anomaly: Anomaly) -> bool:
    if act in (ACCEPT, TO_CREDIT):
        return anomaly.attempt is not None and anomaly.attempt.state == State.REVIEW
    payment = find_payment(anomaly)
    if payment is None:
        return False
    return refundable(payment) > 0 if act == REVERSE else payment.amount_unallocated > 0


def find_payment(anomaly: Anomaly) -> Payment | None:
    """Return the payment an anomaly is about: its own, else that of its attempt."""
    if anomaly.payment_id is not None:
        return anomaly.payment
    return (
        Payment.objects.filter(attempt_id=anomaly.attempt_id).first()
        if anomaly.attempt_id
        else None
    )


def _payment(anomaly: Anomaly) -> Payment:
    payment = find_payment(anomaly)
    if payment is None:
        raise CannotResolve(_("Cette anomalie n’a pas de paiement."))
    return payment


def _payment_of(
    invoice: Invoice | None,
    attempt: PaymentAttempt,
    amount: int,
    actor: User,
    at: datetime,
    comment: str,
) -> Payment:
    channel = operator_channel(attempt.method, attempt.channel)
    asked = format_amount(attempt.amount, attempt.currency)
    return Payment(
        company_id=company_of(invoice, attempt),
        client_id=attempt.client_id,
        attempt=attempt,
        method=channel.method if channel else PaymentMethod.MOBILE_MONEY,
        channel=channel.name if channel else attempt.method,
        provider=attempt.provider,
        provider_reference=attempt.provider_reference or attempt.reference,
        payer_name=attempt.payer_name,
        payer_phone=attempt.payer_phone,
        amount=amount,
        currency=attempt.currency,
        received_on=timezone.localdate(at),
        recorded_at=at,
        recorded_by=actor,
        note=_("Demandé : %(asked)s. %(comment)s")[:300]
        % {"asked": asked, "comment": comment[:200]},
        is_test=attempt.is_test,
    )


def _note_acceptance(attempt: PaymentAttempt, amount: int, comment: str, at: datetime) -> None:
    """Keep, beside the provider's words, that a person took this amount as paid."""
    AttemptEvent.objects.create(
        client_id=attempt.client_id,
        attempt=attempt,
        source=AttemptEvent.Source.MANUAL,
        state="succeeded",
        message=comment[:300],
        outcome="accepted",
        amount=amount,
        currency=attempt.currency,
        happened_at=at,
    )
