"""Papers that are not out yet: their sums, their copies, and invoices made from quotes."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice, InvoiceLine, Quote, QuoteLine
from billing.invoicing.models.lines import Paper
from billing.invoicing.services.refusal import Refused
from billing.invoicing.sums import SUMS, compute, lines_of, set_sums
from core.audit.log import record

COPIED = ("label", "detail", "quantity", "unit_price", "discount_percent", "vat_rate", "sort_order")
HEAD = ("company_id", "client_id", "project_id", "subject", "currency", "discount_percent", "notes")


class PaperIsLocked(Refused):
    """The paper is out: it can no longer be changed."""


class AlreadyInvoiced(Refused):
    """The quote has an invoice already, or was not accepted."""


@transaction.atomic
def save_totals(*, paper: Quote | Invoice) -> None:
    """Compute the sums of a draft from its lines as they are saved, and keep them.

    :raises PaperIsLocked: if the paper is no draft.
    :raises billing.invoicing.figures.InvalidFigure: if a figure cannot be used.
    """
    locked = type(paper)._default_manager.select_for_update().get(pk=paper.pk)
    if locked.is_locked:
        raise PaperIsLocked(_("Ce document est déjà émis."))
    keep_sums(locked)
    locked.save(update_fields=[*SUMS, "updated_at"])
    for name in SUMS:
        setattr(paper, name, getattr(locked, name))


def keep_sums(paper: Paper) -> list[Any]:
    """Write the net of each line of a locked draft, put the sums on it, and return the lines.

    The caller saves the paper.
    """
    lines = lines_of(paper)
    totals = compute(lines, paper.discount_percent)
    changed = []
    for line, total in zip(lines, totals.lines, strict=True):
        if (line.net, line.client_id) != (total.net, paper.client_id):
            line.net, line.client_id = total.net, paper.client_id
            changed.append(line)
    if changed:
        type(changed[0])._default_manager.bulk_update(changed, ["net", "client"])
    set_sums(paper, totals.groups)
    return lines


@transaction.atomic
def duplicate_invoice(*, invoice: Invoice, actor: Any) -> Invoice:
    """Make a new draft with the same client, words and lines; no date and no payment."""
    copy = Invoice(**_head(invoice), kind=invoice.kind)
    copy.save()
    _copy_lines(invoice, copy, InvoiceLine, "invoice")
    save_totals(paper=copy)
    record("invoice_duplicated", copy, actor=actor, source=str(invoice))
    return copy


@transaction.atomic
def duplicate_quote(*, quote: Quote, actor: Any) -> Quote:
    """Make a new draft of a quote with the same client, words and lines."""
    copy = Quote(**_head(quote), intro=quote.intro)
    copy.save()
    _copy_lines(quote, copy, QuoteLine, "quote")
    save_totals(paper=copy)
    record("quote_duplicated", copy, actor=actor, source=str(quote))
    return copy


@transaction.atomic
def create_invoice_from_quote(*, quote: Quote, actor: Any) -> Invoice:
    """Make the draft invoice of an accepted quote, with the same lines; once.

    An invoice that was cancelled since does not count.

    :raises AlreadyInvoiced: if the quote has an invoice, or was not accepted.
    """
    quote = Quote.objects.select_for_update().get(pk=quote.pk)
    if quote.status != Quote.Status.ACCEPTED:
        raise AlreadyInvoiced(_("Seul un devis accepté devient une facture."))
    earlier = quote.invoices.exclude(status=Invoice.Status.CANCELLED).first()
    if earlier is not None:
        raise AlreadyInvoiced(_("Ce devis a déjà sa facture : %(name)s.") % {"name": earlier})
    invoice = Invoice(**_head(quote), quote=quote)
    invoice.save()
    _copy_lines(quote, invoice, InvoiceLine, "invoice")
    save_totals(paper=invoice)
    record("invoice_from_quote", invoice, actor=actor, quote=quote.number)
    return invoice


def _head(paper: Any) -> dict[str, Any]:
    return {name: getattr(paper, name) for name in HEAD}


def _copy_lines(source: Any, target: Any, line_model: Any, parent: str) -> None:
    lines = [
        line_model(
            **{name: getattr(line, name) for name in COPIED},
            **{parent: target},
            client_id=target.client_id,
        )
        for line in lines_of(source)
    ]
    line_model.objects.bulk_create(lines)
