"""Asking for the certification of a paper, in the transaction that issues it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.fiscal.drivers import find_settings
from billing.fiscal.models import Certification, CertificationEvent
from billing.fiscal.services.outcomes import owe_final_paper
from billing.fiscal.services.steps import State, Step, locked, move, owe_sending, write
from billing.invoicing.models import CreditNote, Invoice

Kind = CertificationEvent.Kind
NOTHING_SENT = (State.TO_CERTIFY, State.TO_RETRY, State.REJECTED)


@transaction.atomic
def ask_for_invoice(*, invoice: Invoice, at: datetime) -> Certification | None:
    """Have an issued invoice certified, if its company certifies; None if it does not."""
    if find_settings(invoice.company_id) is None:
        return None
    return _ask(invoice, None, at)


@transaction.atomic
def ask_for_credit(*, note: CreditNote, at: datetime) -> Certification | None:
    """Have a credit note certified, if its invoice is or may be.

    An invoice cancelled before anything was sent needs no certification any more, nor does what
    cancels it.
    """
    sale = find_sale(note.invoice_id)
    if sale is None:
        return None
    sale = locked(sale.pk)
    is_cancelled = note.invoice.status == Invoice.Status.CANCELLED
    if is_cancelled and sale.state in NOTHING_SENT:
        _give_up(sale, at)
        return None
    return _ask(note.invoice, note, at)


def find_sale(invoice_id: int) -> Certification | None:
    """Return the certification of an invoice that counts, or None."""
    rows = Certification.objects.filter(invoice_id=invoice_id, kind=Certification.Kind.SALE)
    return rows.exclude(state=State.VOID).first()


def _ask(invoice: Invoice, note: CreditNote | None, at: datetime) -> Certification:
    row = Certification.objects.create(
        client_id=invoice.client_id,
        kind=Certification.Kind.CREDIT if note else Certification.Kind.SALE,
        invoice=invoice,
        credit_note=note,
        number=note.number if note else invoice.number,
        next_try_at=at,
        created_at=at,
    )
    write(row, Step(Kind.ASKED, at))
    owe_sending(row, at)
    return row


def _give_up(sale: Certification, at: datetime) -> None:
    message = _("Facture annulée avant d’être certifiée.")
    earlier = Certification.objects.filter(invoice_id=sale.invoice_id, kind="credit")
    rows = [sale, *(locked(pk) for pk in earlier.values_list("pk", flat=True))]
    for row in rows:
        if row.state in NOTHING_SENT:
            step = Step(Kind.DECIDED, at, message)
            move(row, State.VOID, step, reason=message, next_try_at=None, held_mail=None)
            owe_final_paper(row)
