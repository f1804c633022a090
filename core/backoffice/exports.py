"""Spreadsheets of a listing: what French Excel opens, and no cell that runs."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from wagtail.admin.views.mixins import Echo

from core.audit.log import record
from core.backoffice.paginator import MOST_ROWS
from core.money import to_major

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def csv_cell(value: Any) -> Any:
    """Write a value for French Excel: day first, decimal comma, Oui or Non."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Oui") if value else _("Non")
    if isinstance(value, datetime):
        return f"{_local(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal | int):
        return str(value).replace(".", ",")
    if isinstance(value, list | tuple):
        value = ", ".join(force_str(item) for item in value)
    return harmless(force_str(value))


def xlsx_cell(value: Any) -> Any:
    """Write a value for a workbook: real dates and numbers, texts that stay texts."""
    if value is None or (isinstance(value, int | Decimal) and not isinstance(value, bool)):
        return value
    if isinstance(value, datetime):
        return _local(value).replace(tzinfo=None)
    if isinstance(value, date):
        return value
    return csv_cell(value)


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


class SafeExport:
    """Goes before a view with Wagtail's export: safe cells, a cap, and a line in the audit log.

    `money_fields` names the columns of `list_export` that are amounts of minor units; the
    currency is read from the row. Above 10 000 rows the person is asked to filter.
    """

    money_fields: tuple[str, ...] = ()
    currency_field = "currency"

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        row = super().to_row_dict(item)  # type: ignore[misc]
        for name in self.money_fields:
            if isinstance(row.get(name), int):
                row[name] = to_major(row[name], getattr(item, self.currency_field))
        return row

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return csv_cell(value) if export_format == "csv" else xlsx_cell(value)

    def stream_csv(self, queryset: Any) -> Iterator[Any]:
        writer = csv.DictWriter(Echo(), fieldnames=self.list_export, delimiter=";")  # type: ignore[attr-defined]
        yield "\ufeff".encode()
        headings = {name: self.get_heading(queryset, name) for name in self.list_export}  # type: ignore[attr-defined]
        yield writer.writerow(headings)
        for item in queryset:
            yield self.write_csv_row(writer, self.to_row_dict(item))  # type: ignore[attr-defined]

    def get_filename(self) -> str:
        return f"{super().get_filename()}-{timezone.localdate():%Y-%m-%d}"  # type: ignore[misc]

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponse:
        rows = _count(queryset)
        if rows > MOST_ROWS:
            messages.error(
                self.request,  # type: ignore[attr-defined]
                _("L’export est limité à 10\u202f000 lignes : filtrez d’abord la liste."),
            )
            return redirect(self.request.path)  # type: ignore[attr-defined]
        self._record_export(rows, spreadsheet_format)
        return super().as_spreadsheet(queryset, spreadsheet_format)  # type: ignore[misc]

    def _record_export(self, rows: int, spreadsheet_format: str) -> None:
        request, model = self.request, getattr(self, "model", None)  # type: ignore[attr-defined]
        record(
            "rows_exported",
            request.user,
            actor=request.user,
            listing=model._meta.label_lower if model else type(self).__name__,
            rows=rows,
            format=spreadsheet_format,
            filters=request.GET.urlencode()[:500],
        )


def _count(rows: Any) -> int:
    if not isinstance(rows, QuerySet):
        return len(rows)
    return rows.order_by()[: MOST_ROWS + 1].count()
