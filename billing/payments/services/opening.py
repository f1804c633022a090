"""Asking a provider for a payment page, and what becomes of the attempt."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.payments import gateways, links
from billing.payments.models import Anomaly, AttemptEvent, PaymentAttempt
from billing.payments.payers import describe_payer
from billing.payments.providers.base import (
    AttemptRef,
    GatewayError,
    Money,
    NotSupported,
    Payer,
    StartRequest,
    StartResult,
)
from billing.payments.routing import Route
from billing.payments.services.anomalies import raise_anomaly
from core.accounts.models import User

logger = logging.getLogger(__name__)
State = PaymentAttempt.State


def open_page(attempt: PaymentAttempt, route: Route, actor: User, at: datetime) -> PaymentAttempt:
    """Ask the provider for a page, outside any transaction, then write its address down.

    :raises GatewayError: if it does not open one; the attempt is left as it was.
    """
    with gateways.calling(route.access, at=at) as gateway:
        opened = gateway.start(_request(attempt, route, actor))
    return _write_page_down(attempt.pk, opened, at)


def ref_of(attempt: PaymentAttempt) -> AttemptRef:
    """Return what a gateway needs to know of an attempt to ask about it."""
    return AttemptRef(
        merchant_ref=attempt.reference,
        provider_token=attempt.provider_token,
        provider_txn_id=attempt.provider_reference,
        money=Money(attempt.amount, attempt.currency),
    )


def close_at_provider(attempt: PaymentAttempt, at: datetime) -> None:
    """Close the page of an attempt put aside where the provider can; its money is honoured if not.

    Must not run inside a transaction. Nothing depends on it: a page paid all the same is credited.
    """
    if not attempt.provider_token:
        return
    try:
        with gateways.calling(attempt, at=at) as gateway:
            gateway.expire(ref_of(attempt))
    except NotSupported:
        return
    except GatewayError as error:
        logger.warning("The page of attempt %s stays open: %s", attempt.reference, error)


def _request(attempt: PaymentAttempt, route: Route, actor: User) -> StartRequest:
    payer, description, facts = _who_pays_what(attempt, actor)
    return StartRequest(
        merchant_ref=attempt.reference,
        money=Money(attempt.amount, attempt.currency),
        description=description,
        payer=payer,
        return_url=settings.BASE_URL + reverse("payments:return"),
        cancel_url=settings.BASE_URL + links.page_path(attempt),
        notify_url=notify_address(attempt.provider),
        channel=route.group or "ALL",
        metadata=str(attempt.pk),
        facts={**facts, "client_id": str(attempt.client_id)},
    )


def _who_pays_what(attempt: PaymentAttempt, actor: User) -> tuple[Payer, str, dict[str, str]]:
    """Return the payer, what is paid, and ids of ours: of the invoice, else of the sale.

    Whoever of the team asks for the page of a sale does not pay it: the client does.
    """
    invoice = attempt.invoice
    if invoice is None:
        payer = describe_payer(attempt.client, AnonymousUser())
        return payer, attempt.label, {"opportunity_id": str(attempt.opportunity_id)}
    description = _("Facture %(number)s") % {"number": invoice.number}
    facts = {"invoice": invoice.number, "invoice_id": str(invoice.pk)}
    return describe_payer(invoice.client, actor), description, facts


def notify_address(provider: str) -> str:
    """Return the address a provider shall notify, as it is given to it or typed into its site."""
    if provider == gateways.CINETPAY and settings.CINETPAY_NOTIFY_URL:
        return settings.CINETPAY_NOTIFY_URL
    return settings.BASE_URL + reverse("payments:webhook", args=[provider])


def digest_of(secret: str) -> str:
    """Return what is kept of the token that comes with the notifications of one payment."""
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


@transaction.atomic
def _write_page_down(attempt_id: int, opened: StartResult, at: datetime) -> PaymentAttempt:
    """Keep the page's address; the provider may have spoken before it answered us."""
    attempt = PaymentAttempt.objects.select_for_update().get(pk=attempt_id)
    attempt.redirect_url, attempt.provider_token = opened.redirect_url, opened.provider_token[:200]
    attempt.notify_digest = digest_of(opened.notify_secret)
    attempt.provider_reference = attempt.provider_reference or opened.provider_txn_id[:100]
    if opened.expires_at is not None:
        attempt.expires_at = opened.expires_at
    if attempt.state == State.CREATED:
        attempt.state = State.PENDING
    attempt.save(
        update_fields=[
            "redirect_url",
            "provider_token",
            "notify_digest",
            "provider_reference",
            "expires_at",
            "state",
        ]
    )
    told = {name: value for name, value in opened.raw.items() if name != "data"}
    _note(attempt, "opened", "", at, told)  # the page's address opens the payment: not kept twice
    return attempt


@transaction.atomic
def close_unopened(attempt: PaymentAttempt, error: GatewayError, at: datetime) -> None:
    """Leave nothing half open: expired when the provider may hold it, else failed for good."""
    attempt = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    if attempt.state == State.CREATED:
        attempt.state = State.EXPIRED if error.may_exist else State.FAILED
        attempt.ended_at = at
        attempt.last_code, attempt.last_message = error.code[:40], str(error)[:300]
    if not error.may_exist:
        attempt.next_check_at = None
    attempt.save(update_fields=["state", "ended_at", "last_code", "last_message", "next_check_at"])
    _note(attempt, type(error).__name__, error.code, at, {})
    if error.alert:
        raise_anomaly(
            key=f"start:{attempt.provider}:{error.code or type(error).__name__}:{at.date()}",
            kind=Anomaly.Kind.CONFIGURATION,
            detail=_("%(provider)s n’a pas ouvert le paiement : %(error)s")
            % {"provider": gateways.NAMES[attempt.provider], "error": error},
            at=at,
            attempt=attempt,
        )


def _note(attempt: PaymentAttempt, outcome: str, code: str, at: datetime, raw: dict) -> None:
    AttemptEvent.objects.create(
        client_id=attempt.client_id,
        attempt=attempt,
        source=AttemptEvent.Source.START,
        code=code[:40],
        message=attempt.last_message,
        outcome=outcome[:40],
        raw=raw,
        happened_at=at,
    )
