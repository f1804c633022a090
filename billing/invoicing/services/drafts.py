"""Papers that are not out yet: their sums, their copies, and invoices made from quotes."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice, InvoiceLine, Quote
from billing.invoicing.models.lines import Paper
from billing.invoicing.portions import remaining_groups
from billing.invoicing.services.deductions import refresh_deductions
from billing.invoicing.services.refusal import Refused
from billing.invoicing.sums import SUMS, compute, lines_of, set_sums, terms_of
from billing.invoicing.taxes import copy_vat_words, tax_amounts, taxes_of
from core.audit.log import record

COPIED = (
    "section",
    "label",
    "detail",
    "quantity",
    "unit",
    "unit_price",
    "discount_percent",
    "discount_amount",
    "vat_rate",
    "vat_code",
    "vat_text",
    "sort_order",
)
HEAD = (
    "company_id",
    "client_id",
    "project_id",
    "subject",
    "currency",
    "exchange_rate",
    "discount_percent",
    "discount_amount",
    "price_includes_vat",
    "withheld_rule_id",
    "added_rule_id",
    "notes",
)
LINE_SUMS = ("net", "client_id", "vat_code", "vat_text")


class PaperIsLocked(Refused):
    """The paper is out: it can no longer be changed."""


class AlreadyInvoiced(Refused):
    """The quote has an invoice already, or was not accepted."""


@transaction.atomic
def save_totals(*, paper: Quote | Invoice, on: date | None = None) -> None:
    """Compute the sums of a draft from its lines as they are saved, and keep them.

    Taxes are those in force on a day, today by default.

    :raises PaperIsLocked: if the paper is no draft.
    :raises billing.invoicing.figures.InvalidFigure: if a figure cannot be used.
    :raises billing.invoicing.portions.ExceedsInvoice: if its deposits are above its lines.
    """
    locked = type(paper)._default_manager.select_for_update().get(pk=paper.pk)
    if locked.is_locked:
        raise PaperIsLocked(_("Ce document est déjà émis."))
    keep_sums(locked, on=on or timezone.localdate())
    locked.save(update_fields=[*SUMS, "updated_at"])
    for name in SUMS:
        setattr(paper, name, getattr(locked, name))


def keep_sums(paper: Paper, *, on: date) -> list[Any]:
    """Write the net of each line of a locked draft, put the sums on it, and return the lines.

    The nature and the words of VAT are those of the company's rates on the day, and the deposits
    of a final invoice what is left of them. The caller saves the paper.
    """
    lines = lines_of(paper)
    before = [tuple(getattr(line, name) for name in LINE_SUMS) for line in lines]
    copy_vat_words(paper.company, lines, on)
    totals = compute(lines, terms_of(paper))
    for line, total in zip(lines, totals.lines, strict=True):
        line.net, line.client_id = total.net, paper.client_id
    changed = [
        line
        for line, old in zip(lines, before, strict=True)
        if old != tuple(getattr(line, name) for name in LINE_SUMS)
    ]
    if changed:
        columns = ["net", "client", "vat_code", "vat_text"]
        type(changed[0])._default_manager.bulk_update(changed, columns)
    deposits = refresh_deductions(paper) if lines else []  # nothing to take them off yet
    rest = remaining_groups(totals.groups, deposits)
    set_sums(paper, rest, tax_amounts(taxes_of(paper, on), rest))
    return lines


@transaction.atomic
def duplicate_invoice(*, invoice: Invoice, actor: Any) -> Invoice:
    """Make a new draft with the same client, words and lines; no date, payment nor deposit."""
    copy = Invoice(**head_of(invoice), kind=Invoice.Kind.STANDARD)
    copy.save()
    copy_lines(invoice, copy, InvoiceLine, "invoice")
    save_totals(paper=copy)
    record("invoice_duplicated", copy, actor=actor, source=str(invoice))
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
    earlier = quote.invoices.exclude(status=Invoice.Status.CANCELLED).order_by("-kind").first()
    if earlier is not None:
        raise AlreadyInvoiced(_("Ce devis a déjà sa facture : %(name)s.") % {"name": earlier})
    invoice = Invoice(**head_of(quote), quote=quote)
    invoice.save()
    copy_lines(quote, invoice, InvoiceLine, "invoice")
    save_totals(paper=invoice)
    record("invoice_from_quote", invoice, actor=actor, quote=quote.number)
    return invoice


def head_of(paper: Any) -> dict[str, Any]:
    """Return what a copy takes of the head of a paper."""
    return {name: getattr(paper, name) for name in HEAD}


def copy_lines(source: Any, target: Any, line_model: Any, parent: str) -> None:
    """Copy the lines of a paper onto a draft; options that nobody took stay behind."""
    lines = [
        line_model(
            **{name: getattr(line, name) for name in COPIED},
            **{parent: target},
            client_id=target.client_id,
        )
        for line in lines_of(source)
        if getattr(line, "is_counted", True)
    ]
    line_model.objects.bulk_create(lines)
