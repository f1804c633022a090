"""Lettering: lines of one account and one invoice that sum to nothing bear one code."""

from django.db import connection, transaction
from django.db.models import Count, Max, Min, Sum

from billing.accounting.chart import OF_CLIENTS
from billing.accounting.models import Books, EntryLine, Lettering
from billing.accounting.models.entries import BALANCE

CHUNK = 1000

_PUT = """
UPDATE accounting_entryline AS line SET lettering_id = lettering.id
FROM accounting_lettering AS lettering
WHERE lettering.id = ANY (%(ids)s) AND lettering.invoice_id = line.invoice_id
    AND lettering.account = line.account AND line.lettering_id IS NULL
"""


def letter_settled(*, books: Books) -> int:
    """Letter the lines of invoices that are settled; return how many groups were."""
    made = 0
    while step := _letter_some(books):
        made += step
    return made


@transaction.atomic
def _letter_some(books: Books) -> int:
    books = Books.objects.select_for_update().get(pk=books.pk)
    rows = EntryLine.objects.filter(
        entry__books=books, use__in=OF_CLIENTS, invoice__isnull=False, lettering=None
    )
    groups = (
        rows.order_by()
        .values("invoice_id", "account")
        .annotate(
            left=Sum(BALANCE), many=Count("pk"), first=Min("entry__date"), last=Max("entry__date")
        )
        .filter(left=0, many__gt=1)[:CHUNK]
    )
    letterings = [
        Lettering(
            books=books,
            code=lettering_code(books.letterings + rank),
            invoice_id=group["invoice_id"],
            account=group["account"],
            first_on=group["first"],
            last_on=group["last"],
        )
        for rank, group in enumerate(groups, start=1)
    ]
    if not letterings:
        return 0
    Lettering.objects.bulk_create(letterings)
    books.letterings += len(letterings)
    books.save(update_fields=["letterings"])
    with connection.cursor() as cursor:
        cursor.execute(_PUT, {"ids": [row.pk for row in letterings]})
    return len(letterings)


def lettering_code(rank: int) -> str:
    """Return the code of a rank: AAA, AAB… then four letters after ZZZ."""
    rank, letters = rank - 1, ""
    while rank or len(letters) < 3:
        rank, digit = divmod(rank, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
