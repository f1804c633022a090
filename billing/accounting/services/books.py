"""The books of a company, made with the SYSCOHADA defaults the first time they are opened."""

from django.db import transaction

from billing.accounting.chart import DEFAULTS, JOURNALS
from billing.accounting.models import Books, ChartAccount, JournalCode
from core.accounts.models import Company


@transaction.atomic
def ensure_books(*, company: Company) -> Books:
    """Return the books of a company; made with every default if there are none."""
    books, is_new = Books.objects.get_or_create(company=company)
    if is_new:
        ChartAccount.objects.bulk_create(
            ChartAccount(books=books, use=use, number=number, label=label)
            for use, (number, label) in DEFAULTS.items()
        )
        JournalCode.objects.bulk_create(
            JournalCode(books=books, kind=kind, code=code, label=label)
            for kind, (code, label) in JOURNALS.items()
        )
    return books
