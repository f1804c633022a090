"""The numbers of our papers: without gap, without double, in the order of their dates."""

from datetime import date

from django.db import connection

from billing.invoicing.models import NumberSeries
from core.accounts.models import Company

TAKE_NEXT = """
    INSERT INTO invoicing_numberseries AS series (company_id, prefix, year, last, last_date)
    VALUES (%s, %s, %s, 1, %s)
    ON CONFLICT (company_id, prefix, year) DO UPDATE
    SET last = series.last + 1, last_date = GREATEST(series.last_date, EXCLUDED.last_date)
    WHERE series.last_date IS NULL OR series.last_date <= EXCLUDED.last_date OR %s
    RETURNING last
"""
# A receipt proves money that came, whatever other receipt was faster: it is never refused.
UNORDERED = (NumberSeries.Prefix.RECEIPT,)


class NumberOutOfOrder(Exception):
    """A paper of a later date has a number already: this one would come after it."""


def next_number(*, company: Company, prefix: str, on: date) -> str:
    """Take the next number of a series, such as "FAC-2026-0042".

    The counter row stays locked until the caller's transaction ends: take the number last. A
    number lost to a rollback is taken again, so the series has no gap.

    :raises NumberOutOfOrder: if the series has a number of a later date; receipts never do.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE_NEXT, [company.pk, prefix, on.year, on, prefix in UNORDERED])
        row = cursor.fetchone()
    if row is None:
        raise NumberOutOfOrder(f"{prefix} {on}")
    return _number(prefix, on.year, row[0])


def preview_number(*, company: Company, prefix: str, on: date) -> str:
    """Tell which number would come next, without taking it."""
    series = NumberSeries.objects.filter(company=company, prefix=prefix, year=on.year)
    last = series.values_list("last", flat=True).first() or 0
    return _number(prefix, on.year, last + 1)


def last_date(*, company: Company, prefix: str, on: date) -> date | None:
    """Return the date of the last paper of the series that a day belongs to, if there is one."""
    series = NumberSeries.objects.filter(company=company, prefix=prefix, year=on.year)
    return series.values_list("last_date", flat=True).first()


def _number(prefix: str, year: int, rank: int) -> str:
    return f"{prefix}-{year}-{rank:04}"
