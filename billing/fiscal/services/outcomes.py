"""What follows from an answer of the tax office."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.fiscal.models import Certification, CertificationEvent
from billing.fiscal.providers.base import (
    CertificationError,
    Certified,
    NotSent,
    Rejected,
    Uncertain,
)
from billing.fiscal.sales import keep_item
from billing.fiscal.services.steps import (
    State,
    Step,
    alert,
    is_known_reference,
    locked,
    move,
    put_off,
    resume,
    write,
)
from billing.fiscal.services.stickers import note_balance
from core.outbox.services import owe

Kind = CertificationEvent.Kind


@transaction.atomic
def finish_sending(
    *, certification_id: int, rank: int, outcome: Certified | CertificationError, at: datetime
) -> None:
    """Apply what came of a sending, unless a person or another sending went past it.

    A late answer to a paper that was found lost is still the truth about it.
    """
    row = locked(certification_id)
    if row.rank != rank or row.state not in _awaiting(outcome):
        _note_late(row, outcome, at)
        return
    if isinstance(outcome, Certified) and is_known_reference(row, outcome.reference):
        reason = _("La DGI a rendu la référence %(reference)s, qu’un autre document porte déjà.")
        text = reason % {"reference": outcome.reference}
        outcome = Uncertain(text, status=200, raw=outcome.raw)
    if isinstance(outcome, Certified):
        step = Step(Kind.ANSWERED, at, outcome.note, 200, answer=outcome.raw)
        settle(row, outcome, step)
    else:
        _fail(row, outcome, at)


def _awaiting(outcome: Certified | CertificationError) -> tuple[str, ...]:
    """Return the states that an answer ends: one that waits to be sent again needs it no more."""
    again = (State.TO_RETRY,) if isinstance(outcome, Certified) else ()
    return (State.SENDING, State.UNCERTAIN, *again)


def settle(row: Certification, outcome: Certified, step: Step, *, is_by_hand: bool = False) -> None:
    """Write a certification on a locked row; have its PDF made and its mail sent."""
    changes = {
        "reference": outcome.reference,
        "verification_url": outcome.verification_url,
        "document_id": outcome.document_id,
        "note": outcome.note,
        "reason": "",
        "certified_at": step.at,
        "next_try_at": None,
        "is_by_hand": is_by_hand,
    }
    if row.kind == Certification.Kind.SALE:
        changes["items"] = [keep_item(item) for item in outcome.items]
    move(row, State.CERTIFIED, step, **changes)
    if outcome.note:
        alert(row, outcome.note)
    if outcome.sticker_balance is not None:
        note_balance(row, outcome.sticker_balance)
    if row.kind == Certification.Kind.CREDIT:
        _close_sale(row, step.at)
    else:
        _resume_credits(row, step.at)
    owe_final_paper(row)


def owe_final_paper(row: Certification) -> None:
    """Owe the PDF of a paper whose certification is over, and the mail that waited for it."""
    topic, paper, pk = (
        ("credit_note_pdf", "credit_note_id", row.credit_note_id)
        if row.kind == Certification.Kind.CREDIT
        else ("invoice_pdf", "invoice_id", row.invoice_id)
    )
    key = f"{topic}:{pk}:certified:{row.pk}"
    owe(topic, key=key, payload={paper: pk}, client_id=row.client_id)
    if row.held_mail and row.is_certified:
        mail = row.held_mail
        owe("invoice_mail", key=f"fiscal:{mail['key']}", payload=mail, client_id=row.client_id)
        row.held_mail = None
        row.save(update_fields=["held_mail"])


def _fail(row: Certification, error: CertificationError, at: datetime) -> None:
    step = Step(Kind.ANSWERED, at, error.reason, error.status, answer=error.raw or None)
    if isinstance(error, NotSent | Rejected):
        row.items = []  # what a credit asked for was not taken
    if isinstance(error, NotSent):
        put_off(row, step)
        if error.alert:
            alert(row, _("elle n’a pas pu être envoyée à la DGI."))
    elif isinstance(error, Rejected):
        move(row, State.REJECTED, step, reason=error.reason, next_try_at=None)
        alert(row, _("la DGI l’a refusée."))
    else:
        move(row, State.UNCERTAIN, step, reason=error.reason, next_try_at=None)
        alert(row, _("on ne sait pas si elle est certifiée. Cherchez-la sur le portail."))


def _note_late(row: Certification, outcome: Certified | CertificationError, at: datetime) -> None:
    if isinstance(outcome, Certified):
        text = _("Réponse tardive : certifiée sous %(reference)s.")
        message = text % {"reference": outcome.reference}
        write(row, Step(Kind.ANSWERED, at, message, 200, answer=outcome.raw))
        if outcome.reference != row.reference:
            alert(row, message)
        return
    write(row, Step(Kind.ANSWERED, at, outcome.reason, outcome.status, answer=outcome.raw or None))


def _resume_credits(sale: Certification, at: datetime) -> None:
    """Send the credit notes that waited for their invoice."""
    waiting = Certification.objects.filter(
        invoice_id=sale.invoice_id, kind="credit", state__in=(State.TO_CERTIFY, State.TO_RETRY)
    )
    for row in waiting.select_for_update():
        resume(row, at)


def _close_sale(credit: Certification, at: datetime) -> None:
    """Mark a sale all of whose lines were credited."""
    sales = Certification.objects.filter(
        invoice_id=credit.invoice_id, kind=Certification.Kind.SALE, state=State.CERTIFIED
    )
    sale = sales.select_for_update().first()
    if sale is None or credit.invoice.amount_credited < credit.invoice.total:
        return
    credits = Certification.objects.filter(invoice_id=credit.invoice_id, kind="credit")
    if any(not row.is_certified for row in credits.exclude(state=State.VOID)):
        return
    move(sale, State.CREDITED, Step(Kind.ANSWERED, at, credit.number))
