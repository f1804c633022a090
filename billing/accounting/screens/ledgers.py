"""The trial balance of a period, and the ledger of an account or a client."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from billing.accounting import queries
from billing.accounting.models import Books, EntryLine
from billing.accounting.services import ensure_books
from core.access.policies import ReadOnlyPolicy
from core.accounts.models import Client, Company
from core.backoffice import menu
from core.backoffice.choosers import RecordChooser
from core.backoffice.dates import DateInput

BALANCE, LEDGER = "accounting_balance", "accounting_ledger"
PER_PAGE = 500


class PeriodForm(forms.Form):
    """A period."""

    start = forms.DateField(label=_("Du"), widget=DateInput)
    end = forms.DateField(label=_("Au"), widget=DateInput)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("start") and values.get("end") and values["start"] > values["end"]:
            raise forms.ValidationError(_("La fin vient avant le début."))
        return values


class LedgerForm(PeriodForm):
    """A period, and an account or a client."""

    account = forms.CharField(label=_("Compte"), required=False, max_length=13)
    client = forms.ModelChoiceField(
        Client.objects.all(),
        label=_("Client"),
        required=False,
        widget=RecordChooser(Client, icon="group"),
    )


class BooksPage(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page over a period of the books; the fiscal year of today when none is asked."""

    header_icon = "table"
    permission_policy = ReadOnlyPolicy(EntryLine)
    permission_required = "view"
    form_class: type[PeriodForm] = PeriodForm

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        company = Company.objects.order_by("pk").first()
        if company is None:
            return super().get_context_data(books=None, **kwargs)
        books = ensure_books(company=company)
        start, end = _year_of(books, timezone.localdate())
        asked = self.request.GET if "start" in self.request.GET else None
        form = self.form_class(asked, initial={"start": start, "end": end})
        if asked is not None and form.is_valid():
            start, end = form.cleaned_data["start"], form.cleaned_data["end"]
        facts = self.read(books, start, end, form)
        return super().get_context_data(
            books=books,
            currency=company.currency,
            form=form,
            start=start,
            end=end,
            **facts,
            **kwargs,
        )

    def read(self, books: Books, start: date, end: date, form: forms.Form) -> dict[str, Any]:
        """Return what the page shows."""
        raise NotImplementedError


class BalanceView(BooksPage):
    """Each account: opening, debit, credit, closing."""

    template_name = "billing/accounting/admin/balance.html"
    page_title = _("Balance")

    def read(self, books: Books, start: date, end: date, form: forms.Form) -> dict[str, Any]:
        rows = queries.trial_balance(books, start=start, end=end)
        period = {"start": start.isoformat(), "end": end.isoformat()}
        ledger = reverse(LEDGER)
        return {
            "rows": [
                (row, f"{ledger}?{urlencode({**period, 'account': row.account})}") for row in rows
            ],
            "debit": sum(row.debit for row in rows),
            "credit": sum(row.credit for row in rows),
        }


class LedgerView(BooksPage):
    """The lines of an account or a client, with the balance after each."""

    template_name = "billing/accounting/admin/ledger.html"
    page_title = _("Grand livre")
    form_class = LedgerForm

    def read(self, books: Books, start: date, end: date, form: forms.Form) -> dict[str, Any]:
        values = form.cleaned_data if form.is_bound and form.is_valid() else {}
        account, client = values.get("account", ""), values.get("client")
        if not account and client is None:
            return {"lines": None}
        opening, rows = queries.ledger_lines(
            books, start=start, end=end, account=account, client_id=client.pk if client else None
        )
        lines = list(queries.with_balances(opening, rows))
        pages = Paginator(lines, PER_PAGE)
        page = pages.get_page(self.request.GET.get("p"))
        asked = self.request.GET.copy()
        asked.pop("p", None)
        return {
            "opening": opening,
            "lines": page,
            "query": asked.urlencode(),
            "debit": sum(row.line.debit for row in lines),
            "credit": sum(row.line.credit for row in lines),
            "closing": lines[-1].balance if lines else opening,
        }


def _year_of(books: Books, today: date) -> tuple[date, date]:
    year = books.year_of(today)
    return date(year, books.first_month, 1), books.year_end(year)


@hooks.register("register_admin_urls")
def book_addresses() -> list[Any]:
    return [
        path("comptabilite/balance/", BalanceView.as_view(), name=BALANCE),
        path("comptabilite/grand-livre/", LedgerView.as_view(), name=LEDGER),
    ]


def _is_shown(request: HttpRequest) -> bool:
    return request.user.has_perm("accounting.view_entryline")


menu.add_link("comptabilite", _("Balance"), BALANCE, icon="table", order=30, shown=_is_shown)
menu.add_link("comptabilite", _("Grand livre"), LEDGER, icon="list-ul", order=35, shown=_is_shown)
