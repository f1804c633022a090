"""Many clients and invoices for measurements, written by the database itself.

The rows obey every constraint and trigger: drafts first, then their lines, then the issue, the
payments and the receipts, with numbers that go on from the real counters. Past years only, so
that dates and numbers keep one order.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from billing.invoicing.models import NumberSeries
from core import rls
from core.accounts.models import Client, Company
from core.search import search_text

YEARS = 3  # the invoices fall in the three years before this one
LINES = 5
NAMES = ("Koné", "Kouassi", "Traoré", "Coulibaly", "Ouattara", "N’Guessan", "Bamba", "Diallo")
TRADES = ("Transit", "Distribution", "Bâtiment", "Pharmacie", "Imprimerie", "Cacao", "Textile")
CITIES = ("Abidjan", "Bouaké", "Korhogo", "San-Pédro", "Yamoussoukro")


@dataclass(frozen=True)
class Made:
    """How many rows were added."""

    clients: int
    invoices: int


def add_bulk(*, clients: int, invoices: int, now: datetime) -> Made:
    """Add clients, and issued invoices of five lines each spread over the bulk clients.

    The invoices need somebody: without bulk clients, ten are made.
    """
    with rls.staff("demo: bulk rows for measurements"), transaction.atomic():
        _take_the_time()
        company = Company.objects.order_by("pk").get()
        if invoices and not clients and not _bulk_clients().exists():
            clients = 10
        _add_clients(company, clients)
        made = 0
        for back in range(YEARS, 0, -1):
            share = invoices // YEARS + (invoices % YEARS if back == 1 else 0)
            made += _add_invoices(company, timezone.localdate(now).year - back, share)
    return Made(clients=clients, invoices=made)


def _take_the_time() -> None:
    """Let a statement of this transaction last: the web role is stopped after some seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")


def _bulk_clients() -> QuerySet[Client]:
    return Client.objects.filter(name__startswith="Volume ")


def _add_clients(company: Company, count: int) -> None:
    start = _bulk_clients().count()
    rows = []
    for rank in range(start + 1, start + count + 1):
        trade, person = TRADES[rank % len(TRADES)], NAMES[rank % len(NAMES)]
        name = f"Volume {rank:05d} {trade} {person}"
        city = CITIES[rank % len(CITIES)]
        email = f"compta@volume{rank:05d}.test"
        rows.append(
            Client(
                company=company,
                name=name,
                city=city,
                email=email,
                search_norm=search_text(name, city, email),
            )
        )
    Client.objects.bulk_create(rows, batch_size=1000)


def _add_invoices(company: Company, year: int, count: int) -> int:
    """Add one year's invoices, numbered after the counter of that year."""
    if not count:
        return 0
    series = NumberSeries.objects.filter(company=company, prefix="FAC", year=year).first()
    last = series.last if series else 0
    values = {
        "company": company.pk,
        "year": year,
        "count": count,
        "first": last + 1,
        "last": last + count,
        "lines": LINES,
        "first_day": date(year, 1, 1),
        "last_day": date(year, 12, 31),
        "mine": f"V{year}-%",
        "numbers": f"FAC-{year}-%",
        "receipts": f"REC-{year}-%",
    }
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, values)
    return count


# An invoice of the batch is known by its reference: the year and its rank in the series.
_MINE = "company_id = %(company)s AND external_reference LIKE %(mine)s"
_RANK = "split_part(external_reference, '-', 2)::int"
_LINE_NET = "(((rank * 13 + line * 37) %% 40) + 1) * 5000 * (1 + (rank + line) %% 3)"

_DRAFTS = f"""
WITH owners AS (
    SELECT array_agg(id ORDER BY id) AS ids, count(*) AS many
    FROM accounts_client WHERE name LIKE 'Volume %%'
), sums AS (
    SELECT rank, sum({_LINE_NET})::bigint AS net
    FROM generate_series(%(first)s, %(last)s) AS rank, generate_series(1, %(lines)s) AS line
    GROUP BY rank
)
INSERT INTO invoicing_invoice (
    created_at, updated_at, version, company_id, client_id, number, subject, currency,
    discount_percent, total_net, total_vat, total, vat_groups, seller, buyer, notes, pdf_sha256,
    kind, status, external_reference, amount_paid, amount_credited, amount_adjusted, search_norm,
    discount_amount, price_includes_vat, taxes, total_added, total_withheld)
SELECT day, day, 1, %(company)s, client.id, '', 'Prestation ' || rank, 'XOF',
    0, net, net * 18 / 100, net + net * 18 / 100,
    jsonb_build_array(jsonb_build_object('rate', '18', 'base', net, 'vat', net * 18 / 100)),
    '{{}}', '{{}}', '', '', 'standard', 'draft', 'V' || %(year)s::int || '-' || rank, 0, 0, 0,
    'prestation ' || rank || ' ' || client.search_norm, 0, false, '[]', 0, 0
FROM sums
CROSS JOIN owners
JOIN accounts_client client ON client.id = owners.ids[1 + (rank::bigint * 7919) %% owners.many]
CROSS JOIN LATERAL (
    SELECT %(first_day)s::date + ((rank - %(first)s) * 364 / %(count)s)::int + interval '9 hours' AS day
) AS dated
ORDER BY rank
"""

_INVOICE_LINES = f"""
INSERT INTO invoicing_invoiceline (
    client_id, invoice_id, label, detail, quantity, unit_price, discount_percent, vat_rate, net,
    sort_order, section, discount_amount, unit, vat_code, vat_text)
SELECT client_id, id, 'Prestation, part ' || line, '', 1 + (rank + line) %% 3,
    (((rank * 13 + line * 37) %% 40) + 1) * 5000, 0, 18, {_LINE_NET}, line, '', 0, '', '', ''
FROM (SELECT id, client_id, {_RANK} AS rank FROM invoicing_invoice
      WHERE {_MINE} AND status = 'draft') AS batch,
    generate_series(1, %(lines)s) AS line
"""

_ISSUES = f"""
UPDATE invoicing_invoice SET
    status = 'issued',
    number = 'FAC-' || %(year)s::int || '-' || lpad({_RANK}::text, greatest(4, length({_RANK}::text)), '0'),
    issue_date = created_at::date, issued_at = created_at, sent_at = created_at,
    due_date = created_at::date + 14,
    search_norm = 'fac ' || %(year)s::int || ' ' || lpad({_RANK}::text, 4, '0') || ' ' || search_norm,
    seller = jsonb_build_object('name', 'NOURX SARL', 'lines', '[]'::jsonb),
    buyer = jsonb_build_object('name', (SELECT name FROM accounts_client WHERE id = client_id),
                               'lines', '[]'::jsonb),
    amount_paid = {{paid}},
    settled_at = CASE WHEN {{paid}} = total THEN created_at + interval '6 days' END
WHERE {_MINE} AND status = 'draft'
""".format(
    paid=f"CASE WHEN {_RANK} %% 10 < 7 THEN total WHEN {_RANK} %% 10 = 7 THEN total / 2 ELSE 0 END"
)

_PAYMENTS = f"""
INSERT INTO payments_payment (
    company_id, client_id, method, channel, provider, provider_reference, amount,
    amount_unallocated, currency, received_on, recorded_at, note, is_test, idempotency_key,
    reference_key, payer_name, payer_phone, cheque_state)
SELECT company_id, client_id, 'transfer', '', '', '', amount_paid, 0, 'XOF', issue_date + 6,
    issued_at + interval '6 days', number, false, '', '', '', '', ''
FROM invoicing_invoice WHERE {_MINE} AND {_RANK} >= %(first)s AND amount_paid > 0
ORDER BY issue_date, id
"""

_ALLOCATIONS = """
INSERT INTO payments_allocation (
    client_id, payment_id, invoice_id, kind, amount, reason, created_at)
SELECT payment.client_id, payment.id, invoice.id, 'payment', payment.amount, '',
    payment.recorded_at
FROM payments_payment payment
JOIN invoicing_invoice invoice
    ON invoice.company_id = payment.company_id AND invoice.number = payment.note
WHERE invoice.company_id = %(company)s AND invoice.external_reference LIKE %(mine)s
    AND NOT EXISTS (SELECT 1 FROM payments_allocation mine WHERE mine.payment_id = payment.id)
"""

_RECEIPTS = """
WITH started AS (
    SELECT coalesce(max(last), 0) AS last FROM invoicing_numberseries
    WHERE company_id = %(company)s AND prefix = 'REC' AND year = %(year)s
)
INSERT INTO payments_receipt (company_id, client_id, payment_id, number, issue_date, balance_left)
SELECT payment.company_id, payment.client_id, payment.id,
    'REC-' || %(year)s::int || '-' || lpad(n::text, greatest(4, length(n::text)), '0'),
    payment.received_on, 0
FROM (
    SELECT payment.*, started.last + row_number() OVER (ORDER BY payment.received_on, payment.id) AS n
    FROM started, payments_payment payment
    WHERE payment.company_id = %(company)s AND payment.note LIKE %(numbers)s
        AND NOT EXISTS (SELECT 1 FROM payments_receipt mine WHERE mine.payment_id = payment.id)
) AS payment
"""

_COUNTERS = """
INSERT INTO invoicing_numberseries (company_id, prefix, year, last, last_date)
SELECT %(company)s, 'FAC', %(year)s, %(last)s, %(last_day)s
UNION ALL
SELECT %(company)s, 'REC', %(year)s, count(*), %(last_day)s FROM payments_receipt
WHERE company_id = %(company)s AND number LIKE %(receipts)s
ON CONFLICT (company_id, prefix, year)
DO UPDATE SET last = excluded.last, last_date = excluded.last_date
"""
STATEMENTS = (_DRAFTS, _INVOICE_LINES, _ISSUES, _PAYMENTS, _ALLOCATIONS, _RECEIPTS, _COUNTERS)
