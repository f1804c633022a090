"""A quote, an invoice or a credit note of the database as a document ready to be drawn.

An issued paper is drawn from what it keeps; a draft, from what its parties are today.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing.documents import (
    Acceptance,
    BankDetails,
    Deduction,
    DocumentKind,
    DocumentLine,
    DocumentView,
    Fact,
    FiscalSeal,
    PaymentBox,
    PlanRow,
)
from billing.invoicing.models import (
    CreditNote,
    DepositDeduction,
    Invoice,
    Quote,
    QuoteInstalment,
)
from billing.invoicing.models.lines import PaperLine
from billing.invoicing.snapshots import buyer_of, buyer_snapshot, seller_of, seller_snapshot
from billing.invoicing.sums import draft_sums, kept_sums, lines_of
from billing.invoicing.taxes import Tax, kept_taxes, taxes_of
from billing.invoicing.totals import LineTotal, Totals
from core.hooks import FiscalState, fiscal_state
from core.money import (
    format_amount,
    format_figure,
    format_number,
    format_percent,
    round_money,
    to_major,
)
from core.ui.formats import date_long

Paper = Quote | Invoice | CreditNote


def document_of(
    paper: Paper,
    *,
    lines: Sequence[PaperLine] | None = None,
    plan: Sequence[QuoteInstalment] | None = None,
    logo: bytes | None = None,
) -> DocumentView:
    """Describe a paper as it is drawn, on a page or in its PDF.

    `lines`, and the `plan` of a quote, may be given when they were read already.

    :raises billing.invoicing.figures.InvalidFigure: if a draft holds a figure we cannot use.
    """
    rows = lines_of(paper) if lines is None else lines
    locked = paper.is_locked
    seller = paper.seller if locked else seller_snapshot(paper.company)
    buyer = paper.buyer if locked else buyer_snapshot(paper.client)
    on = paper.issue_date or timezone.localdate()
    totals = kept_sums(paper, rows) if locked else draft_sums(paper, rows, on=on)
    fiscal = fiscal_state(paper) if locked else None
    return DocumentView(
        kind=_kind(paper, fiscal),
        fiscal=_seal(fiscal),
        number=paper.number or str(_("Brouillon")),
        issue_date=paper.issue_date or timezone.localdate(),
        seller=seller_of(seller, logo=logo),
        buyer=buyer_of(buyer),
        lines=tuple(
            _line(line, total, paper.currency)
            for line, total in zip(rows, totals.lines, strict=True)
        ),
        totals=totals,
        currency=paper.currency,
        subject=paper.subject,
        notes=paper.notes,
        price_includes_tax=paper.price_includes_vat,
        withheld_label=_withheld_label(paper, on),
        mentions=_mentions(paper, rows, totals, on),
        **_own_parts(paper, seller, plan),
    )


def pay_url(invoice: Invoice) -> str:
    """Return the absolute address where an invoice is paid, for a QR code or a mail."""
    return f"{page_url(invoice)}payer/"


def page_url(paper: Quote | Invoice) -> str:
    """Return the absolute address of a paper in the client’s space."""
    name = "invoicing:quote" if isinstance(paper, Quote) else "invoicing:invoice"
    return settings.BASE_URL + reverse(name, args=[paper.number])


def _kind(paper: Paper, fiscal: FiscalState | None = None) -> DocumentKind:
    if isinstance(paper, Quote):
        return DocumentKind.QUOTE
    if isinstance(paper, CreditNote):
        return DocumentKind.CREDIT_NOTE
    if fiscal is not None and fiscal.is_proforma:
        return DocumentKind.PROFORMA
    kinds = {
        Invoice.Kind.DEPOSIT: DocumentKind.DEPOSIT,
        Invoice.Kind.FINAL: DocumentKind.FINAL,
    }
    return kinds.get(Invoice.Kind(paper.kind), DocumentKind.INVOICE)


def _seal(fiscal: FiscalState | None) -> FiscalSeal | None:
    if fiscal is None or not fiscal.number:
        return None
    return FiscalSeal(fiscal.number, fiscal.verification_url, fiscal.certified_at)


def _own_parts(
    paper: Paper, seller: dict[str, Any], plan: Sequence[QuoteInstalment] | None
) -> dict[str, Any]:
    """Return what only this kind of paper shows."""
    if isinstance(paper, Invoice):
        return {
            "due_date": paper.due_date,
            "terms": seller.get("terms", ""),
            "facts": _invoice_facts(paper),
            "deductions": _deductions(paper),
            "payment": _payment_box(paper, seller) if paper.number else None,
            "vat_left": paper.total_vat if paper.kind == Invoice.Kind.FINAL else None,
        }
    if isinstance(paper, CreditNote):
        return {"facts": _credited(paper.invoice), "introduction": _reason(paper)}
    return {
        "due_date": paper.valid_until,
        "introduction": paper.intro,
        "payment": PaymentBox(url=page_url(paper)) if paper.number else None,
        "acceptance": _acceptance(paper),
        "facts": _quote_facts(paper),
        "plan": _plan(paper, plan),
    }


def _credited(invoice: Invoice) -> tuple[Fact, ...]:
    """Name the invoice that a credit note corrects, and its day."""
    day = date_long(invoice.issue_date) if invoice.issue_date else ""
    return (Fact(str(_("Facture")), invoice.number), Fact(str(_("Facture du")), day))


def _reason(note: CreditNote) -> str:
    return _("Motif : %(reason)s") % {"reason": note.reason}


def _quote_facts(quote: Quote) -> tuple[Fact, ...]:
    if quote.replaces is None:
        return ()
    return (Fact(str(_("Remplace")), quote.replaces.number),)


def _plan(quote: Quote, rows: Sequence[QuoteInstalment] | None) -> tuple[PlanRow, ...]:
    """Return the parts that a quote is billed in, as they are read."""
    parts = quote.instalments.order_by("sort_order", "pk") if rows is None else rows
    return tuple(
        PlanRow(
            label=row.label,
            share=format_percent(row.percent) if row.percent is not None else str(_("Le reste")),
            when=date_long(row.expected_on) if row.expected_on else _when(row.kind),
            amount=format_amount(row.amount, quote.currency),
        )
        for row in parts
    )


def _when(kind: str) -> str:
    words = {
        "deposit": _("À la commande"),
        "milestone": _("Au jalon"),
        "balance": _("À la livraison"),
    }
    return words[kind]


def _invoice_facts(invoice: Invoice) -> tuple[Fact, ...]:
    facts = []
    if invoice.quote is not None:
        facts.append(Fact(str(_("Devis")), invoice.quote.number))
    if invoice.external_reference:
        facts.append(Fact(str(_("Votre référence")), invoice.external_reference))
    return tuple(facts)


def _deductions(invoice: Invoice) -> tuple[Deduction, ...]:
    """Return the deposits that a final invoice takes off, with what each had of HT and VAT."""
    if invoice.kind != Invoice.Kind.FINAL:
        return ()
    rows = invoice.deductions.select_related("deposit").order_by("pk")
    return tuple(Deduction(_deduction_label(row, invoice.currency), row.total) for row in rows)


def _deduction_label(row: DepositDeduction, currency: str) -> str:
    deposit = row.deposit
    return _("Acompte %(number)s du %(day)s (HT\u00a0%(net)s, TVA\u00a0%(vat)s)") % {
        "number": deposit.number,
        "day": f"{deposit.issue_date:%d/%m/%Y}" if deposit.issue_date else "",
        "net": format_figure(row.net, currency),
        "vat": format_figure(row.total - row.net, currency),
    }


def _taxes(paper: Paper, on: date) -> list[Tax]:
    return kept_taxes(paper) if paper.is_locked else taxes_of(paper, on)


def _withheld_label(paper: Paper, on: date) -> str:
    return next((tax.title for tax in _taxes(paper, on) if not tax.is_added), "")


def _mentions(paper: Paper, rows: Sequence[PaperLine], totals: Totals, on: date) -> tuple[str, ...]:
    """Return what the law wants said: why there is no VAT, what founds a tax, the exchange rate."""
    exempt = [line.vat_text for line in rows if not line.vat_rate]
    founded = [tax.legal_text for tax in _taxes(paper, on)]
    texts = [text for text in (*exempt, *founded, _exchange(paper, totals)) if text]
    return tuple(dict.fromkeys(texts))


def _exchange(paper: Paper, totals: Totals) -> str:
    """Say the rate of a foreign currency, and what the paper comes to in CFA francs."""
    if not paper.exchange_rate:
        return ""
    total = to_major(totals.total, paper.currency) * paper.exchange_rate
    return _("Cours : 1 %(currency)s = %(rate)s, soit %(total)s au total.") % {
        "currency": paper.currency,
        "rate": f"{format_number(paper.exchange_rate)}\u00a0F\u00a0CFA",
        "total": format_amount(round_money(total)),
    }


def _payment_box(invoice: Invoice, seller: dict[str, Any]) -> PaymentBox:
    return payment_box(seller, url=pay_url(invoice))


def payment_box(seller: dict[str, Any], *, url: str) -> PaymentBox:
    """Say how to pay a company, from what a paper keeps of it, at an address."""
    account = seller.get("bank_account", "")
    bank = BankDetails(bank=seller.get("bank_name", ""), account=account) if account else None
    return PaymentBox(url=url, methods=tuple(seller.get("wallets", ())), bank=bank)


def _acceptance(quote: Quote) -> Acceptance | None:
    if quote.status != Quote.Status.ACCEPTED or quote.decided_at is None:
        return None
    return Acceptance(quote.decided_name, timezone.localdate(quote.decided_at))


def _line(line: PaperLine, total: LineTotal, currency: str) -> DocumentLine:
    return DocumentLine(
        designation=line.label,
        quantity=line.quantity,
        unit_price=line.unit_price,
        total=total,
        detail=line.detail,
        discount_percent=line.discount_percent,
        currency=currency,
        unit=line.unit,
        section=line.section,
        is_option=getattr(line, "is_option", False),
        is_chosen=getattr(line, "is_chosen", False),
    )
