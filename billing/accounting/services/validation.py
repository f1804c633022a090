"""Validation: entries up to a day get their numbers, in order and without gap, for good."""

from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from billing.accounting.models import Books, FiscalYear, JournalEntry
from billing.accounting.services.posting import post_entries
from billing.accounting.services.refusal import Refused
from core import rls
from core.accounts.models import Company, User
from core.audit.log import record
from core.ui.formats import date_long

_NUMBER = """
UPDATE accounting_journalentry AS entry
SET number = %(last)s + ranked.rank, validated_at = %(at)s, validated_by_id = %(by)s
FROM (
    SELECT id, row_number() OVER (ORDER BY date, id) AS rank FROM accounting_journalentry
    WHERE books_id = %(books)s AND fiscal_year = %(year)s AND number IS NULL AND date <= %(until)s
) AS ranked
WHERE entry.id = ranked.id
"""


class CannotValidate(Refused):
    """The day is to come, or behind what is validated."""


def validate_entries(
    *, company: Company, until: date, today: date, actor: User | None, at: datetime
) -> int:
    """Post what is waiting, number every entry up to a day and close the period; return how many.

    What comes later and is dated before is posted on the first open day, with its own piece date.

    :raises CannotValidate: if the day is not over yet, or is validated already.
    """
    if until >= today:
        raise CannotValidate(
            _("Une journée se valide quand elle est finie : choisissez hier au plus tard.")
        )
    post_entries(company=company, at=at)
    with rls.staff("accounting: number the entries"), transaction.atomic():
        books = Books.objects.select_for_update().get(company=company)
        if books.locked_until and until <= books.locked_until:
            raise CannotValidate(
                _("Tout est déjà validé jusqu’au %(day)s.") % {"day": date_long(books.locked_until)}
            )
        drafts = JournalEntry.objects.filter(books=books, number=None, date__lte=until)
        years = drafts.order_by("fiscal_year").values_list("fiscal_year", flat=True).distinct()
        count = sum(_number_year(books, year, until, actor, at) for year in list(years))
        books.locked_until = until
        books.save(update_fields=["locked_until", "updated_at"])
        record("entries_validated", books, actor=actor, until=until.isoformat(), entries=count)
    return count


def _number_year(books: Books, year: int, until: date, actor: User | None, at: datetime) -> int:
    FiscalYear.objects.get_or_create(books=books, year=year)
    counter = FiscalYear.objects.select_for_update().get(books=books, year=year)
    with connection.cursor() as cursor:
        cursor.execute(
            _NUMBER,
            {
                "last": counter.last,
                "at": at,
                "by": actor.pk if actor else None,
                "books": books.pk,
                "year": year,
                "until": until,
            },
        )
        count = cursor.rowcount
    counter.last += count
    counter.save(update_fields=["last"])
    return count
