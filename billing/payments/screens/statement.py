"""The statement of account of a client, from the client's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.payments.forms import PeriodForm
from billing.payments.statement import Statement, default_period, make_statement, read_books
from billing.payments.statement_papers import file_name, statement_csv, statement_pdf
from billing.payments.views.statements import file_response, query_of
from core.accounts.models import Client
from core.backoffice.actions import RecordAction, add_action
from core.pdf import PdfUnavailable


class ClientStatement(RecordAction):
    """Shows a statement, hands it over as a PDF or a table; it changes nothing."""

    name = "releve"
    label = _("Relevé de compte")
    icon_name = "list-ul"
    permission = "view"
    template_name = "billing/payments/admin/statement.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._require(request.user)
        statement = self._statement()
        wanted = request.GET.get("format", "")
        if wanted == "csv":
            content = statement_csv(statement).encode()
            return file_response(content, file_name(statement, "csv"), "text/csv; charset=utf-8")
        if wanted == "pdf":
            try:
                content = statement_pdf(statement, self.object, at=timezone.now())
            except PdfUnavailable as trouble:
                return self._refuse(str(trouble))
            return file_response(content, file_name(statement, "pdf"), "application/pdf")
        self.statement = statement
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            statement=self.statement,
            period_form=self.period_form,
            currencies=self.currencies,
            query=query_of(self.statement),
            **kwargs,
        )

    def _statement(self) -> Statement:
        today, client = timezone.localdate(), self.object
        start, end = default_period(today)
        asked = self.request.GET if "debut" in self.request.GET else None
        self.period_form = PeriodForm(asked, initial={"debut": start, "fin": end})
        if asked is not None and self.period_form.is_valid():
            start = self.period_form.cleaned_data["debut"]
            end = self.period_form.cleaned_data["fin"]
        books = read_books(client.pk)
        self.currencies = books.currencies(client.currency)
        wanted = self.request.GET.get("devise", "")
        return make_statement(
            books,
            currency=wanted if wanted in self.currencies else self.currencies[0],
            start=start,
            end=end,
            today=today,
        )

    @classmethod
    def may(cls, user: Any, record: Client) -> bool:
        return super().may(user, record) and user.has_perm("invoicing.view_invoice")


add_action(Client, ClientStatement)
