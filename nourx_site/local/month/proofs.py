"""What must hold at the end of the month: one line per rule, with its figures."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from billing.invoicing.models import CreditNote, Invoice, NumberSeries, Quote
from billing.payments import queries
from billing.payments.models import Allocation, Anomaly, Payment, Receipt
from billing.payments.statement import make_statement, read_books
from billing.treasury.models import Settlement
from core.outbox.models import OwedWork
from nourx_site.local.month.course import FIRST, FULL, Month

LEAST_DOCUMENTS, LEAST_CLIENTS = 150, 40


@dataclass(frozen=True)
class Proof:
    """A rule, the figures it was looked at with, and what differs; nothing differs if it holds."""

    rule: str
    figures: str
    differences: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.differences

    def __str__(self) -> str:
        line = f"{'✓' if self.holds else '✗'} {self.rule} : {self.figures}"
        return "\n".join([line, *(f"    {each}" for each in self.differences[:20])])


def grouped(amount: int) -> str:
    """Write a figure with its thousands apart."""
    return f"{amount:,}".replace(",", " ")


def by_currency(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Add up amounts per currency."""
    sums: defaultdict[str, int] = defaultdict(int)
    for currency, amount in rows:
        sums[currency] += amount
    return dict(sums)


def told(sums: dict) -> str:
    """Write sums, each with what it is of."""
    return ", ".join(f"{_figure(sums[key], key)} {key}" for key in sorted(sums)) or "0"


def _figure(amount: int, key: str) -> str:
    if not key.startswith("EUR"):
        return grouped(amount)
    return f"{Decimal(amount) / 100:,.2f}".replace(",", " ").replace(".", ",")


def unlike(expected: dict, found: dict, what: str) -> list[str]:
    """Say where two sets of sums differ."""
    return [
        f"{what} {key}: {expected.get(key, 0)} and {found.get(key, 0)}"
        for key in sorted({*expected, *found}, key=str)
        if expected.get(key, 0) != found.get(key, 0)
    ]


def prove(month: Month) -> list[Proof]:
    """Look at every rule of the money; those of the books are in `books_proofs`."""
    rules: tuple[Callable[[Month], Proof], ...] = (
        nothing_went_wrong,
        there_is_enough,
        everything_reconciles,
        the_ledger_is_the_invoices,
        providers_say_the_same,
        numbers_have_no_gap,
        each_payment_has_its_receipt,
        nothing_is_there_twice,
        nobody_waits,
        statements_sum_to_the_ledger,
    )
    return [rule(month) for rule in rules]


def nothing_went_wrong(month: Month) -> Proof:
    """No job failed, and no job run twice did something the second time."""
    crashes = month.counts["travailleurs tués puis relancés"]
    wrong = list(month.problems) + ([] if crashes >= 2 else [f"only {crashes} crashes"])
    figures = f"{len(month.days)} jours ouvrés, chaque tâche de nuit lancée deux fois, "
    return Proof("rejeu", f"{figures}{crashes} travailleurs tués puis relancés", wrong)


def there_is_enough(month: Month) -> Proof:
    """The month is that of an agency: enough clients, enough papers."""
    kinds = {
        "factures": Invoice.objects.exclude(status="draft").count(),
        "avoirs": CreditNote.objects.filter(status="issued").count(),
        "devis": Quote.objects.exclude(number="").count(),
    }
    clients = Invoice.objects.exclude(status="draft").values("client").distinct().count()
    total = sum(kinds.values())
    is_short = month.scale == FULL and (total < LEAST_DOCUMENTS or clients < LEAST_CLIENTS)
    figures = f"{clients} clients facturés, {total} documents ({told(kinds)})"
    return Proof("taille", figures, [figures] if is_short else [])


def everything_reconciles(month: Month) -> Proof:
    """`manage.py reconcile` finds nothing."""
    found = [str(each) for each in queries.find_differences()]
    return Proof("reconcile", f"{len(queries.RULES)} règles sur toutes les lignes", found)


def the_ledger_is_the_invoices(month: Month) -> Proof:
    """What invoices say is paid was placed by the ledger; what came is placed, kept or returned."""
    paid = by_currency(Invoice.objects.values_list("currency", "amount_paid"))
    placed = by_currency(Allocation.objects.values_list("invoice__currency", "amount"))
    rounded = by_currency(
        Allocation.objects.filter(kind__in=("rounding", "unrounding")).values_list(
            "invoice__currency", "amount"
        )
    )
    came = by_currency(Payment.objects.values_list("currency", "amount"))
    rows = Payment.objects.annotate(given=Sum("refunds__amount", default=0))
    rest = by_currency((row.currency, row.amount_unallocated + row.given) for row in rows)
    kept = {code: placed.get(code, 0) - rounded.get(code, 0) + rest.get(code, 0) for code in came}
    wrong = unlike(paid, placed, "paid") + unlike(came, kept, "received")
    figures = f"payé sur factures {told(paid)} ; reçu {told(came)}"
    return Proof("grand livre = factures payées", figures, wrong)


def providers_say_the_same(month: Month) -> Proof:
    """What stand-ins took, by their own books, is what was received and settled, to the unit."""
    came = _sums(Payment.objects.exclude(provider="").values_list("provider", "currency", "amount"))
    settled = _sums(Settlement.objects.values_list("payment__provider", "currency", "gross"))
    taken = _sums(_taken(month))
    wrong = unlike(taken, came, "taken and received") + unlike(came, settled, "settled")
    return Proof("paiements = règlements = carnets des prestataires", told(came), wrong)


def _sums(rows: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    return by_currency((f"{currency} {provider}", amount) for provider, currency, amount in rows)


def _taken(month: Month) -> Iterator[tuple[str, str, int]]:
    """Give what was taken at the stand-ins: (provider, currency, amount)."""
    for row in month.server.sandbox.list_payments():
        if row["stage"] in ("ACCEPTED", "REVERSED"):
            shift = -500 if row["scenario_key"] == "14" else 0
            yield "cinetpay", row["currency"], row["amount"] + shift
    book = month.server.application.book
    for provider in {"cinetpay", "cinetpay-v1", "stripe", "wave", "orange-money"}:
        for deal in book.deals_of(provider):
            if deal.paid_at is not None:
                yield provider.removesuffix("-v1"), deal.currency, deal.told_amount


def numbers_have_no_gap(month: Month) -> Proof:
    """Each series is 1, 2, 3… to its last number."""
    models = {"FAC": Invoice, "DEV": Quote, "AVO": CreditNote, "REC": Receipt}
    wrong, words = [], []
    for series in NumberSeries.objects.order_by("prefix"):
        rows = models[series.prefix].objects.exclude(number="")
        mine = rows.filter(number__startswith=f"{series.prefix}-{series.year}-")
        ranks = sorted(
            int(number.rpartition("-")[2]) for number in mine.values_list("number", flat=True)
        )
        words.append(f"{series} 1 à {series.last}")
        if ranks != list(range(1, series.last + 1)):
            wrong.append(f"{series}: {len(ranks)} numbers, the last is {series.last}")
    return Proof("numéros sans trou", ", ".join(words), wrong)


def each_payment_has_its_receipt(month: Month) -> Proof:
    """One receipt for each payment, owed once."""
    payments, receipts = Payment.objects.count(), Receipt.objects.count()
    owed = OwedWork.objects.filter(topic="payments.receipt").count()
    wrong = [] if payments == receipts == owed else [f"{payments}, {receipts}, {owed} owed"]
    return Proof("un reçu par paiement", f"{payments} paiements, {receipts} reçus", wrong)


ONCE = {
    "clés d’idempotence": "SELECT idempotency_key FROM payments_payment WHERE idempotency_key <> ''"
    " UNION ALL SELECT idempotency_key FROM payments_refund WHERE idempotency_key <> ''"
    " UNION ALL SELECT idempotency_key FROM invoicing_adjustment WHERE idempotency_key <> ''",
    "références": "SELECT provider || method || coalesce(nullif(reference_key, ''),"
    " provider_reference) FROM payments_payment WHERE provider_reference <> ''",
    "périodes": "SELECT schedule_id || ' ' || period_start FROM sources_recurringrun",
    "échéances et jalons": "SELECT coalesce('i' || instalment_id, 'm' || milestone_id)"
    " FROM quoting_billedpart WHERE released_at IS NULL",
    "acomptes déduits": "SELECT d.deposit_id::text FROM invoicing_depositdeduction d"
    " JOIN invoicing_invoice f ON f.id = d.final_id WHERE f.status = 'issued'",
    "temps": "SELECT entry_id::text FROM sources_billedtime",
    "certifications": "SELECT reference FROM fiscal_certification WHERE reference <> ''",
    "relances": "SELECT invoice_id || ' ' || due_date || ' ' || step FROM dunning_dunningnotice",
    "écritures": "SELECT kind || ' ' || source_id FROM accounting_journalentry",
    "lignes de relevé": "SELECT account_id || fingerprint FROM treasury_statementline",
}


def nothing_is_there_twice(month: Month) -> Proof:
    """No key, reference, period, part, deposit or certification is there twice."""
    wrong, words = [], []
    with connection.cursor() as cursor:
        for name, sql in ONCE.items():
            cursor.execute(sql)
            keys = [row[0] for row in cursor.fetchall()]
            words.append(f"{name} {len(keys)}")
            wrong += [f"{name}: {key}" for key in {k for k in keys if keys.count(k) > 1}]
    signed = [one for one in month.fne.fne.documents if one.reference]
    papers = [(one.kind, one.label, one.refunds) for one in signed if one.kind == "sale"]
    wrong += [f"certified twice: {one}" for one in set(papers) if papers.count(one) > 1]
    return Proof("rien en double", f"{', '.join(words)}, {len(signed)} à la DGI", wrong)


def nobody_waits(month: Month) -> Proof:
    """No anomaly is open, and no owed work was given up."""
    seen = Anomaly.objects.count()
    wrong = [str(each) for each in Anomaly.objects.filter(resolved_at=None)]
    wrong += [each.key for each in OwedWork.objects.filter(state=OwedWork.State.DEAD)]
    return Proof(
        "anomalies closes", f"{seen} ouvertes dans le mois, {seen - len(wrong)} closes", wrong
    )


def statements_sum_to_the_ledger(month: Month) -> Proof:
    """The closing balance of each client is what is due less its credit, and the sum of all."""
    wrong: list[str] = []
    sums: defaultdict[str, int] = defaultdict(int)
    for client in month.clients:
        for currency, balance in balances_of(client.pk, month.on).items():
            due = sum(
                row.amount_due for row in Invoice.objects.filter(client=client, currency=currency)
            )
            left = due - queries.client_credit(client.pk, currency)
            sums[currency] += balance
            if balance != left:
                wrong.append(f"{client} {currency}: {balance} and {left}")
    figures = f"{len(month.clients)} relevés de compte, soldes {told(dict(sums))}"
    return Proof("relevés des clients = grand livre", figures, wrong)


def balances_of(client_id: int, today: date) -> dict[str, int]:
    """Return the closing balance of a client's statement, per currency."""
    books = read_books(client_id)
    return {
        currency: make_statement(
            books, currency=currency, start=FIRST, end=today, today=today
        ).closing
        for currency in books.currencies("XOF")
    }
