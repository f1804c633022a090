"""Billing a part of a quote, or a milestone without one: each of them once.

Everything happens under the lock of the quote, or of the project: two clicks give one invoice.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice, InvoiceLine, Quote, QuoteInstalment
from billing.invoicing.services.deposits import CannotDeposit, bill_quote, create_deposit
from billing.invoicing.services.drafts import AlreadyInvoiced, save_totals
from billing.invoicing.services.plans import instalments_of
from billing.invoicing.services.refusal import Refused
from billing.quoting.models import BilledPart
from core.audit.log import record
from core.money import format_amount
from portal.projects.models import Milestone, Project

CANCELLED = Invoice.Status.CANCELLED


class CannotBill(Refused):
    """The part is on an invoice already, waits for others, or its quote was not accepted."""


@transaction.atomic
def bill_instalment(*, instalment: QuoteInstalment, at: datetime, actor: Any) -> Invoice:
    """Make the draft invoice of a part of an accepted quote: a deposit, or the rest at the end.

    The last part is the final invoice: the full lines, less all that was asked before.

    :raises CannotBill: if it is on a live invoice, the quote was not accepted, less is left of
        the quote, or it is the last and others are not out.
    """
    quote = Quote.objects.select_for_update().get(pk=instalment.quote_id)
    if quote.status != Quote.Status.ACCEPTED:
        raise CannotBill(_("Seul un devis accepté se facture."))
    rows = instalments_of(quote)
    row = next(each for each in rows if each.pk == instalment.pk)
    _release_cancelled(quote)
    _refuse_second(row)
    if row.amount <= 0:
        raise CannotBill(_("Le montant de cette échéance est nul : il n’y a rien à facturer."))
    is_last = row.pk == rows[-1].pk
    try:
        invoice = _bill_rest(quote, rows, actor) if is_last else _bill_part(quote, row, actor)
    except (CannotDeposit, AlreadyInvoiced) as refusal:
        raise CannotBill(refusal.message) from refusal
    _keep(invoice, instalment=row, milestone=row.milestone, at=at)
    record("instalment_billed", invoice, actor=actor, quote=quote.number, part=row.label)
    return invoice


@transaction.atomic
def bill_milestone(
    *,
    milestone: Milestone,
    amount: int,
    rate: Decimal,
    at: datetime,
    actor: Any,
    code: str = "",
) -> Invoice:
    """Make the draft invoice of a milestone that no quote bills: an amount HT at a VAT rate.

    :raises CannotBill: if the milestone is on a live invoice, is billed by its quote, or the
        amount is not positive.
    """
    project = Project.objects.select_for_update(of=("self",)).get(pk=milestone.project_id)
    if amount <= 0:
        raise CannotBill(_("Indiquez un montant hors taxes au-dessus de zéro."))
    if QuoteInstalment.objects.filter(milestone=milestone).exists():
        raise CannotBill(_("Ce jalon est facturé par son devis : partez du devis."))
    parts = BilledPart.objects.filter(milestone=milestone, invoice__status=CANCELLED)
    parts.filter(released_at=None).update(released_at=at)
    _refuse_second_milestone(milestone)
    invoice = _milestone_draft(project, milestone)
    InvoiceLine.objects.create(
        invoice=invoice,
        label=milestone.title,
        unit_price=Decimal(amount),
        vat_rate=rate,
        vat_code=code,
        milestone=milestone,
    )
    save_totals(paper=invoice)
    _keep(invoice, instalment=None, milestone=milestone, at=at)
    total = format_amount(invoice.total, invoice.currency)
    record("milestone_billed", invoice, actor=actor, milestone=milestone.title, total=total)
    return invoice


def _milestone_draft(project: Project, milestone: Milestone) -> Invoice:
    invoice = Invoice(
        company=project.client.company,
        client=project.client,
        project=project,
        currency=project.currency,
        subject=f"{project.title} : {milestone.title}"[:300],
    )
    invoice.save()
    return invoice


def _bill_part(quote: Quote, row: QuoteInstalment, actor: Any) -> Invoice:
    """Make the draft of a part that is not the last."""
    invoice = create_deposit(
        actor=actor, quote=quote, amount=row.amount, subject=f"{quote.subject} : {row.label}"
    )
    if row.milestone_id is not None:
        invoice.lines.update(milestone=row.milestone)
    return invoice


def _bill_rest(quote: Quote, rows: list[QuoteInstalment], actor: Any) -> Invoice:
    """Make the draft of the last part, once all that comes before it is issued."""
    if waiting := [row.label for row in rows[:-1] if row.amount > 0 and not _is_out(row)]:
        raise CannotBill(
            _("Cette échéance solde le devis. Émettez d’abord : %(names)s.")
            % {"names": ", ".join(waiting)}
        )
    return bill_quote(quote=quote, actor=actor)


def _is_out(row: QuoteInstalment) -> bool:
    return live_parts().filter(instalment=row, invoice__status=Invoice.Status.ISSUED).exists()


def live_parts() -> Any:
    """Return the parts that stand on an invoice which was not cancelled."""
    return BilledPart.objects.filter(released_at=None).exclude(invoice__status=CANCELLED)


def _refuse_second(row: QuoteInstalment) -> None:
    found = live_parts().filter(instalment=row).select_related("invoice").first()
    if found is not None:
        raise CannotBill(_already(found.invoice))


def _refuse_second_milestone(milestone: Milestone) -> None:
    found = live_parts().filter(milestone=milestone).select_related("invoice").first()
    if found is not None:
        raise CannotBill(_already(found.invoice))


def _already(invoice: Invoice) -> str:
    return _("C’est déjà facturé : %(invoice)s.") % {"invoice": invoice}


def _release_cancelled(quote: Quote) -> None:
    """Let parts be billed again whose invoice was cancelled."""
    parts = BilledPart.objects.filter(
        instalment__quote=quote, invoice__status=CANCELLED, released_at=None
    )
    for part in parts.select_related("invoice"):
        part.released_at = part.invoice.updated_at
        part.save(update_fields=["released_at"])


def _keep(
    invoice: Invoice,
    *,
    instalment: QuoteInstalment | None,
    milestone: Milestone | None,
    at: datetime,
) -> None:
    BilledPart.objects.create(
        client_id=invoice.client_id,
        invoice=invoice,
        instalment=instalment,
        milestone=milestone,
        billed_at=at,
    )
