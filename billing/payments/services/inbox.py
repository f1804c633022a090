"""What providers tell us: kept first, believed never, a reason to go and ask."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from billing.payments import gateways
from billing.payments.models import (
    Anomaly,
    AttemptEvent,
    PaymentAttempt,
    ProviderNotification,
)
from billing.payments.providers.base import (
    GatewayError,
    RawWebhook,
    WebhookHint,
    WebhookRejected,
    WebhookTooLarge,
)
from billing.payments.providers.masking import plain_text
from billing.payments.services.anomalies import raise_anomaly
from billing.payments.services.checking import TooSoon, check_attempt
from billing.payments.services.opening import digest_of
from core import rls

State = ProviderNotification.State
MOST_BYTES = 64 * 1024
MOST_REFUSALS = 60  # kept per address and minute; above, refused without a row
KEPT_HEADERS = ("content-type", "content-length", "user-agent", "x-forwarded-for")
LEASE = timedelta(minutes=2)
SIGNATURES = ("x-token", "stripe-signature", "wave-signature")
SECRET_SHOWN = 6
MOST_TRIES = 8


class UnknownToken(WebhookRejected):
    """A token that no payment was given: nothing says that it is the provider's."""


class Reception(enum.StrEnum):
    """What became of a notification at the door."""

    PING = "ping"
    KEPT = "kept"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"


def receive_notification(*, provider: str, raw: RawWebhook, at: datetime) -> Reception:
    """Keep a notification after checking who wrote it. Calls nobody, changes no payment.

    The same bytes told again are the same row. The work is done by `work_inbox`.
    """
    if raw.method in ("GET", "HEAD"):
        return Reception.PING
    if len(raw.body) > MOST_BYTES:
        return Reception.TOO_LARGE
    try:
        hint = _authenticate(provider, raw)
    except WebhookRejected as error:
        if _refused_too_often(raw.remote_addr):
            return Reception.TOO_MANY
        _keep(provider, raw, WebhookHint(), str(error), at)
        return _refusal_of(error)
    _keep(provider, raw, hint, "", at)
    return Reception.KEPT


def _refusal_of(error: WebhookRejected) -> Reception:
    if isinstance(error, WebhookTooLarge):
        return Reception.TOO_LARGE
    return Reception.UNKNOWN if isinstance(error, UnknownToken) else Reception.REFUSED


def _authenticate(provider: str, raw: RawWebhook) -> WebhookHint:
    """Have every account of the provider look at a notification; the first that knows it, wins.

    :raises WebhookRejected: if none does, or the provider is off.
    """
    refusal = WebhookRejected("provider off")
    for access in gateways.listeners(provider):
        try:
            return _settle_hint(access, access.gateway.authenticate_webhook(raw))
        except WebhookRejected as error:
            refusal = error
    raise refusal


def _settle_hint(access: gateways.Access, hint: WebhookHint) -> WebhookHint:
    """Find whom a hint is about where it does not say our reference, and compare its token.

    :raises WebhookRejected: if it is about a payment of another account, or shows a token that
        no payment of the provider has.
    """
    if not (hint.merchant_ref or hint.notify_secret or hint.provider_txn_id):
        return hint
    with rls.staff("payments: a notification names a payment of any client"):
        found = _find_named(access.provider, hint)
        if hint.notify_secret and (found is None or hint.merchant_ref not in ("", found.reference)):
            raise UnknownToken("no payment has this token")
        if found is not None and found.account_id != access.account_id:
            raise WebhookRejected("signed for another account")
        if hint.merchant_ref and not hint.notify_secret:
            _learn_token(found, hint)
            return hint
    return replace(hint, merchant_ref=found.reference if found else "")


def _find_named(provider: str, hint: WebhookHint) -> PaymentAttempt | None:
    """Return the attempt that a hint is about, by its token, our reference, or the provider's."""
    attempts = PaymentAttempt.objects.filter(provider=provider)
    if hint.notify_secret:
        return attempts.filter(notify_digest=digest_of(hint.notify_secret)).first()
    if hint.merchant_ref:
        return attempts.filter(reference=hint.merchant_ref).first()
    return attempts.filter(provider_reference=hint.provider_txn_id).first()


def _learn_token(attempt: PaymentAttempt | None, hint: WebhookHint) -> None:
    """Keep what the provider calls a payment whose start it never answered."""
    if attempt is not None and hint.provider_token:
        rows = PaymentAttempt.objects.filter(pk=attempt.pk, provider_token="")
        rows.update(provider_token=hint.provider_token[:200])


def work_inbox(*, at: datetime, limit: int = 100) -> int:
    """Ask the provider about what was notified; return how many rows were looked at.

    A row is one worker's at a time, and found again if that worker dies.
    """
    worked = 0
    with rls.staff("payments: notifications name attempts of any client"):
        while worked < limit and (row := _claim(at)) is not None:
            _work(row, at)
            worked += 1
    return worked


def _keep(provider: str, raw: RawWebhook, hint: WebhookHint, reason: str, at: datetime) -> None:
    is_signed = not reason
    digest = hashlib.sha256(f"{provider}|{is_signed}|".encode() + raw.body).hexdigest()
    if _count_again(digest, at, looks_again=hint.is_repeatable):
        return
    try:
        with transaction.atomic():
            ProviderNotification.objects.create(
                provider=provider,
                dedupe_key=digest,
                reference=hint.merchant_ref[:40],
                event_type=hint.event_type[:60],
                is_reversal=hint.is_reversal,
                body=_body_to_keep(raw, hint),
                headers=_masked_headers(raw),
                content_type=plain_text(raw.content_type, 100),
                remote_addr=raw.remote_addr or None,
                is_signed=is_signed,
                reason=plain_text(reason or hint.scheme),
                state=State.NEW if is_signed else State.REJECTED,
                next_try_at=at if is_signed else None,
                received_at=at,
                last_received_at=at,
            )
    except IntegrityError:
        _count_again(digest, at)


def _body_to_keep(raw: RawWebhook, hint: WebhookHint) -> bytes:
    """Return the bytes as they came, but for the token that would let anybody write the same."""
    if not hint.notify_secret:
        return raw.body
    kept = raw.body.replace(hint.notify_secret.encode(), b"***")
    return kept if kept != raw.body else b"***"  # an escape in it: keep none of it


def _count_again(digest: str, at: datetime, *, looks_again: bool = False) -> bool:
    """Count bytes that came before; `looks_again` where a provider writes each change the same."""
    rows = ProviderNotification.objects.filter(dedupe_key=digest)
    is_known = bool(rows.update(deliveries=F("deliveries") + 1, last_received_at=at))
    if is_known and looks_again:
        over = rows.filter(state__in=(State.DONE, State.IGNORED))
        over.update(state=State.NEW, tries=0, next_try_at=at, leased_until=None)
    return is_known


def _masked_headers(raw: RawWebhook) -> dict[str, str]:
    kept = {name: plain_text(raw.headers[name]) for name in KEPT_HEADERS if name in raw.headers}
    signed = {name: plain_text(raw.headers.get(name, "")) for name in SIGNATURES}
    shown = {
        name: f"{token[:SECRET_SHOWN]}… ({len(token)})" for name, token in signed.items() if token
    }
    return kept | shown


def _refused_too_often(address: str) -> bool:
    key = f"payments:refused:{address}"
    try:
        cache.add(key, 0, timeout=60)
        return cache.incr(key) > MOST_REFUSALS
    except RedisError:
        return False


@transaction.atomic
def _claim(at: datetime) -> ProviderNotification | None:
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    row = (
        ProviderNotification.objects.filter(free, state=State.NEW, next_try_at__lte=at)
        .order_by("next_try_at", "pk")
        .select_for_update(skip_locked=True)
        .first()
    )
    if row is not None:
        row.leased_until, row.tries = at + LEASE, row.tries + 1
        row.save(update_fields=["leased_until", "tries"])
    return row


def _work(row: ProviderNotification, at: datetime) -> None:
    attempt = PaymentAttempt.objects.filter(provider=row.provider, reference=row.reference).first()
    if attempt is None:
        if row.tries >= MOST_TRIES and row.reference:
            _tell_unknown(row, at)
        _put_off(row, _("Référence inconnue"), State.IGNORED, at)
        return
    if attempt.state == PaymentAttempt.State.SUCCEEDED and not row.is_reversal:
        _finish(row, _("Déjà payée"), State.DONE, at)
        return
    try:
        source = AttemptEvent.Source.NOTIFICATION
        outcome = check_attempt(attempt_id=attempt.pk, source=source, at=at)
    except TooSoon:
        _put_off(row, _("Demandé il y a quelques secondes"), State.DONE, at)
    except GatewayError as error:
        _put_off(row, str(error), State.DONE, at)
    else:
        _finish(row, str(outcome.label), State.DONE, at)


def _tell_unknown(row: ProviderNotification, at: datetime) -> None:
    """Tell the team of a transaction that the provider vouches for and that we never began."""
    detail = _("%(provider)s annonce la transaction %(reference)s, que nous n’avons pas lancée.")
    raise_anomaly(
        key=f"unknown:{row.provider}:{row.reference}",
        kind=Anomaly.Kind.UNKNOWN,
        detail=detail % {"provider": gateways.NAMES[row.provider], "reference": row.reference},
        at=at,
    )


def _put_off(row: ProviderNotification, reason: str, final: str, at: datetime) -> None:
    """Try again later, longer each time; after the last try the sweep alone goes on."""
    if row.tries >= MOST_TRIES:
        _finish(row, reason, final, at)
        return
    wait = timedelta(seconds=6 * 2 ** (row.tries - 1))
    row.next_try_at, row.leased_until, row.reason = at + wait, None, plain_text(reason)
    row.save(update_fields=["next_try_at", "leased_until", "reason"])


def _finish(row: ProviderNotification, reason: str, state: str, at: datetime) -> None:
    row.state, row.done_at, row.leased_until = state, at, None
    row.reason = plain_text(reason)
    row.save(update_fields=["state", "done_at", "leased_until", "reason"])
