"""Sending a paper to the tax office: committed first, called after, never twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from billing.fiscal.drivers import find_settings, provider_of
from billing.fiscal.models import Certification, CertificationEvent, FiscalSettings
from billing.fiscal.providers.base import (
    CertificationError,
    CertifiedItem,
    FiscalProvider,
    NotSent,
    Prepared,
    Rejected,
)
from billing.fiscal.sales import credit_of, keep_item, sale_of
from billing.fiscal.services.asking import find_sale
from billing.fiscal.services.outcomes import finish_sending
from billing.fiscal.services.steps import State, Step, alert, locked, move, owe_sending, put_off

Kind = CertificationEvent.Kind
WAITING = (State.TO_CERTIFY, State.TO_RETRY)
PATIENCE = timedelta(minutes=5)  # well beyond the longest call


@dataclass(frozen=True)
class Sending:
    """A call that may be made, once: it is written down already."""

    certification_id: int
    rank: int
    prepared: Prepared
    provider: FiscalProvider


def certify(*, certification_id: int, clock: Callable[[], datetime]) -> None:
    """Send a paper that waits, and apply the answer. Safe to run twice, and to be killed."""
    sending = begin_sending(certification_id=certification_id, at=clock())
    if sending is None:
        return
    outcome: object
    try:
        outcome = sending.provider.send(sending.prepared)
    except CertificationError as error:
        outcome = error
    finish_sending(
        certification_id=sending.certification_id,
        rank=sending.rank,
        outcome=outcome,  # type: ignore[arg-type]
        at=clock(),
    )


@transaction.atomic(durable=True)
def begin_sending(*, certification_id: int, at: datetime) -> Sending | None:
    """Commit that a paper is being sent, and return the call to make; None if there is none.

    A paper found in the middle of a sending is not sent again: it is lost after `PATIENCE`.
    """
    row = locked(certification_id)
    if row.state == State.SENDING:
        _find_lost(row, at)
        return None
    if row.state not in WAITING or (row.next_try_at and row.next_try_at > at):
        return None
    try:
        chosen, provider = _provider(row)
        prepared = _prepare(row, chosen, provider)
    except NotSent as error:
        put_off(row, Step(Kind.DECIDED, at, error.reason), state=row.state)
        if error.alert:
            alert(row, _("elle n’a pas pu être envoyée à la DGI."))
        return None
    except Rejected as refusal:
        step = Step(Kind.DECIDED, at, refusal.reason)
        move(row, State.REJECTED, step, reason=refusal.reason, next_try_at=None)
        alert(row, _("elle ne peut pas être certifiée telle quelle."))
        return None
    _start(row, prepared, provider, at)
    return Sending(row.pk, row.rank, prepared, provider)


@transaction.atomic
def find_lost(*, certification_id: int, at: datetime) -> None:
    """Make a sending that never ended uncertain, if it is still that."""
    row = locked(certification_id)
    if row.state == State.SENDING:
        _find_lost(row, at)


def sweep(*, at: datetime) -> int:
    """Find sendings that a worker left, and owe again what waits. Return how many were found.

    Needs the team's view of the rows.
    """
    rows = Certification.objects.filter(state=State.SENDING, sending_since__lte=at - PATIENCE)
    lost = list(rows.values_list("pk", flat=True))
    for pk in lost:
        find_lost(certification_id=pk, at=at)
    late = Certification.objects.filter(state__in=WAITING, next_try_at__lte=at - PATIENCE)
    for row in late:
        with transaction.atomic():
            owe_sending(row, at, hour=at)
    return len(lost)


def _find_lost(row: Certification, at: datetime) -> None:
    if row.sending_since and row.sending_since > at - PATIENCE:
        return
    message = _("L’envoi s’est interrompu : la DGI a pu certifier ce document.")
    move(row, State.UNCERTAIN, Step(Kind.LOST, at, message), reason=message)
    alert(row, _("on ne sait pas si elle est certifiée. Cherchez-la sur le portail."))


def _provider(row: Certification) -> tuple[FiscalSettings, FiscalProvider]:
    chosen = find_settings(row.invoice.company_id)
    if chosen is None:
        raise NotSent(_("La certification est désactivée dans les réglages."))
    return chosen, provider_of(chosen)


def _prepare(row: Certification, chosen: FiscalSettings, provider: FiscalProvider) -> Prepared:
    if row.credit_note is None:
        return provider.prepare_sale(sale_of(row.invoice, chosen))
    sale = find_sale(row.invoice_id)
    if sale is None or sale.is_pending:
        raise NotSent(_("Cet avoir attend la certification de sa facture."))
    prepared = provider.prepare_credit(credit_of(row.credit_note, sale))
    known = {item["id"]: item for item in sale.items}
    parts = [
        CertifiedItem(
            id=part["id"],
            quantity=Decimal(str(part["quantity"])),
            net=0,
            rate=Decimal(known[part["id"]]["rate"]),
            label=known[part["id"]]["label"],
        )
        for part in prepared.body["items"]
    ]
    return replace(prepared, items=parts)


def _start(row: Certification, prepared: Prepared, provider: FiscalProvider, at: datetime) -> None:
    items = [keep_item(item) for item in prepared.items] if row.credit_note_id else []
    changes = {
        "rank": row.rank + 1,
        "sending_since": at,
        "next_try_at": None,
        "is_test": provider.is_test,
        "items": items,
        "reason": "",
    }
    step = Step(Kind.SENT, at, prepared.note, request=dict(prepared.body))
    move(row, State.SENDING, step, **changes)
