"""Deposits and what is left after them: a deposit is billed, then taken off a final invoice once.

Amounts are whole units of the currency.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoicing.figures import InvalidFigure
from billing.invoicing.models import DepositDeduction, Invoice, InvoiceLine, Quote
from billing.invoicing.portions import ExceedsInvoice, deposit_groups, share_groups
from billing.invoicing.services.deductions import (
    deductible_groups,
    left_groups,
    live_deductions,
    put_groups,
)
from billing.invoicing.services.drafts import (
    copy_lines,
    create_invoice_from_quote,
    head_of,
    save_totals,
)
from billing.invoicing.services.refusal import Refused
from billing.invoicing.sums import kept_groups
from billing.invoicing.totals import VatGroup, VatKey, vat_on
from core.accounts.models import Client
from core.audit.log import record
from core.money import format_amount, format_percent
from core.ui.formats import date_long

Kind = Invoice.Kind
Status = Invoice.Status


class CannotDeposit(Refused):
    """The deposit is above what is left to invoice, or cannot be taken off that invoice."""


@transaction.atomic
def create_deposit(
    *,
    actor: Any,
    quote: Quote | None = None,
    client: Client | None = None,
    percent: Decimal | None = None,
    amount: int | None = None,
    subject: str = "",
    rate: Decimal | None = None,
    code: str = "",
    due_date: date | None = None,
) -> Invoice:
    """Make the draft of a deposit invoice: of an accepted quote, or free for a client.

    Of a quote: a `percent` of it, or an `amount` TTC, never above what is left to invoice of it.
    Free: an `amount` TTC at one VAT `rate` (and nature) with a `subject`.

    :raises CannotDeposit: if the quote was not accepted, or less is left of it.
    """
    if quote is None:
        draft = _free_deposit(client, amount, subject, rate or Decimal(0), code, due_date)
    else:
        quote = Quote.objects.select_for_update().get(pk=quote.pk)
        draft = _quote_deposit(quote, percent, amount, subject, due_date)
    record("deposit_created", draft, actor=actor, quote=draft.quote.number if draft.quote else "")
    return draft


@transaction.atomic
def create_final(
    *,
    actor: Any,
    quote: Quote | None = None,
    client: Client | None = None,
    deposits: Iterable[Invoice] | None = None,
    subject: str = "",
) -> Invoice:
    """Make the draft of a final invoice: the full lines, less the deposits issued, each once.

    Of a quote: its lines, and all its deposits that may still be deducted unless some are named.
    Of a client: no line yet, and the deposits named.

    :raises CannotDeposit: if the quote was not accepted or has its invoice, or a deposit is not
        out, was credited, is another client's, in another currency, or deducted already.
    """
    if quote is not None:
        quote = Quote.objects.select_for_update().get(pk=quote.pk)
        _require_open(quote)
        _refuse_drafts(quote)
        named = open_deposits_of(quote) if deposits is None else list(deposits)
        final = Invoice(**head_of(quote), quote=quote, kind=Kind.FINAL)
    else:
        named = list(deposits or ())
        final = _final_of_client(client, named, subject)
    final.save()
    if quote is not None:
        copy_lines(quote, final, InvoiceLine, "invoice")
    _deduct(final, named)
    _total(final)
    numbers = ", ".join(deposit.number for deposit in named)
    record("final_created", final, actor=actor, deposits=numbers)
    return final


@transaction.atomic
def choose_deposits(*, invoice: Invoice, deposits: Sequence[Invoice], actor: Any) -> None:
    """Say which deposits a draft takes off: it is a final invoice when there are some.

    :raises CannotDeposit: if it is no draft, its lines are below the deposits, or one of them
        cannot be taken off.
    """
    invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if invoice.is_locked:
        raise CannotDeposit(_("Cette facture est déjà émise."))
    if invoice.kind == Kind.DEPOSIT:
        raise CannotDeposit(_("Un acompte n’en déduit pas un autre."))
    invoice.deductions.all().delete()
    invoice.kind = Kind.FINAL if deposits else Kind.STANDARD
    invoice.version += 1
    invoice.save(update_fields=["kind", "version", "updated_at"])
    _deduct(invoice, deposits)
    _total(invoice)
    numbers = ", ".join(deposit.number for deposit in deposits)
    record("deposits_chosen", invoice, actor=actor, deposits=numbers)


@transaction.atomic
def bill_quote(*, quote: Quote, actor: Any) -> Invoice:
    """Make the draft that bills all of an accepted quote, less its deposits when it has some.

    :raises billing.invoicing.services.drafts.AlreadyInvoiced: if it has its invoice already.
    :raises CannotDeposit: if a deposit of it is still a draft.
    """
    quote = Quote.objects.select_for_update().get(pk=quote.pk)
    _refuse_drafts(quote)
    if open_deposits_of(quote):
        return create_final(quote=quote, actor=actor)
    return create_invoice_from_quote(quote=quote, actor=actor)


def open_deposits_of(quote: Quote) -> list[Invoice]:
    """Return the deposits of a quote that a final invoice may take off, oldest first."""
    rows = quote.invoices.filter(kind=Kind.DEPOSIT, status=Status.ISSUED)
    return _open(rows.order_by("issue_date", "pk"))


def open_deposits_for(invoice: Invoice) -> list[Invoice]:
    """Return the deposits that a draft may take off: its own, and the client's that are free."""
    rows = Invoice.objects.filter(
        client_id=invoice.client_id,
        company_id=invoice.company_id,
        currency=invoice.currency,
        kind=Kind.DEPOSIT,
        status=Status.ISSUED,
    )
    return _open(rows.order_by("issue_date", "pk"), besides=invoice)


def left_to_invoice(quote: Quote) -> list[VatGroup]:
    """Return what no invoice has billed yet of an accepted quote, per rate, drafts counted."""
    billed: dict[VatKey, list[VatGroup]] = {}
    for invoice in quote.invoices.exclude(status=Status.CANCELLED):
        for group in left_groups(invoice):
            billed.setdefault(group.key, []).append(group)
    return [
        VatGroup(
            group.rate,
            max(group.base - sum(row.base for row in billed.get(group.key, ())), 0),
            max(group.vat - sum(row.vat for row in billed.get(group.key, ())), 0),
            group.code,
        )
        for group in kept_groups(quote)
    ]


def _open(rows: Iterable[Invoice], besides: Invoice | None = None) -> list[Invoice]:
    found = []
    for deposit in rows:
        taken = live_deductions(deposit)
        if besides is not None:
            taken = taken.exclude(final=besides)
        if deductible_groups(deposit) and not taken.exists():
            found.append(deposit)
    return found


def _require_open(quote: Quote) -> None:
    if quote.status != Quote.Status.ACCEPTED:
        raise CannotDeposit(_("Seul un devis accepté se facture."))
    rows = quote.invoices.exclude(status=Status.CANCELLED).exclude(kind=Kind.DEPOSIT)
    if (earlier := rows.first()) is not None:
        raise CannotDeposit(_("Ce devis a déjà sa facture : %(name)s.") % {"name": earlier})


def _refuse_drafts(quote: Quote) -> None:
    """A deposit issued after the final invoice would be asked beside it, and never taken off."""
    if quote.invoices.filter(kind=Kind.DEPOSIT, status=Status.DRAFT).exists():
        raise CannotDeposit(_("Émettez ou supprimez d’abord l’acompte en brouillon de ce devis."))


def _quote_deposit(
    quote: Quote, percent: Decimal | None, amount: int | None, subject: str, due: date | None
) -> Invoice:
    if quote.status != Quote.Status.ACCEPTED:
        raise CannotDeposit(_("Seul un devis accepté se facture."))
    left = left_to_invoice(quote)
    groups = _part(quote, left, percent, amount)
    draft = Invoice(**head_of(quote), quote=quote, kind=Kind.DEPOSIT, due_date=due)
    draft.discount_percent, draft.discount_amount = Decimal(0), 0
    draft.subject = (subject or _("Acompte – %(subject)s") % {"subject": quote.subject})[:300]
    return _save_deposit(draft, groups, _deposit_label(quote, percent))


def _part(
    quote: Quote, left: Sequence[VatGroup], percent: Decimal | None, amount: int | None
) -> tuple[VatGroup, ...]:
    """Take a part of a quote; a rounding never makes it more than what is left of a rate."""
    most = sum(group.total for group in left)
    try:
        if percent is None:
            return share_groups([group for group in left if group.total], amount or 0)
        wanted = deposit_groups(kept_groups(quote), percent)
    except (ExceedsInvoice, InvalidFigure) as refusal:
        raise CannotDeposit(_above(most, quote.currency)) from refusal
    asked = sum(group.total for group in wanted)
    if not 0 < asked <= most + 2 * len(wanted):
        raise CannotDeposit(_above(most, quote.currency))
    there = {group.key: group for group in left}
    return tuple(
        VatGroup(
            group.rate,
            min(group.base, there[group.key].base),
            min(group.vat, there[group.key].vat),
            group.code,
        )
        for group in wanted
        if group.total
    )


def _free_deposit(
    client: Client | None,
    amount: int | None,
    subject: str,
    rate: Decimal,
    code: str,
    due: date | None,
) -> Invoice:
    if client is None or not amount or amount <= 0:
        raise CannotDeposit(_("Indiquez le client et le montant de l’acompte."))
    draft = Invoice(
        company=client.company,
        client=client,
        subject=(subject or _("Acompte"))[:300],
        currency=client.company.currency,
        kind=Kind.DEPOSIT,
        due_date=due,
    )
    base = share_groups([VatGroup(rate, amount, 0, code)], amount)[0]
    return _save_deposit(draft, [base], draft.subject, is_total=True)


def _save_deposit(
    draft: Invoice, groups: Sequence[VatGroup], label: str, *, is_total: bool = False
) -> Invoice:
    """Save a deposit with one line per rate, priced so that its sums are exactly the groups."""
    is_total = is_total or any(vat_on(group.base, group.rate) != group.vat for group in groups)
    draft.price_includes_vat = is_total
    draft.save()
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=draft,
            client_id=draft.client_id,
            label=label[:300],
            unit_price=Decimal(group.total if is_total else group.base),
            vat_rate=group.rate,
            vat_code=group.code,
            sort_order=rank,
        )
        for rank, group in enumerate(groups)
    )
    save_totals(paper=draft)
    return draft


def _deposit_label(quote: Quote, percent: Decimal | None) -> str:
    words = {
        "percent": format_percent(percent) if percent is not None else "",
        "number": quote.number,
        "day": date_long(quote.issue_date) if quote.issue_date else "",
    }
    if percent is None:
        return _("Acompte sur le devis %(number)s du %(day)s") % words
    return _("Acompte de %(percent)s sur le devis %(number)s du %(day)s") % words


def _final_of_client(client: Client | None, named: Sequence[Invoice], subject: str) -> Invoice:
    if client is None or not named:
        raise CannotDeposit(_("Choisissez au moins un acompte."))
    head = {**head_of(named[0]), "subject": subject or named[0].subject, "notes": ""}
    head |= {"discount_percent": Decimal(0), "discount_amount": 0, "price_includes_vat": False}
    return Invoice(**head, kind=Kind.FINAL)


def _deduct(final: Invoice, named: Sequence[Invoice]) -> None:
    """Take deposits off a draft, once each; their rows stay locked until the end."""
    keys = [deposit.pk for deposit in named]
    locked = Invoice.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    for deposit in locked:
        groups = deductible_groups(deposit)
        is_theirs = (deposit.client_id, deposit.company_id, deposit.currency) == (
            final.client_id,
            final.company_id,
            final.currency,
        )
        if not groups or not is_theirs:
            raise CannotDeposit(
                _("L’acompte %(number)s ne peut pas être déduit de cette facture.")
                % {"number": deposit.number or deposit}
            )
        if (other := live_deductions(deposit).first()) is not None:
            raise CannotDeposit(
                _("L’acompte %(number)s est déjà déduit de %(final)s.")
                % {"number": deposit.number, "final": other.final}
            )
        row = DepositDeduction(client_id=final.client_id, final=final, deposit=deposit)
        put_groups(row, groups)
        row.save()


def _total(final: Invoice) -> None:
    try:
        save_totals(paper=final)
    except ExceedsInvoice as refusal:
        raise CannotDeposit(
            _("Les acomptes dépassent le total de cette facture, à un taux de TVA au moins.")
        ) from refusal


def _above(most: int, currency: str) -> str:
    return _("Il reste %(most)s à facturer sur ce devis.") % {"most": format_amount(most, currency)}
