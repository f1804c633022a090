"""« Analyse »: the figures of a period, for owners and managers."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from billing.analytics.cards import Part
from billing.analytics.choice import Choice
from billing.analytics.parts import board, paid, revenue
from billing.analytics.periods import CUSTOM, MONTH, QUARTER, YEAR, Period, read_period
from billing.analytics.queries import revenue as revenue_queries
from billing.analytics.tables import Table
from core.accounts.models import Client
from core.backoffice.exports import SafeExport
from portal.projects.models import Project

RIGHT = "analytics.view_analytics"
KINDS = ((MONTH, _("Mois")), (QUARTER, _("Trimestre")), (YEAR, _("Année")))
MOST_SERVICES = 50
MOST_OFFERED = 1000  # clients or projects in a list


def may_view(request: HttpRequest) -> bool:
    """Tell whether the person may see the analysis."""
    return bool(request.user.has_perm(RIGHT))


class AnalyticsPage(SafeExport, SpreadsheetExportMixin, WagtailAdminTemplateMixin, TemplateView):
    """The figures of a period; with `?table=…&export=csv|xlsx`, one of its tables."""

    template_name = "billing/analytics/page.html"
    page_title = _("Analyse")
    header_icon = "history"
    list_export: list[str] = []

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_view(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_queryset(self) -> list[dict[str, Any]]:
        """Return the rows of the table to export.

        :raises django.http.Http404: if there is no such table.
        """
        tables = {table.key: table for part in self.parts for table in part.tables}
        table = tables.get(self.request.GET.get("table", ""))
        if table is None:
            raise Http404
        self._take(table)
        return table.exported

    def _take(self, table: Table) -> None:
        self.list_export = [column.name for column in table.columns]
        self.export_headings = {column.name: str(column.label) for column in table.columns}
        self.export_filename = f"analyse-{table.key}-{self.choice.currency}".lower()

    def to_row_dict(self, item: dict[str, Any]) -> dict[str, Any]:
        return item

    @cached_property
    def currencies(self) -> list[str]:
        """The currencies that may be chosen."""
        return revenue_queries.currencies()

    @cached_property
    def choice(self) -> Choice:
        """What the address asks for; what it says wrongly is left out."""
        asked, today = self.request.GET, timezone.localdate()
        currency = asked.get("devise", "")
        service = asked.get("prestation", "").replace("\0", "").strip()[:300].lower()
        return Choice(
            period=read_period(asked, today),
            today=today,
            currency=currency if currency in self.currencies else self.currencies[0],
            client=_key(asked.get("client"), Client.objects.all()),
            project=_key(asked.get("projet"), Project.objects.all()),
            service=service,
            of_service=revenue_queries.invoices_of_service(service) if service else (),
        )

    @cached_property
    def asked(self) -> dict[str, str]:
        """The choice as an address says it, in full."""
        choice = self.choice
        words = {
            **_words(choice.period),
            "devise": choice.currency if len(self.currencies) > 1 else "",
            "client": choice.client or "",
            "projet": choice.project or "",
            "prestation": choice.service,
        }
        return {name: str(word) for name, word in words.items() if word}

    @cached_property
    def services(self) -> list[dict[str, Any]]:
        """The services of the period, whichever is chosen."""
        every = replace(self.choice, service="", of_service=())
        return revenue_queries.by_service(every, MOST_SERVICES)

    @cached_property
    def parts(self) -> list[Part]:
        """The whole page, part by part."""
        return [
            paid.part(self.choice),
            revenue.part(self.choice, self.services, self.asked),
            revenue.quotes_part(self.choice),
            board.part(self.choice),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        choice, period = self.choice, self.choice.period
        return super().get_context_data(
            parts=self.parts,
            choice=choice,
            kinds=[(kind, label, self._of(kind)) for kind, label in KINDS],
            words=self._words,
            back=self._address(**_words(period.previous())),
            forth=self._address(**_words(period.following())) if not self._is_last else "",
            before=period.previous(),
            currencies=self.currencies,
            clients=Client.objects.order_by("name").values_list("pk", "name")[:MOST_OFFERED],
            projects=_projects(choice),
            services=self.services,
            query=urlencode(self.asked),
            is_filtered=bool(choice.client or choice.project or choice.service),
            bare=self._address(client="", projet="", prestation=""),
            **kwargs,
        )

    @property
    def _words(self) -> dict[str, Any]:
        """What each form keeps of the address that the other one changes."""
        period = _words(self.choice.period)
        rest = [pair for pair in self.asked.items() if pair[0] not in ("periode", "au", "du")]
        keys = {row["key"] for row in self.services}
        is_listed = self.choice.service in keys
        return {"period": list(period.items()), "rest": rest, "is_listed": is_listed}

    def _of(self, kind: str) -> str:
        """Address the month, quarter or year that is now, or that ends a period of the past."""
        day = min(self.choice.period.last, self.choice.today)
        return self._address(periode=kind, au=day.isoformat())

    @property
    def _is_last(self) -> bool:
        return self.choice.period.last >= self.choice.today

    def _address(self, **changes: Any) -> str:
        words = {**self.asked, **changes}
        if changes.get("periode", CUSTOM) != CUSTOM:
            words.pop("du", None)
        return "?" + urlencode({name: word for name, word in words.items() if word})


def _words(period: Period) -> dict[str, str]:
    """Say a period as an address does."""
    words = {"periode": period.kind, "au": period.last.isoformat()}
    return {**words, "du": period.first.isoformat()} if period.kind == CUSTOM else words


def _projects(choice: Choice) -> QuerySet:
    rows = Project.objects.order_by("title")
    if choice.client:
        rows = rows.filter(client_id=choice.client)
    return rows.values_list("pk", "title")[:MOST_OFFERED]


def _key(text: str | None, rows: QuerySet) -> int | None:
    """Return the key that an address names, if there is such a row."""
    if not text or not text.isdecimal() or len(text) > 18:
        return None
    return rows.filter(pk=int(text)).values_list("pk", flat=True).first()
