"""From facts to entries: what each event of billing moves on which account. Pure.

Every function returns a balanced sheet, or raises `CannotDerive`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from billing.accounting.chart import Account, Chart, Journal, Use
from billing.accounting.facts import (
    AdjustmentFact,
    AllocationFact,
    CreditNoteFact,
    InvoiceFact,
    Part,
    Party,
    PaymentFact,
    RefundFact,
    SaleLine,
)
from billing.accounting.sheets import EURO, Line, Move, Sheet, close_moves, worth
from core.hooks import CashMove
from core.money import round_half_up, split_amount
from core.search import search_text

TILLS = {
    "mobile_money": (Use.WALLET, Journal.WALLET),
    "card": (Use.WALLET, Journal.WALLET),
    "transfer": (Use.BANK, Journal.BANK),
    "cheque": (Use.CHEQUE, Journal.BANK),
    "cash": (Use.CASH, Journal.CASH),
}


def derive_invoice(fact: InvoiceFact, chart: Chart) -> Sheet:
    """Debit the client; credit sales, VAT and other taxes; take deposits back."""
    return _sheet(
        "invoice",
        fact.id,
        Journal.SALES,
        fact,
        _lines(_invoice_moves(fact, chart), fact, chart),
        piece=fact.number,
        label=f"Facture {fact.number} {fact.party.name}",
        due_on=fact.due_on,
    )


def derive_credit_note(fact: CreditNoteFact, chart: Chart) -> Sheet:
    """Mirror the invoice when it takes it whole; else a rebate, with the VAT it gives back."""
    invoice = fact.part.invoice
    if fact.is_whole:
        chart = replace(chart, is_vat_on_cash=bool(invoice.waiting))  # as it was posted
        lines = mirrored(_lines(_invoice_moves(invoice, chart), invoice, chart))
    else:
        lines = _lines(_rebate_moves(fact, chart), invoice, chart)
    return _sheet(
        "credit_note",
        fact.id,
        Journal.SALES,
        replace(invoice, on=fact.on),
        lines,
        piece=fact.number,
        label=f"Avoir {fact.number} sur {invoice.number} {invoice.party.name}",
    )


def derive_payment(fact: PaymentFact, chart: Chart) -> Sheet:
    """Debit where the money is; credit what it paid, and the client's credit with the rest."""
    use, journal = TILLS[fact.till.method]
    rest = fact.amount - sum(part.amount for part in fact.parts)
    moves = [
        Move(chart.account(use, fact.till.provider), fact.amount),
        *_settle_all(fact.parts, chart),
        *_credit_of(fact.party, -rest, fact, chart),
    ]
    what = ", ".join(part.invoice.number for part in fact.parts) or "avance"
    return _sheet(
        "payment",
        fact.id,
        journal,
        fact,
        _lines(moves, fact, chart),
        piece=fact.number,
        label=f"Règlement {what} {fact.party.name}",
    )


def derive_refund(fact: RefundFact, chart: Chart) -> Sheet:
    """Credit where the money left from; the invoices are due again, the credit is used."""
    use, journal = TILLS[fact.till.method]
    taken = -sum(part.amount for part in fact.parts)
    excess = max(taken - fact.amount, 0)  # francs that had been written off come back too
    moves = [
        Move(chart.account(use, fact.till.provider), -fact.amount),
        *_settle_all(fact.parts, chart),
        *_credit_of(fact.party, fact.amount + excess - taken, fact, chart),
        Move(chart.account(Use.ROUNDING_LOSS), -excess),
    ]
    word = "Impayé" if fact.is_reversal else "Remboursement"
    return _sheet(
        "refund",
        fact.id,
        journal,
        fact,
        _lines(moves, fact, chart),
        piece=fact.number,
        label=f"{word} {fact.party.name}",
    )


def derive_allocation(fact: AllocationFact, chart: Chart) -> Sheet:
    """Use the client's credit on an invoice, or write a rounding off; backwards if negative."""
    invoice, amount = fact.part.invoice, fact.part.amount
    if fact.is_rounding:
        other = Move(chart.account(Use.ROUNDING_LOSS), amount)
        label = f"Arrondi {invoice.number}"
    else:
        other = Move(chart.account(Use.DEPOSIT), amount, party=invoice.party)
        label = f"Avance {'reprise' if amount < 0 else 'affectée'} {invoice.number}"
    return _sheet(
        "allocation",
        fact.id,
        Journal.OTHER,
        replace(invoice, on=fact.on),
        _lines([other, *_settle(fact.part, chart)], invoice, chart),
        piece=invoice.number,
        label=f"{label} {invoice.party.name}",
    )


def derive_adjustment(fact: AdjustmentFact, chart: Chart) -> Sheet:
    """Post what an invoice no longer waits for, on what became of it."""
    part, invoice = fact.part, fact.part.invoice
    uses = {"withheld": Use.WITHHELD, "exchange": Use.EXCHANGE_LOSS, "write_off": Use.BAD_DEBT}
    words = {"withheld": "Retenue", "exchange": "Écart de change", "write_off": "Perte"}
    moves = [Move(chart.account(uses[fact.kind]), part.amount), *_settle(part, chart)]
    if fact.kind == "write_off" and chart.recovers_lost_vat:
        lost = part_of(invoice.total_vat, invoice, part)
        moves += [
            Move(chart.account(Use.VAT_SERVICES), lost),
            Move(chart.account(Use.BAD_DEBT), -lost),
        ]
    return _sheet(
        "adjustment",
        fact.id,
        Journal.OTHER,
        replace(invoice, on=fact.on),
        _lines(moves, invoice, chart),
        piece=fact.reference or invoice.number,
        label=f"{words[fact.kind]} {invoice.number} {invoice.party.name}",
    )


def derive_cash_move(move: CashMove, chart: Chart) -> list[Sheet]:
    """Post a fee, a payout (two entries through the transfer account) or a cashed cheque."""
    wallet = chart.account(Use.WALLET, move.provider)
    transfer, bank = chart.account(Use.TRANSFER), chart.account(Use.BANK)
    if move.kind == "fee":
        use = Use.FEE_CARD if move.method == "card" else Use.FEE_WALLET
        moves = [
            Move(chart.account(use, move.provider), move.amount - move.vat),
            Move(chart.account(Use.FEE_VAT), move.vat),
            Move(wallet, -move.amount),
        ]
        return [_cash_sheet("fee", Journal.WALLET, "Frais", move, moves, chart)]
    if move.kind == "cheque":
        moves = [Move(bank, move.amount), Move(chart.account(Use.CHEQUE), -move.amount)]
        return [_cash_sheet("cheque", Journal.BANK, "Chèque encaissé", move, moves, chart)]
    gap = chart.account(Use.FEE_OTHER if move.difference < 0 else Use.ROUNDING_GAIN)
    out = [
        Move(transfer, move.amount),
        Move(gap, -move.difference),
        Move(wallet, move.difference - move.amount),
    ]
    back = [Move(bank, move.amount), Move(transfer, -move.amount)]
    return [
        _cash_sheet("payout", Journal.WALLET, "Reversement", move, out, chart),
        _cash_sheet("payout_in", Journal.BANK, "Reversement", move, back, chart),
    ]


def part_of(whole: int, invoice: InvoiceFact, part: Part) -> int:
    """Return the share of an amount that goes with a part; the last part closes it exactly."""
    return _share(whole, part.before, invoice.asked) - _share(whole, part.after, invoice.asked)


def mirrored(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines with debit and credit exchanged."""
    return tuple(replace(line, debit=line.credit, credit=line.debit) for line in lines)


def _share(whole: int, left: int, asked: int) -> int:
    return round_half_up(Fraction(whole * left, asked)) if asked else 0


def _invoice_moves(fact: InvoiceFact, chart: Chart) -> list[Move]:
    return [
        Move(
            receivable(fact, chart),
            fact.asked,
            party=fact.party,
            invoice_id=fact.id,
            base=worth(fact.asked, fact.currency, chart.currency, fact.exchange_rate),
        ),
        *_deduction_moves(fact, chart),
        *_sale_moves(fact, chart),
        Move(chart.account(Use.ADDED_TAX), -fact.added),
    ]


def _deduction_moves(fact: InvoiceFact, chart: Chart) -> list[Move]:
    return [
        Move(
            _posted_on(Use.DEPOSIT, row.account, chart),
            row.net,
            party=fact.party,
            invoice_id=row.invoice_id,
        )
        for row in fact.deductions
    ]


def _sale_moves(fact: InvoiceFact, chart: Chart) -> list[Move]:
    moves: list[Move] = []
    per_rate: dict[Decimal, list[tuple[Account, int]]] = {}
    for line in fact.lines:
        sales, vat = _accounts_of(line, fact, chart)
        moves.append(_of_deposit(Move(sales, -line.net), fact))
        per_rate.setdefault(line.rate, []).append((vat, line.net))
    for rate, amount in fact.vat:
        rows = per_rate.get(rate, [])
        moves += _vat_moves(rows, amount, chart)
    return moves


def _of_deposit(move: Move, invoice: InvoiceFact) -> Move:
    """Name the client on a move of a deposit, which a final invoice takes back."""
    if not invoice.is_deposit:
        return move
    return replace(move, party=invoice.party, invoice_id=invoice.id)


def _vat_moves(rows: Sequence[tuple[Account, int]], amount: int, chart: Chart) -> list[Move]:
    weights = [net for _account, net in rows]
    if not amount or not sum(weights):
        return [Move(chart.account(_service_vat(chart)), -amount)]
    shares = split_amount(amount, weights)
    pairs = zip(rows, shares, strict=True)
    return [Move(account, -share) for (account, _net), share in pairs]


def _service_vat(chart: Chart) -> Use:
    return Use.VAT_WAITING if chart.is_vat_on_cash else Use.VAT_SERVICES


def _accounts_of(line: SaleLine, fact: InvoiceFact, chart: Chart) -> tuple[Account, Account]:
    """Return the accounts of sales and VAT of a line: a rule by word, else a service."""
    vat = chart.account(_service_vat(chart))
    if fact.is_deposit:
        return chart.account(Use.DEPOSIT), vat
    text = search_text(line.text)
    is_abroad = line.is_export or fact.party.country not in chart.region
    for rule in chart.rules:
        if rule.word in text:
            is_goods_abroad = is_abroad and rule.sales.use == Use.GOODS
            sales = chart.account(Use.GOODS_ABROAD) if is_goods_abroad else rule.sales
            is_service = rule.vat.use == Use.VAT_SERVICES
            return sales, (vat if is_service else rule.vat)
    return chart.account(Use.SERVICES_ABROAD if is_abroad else Use.SERVICES), vat


def _rebate_moves(fact: CreditNoteFact, chart: Chart) -> list[Move]:
    invoice = fact.part.invoice
    use = Use.DEPOSIT if invoice.is_deposit else Use.REBATES
    waiting = part_of(invoice.waiting, invoice, fact.part)
    return [
        _of_deposit(Move(chart.account(use), fact.net), invoice),
        Move(chart.account(Use.VAT_WAITING), waiting, base=_waiting_base(invoice, fact.part)),
        Move(chart.account(Use.VAT_SERVICES), fact.vat - waiting),
        Move(chart.account(Use.ADDED_TAX), fact.added),
        _off_client(fact.part, chart),
    ]


def _settle_all(parts: Iterable[Part], chart: Chart) -> list[Move]:
    return [move for part in parts for move in _settle(part, chart)]


def _settle(part: Part, chart: Chart) -> list[Move]:
    """Take a part off the client's account; its VAT falls due if it waited for the money."""
    moves = [_off_client(part, chart)]
    due = part_of(part.invoice.waiting, part.invoice, part)
    base = _waiting_base(part.invoice, part)
    if due or base:
        moves += [
            Move(chart.account(Use.VAT_WAITING), due, base=base),
            Move(chart.account(Use.VAT_SERVICES), -due, base=-base),
        ]
    return moves


def _waiting_base(invoice: InvoiceFact, part: Part) -> int:
    return part_of(invoice.waiting_base, invoice, part)


def _off_client(part: Part, chart: Chart) -> Move:
    invoice = part.invoice

    def left(amount: int) -> int:
        return worth(amount, invoice.currency, chart.currency, invoice.exchange_rate)

    return Move(
        receivable(invoice, chart),
        -part.amount,
        party=invoice.party,
        invoice_id=invoice.id,
        base=left(part.after) - left(part.before),
    )


def _credit_of(
    party: Party, amount: int, fact: PaymentFact | RefundFact, chart: Chart
) -> list[Move]:
    if not amount:
        return []
    base = worth(amount, fact.currency, chart.currency, fact.exchange_rate)
    return [Move(chart.account(Use.DEPOSIT), amount, party=party, base=base)]


def receivable(fact: InvoiceFact, chart: Chart) -> Account:
    """Return the account of the client for an invoice: the one it was posted on, if it was."""
    use = Use.PUBLIC_CLIENT if fact.party.is_public else Use.CLIENT
    return _posted_on(use, fact.account, chart)


def _posted_on(use: Use, posted: tuple[str, str] | None, chart: Chart) -> Account:
    return Account(use, *posted) if posted else chart.account(use)


def _lines(
    moves: Sequence[Move], fact: InvoiceFact | PaymentFact | RefundFact, chart: Chart
) -> tuple[Line, ...]:
    return close_moves(moves, currency=fact.currency, base=chart.currency, rate=fact.exchange_rate)


def _sheet(
    kind: str,
    source_id: int,
    journal: str,
    fact: InvoiceFact | PaymentFact | RefundFact,
    lines: tuple[Line, ...],
    *,
    piece: str,
    label: str,
    due_on: date | None = None,
) -> Sheet:
    foreign = fact.currency if any(line.foreign is not None for line in lines) else ""
    return Sheet(kind, source_id, journal, fact.on, piece, label, lines, foreign, due_on)


def _cash_sheet(
    kind: str, journal: str, word: str, move: CashMove, moves: Sequence[Move], chart: Chart
) -> Sheet:
    rate = move.exchange_rate or (EURO if move.currency == "EUR" else None)
    lines = close_moves(moves, currency=move.currency, base=chart.currency, rate=rate)
    foreign = move.currency if move.currency != chart.currency else ""
    label = f"{word} {move.label or move.provider} {move.reference}".strip()
    piece = move.reference or f"{move.kind}{move.id}"
    return Sheet(kind, move.id, journal, move.on, piece, label, lines, foreign)
