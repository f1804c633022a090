"""The accounts and journals of the books, as settings say."""

from billing.accounting.chart import JOURNALS, Account, Chart, SalesRule, Use
from billing.accounting.models import Books, SalesAccount
from core.search import search_text


def chart_of(books: Books) -> Chart:
    """Return the accounts and rules of the books, for deriving entries."""
    own = {
        (row.use, row.provider): Account(row.use, row.number, row.label)
        for row in books.accounts.all()
    }
    chart = Chart(own=own)
    return Chart(
        own=own,
        rules=tuple(_rule(row, chart) for row in books.sales_accounts.order_by("pk")),
        region=frozenset(books.region.split()),
        currency=books.company.currency,
        is_vat_on_cash=books.vat_due == Books.VatDue.CASH,
        recovers_lost_vat=books.recovers_lost_vat,
    )


def journals_of(books: Books) -> dict[str, tuple[str, str]]:
    """Return the code and name of each journal."""
    own = {row.kind: (row.code, row.label) for row in books.journals.all()}
    return {**JOURNALS, **own}


def _rule(row: SalesAccount, chart: Chart) -> SalesRule:
    is_goods = row.nature == SalesAccount.Nature.GOODS
    return SalesRule(
        word=search_text(row.word),
        sales=Account(Use.GOODS if is_goods else Use.SERVICES, row.number, row.label),
        vat=chart.account(Use.VAT_GOODS if is_goods else Use.VAT_SERVICES),
    )
