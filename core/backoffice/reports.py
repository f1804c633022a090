"""The base of reports: a filtered list with totals, its exports, and its place in the menu.

class AgeingReport(RecordReport):
    model = Invoice
    slug = "age-des-creances"
    page_title = _("Âge des créances")
    header_icon = "history"
    columns = [...]
    filterset_class = ...
    list_export = [...]

    def get_base_queryset(self): return super().get_base_queryset().unpaid()
    def totals(self, rows): return [(_("Total dû"), format_amount(...))]

menu.add_report("facturation", AgeingReport)
"""

from typing import Any

from django.db.models import QuerySet
from wagtail.admin.views.reports import ReportView

from core.access.row_guard import RowGuard
from core.backoffice.exports import SafeExport
from core.backoffice.listings import DeskListing
from core.backoffice.paginator import CappedPaginator


class RecordReport(RowGuard, DeskListing, SafeExport, ReportView):
    """A report on the rows of one model, for whoever may view them."""

    slug = ""
    permission_required = "view"
    header_icon = "table"
    paginator_class = CappedPaginator
    is_searchable = False
    template_name = "core/backoffice/report.html"
    results_template_name = "core/backoffice/report_results.html"
    default_ordering: Any = "-pk"

    @classmethod
    def url_name(cls) -> str:
        """Return the name of the report's address."""
        return f"rapport_{cls.slug}"

    @classmethod
    def results_url_name(cls) -> str:
        """Return the name of the address of its rows alone."""
        return f"rapport_{cls.slug}_results"

    @property
    def index_url_name(self) -> str:
        return self.url_name()

    @property
    def index_results_url_name(self) -> str:
        return self.results_url_name()

    def get_filtered_queryset(self) -> QuerySet:
        return self.get_queryset()  # filtered already: Wagtail would filter twice

    def totals(self, rows: QuerySet) -> list[tuple[Any, Any]]:
        """Return (label, value) pairs shown above the rows, for all pages together."""
        return []

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        context["totals"] = [] if self.is_export else self.totals(self.object_list.order_by())
        return context
