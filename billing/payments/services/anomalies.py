"""What does not add up: told to the team once, kept until a person has looked."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.payments.models import Anomaly, Payment, PaymentAttempt
from billing.payments.services.refusal import Refusal
from core import rls
from core.accounts.models import Company, User
from core.audit.log import record
from core.notify.mail import owe_mail


class AlreadyResolved(Refusal):
    """Somebody has dealt with the anomaly."""


class CommentMissing(Refusal):
    """An anomaly is not put away without a word."""


def raise_anomaly(
    *,
    key: str,
    kind: str,
    detail: str,
    at: datetime,
    attempt: PaymentAttempt | None = None,
    client_id: int | None = None,
    payment: Payment | None = None,
) -> Anomaly:
    """Keep an anomaly under its key, and mail the team the first time."""
    with rls.staff("payments: anomalies are the team's"), transaction.atomic():
        anomaly, is_new = Anomaly.objects.get_or_create(
            key=key,
            defaults={
                "kind": kind,
                "detail": detail,
                "raised_at": at,
                "attempt": attempt,
                "payment": payment,
                "client_id": _client_of(attempt, payment) or client_id,
            },
        )
        if is_new:
            record("payment_anomaly_raised", anomaly, kind=kind, detail=detail)
            _tell_team(anomaly)
    return anomaly


def resolve_anomaly(*, anomaly: Anomaly, comment: str, actor: User, at: datetime) -> Anomaly:
    """Put an anomaly away, with the words of who dealt with it.

    :raises CommentMissing: if nothing is said.
    :raises AlreadyResolved: if somebody did so before.
    """
    if not comment.strip():
        raise CommentMissing(_("Dites ce qui a été fait."))
    with transaction.atomic():
        anomaly = Anomaly.objects.select_for_update().get(pk=anomaly.pk)
        if anomaly.resolved_at is not None:
            raise AlreadyResolved(_("Cette anomalie est déjà résolue."))
        anomaly.resolved_at, anomaly.resolved_by = at, actor
        anomaly.resolution = comment.strip()
        anomaly.save(update_fields=["resolved_at", "resolved_by", "resolution"])
        record("payment_anomaly_resolved", anomaly, actor=actor, comment=anomaly.resolution)
    return anomaly


def tell_of_end(anomaly: Anomaly) -> None:
    """Mail the team that what was wrong is over by itself."""
    _tell_team(anomaly, is_over=True)


def _client_of(attempt: PaymentAttempt | None, payment: Payment | None) -> int | None:
    owner = attempt or payment
    return owner.client_id if owner else None


def _tell_team(anomaly: Anomaly, *, is_over: bool = False) -> None:
    company = Company.objects.order_by("pk").first()
    detail = _("C’est terminé : %(detail)s") % {"detail": anomaly.detail} if is_over else ""
    owe_mail(
        "payments/anomaly",
        key=f"anomaly:{anomaly.pk}{':over' if is_over else ''}",
        to=[company.email] if company else [],
        context={
            "kind": anomaly.get_kind_display(),
            "detail": detail or anomaly.detail,
            "reference": anomaly.attempt.reference if anomaly.attempt else "",
        },
    )
