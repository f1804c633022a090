"""The statement of account of a client: on a page, as a PDF, as a table for a spreadsheet."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header, urlencode
from django.views.generic import View

from billing.payments.forms import PeriodForm
from billing.payments.statement import (
    Statement,
    default_period,
    make_statement,
    periods,
    read_books,
)
from billing.payments.statement_papers import file_name, statement_csv, statement_pdf
from core.access.grants import grants_of
from core.access.roles import Grant
from core.access.views import ClientPageMixin
from core.accounts.models import Client
from core.pdf import PdfUnavailable
from core.throttle import is_too_often

MOST_PDFS, WHILE = 10, 60  # per person, in so many seconds: one takes a second to draw


class StatementBase(ClientPageMixin, View):
    """Finds the client, the period and the currency that are asked for."""

    grant = Grant.VIEW_BILLING
    nav_key = "billing"
    http_method_names = ["get", "head"]

    def read(self) -> None:
        """Read what is asked; a period that cannot be is replaced by this year and said."""
        today = timezone.localdate()
        self.client = self._client()
        asked = self.request.GET if {"debut", "fin"} & set(self.request.GET) else None
        start, end = default_period(today)
        self.form = PeriodForm(asked, initial={"debut": start, "fin": end})
        if asked is not None and self.form.is_valid():
            start, end = self.form.cleaned_data["debut"], self.form.cleaned_data["fin"]
        books = read_books(self.client.pk)
        self.currencies = books.currencies(self.client.currency)
        wanted = self.request.GET.get("devise", "")
        currency = wanted if wanted in self.currencies else self.currencies[0]
        self.statement = make_statement(books, currency=currency, start=start, end=end, today=today)

    def _client(self) -> Client:
        """Return the client asked for among the person's own, else the first of them."""
        own = sorted(grants_of(self.request.user).clients_with(Grant.VIEW_BILLING))
        wanted = self.request.GET.get("client", "")
        if wanted and wanted not in map(str, own):
            raise Http404
        rows = self.visible(Client).select_related("company")
        return rows.get(pk=int(wanted) if wanted else own[0])

    @property
    def query(self) -> str:
        """Return the part of an address that asks for this very statement."""
        return query_of(self.statement, client=self.request.GET.get("client", ""))


class StatementPageView(StatementBase):
    """The statement on a page, with the choice of its period."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        self.read()
        context = {
            "nav_key": self.nav_key,
            "statement": self.statement,
            "form": self.form,
            "periods": _choices(self.statement),
            "currencies": self.currencies,
            "query": self.query,
        }
        status = 422 if self.form.is_bound and not self.form.is_valid() else 200
        return render(request, "billing/payments/statement.html", context, status=status)


class StatementPdfView(StatementBase):
    """The statement as a PDF, drawn for this request."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if is_too_often(f"statement:{request.user.pk}", most=MOST_PDFS, seconds=WHILE):
            return render(request, "429.html", status=429)
        with translation.override(settings.LANGUAGE_CODE):  # papers are in French
            self.read()
        try:
            content = statement_pdf(self.statement, self.client, at=timezone.now())
        except PdfUnavailable as trouble:
            messages.error(request, str(trouble))
            return redirect(f"{reverse('payments:statement')}?{self.query}")
        return file_response(content, file_name(self.statement, "pdf"), "application/pdf")


class StatementCsvView(StatementBase):
    """The statement for a spreadsheet."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        self.read()
        content = statement_csv(self.statement).encode()
        return file_response(content, file_name(self.statement, "csv"), "text/csv; charset=utf-8")


def query_of(statement: Statement, **others: str) -> str:
    """Return the query of an address that asks for a statement."""
    asked = {
        "debut": statement.start.isoformat(),
        "fin": statement.end.isoformat(),
        "devise": statement.currency,
        **{name: value for name, value in others.items() if value},
    }
    return urlencode(asked)


def file_response(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Answer with a file that is kept by nobody on its way."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _choices(statement: Statement) -> list[dict[str, Any]]:
    shown: tuple[date, date] = (statement.start, statement.end)
    return [
        {
            "label": label,
            "query": urlencode({"debut": start.isoformat(), "fin": end.isoformat()}),
            "is_current": (start, end) == shown,
        }
        for _key, label, start, end in periods(statement.today)
    ]
