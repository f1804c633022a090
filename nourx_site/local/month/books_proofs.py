"""What must hold of the books, their exports, the treasury and the papers of the month."""

import hashlib
from collections import defaultdict
from datetime import date
from io import BytesIO

from django.db.models import F, Sum
from pypdf import PdfReader

from billing.accounting import queries as books_queries
from billing.accounting.chart import RECEIVABLE, Use
from billing.accounting.fec_check import check_fec, decode_fec
from billing.accounting.models import Books, EntryLine, ExportBatch, JournalEntry
from billing.accounting.services import (
    CannotExport,
    make_export,
    post_entries,
    validate_entries,
    write_export,
)
from billing.accounting.services.exports import open_export
from billing.invoicing.models import CreditNote, Invoice
from billing.invoicing.services import make_pdf
from billing.payments.models import MoneyAccount, Payment, Refund
from billing.treasury import queries as treasury
from billing.treasury.models import Payout, Settlement
from core.files.services import read_file
from nourx_site.local.month.course import FIRST, LAST, Month
from nourx_site.local.month.proofs import Proof, balances_of, by_currency, grouped, told, unlike

TRANSFERS = (("sage", "sales"), ("pnm", "receipts"), ("csv", "fees"), ("xlsx", ""))
CLAIM = b'pdfaid:part="3"'


def prove_books(month: Month) -> list[Proof]:
    """Close the books of the month, hand them over, and look at every rule about them."""
    books = Books.objects.select_related("company").get(company=month.company)
    again = post_entries(company=month.company, at=month.tick())
    wrong = [str(problem) for problem in again.problems]
    validated = validate_entries(
        company=month.company, until=LAST, today=month.on, actor=month.actor, at=month.tick()
    )
    return [
        entries_balance(validated, wrong),
        clients_are_their_statements(month),
        invoices_are_what_is_due(books),
        *hand_over(month, books, validated),
        the_treasury_is_explained(month),
        the_wallets_hold_what_is_in_transit(month),
    ]


def entries_balance(validated: int, wrong: list[str]) -> Proof:
    """Each entry balances, and so do all of them."""
    rows = JournalEntry.objects.annotate(left=Sum(F("lines__debit") - F("lines__credit")))
    wrong += [f"{row}: {row.left}" for row in rows.exclude(left=0)]
    numbers = sorted(rows.exclude(number=None).values_list("number", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        wrong.append("numbers of entries have a gap")
    debit = EntryLine.objects.aggregate(sum=Sum("debit"))["sum"]
    figures = f"{rows.count()} écritures, {validated} validées, débit = crédit = {grouped(debit)}"
    return Proof("comptabilité équilibrée", figures, wrong)


def clients_are_their_statements(month: Month) -> Proof:
    """What a client owes in the books, less its advances, is the balance of its statement."""
    wrong, sums = [], defaultdict(int)
    lines = EntryLine.objects.filter(use__in=RECEIVABLE)
    for client in month.clients:
        mine = lines.filter(client_id=client.pk)
        advance = EntryLine.objects.filter(client_id=client.pk, use=Use.DEPOSIT).exclude(
            entry__kind__in=("invoice", "credit_note")
        )
        for currency, balance in balances_of(client.pk, month.on).items():
            found = sum(
                _in(currency, line)
                for part in (mine, advance)
                for line in part.select_related("entry")
            )
            sums[currency] += found
            if found != balance:
                wrong.append(f"{client} {currency}: books {found}, statement {balance}")
    return Proof("comptes 411 et avances = relevés des clients", told(dict(sums)), wrong)


def _in(currency: str, line: EntryLine) -> int:
    """Return what a line moves in a currency, in its minor unit; debit is positive."""
    own = line.entry.currency or "XOF"
    if own != currency:
        return 0
    if currency == "XOF":
        return line.debit - line.credit
    sign = 1 if line.debit else -1
    return sign * (line.foreign or 0)


def invoices_are_what_is_due(books: Books) -> Proof:
    """Each invoice in francs stands in the books for what is due on it."""
    found = [str(each) for each in books_queries.find_differences(books)]
    count = Invoice.objects.exclude(status="draft").filter(currency="XOF").count()
    return Proof("factures en francs = leur compte", f"{count} factures", found)


def hand_over(month: Month, books: Books, validated: int) -> list[Proof]:
    """Export everything once in four formats, and the FEC; then try to have it all again."""
    wrong, words, taken = [], [], 0
    for format, scope in TRANSFERS:
        batch = _export(month, books, format, scope)
        if batch is None:
            continue
        taken += batch.entry_count
        words.append(f"{format} {batch.entry_count}")
        wrong += _bytes_differ(batch)
    for format, scope in TRANSFERS:
        if _export(month, books, format, scope) is not None:
            wrong.append(f"{format} {scope}: entries were handed over twice")
    if taken != validated:
        wrong.append(f"{taken} entries handed over, {validated} validated")
    once = Proof("exports : chaque écriture une fois", f"{', '.join(words)} écritures", wrong)
    fec = _export(month, books, "fec", "")
    if fec is None:
        return [once, Proof("FEC", "aucun", ["no FEC"])]
    with open_export(fec) as file:
        report = check_fec(
            decode_fec(file), start=date(FIRST.year, 1, 1), end=date(FIRST.year, 12, 31)
        )
    findings = [str(each) for each in report.findings] + _bytes_differ(fec)
    figures = (
        f"{report.entries} écritures, {report.lines} lignes, débit {report.debit},"
        f" {report.errors} erreur, {report.warnings} avertissement,"
        f" SHA-256 {fec.sha256[:16]}…"
    )
    return [once, Proof("FEC, contrôle strict et reprise à l’octet près", figures, findings)]


def _export(month: Month, books: Books, format: str, scope: str) -> ExportBatch | None:
    try:
        batch = make_export(
            books=books, format=format, scope=scope, start=FIRST, end=LAST, actor=month.actor,
            at=month.tick(),
        )  # fmt: skip
    except CannotExport:
        return None
    write_export(batch_id=batch.pk)
    return write_export(batch_id=batch.pk)  # told twice


def _bytes_differ(batch: ExportBatch) -> list[str]:
    """Take a file twice: its bytes are those whose digest was kept."""
    digests = set()
    for _time in range(2):
        with open_export(batch) as file:
            digests.add(hashlib.sha256(file.read()).hexdigest())
    return [] if digests == {batch.sha256} else [f"{batch.name}: bytes changed"]


def the_treasury_is_explained(month: Month) -> Proof:
    """What we hold and what providers hold is all that came, less fees, refunds and differences."""
    today = month.on
    hand = by_currency((row.currency, row.amount) for row in treasury.cash_in_hand(today))
    transit = by_currency(
        (row.currency, row.waiting + row.available) for row in treasury.in_transit(today)
    )
    held = by_currency([*hand.items(), *transit.items()])
    parts = {
        "soldes de départ": MoneyAccount.objects.values_list("currency", "opening_balance"),
        "reçu": Payment.objects.values_list("currency", "amount"),
        "frais": ((row.currency, -row.fee - row.fee_vat) for row in Settlement.objects.all()),
        "rendu à la main": _refunds(payment__provider=""),
        "rendu par les prestataires, à retenir": _refunds(payment__settlement__payout=None),
        "écarts de versements, expliqués": (
            (row.currency, row.difference) for row in Payout.objects.all()
        ),
    }
    sums = {name: by_currency(rows) for name, rows in parts.items()}
    explained = by_currency(pair for part in sums.values() for pair in part.items())
    wrong = unlike(explained, held, "treasury")
    words = " ; ".join(f"{name} {told(part)}" for name, part in sums.items())
    figures = f"en main {told(hand)} + en transit {told(transit)} = {words}"
    return Proof("trésorerie expliquée", figures, wrong)


def the_wallets_hold_what_is_in_transit(month: Month) -> Proof:
    """In the books, the providers hold what the treasury says, but for fees not known yet."""
    lines = EntryLine.objects.filter(use=Use.WALLET).select_related("entry")
    booked = by_currency(
        (line.entry.currency or "XOF", _in(line.entry.currency or "XOF", line)) for line in lines
    )
    waiting = Settlement.objects.filter(payout=None).exclude(basis=Settlement.Basis.PROVIDER)
    fees = by_currency((row.currency, row.fee + row.fee_vat) for row in waiting)
    by_phone = Payment.objects.filter(provider="", method="mobile_money")
    parts = [
        *((row.currency, row.waiting + row.available) for row in treasury.in_transit(month.on)),
        *fees.items(),
        *by_phone.values_list("currency", "amount"),
        *_refunds(payment__provider="", payment__method="mobile_money"),
        *_refunds_since_paid_out(),
    ]
    wrong = unlike(by_currency(parts), booked, "wallets")
    return Proof("comptes des prestataires = argent en transit", told(booked), wrong)


def _refunds_since_paid_out() -> list[tuple[str, int]]:
    """Give what providers gave back of money that they had paid out to us already."""
    rows = Refund.objects.filter(payment__settlement__payout__isnull=False)
    late = rows.filter(recorded_at__gt=F("payment__settlement__payout__recorded_at"))
    return [(row.currency, -row.amount) for row in late]


def _refunds(**wanted: object) -> list[tuple[str, int]]:
    rows = Refund.objects.filter(**wanted)
    if "payment__provider" not in wanted:
        rows = rows.exclude(payment__provider="")
    return [(row.currency, -row.amount) for row in rows]


def papers_are_archives(sample: int) -> Proof:
    """Some invoices and credit notes, drawn: each says that it is PDF/A-3."""
    papers = [
        *Invoice.objects.filter(status="issued", currency="XOF").order_by("pk")[:sample],
        *Invoice.objects.filter(kind="final").order_by("pk")[: sample // 4],
        *Invoice.objects.filter(currency="EUR").exclude(number="").order_by("pk")[: sample // 4],
        *CreditNote.objects.order_by("pk")[: sample // 4],
    ]
    wrong, size = [], 0
    for paper in papers:
        _file, content = read_file(make_pdf(paper=paper).pk)
        size += len(content)
        root = PdfReader(BytesIO(content)).trailer["/Root"]
        if CLAIM not in root["/Metadata"].get_data():
            wrong.append(f"{paper}: no PDF/A")
    return Proof("PDF/A-3", f"{len(papers)} papiers dessinés, {size // 1024} Kio", wrong)
