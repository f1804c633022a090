"""Issuing and sending many invoices: asked once, done by the worker one by one."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from billing.invoicing.services import Refused, issue_invoice, send_invoice
from billing.sources.models import BatchItem, InvoiceBatch
from core.audit.log import record
from core.outbox.services import owe

TOPIC = "invoice_batch"
PATIENCE = timedelta(seconds=60)  # then another piece of work takes the rest
Act, State = InvoiceBatch.Act, BatchItem.State


@transaction.atomic
def ask_batch(*, act: str, invoices: Sequence[Invoice], at: datetime, actor: Any) -> InvoiceBatch:
    """Owe an act on many invoices, in the order given; each as the person saw it.

    :raises Refused: if there is none.
    """
    if not invoices:
        raise Refused(_("Choisissez au moins une facture."))
    batch = InvoiceBatch.objects.create(act=act, actor=actor, asked_at=at)
    BatchItem.objects.bulk_create(
        BatchItem(
            batch=batch, client_id=invoice.client_id, invoice=invoice, version=invoice.version
        )
        for invoice in invoices
    )
    record("batch_asked", batch, actor=actor, act=act, invoices=len(invoices))
    _owe_rest(batch)
    return batch


def take_some(*, batch_id: int, on: date, at: datetime) -> None:
    """Take the invoices of a batch that wait, each in a transaction of its own, for a minute.

    Killed in the middle, it goes on where it was; run twice at once, each invoice is taken once.
    """
    batch = InvoiceBatch.objects.select_related("actor").filter(pk=batch_id).first()
    if batch is None or batch.done_at is not None:
        return
    waiting = batch.items.filter(state=State.WAITING).order_by("pk")
    for pk in list(waiting.values_list("pk", flat=True)):
        if timezone.now() - at > PATIENCE:
            break
        _take(batch, pk, on=on, at=timezone.now())
    _close(batch)


@transaction.atomic
def _take(batch: InvoiceBatch, item_id: int, *, on: date, at: datetime) -> None:
    """Do the act on one invoice, and note what became of it."""
    rows = BatchItem.objects.select_for_update(of=("self",), skip_locked=True)
    item = rows.select_related("invoice").filter(pk=item_id, state=State.WAITING).first()
    if item is None:
        return
    try:
        with transaction.atomic():
            _act(batch, item, on=on, at=at)
        item.state = State.DONE
    except Refused as refusal:
        item.state, item.reason = State.FAILED, str(refusal.message)[:500]
    item.save(update_fields=["state", "reason"])


def _act(batch: InvoiceBatch, item: BatchItem, *, on: date, at: datetime) -> None:
    invoice = item.invoice
    if batch.act != Act.SEND:
        invoice = issue_invoice(
            invoice=invoice, on=on, at=at, actor=batch.actor, version=item.version
        )
    if batch.act != Act.ISSUE:
        send_invoice(invoice=invoice, actor=batch.actor)


@transaction.atomic
def _close(batch: InvoiceBatch) -> None:
    """Note the end of a batch, or owe the rest of it."""
    batch = InvoiceBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.items.filter(state=State.WAITING).exists():
        _owe_rest(batch)
    elif batch.done_at is None:
        batch.done_at = timezone.now()
        batch.save(update_fields=["done_at"])


def _owe_rest(batch: InvoiceBatch) -> None:
    done = batch.items.exclude(state=State.WAITING).count()
    owe(TOPIC, key=f"{TOPIC}:{batch.pk}:{done}", payload={"batch_id": batch.pk})
