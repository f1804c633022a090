"""Where the modules of billing plug into one another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from core.hooks.gathering import gather
from core.hooks.portal import ClientPanel
from core.hooks.team import Section


@dataclass(frozen=True)
class FiscalState:
    """Where an issued invoice or credit note stands with the tax office.

    `is_proforma`: it is not certified. `is_final`: nothing more will come, so that its PDF may be
    put in place. `number` and `verification_url` are those of the tax office, once certified.
    """

    is_proforma: bool
    is_final: bool
    number: str = ""
    verification_url: str = ""
    certified_at: datetime | None = None


@dataclass(frozen=True)
class CashMove:
    """Money that moved on our side, for the books: a fee kept, a payout, a cheque cashed.

    `kind` is "fee" (a provider keeps `amount`, of which `vat` is VAT we get back), "payout" (a
    provider sends `amount` to our bank) or "cheque" (the bank pays a cheque of `amount`). `id` is
    that of the row, one per kind; amounts are in units of `currency`. `provider` is the key of the
    provider or wallet; `method` tells a card ("card") from a telephone ("mobile_money");
    `difference` is what a payout brought beyond what was expected, negative when less came.
    `exchange_rate` is ours for one unit of a foreign `currency`; the euro needs none.
    """

    kind: str
    id: int
    company_id: int
    on: date
    amount: int
    reference: str
    provider: str = ""
    method: str = ""
    vat: int = 0
    difference: int = 0
    currency: str = "XOF"
    label: str = ""
    exchange_rate: Decimal | None = None


def invoice_panels(request: HttpRequest, invoice: Any) -> list[ClientPanel]:
    """`nourx_invoice_panels(request, invoice)` → what stands beside or under an invoice."""
    panels = gather("nourx_invoice_panels", request, invoice)
    return sorted(panels, key=lambda panel: panel.order)


def invoice_marks() -> dict[str, Any]:
    """`nourx_invoice_marks()` → (name, condition) pairs read with an invoice, to ask less after."""
    return dict(gather("nourx_invoice_marks"))


def invoice_sections(invoice: Any) -> list[Section]:
    """`nourx_invoice_sections(invoice)` → tables of an invoice's page in the back-office."""
    return list(gather("nourx_invoice_sections", invoice))


def fiscal_state(paper: Any) -> FiscalState | None:
    """`nourx_fiscal_state(paper)` → where it stands with the tax office; None: not its affair."""
    return next(iter(gather("nourx_fiscal_state", paper)), None)


def mail_is_held(invoice: Any, payload: dict[str, Any]) -> bool:
    """`nourx_mail_is_held(invoice, payload)` → [True] to keep its mail, owed again later."""
    return any(gather("nourx_mail_is_held", invoice, payload))


def quote_sections(quote: Any) -> list[Section]:
    """`nourx_quote_sections(quote)` → tables of a quote's page in the back-office."""
    return list(gather("nourx_quote_sections", quote))


def invoices_being_paid(invoice_ids: list[int]) -> set[int]:
    """`nourx_invoices_being_paid(invoice_ids)` → those of which a payment is under way."""
    return set(gather("nourx_invoices_being_paid", invoice_ids)) if invoice_ids else set()


def proof_state(proof: Any) -> list[str]:
    """`nourx_proof_state(proof)` → how what a signed code proves stands now, in sentences."""
    return list(gather("nourx_proof_state", proof))


def cash_moves(company: Any, unposted: Callable[[str, QuerySet], QuerySet]) -> list[CashMove]:
    """`nourx_cash_moves(company, unposted)` → fees, payouts and cashed cheques not in the books.

    `unposted(kind, rows)` keeps of some rows those that the books do not hold yet: ask it, so that
    each is told once however late it came. Some thousand rows at a time are enough.
    """
    return list(gather("nourx_cash_moves", company, unposted))
