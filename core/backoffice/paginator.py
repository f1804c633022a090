"""Pages of a listing that never counts nor skips a million rows."""

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.paginator import WagtailPaginator

MOST_ROWS = 10_000


class CappedPaginator(WagtailPaginator):
    """Counts up to 10 000 rows, and offers no page beyond: filters find the rest."""

    @cached_property
    def counted(self) -> int:
        """Return how many rows there are, or one more than the cap."""
        if not isinstance(self.object_list, QuerySet):
            return len(self.object_list)
        rows = self.object_list.order_by()
        if not rows.query.values_select:
            rows = rows.values("pk")
        return rows[: MOST_ROWS + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.counted, MOST_ROWS)

    @cached_property
    def items_count_label(self) -> str:
        if self.counted > MOST_ROWS:
            return _("plus de 10\u202f000 %(name)s") % {"name": self.verbose_name_plural}
        return super().items_count_label
