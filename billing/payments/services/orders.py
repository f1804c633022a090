"""Refunds that a provider makes: written down before the call, and never asked twice blindly."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing.services import CannotCredit
from billing.payments import gateways
from billing.payments.models import Anomaly, Payment, RefundOrder
from billing.payments.providers.base import (
    AttemptRef,
    GatewayError,
    GatewayUnavailable,
    Money,
    PayState,
    Snapshot,
)
from billing.payments.services.anomalies import raise_anomaly
from billing.payments.services.refunds import CannotRefund, record_refund, refundable
from core.accounts.models import User
from core.audit.log import record

State = RefundOrder.State
LOST_AFTER = timedelta(minutes=10)  # asked and no answer kept: the process died in between


def refund_power(payment: Payment) -> str:
    """Return what the payment's provider can give back by itself: none, manual, full, partial."""
    if payment.attempt_id is None:
        return "none"
    gateway = gateways.gateway_of(payment.attempt)
    return gateway.capabilities.refund if gateway is not None else "none"


def order_refund(
    *,
    payment: Payment,
    amount: int,
    reason: str,
    actor: User,
    at: datetime,
    idempotency_key: str,
    with_credit_note: bool = False,
) -> RefundOrder:
    """Ask the provider to give money back, in whole units. The same key again asks nothing.

    Must not run inside a transaction: the order is kept first, then the provider is called. An
    answer that is not sure leaves the order `uncertain`, for a person to find out.

    :raises CannotRefund: if the provider cannot, the amount is over what is left, another order
        is open, or no reason is given. Nothing is asked then.
    """
    order, is_new = _keep_order(
        payment, amount, reason.strip(), actor, at, idempotency_key, with_credit_note
    )
    if not is_new:
        return order
    try:
        with gateways.calling(payment.attempt, at=at) as gateway:
            said = gateway.refund(
                _ref_of(payment), Money(amount, payment.currency), idempotency_key
            )
    except GatewayUnavailable as error:
        return _leave_uncertain(order.pk, str(error), at)
    except GatewayError as error:
        is_unsure = error.may_exist
        return (
            _leave_uncertain(order.pk, str(error), at)
            if is_unsure
            else _refuse(order.pk, str(error), at)
        )
    return _hear(order.pk, said, at)


@transaction.atomic
def end_refund_order(
    *, order: RefundOrder, has_left: bool, reference: str, actor: User, at: datetime
) -> RefundOrder:
    """Say what became of an uncertain order, as a person found out at the provider.

    :raises CannotRefund: if it has its answer.
    """
    order = _lock(order.pk)
    if order.state not in RefundOrder.OPEN:
        raise CannotRefund(_("Cette demande a déjà sa réponse."))
    if not has_left:
        return _close(order, State.REFUSED, _("Constaté : l’argent n’est pas parti."), at, actor)
    return _write_refund(order, reference, _("Constaté : l’argent est parti."), at, actor)


def find_lost_orders(*, at: datetime) -> int:
    """Mark orders whose process died before the answer was kept; return how many."""
    rows = RefundOrder.objects.filter(state=State.ASKED, asked_at__lt=at - LOST_AFTER)
    lost = list(rows.values_list("pk", flat=True))
    for order_id in lost:
        _leave_uncertain(order_id, _("La réponse s’est perdue."), at)
    return len(lost)


@transaction.atomic
def _keep_order(
    payment: Payment,
    amount: int,
    reason: str,
    actor: User,
    at: datetime,
    key: str,
    with_credit_note: bool,
) -> tuple[RefundOrder, bool]:
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if told := RefundOrder.objects.filter(idempotency_key=key).first():
        return told, False
    _require_orderable(payment, amount, reason, at)
    try:
        with transaction.atomic():
            order = RefundOrder.objects.create(
                client_id=payment.client_id,
                payment=payment,
                amount=amount,
                currency=payment.currency,
                reason=reason[:300],
                with_credit_note=with_credit_note,
                idempotency_key=key,
                asked_by=actor,
                asked_at=at,
            )
    except IntegrityError as error:
        raise CannotRefund(_("Une demande de remboursement est déjà ouverte.")) from error
    record("refund_ordered", payment, actor=actor, amount=amount, reason=reason)
    return order, True


def _require_orderable(payment: Payment, amount: int, reason: str, at: datetime) -> None:
    power = refund_power(payment)
    if power not in ("full", "partial"):
        raise CannotRefund(
            _("Ce prestataire ne rembourse pas par l’API : rendez l’argent, puis notez-le.")
        )
    if not gateways.answers(payment.attempt, at=at):
        raise CannotRefund(_("Le prestataire ne répond pas : réessayez plus tard."))
    if payment.refund_orders.filter(state__in=RefundOrder.OPEN).exists():
        raise CannotRefund(_("Une demande de remboursement est déjà ouverte."))
    if not 0 < amount <= refundable(payment):
        raise CannotRefund(_("Ce montant dépasse ce qui reste à rendre."))
    if power == "full" and amount != payment.amount:
        raise CannotRefund(_("Ce prestataire ne rend que le paiement entier."))
    if not reason:
        raise CannotRefund(_("Dites pourquoi l’argent est rendu."))


def _ref_of(payment: Payment) -> AttemptRef:
    attempt = payment.attempt
    if attempt is None:
        raise ValueError("a payment without attempt has no provider")
    return AttemptRef(
        merchant_ref=attempt.reference,
        provider_token=attempt.provider_token,
        provider_txn_id=attempt.provider_reference,
        money=Money(attempt.amount, attempt.currency),
    )


@transaction.atomic
def _hear(order_id: int, said: Snapshot, at: datetime) -> RefundOrder:
    """Apply the provider's answer: only a plain yes counts as given back."""
    if said.state is PayState.SUCCEEDED:
        order = _lock(order_id)
        words = said.message or _("Remboursé par le prestataire.")
        return _write_refund(order, said.provider_txn_id, words, at, order.asked_by)
    if said.state in (PayState.FAILED, PayState.EXPIRED):
        return _refuse(order_id, said.message or said.code, at)
    return _leave_uncertain(order_id, said.message or _("Réponse en attente."), at)


def _write_refund(
    order: RefundOrder, reference: str, words: str, at: datetime, actor: User | None
) -> RefundOrder:
    facts: dict[str, Any] = {
        "payment": order.payment,
        "amount": order.amount,
        "reason": order.reason,
        "reference": reference,
        "refunded_on": timezone.localdate(at),
        "actor": actor,
        "at": at,
        "idempotency_key": f"order:{order.pk}",
        "order": order,
    }
    try:
        order.refund = record_refund(**facts, with_credit_note=order.with_credit_note)
    except CannotCredit as refusal:  # the money has left: its credit note is made by hand
        order.refund = record_refund(**facts)
        words = f"{words} {refusal.message}"
    return _close(order, State.DONE, words, at, actor)


@transaction.atomic
def _refuse(order_id: int, words: str, at: datetime) -> RefundOrder:
    return _close(_lock(order_id), State.REFUSED, words, at, None)


@transaction.atomic
def _leave_uncertain(order_id: int, words: str, at: datetime) -> RefundOrder:
    order = _lock(order_id)
    if order.state != State.ASKED:
        return order
    order.state, order.answer = State.UNCERTAIN, words[:300]
    order.save(update_fields=["state", "answer"])
    raise_anomaly(
        key=f"refund:{order.pk}",
        kind=Anomaly.Kind.STALE,
        detail=_(
            "Remboursement de %(order)s sans réponse sûre : vérifiez chez le prestataire, puis "
            "dites s’il est parti. Il n’est jamais redemandé tout seul."
        )
        % {"order": order},
        at=at,
        attempt=order.payment.attempt,
        payment=order.payment,
    )
    return order


def _close(
    order: RefundOrder, state: str, words: str, at: datetime, actor: User | None
) -> RefundOrder:
    order.state, order.answer, order.ended_at = state, words[:300], at
    order.save(update_fields=["state", "answer", "ended_at", "refund"])
    record("refund_order_ended", order.payment, actor=actor, state=state, answer=order.answer)
    return order


def _lock(order_id: int) -> RefundOrder:
    """Lock what a refund locks, in the order everybody follows, then the order itself."""
    rows = RefundOrder.objects.select_for_update(of=("self",))
    return rows.select_related("payment__attempt", "asked_by").get(pk=order_id)
