"""Spreadsheets of a listing: what French Excel opens, no cell that runs, and memory that is flat.

A listing of any length is read by its keys, a thousand rows at a time: neither the rows nor the
file are ever whole in memory, and nothing holds a cursor open between two chunks.
"""

import csv
from array import array
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import islice
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.db.models import IntegerField, QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from wagtail.admin.views.mixins import Echo

from core.audit.log import record
from core.desk.services import ask_list_export
from core.money import get_currency, to_major

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
CHUNK = 1000
MOST_SHEET_ROWS = 1_000_000  # a sheet of Excel has some 48 000 more
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY_FORMAT, MOMENT_FORMAT = "DD/MM/YYYY", "DD/MM/YYYY HH:MM"
COLUMN_WIDTH = 18
PIECE = 64 * 1024  # bytes
LONGEST_TITLE = 31  # of a sheet
NOT_IN_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


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
    """Write a value for a workbook: real dates and numbers, texts that stay texts.

    A control character, which anybody may paste into a form, cannot stand in a workbook.
    """
    if value is None or (isinstance(value, int | Decimal) and not isinstance(value, bool)):
        return value
    if isinstance(value, datetime):
        return _local(value).replace(tzinfo=None)
    if isinstance(value, date):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", csv_cell(value))


def in_chunks(rows: Any) -> Iterator[Any]:
    """Go through the rows of a queryset in their order, a thousand in memory at most.

    The keys are read first; a row deleted since is passed over. Another iterable is gone
    through as it is.
    """
    if not isinstance(rows, QuerySet):
        yield from rows
        return
    keys = iter(_keys(rows))
    bare = rows.order_by()
    while chunk := list(islice(keys, CHUNK)):
        found = {row.pk: row for row in bare.filter(pk__in=chunk)}
        yield from (found[key] for key in chunk if key in found)


def _keys(rows: QuerySet) -> Iterable[Any]:
    """Read the keys of a listing: eight bytes each when they are numbers."""
    keys = rows.prefetch_related(None).values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    return array("q", keys) if isinstance(rows.model._meta.pk, IntegerField) else list(keys)


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


class SafeExport:
    """Goes before a view with Wagtail's export: safe cells, flat memory, a line in the audit log.

    `money_fields` names the columns of `list_export` that are amounts of minor units; the
    currency is read from the row, and the amount written in major units. A field with choices
    is written in words.
    """

    money_fields: tuple[str, ...] = ()
    currency_field = "currency"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer an export without building the page, which would hold every row to count them."""
        if getattr(request, "is_only_asked", False):  # whether the person may: they may
            return HttpResponse(status=204)
        if self.is_export:  # type: ignore[attr-defined]
            self.object_list = self.get_queryset()  # type: ignore[attr-defined]
            return self.as_spreadsheet(self.object_list, request.GET["export"])
        return super().get(request, *args, **kwargs)  # type: ignore[misc]

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        row = super().to_row_dict(item)  # type: ignore[misc]
        for name, value in row.items():
            if name in self.money_fields and isinstance(value, int | Decimal):
                row[name] = to_major(value, getattr(item, self.currency_field))
            elif name in self._chosen:
                row[name] = getattr(item, f"get_{name}_display")()
        return row

    @cached_property
    def _chosen(self) -> frozenset[str]:
        """The columns whose values have words."""
        model = getattr(self, "model", None)
        return frozenset(name for name in self.list_export if _has_choices(model, name))  # type: ignore[attr-defined]

    def get_heading(self, queryset: Any, field: str) -> str:
        """Return the French heading of a column; that of the last field of a path."""
        if field not in self.export_headings and "." in field:  # type: ignore[attr-defined]
            found = _heading_of_path(getattr(self, "model", None), field.split("."))
            if found:
                return capfirst(force_str(found))
        return super().get_heading(queryset, field)  # type: ignore[misc]

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return csv_cell(value) if export_format == "csv" else xlsx_cell(value)

    def stream_csv(self, queryset: Any) -> Iterator[Any]:
        writer = csv.DictWriter(Echo(), fieldnames=self.list_export, delimiter=";")  # type: ignore[attr-defined]
        yield "\ufeff".encode()
        headings = {name: self.get_heading(queryset, name) for name in self.list_export}  # type: ignore[attr-defined]
        yield writer.writerow(headings)
        for item in self._followed(queryset):
            yield self.write_csv_row(writer, self.to_row_dict(item))  # type: ignore[attr-defined]

    def write_xlsx(self, queryset: Any, output: Any) -> None:
        """Write a workbook row by row: openpyxl keeps what is written on disk."""
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet(title=self._sheet_title())
        sheet.freeze_panes = "A2"
        for rank in range(1, len(self.list_export) + 1):  # type: ignore[attr-defined]
            sheet.column_dimensions[get_column_letter(rank)].width = COLUMN_WIDTH
        sheet.append(self._heading_cells(sheet, queryset))
        for item in self._followed(queryset):
            row = self.to_row_dict(item)
            sheet.append([self._cell(sheet, item, name, value) for name, value in row.items()])
        workbook.save(output)

    def write_xlsx_response(self, queryset: Any) -> StreamingHttpResponse:
        response = StreamingHttpResponse(self._workbook(queryset), content_type=WORKBOOK_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{self.get_filename()}.xlsx"'
        return response

    def _workbook(self, queryset: Any) -> Iterator[bytes]:
        """Write the workbook once the request's transaction is over, then hand it over in pieces.

        The database ends a transaction in which nothing is asked while the file is packed.
        """
        with TemporaryFile() as output:
            self.write_xlsx(queryset, output)
            output.seek(0)
            while piece := output.read(PIECE):
                yield piece

    def get_filename(self) -> str:
        return f"{super().get_filename()}-{timezone.localdate():%Y-%m-%d}"  # type: ignore[misc]

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponseBase:
        rows = _count(queryset)
        request = self.request  # type: ignore[attr-defined]
        if spreadsheet_format == "xlsx" and rows > MOST_SHEET_ROWS:
            text = _("Un classeur tient un million de lignes : filtrez la liste, ou prenez le CSV.")
            messages.error(request, text)
            return redirect(request.path)
        if rows > settings.EXPORT_ROWS_AT_ONCE and not hasattr(request, "follow_export"):
            return self._ask_worker(rows, spreadsheet_format)
        self._record_export(rows, spreadsheet_format)
        return super().as_spreadsheet(queryset, spreadsheet_format)  # type: ignore[misc]

    def _ask_worker(self, rows: int, spreadsheet_format: str) -> HttpResponseBase:
        """Leave a long list to a worker, and show how far it is."""
        request = self.request  # type: ignore[attr-defined]
        query = request.GET.copy()
        for name in ("p", "export", "_w_filter_fragment"):
            query.pop(name, None)
        with transaction.atomic():
            export = ask_list_export(
                user=request.user,
                title=str(self.get_page_title()),  # type: ignore[attr-defined]
                path=request.path,
                query=query.urlencode(),
                file_format=spreadsheet_format,
                total=rows,
                at=timezone.now(),
            )
        return redirect("nourx_export", export.token)

    def _followed(self, queryset: Any) -> Iterator[Any]:
        """Go through the rows; a worker says how far it is, a thousand at a time."""
        follow = getattr(self.request, "follow_export", None)  # type: ignore[attr-defined]
        for rank, item in enumerate(in_chunks(queryset), start=1):
            if follow is not None and rank % CHUNK == 0:
                follow(rank)
            yield item

    def _heading_cells(self, sheet: Any, queryset: Any) -> list[Any]:
        cells = []
        for name in self.list_export:  # type: ignore[attr-defined]
            cell = WriteOnlyCell(sheet, harmless(self.get_heading(queryset, name)))
            cell.font = Font(bold=True)
            cells.append(cell)
        return cells

    def _cell(self, sheet: Any, item: Any, name: str, value: Any) -> Any:
        """Return a cell; plain texts stay plain, which is quicker."""
        content = self.preprocess_field_value(name, value, "xlsx")
        if isinstance(content, str | None):
            return _as_text(sheet, content) if content else content
        cell = WriteOnlyCell(sheet, content)
        if isinstance(content, datetime):
            cell.number_format = MOMENT_FORMAT
        elif isinstance(content, date):
            cell.number_format = DAY_FORMAT
        elif name in self.money_fields:
            exponent = get_currency(getattr(item, self.currency_field)).exponent
            cell.number_format = "#,##0." + "0" * exponent if exponent else "#,##0"
        return cell

    def _sheet_title(self) -> str:
        model = getattr(self, "model", None)
        title = str(model._meta.verbose_name_plural) if model else str(self.export_filename)  # type: ignore[attr-defined]
        return capfirst(title.translate(NOT_IN_TITLE))[:LONGEST_TITLE]

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


def _as_text(sheet: Any, content: str) -> Any:
    """Return a text as a cell that is never read as a formula."""
    if not content.startswith("="):
        return content
    cell = WriteOnlyCell(sheet, content)
    cell.data_type = "s"
    return cell


def _has_choices(model: Any, name: str) -> bool:
    try:
        return bool(model and model._meta.get_field(name).choices)
    except (FieldDoesNotExist, AttributeError):
        return False


def _heading_of_path(model: Any, path: list[str]) -> Any:
    """Return the name of the last field of a path, such as that of client.ncc; "" if unknown."""
    try:
        for name in path[:-1]:
            model = model._meta.get_field(name).related_model
        return model._meta.get_field(path[-1]).verbose_name
    except (FieldDoesNotExist, AttributeError):
        return ""


def _count(rows: Any) -> int:
    return rows.order_by().count() if isinstance(rows, QuerySet) else len(rows)
