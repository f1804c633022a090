"""Pages of long lists: those of the client's space, which are not counted, and the API's."""

from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.utils.translation import gettext as _
from rest_framework.pagination import LimitOffsetPagination

LAST_PAGE = 1_000_000  # beyond, no list goes, and a database counts no further


class LongPage(Page):
    """A page which knows whether another follows, and not how many."""

    def __init__(self, rows: list[Any], number: int, paginator: "LongPaginator", *, more: bool):
        super().__init__(rows, number, paginator)
        self.more = more

    def has_next(self) -> bool:
        return self.more

    def next_page_number(self) -> int:
        return self.number + 1


class LongPaginator(Paginator):
    """Hands out pages one after the other."""

    def validate_number(self, number: Any) -> int:
        """Return the number of a page.

        :raises PageNotAnInteger: if it is not a whole number.
        :raises EmptyPage: if it is less than one, or beyond any list.
        """
        try:
            number = int(number)
        except (TypeError, ValueError) as error:
            raise PageNotAnInteger(_("Cette page n’existe pas.")) from error
        if not 1 <= number <= LAST_PAGE:
            raise EmptyPage(_("Cette page n’existe pas."))
        return number

    def page(self, number: Any) -> LongPage:
        """Return one page.

        :raises EmptyPage: if nothing is left for it, and it is not the first.
        """
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        rows = list(self.object_list[start : start + self.per_page + 1])
        if number > 1 and not rows:
            raise EmptyPage(_("Cette page n’existe pas."))
        return LongPage(rows[: self.per_page], number, self, more=len(rows) > self.per_page)


class ApiPages(LimitOffsetPagination):
    """Pages of the JSON API: a hundred rows at most, whatever is asked."""

    max_limit = 100
