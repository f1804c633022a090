"""The one place where a provider's word turns into money: `apply_snapshot`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from billing.invoicing.models import Invoice
from billing.payments import gateways, schedule, signals
from billing.payments.channels import operator_channel
from billing.payments.models import (
    Anomaly,
    AttemptEvent,
    Payment,
    PaymentAttempt,
    PaymentMethod,
)
from billing.payments.providers.base import PayState, Snapshot
from billing.payments.services.anomalies import raise_anomaly
from billing.payments.services.ledger import RecordedAlready, write_payment
from billing.payments.services.notices import announce_failed
from core import rls
from core.accounts.services import count_act
from core.audit.log import record
from core.live.publishing import tell
from core.money import format_amount
from portal.crm.models import Opportunity

State = PaymentAttempt.State
SOON = timedelta(seconds=60)
REVERSALS = {"660", "661", "refunded", "disputed"}


class Outcome(models.TextChoices):
    """What a snapshot changed."""

    CREDITED = "credited", _lazy("Crédité")
    ALREADY_APPLIED = "already_applied", _lazy("Déjà crédité")
    CONTRADICTED = "contradicted", _lazy("Contradiction signalée")
    REVIEW = "review", _lazy("À vérifier par une personne")
    FAILED = "failed", _lazy("Échec")
    EXPIRED = "expired", _lazy("Expiré")
    PENDING = "pending", _lazy("Toujours en attente")
    NO_NEWS = "no_news", _lazy("Rien d’appris")


TOLD = (Outcome.CREDITED, Outcome.REVIEW, Outcome.FAILED, Outcome.EXPIRED)


def apply_snapshot(*, attempt_id: int, snapshot: Snapshot, source: str, at: datetime) -> Outcome:
    """Apply what a provider says of an attempt. The only function that credits an attempt.

    Locks the invoice or the opportunity, then the attempt, then the counters. Payment,
    allocations, invoice, receipt number and owed mail are one transaction; told the same again,
    nothing changes.

    :raises PaymentAttempt.DoesNotExist: if there is no such attempt.
    """
    with rls.staff("payments: settle what the provider says"), transaction.atomic():
        invoice, attempt = lock_attempt(attempt_id)
        was_live = attempt.is_live
        outcome = _decide(invoice, attempt, snapshot, at)
        _remember(attempt, snapshot, source, outcome, at)
        _tell_modules(attempt, snapshot, outcome, at)
        if was_live and not attempt.is_live:
            announce_failed(attempt)  # after the provider's words are kept: it repeats them
        if outcome in TOLD:
            tell("payments", client_id=attempt.client_id, row=attempt.pk)
    return outcome


def lock_attempt(attempt_id: int) -> tuple[Invoice | None, PaymentAttempt]:
    """Lock an attempt after its invoice, the order everyone follows, and return both.

    An attempt that pays a sale has no invoice: its opportunity is locked in its place.
    """
    about = PaymentAttempt.objects.values("invoice_id", "opportunity_id").get(pk=attempt_id)
    invoice = None
    if about["invoice_id"] is not None:
        invoice = Invoice.objects.select_for_update().get(pk=about["invoice_id"])
    else:
        Opportunity.objects.select_for_update().only("pk").get(pk=about["opportunity_id"])
    attempt = PaymentAttempt.objects.select_for_update().get(pk=attempt_id)
    attempt.invoice = invoice
    return invoice, attempt


def _tell_modules(
    attempt: PaymentAttempt, snapshot: Snapshot, outcome: Outcome, at: datetime
) -> None:
    """Tell the modules above what a provider says of money that counts: its fee, its payout."""
    if outcome not in (Outcome.CREDITED, Outcome.ALREADY_APPLIED):
        return
    payment = Payment.objects.filter(attempt=attempt).first()
    if payment is not None:
        signals.provider_told.send(sender=Payment, payment=payment, snapshot=snapshot, at=at)


def _decide(
    invoice: Invoice | None, attempt: PaymentAttempt, snapshot: Snapshot, at: datetime
) -> Outcome:
    state = _read_state(attempt, snapshot, at)
    if snapshot.alert and state is not PayState.SUCCEEDED:
        _alert(attempt, snapshot, at)
    if state is PayState.UNKNOWN:
        return Outcome.NO_NEWS
    if attempt.state == State.SUCCEEDED:
        return _compare_with_success(attempt, snapshot, state, at)
    if attempt.state == State.REVIEW:
        return Outcome.REVIEW
    if state is PayState.SUCCEEDED:
        return _credit_or_review(invoice, attempt, snapshot, at)
    if state is PayState.PENDING:
        return Outcome.PENDING
    return _close(attempt, state, at)


def _read_state(attempt: PaymentAttempt, snapshot: Snapshot, at: datetime) -> PayState:
    """Return the announced state, or FAILED when a wait has lasted too long for its code."""
    has_run_out = (
        snapshot.state is PayState.PENDING
        and snapshot.fails_after is not None
        and at - attempt.created_at >= snapshot.fails_after
    )
    return PayState.FAILED if has_run_out else snapshot.state


def _compare_with_success(
    attempt: PaymentAttempt, snapshot: Snapshot, state: PayState, at: datetime
) -> Outcome:
    if state in (PayState.SUCCEEDED, PayState.PENDING):
        return Outcome.ALREADY_APPLIED
    _raise(
        attempt,
        Anomaly.Kind.CONTRADICTION,
        _("Payée chez nous, mais le prestataire dit maintenant : %(word)s (code %(code)s).")
        % {"word": snapshot.message or state, "code": snapshot.code or "—"},
        at,
        Payment.objects.filter(attempt=attempt).first(),
    )
    return Outcome.CONTRADICTED


def _credit_or_review(
    invoice: Invoice | None, attempt: PaymentAttempt, snapshot: Snapshot, at: datetime
) -> Outcome:
    if objection := _find_objection(attempt, snapshot):
        return _put_in_review(attempt, *objection, at)
    amount = snapshot.money.amount if snapshot.money else attempt.amount
    try:
        credited = write_payment(
            payment=_payment_of(invoice, attempt, snapshot, amount, at), invoice=invoice, at=at
        )
    except RecordedAlready as error:
        detail = _("La référence opérateur %(reference)s a déjà payé autre chose.")
        return _put_in_review(
            attempt, Anomaly.Kind.CONTRADICTION, detail % {"reference": error}, at
        )
    attempt.state, attempt.ended_at, attempt.next_check_at = State.SUCCEEDED, at, None
    attempt.save(update_fields=["state", "ended_at", "next_check_at"])
    record("payment_attempt_settled", attempt, amount=amount)
    if invoice is not None:
        ids = {"attempt_id": attempt.pk, "invoice_id": invoice.pk}
        count_act("payment_paid", user=attempt.started_by, key=str(attempt.pk), at=at, **ids)
    _tell_of_surplus(attempt, credited.payment, at)
    return Outcome.CREDITED


def _find_objection(attempt: PaymentAttempt, snapshot: Snapshot) -> tuple[str, str] | None:
    """Return why announced money may not be credited, as (kind, sentence), or None."""
    asked = format_amount(attempt.amount, attempt.currency)
    if snapshot.money is None:
        if not _reports_amount(attempt):
            return None
        return Anomaly.Kind.AMOUNT, snapshot.alert or _(
            "Montant illisible ; demandé : %(asked)s."
        ) % {"asked": asked}
    paid, currency = snapshot.money.amount, snapshot.money.currency
    sentence = _("Payé %(paid)s au lieu de %(asked)s.")
    if currency != attempt.currency:
        return Anomaly.Kind.CURRENCY, sentence % {"paid": f"{paid} {currency}", "asked": asked}
    if paid < attempt.amount:
        return Anomaly.Kind.AMOUNT, sentence % {
            "paid": format_amount(paid, currency),
            "asked": asked,
        }
    return None


def _reports_amount(attempt: PaymentAttempt) -> bool:
    gateway = gateways.gateway_of(attempt)
    return gateway is None or gateway.capabilities.status_reports_amount


def _put_in_review(attempt: PaymentAttempt, kind: str, detail: str, at: datetime) -> Outcome:
    attempt.state, attempt.ended_at, attempt.next_check_at = State.REVIEW, at, None
    attempt.save(update_fields=["state", "ended_at", "next_check_at"])
    record("payment_attempt_reviewed", attempt, detail=detail)
    _raise(attempt, kind, detail, at)
    return Outcome.REVIEW


def _payment_of(
    invoice: Invoice | None, attempt: PaymentAttempt, snapshot: Snapshot, amount: int, at: datetime
) -> Payment:
    channel = operator_channel(snapshot.method, attempt.channel)
    return Payment(
        company_id=company_of(invoice, attempt),
        client_id=attempt.client_id,
        attempt=attempt,
        method=channel.method if channel else PaymentMethod.MOBILE_MONEY,
        channel=channel.name if channel else snapshot.method[:60],
        provider=attempt.provider,
        provider_reference=snapshot.provider_txn_id[:100] or attempt.reference,
        payer_name=attempt.payer_name,
        payer_phone=(snapshot.payer_phone or attempt.payer_phone)[:30],
        amount=amount,
        currency=attempt.currency,
        received_on=timezone.localdate(snapshot.paid_at or at),
        recorded_at=at,
        is_test=attempt.is_test,
    )


def company_of(invoice: Invoice | None, attempt: PaymentAttempt) -> int:
    """Return the company that the money of an attempt is for."""
    return attempt.client.company_id if invoice is None else invoice.company_id


def _is_awaited(attempt: PaymentAttempt, payment: Payment) -> bool:
    """Tell whether money without an invoice is what a sale was to bring, once and no more."""
    if attempt.opportunity_id is None or payment.amount > attempt.amount:
        return False
    others = PaymentAttempt.objects.filter(
        opportunity=attempt.opportunity_id, state=State.SUCCEEDED
    )
    return not others.exclude(pk=attempt.pk).exists()


def _tell_of_surplus(attempt: PaymentAttempt, payment: Payment, at: datetime) -> None:
    if not payment.amount_unallocated or _is_awaited(attempt, payment):
        return
    is_more = payment.amount > attempt.amount
    asked = attempt.amount if is_more and attempt.opportunity_id is not None else 0
    rest = format_amount(payment.amount_unallocated - asked, payment.currency)
    detail = (
        _("%(rest)s de plus que demandé, gardés au crédit du client.")
        if is_more
        else _("%(rest)s reçus sans facture à régler, gardés au crédit du client.")
    )
    kind = Anomaly.Kind.SURPLUS if is_more else Anomaly.Kind.UNALLOCATED
    _raise(attempt, kind, detail % {"rest": rest}, at, payment)


def _close(attempt: PaymentAttempt, state: PayState, at: datetime) -> Outcome:
    """Take a refusal or an expiry; money that comes later is honoured all the same."""
    was_live = attempt.is_live
    attempt.state = State.FAILED if state is PayState.FAILED else State.EXPIRED
    attempt.ended_at = attempt.ended_at or at
    attempt.save(update_fields=["state", "ended_at"])
    if was_live:
        record("payment_attempt_closed", attempt, state=attempt.state)
    return Outcome(state.value)


def _alert(attempt: PaymentAttempt, snapshot: Snapshot, at: datetime) -> None:
    kind = Anomaly.Kind.CONTRADICTION
    if snapshot.code in REVERSALS:
        kind = Anomaly.Kind.REVERSAL
    elif snapshot.state is PayState.UNKNOWN:
        kind = Anomaly.Kind.CONFIGURATION
    raise_anomaly(
        key=f"{kind}:{attempt.reference}:{snapshot.code}",
        kind=kind,
        detail=snapshot.alert,
        at=at,
        attempt=attempt,
        payment=Payment.objects.filter(attempt=attempt).first(),
    )


def _raise(
    attempt: PaymentAttempt,
    kind: str,
    detail: str,
    at: datetime,
    payment: Payment | None = None,
) -> None:
    key = f"{kind}:{attempt.reference}"
    raise_anomaly(key=key, kind=kind, detail=detail, at=at, attempt=attempt, payment=payment)


def _remember(
    attempt: PaymentAttempt, snapshot: Snapshot, source: str, outcome: Outcome, at: datetime
) -> None:
    """Keep the provider's words, what they changed, and when to ask again."""
    attempt.last_code, attempt.last_message = snapshot.code[:40], snapshot.message[:300]
    attempt.method = snapshot.method[:30] or attempt.method
    attempt.payer_phone = snapshot.payer_phone[:30] or attempt.payer_phone
    attempt.provider_reference = snapshot.provider_txn_id[:100] or attempt.provider_reference
    fields = ["last_code", "last_message", "method", "payer_phone", "provider_reference"]
    if attempt.state not in (State.SUCCEEDED, State.REVIEW):
        attempt.next_check_at = _plan(attempt, source, at)
        fields.append("next_check_at")
    attempt.save(update_fields=fields)
    AttemptEvent.objects.create(
        client_id=attempt.client_id,
        attempt=attempt,
        source=source,
        state=snapshot.state.value,
        code=attempt.last_code,
        message=attempt.last_message,
        outcome=outcome.value,
        amount=snapshot.money.amount if snapshot.money else None,
        currency=snapshot.money.currency if snapshot.money else "",
        raw=dict(snapshot.raw),
        happened_at=at,
    )


def _plan(attempt: PaymentAttempt, source: str, at: datetime) -> datetime | None:
    """Plan the next check; news that settled nothing are looked at again soon."""
    planned = schedule.next_check(reference=attempt.reference, started_at=attempt.created_at, at=at)
    if planned is not None and source == AttemptEvent.Source.NOTIFICATION:
        return min(planned, at + SOON)
    if planned is None and attempt.is_live:
        detail = _("Aucune réponse définitive du prestataire après trois jours.")
        _raise(attempt, Anomaly.Kind.STALE, detail, at)
    return planned
