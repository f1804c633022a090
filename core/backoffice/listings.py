"""What every listing and report has: columns and saved filters as each person keeps them.

`DeskListing` goes before a view with columns. The key of a listing is the name of its address,
such as "wagtailsnippets_invoicing_invoice:list".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button

from core.desk.reading import Choice, Desk, Saved, desk_of
from core.once import once

SHOWN = "vue"  # of the address: the saved filter that is shown, or WHOLE
WHOLE = "tout"
BOXES = "bulk_actions"


@dataclass(frozen=True)
class Chip:
    """A saved filter above a listing."""

    saved: Saved
    url: str
    is_shown: bool


def arranged(columns: Sequence[Any], choice: Choice, extra: Iterable[str] = ()) -> list[Any]:
    """Return the columns that a person wants, in their order.

    The boxes and the first column stay where they are. A column that the choice does not know is
    shown last, unless it is one of the `extra` ones, which only show when somebody asks for them.
    """
    head = 2 if columns and columns[0].name == BOXES else 1
    rest = {column.name: column for column in columns[head:]}
    known = [name for name in choice.order if name in rest]
    hidden = choice.hidden | (set(extra) - set(known))
    names = [*known, *(name for name in rest if name not in known)]
    return [*columns[:head], *(rest[name] for name in names if name not in hidden)]


def exported(fields: Sequence[str], choice: Choice) -> list[str]:
    """Return the fields of an export without the columns a person hid, theirs first."""
    ranks = {field_of(name): rank for rank, name in enumerate(choice.order)}
    hidden = {field_of(name) for name in choice.hidden}
    kept = [field for field in fields if field_of(field) not in hidden]
    if not kept or not ranks:
        return kept or list(fields)
    first, rest = kept[0], kept[1:]
    return [first, *sorted(rest, key=lambda field: ranks.get(field_of(field), len(ranks)))]


def field_of(name: str) -> str:
    """Return the field that a column or a path shows: "client.name" and "client" are one."""
    base = name.split(".")[0]
    if base.startswith("get_") and base.endswith("_display"):
        return base.removeprefix("get_").removesuffix("_display")
    return base


class DeskListing:
    """Goes before a listing or a report: columns and filters as the person keeps them."""

    more_columns: Sequence[Any] = ()
    help_slug = ""
    request: HttpRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        self.all_columns = [*self.columns, *self.more_columns]  # type: ignore[has-type]
        choice = self.desk.choice_of(self.listing_key)
        extra = [column.name for column in self.more_columns]
        self.columns = arranged(self.all_columns, choice, extra)
        self.list_export = exported(self.list_export, choice)  # type: ignore[has-type]

    @property
    def listing_key(self) -> str:
        """Return the name of the listing's address, under which choices are kept."""
        return self.index_url_name or ""  # type: ignore[attr-defined]

    @cached_property
    def desk(self) -> Desk:
        """What the person keeps, read once per request."""
        user = self.request.user
        return once(self.request, f"desk:{user.pk}", lambda: desk_of(user))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "is_only_asked", False):
            return HttpResponse(status=204)
        opening = self.desk.opening_filter(self.listing_key)
        if opening is not None and not request.GET and not self.results_only:  # type: ignore[attr-defined]
            return HttpResponseRedirect(f"{request.path}?{address_of(opening)}")
        return super().get(request, *args, **kwargs)  # type: ignore[misc]

    @cached_property
    def chips(self) -> list[Chip]:
        """The saved filters of the listing, the one that is shown marked."""
        shown, path = self.request.GET.get(SHOWN, ""), reverse(self.listing_key)
        return [
            Chip(one, f"{path}?{address_of(one)}", shown == str(one.pk))
            for one in self.desk.filters_of(self.listing_key)
        ]

    @cached_property
    def broken_filters(self) -> list[str]:
        """What in the address filters nothing any more: fields that are gone, lost values."""
        filters = self.filters  # type: ignore[attr-defined]
        if not filters:
            return []
        form = filters.form
        lost = [str(form.fields[name].label) for name in form.errors if name in form.fields]
        if SHOWN not in self.request.GET:
            return lost
        known = {"q", "ordering", "p", SHOWN, "export", "_w_filter_fragment", *form.fields}
        given = (name for name, value in self.request.GET.items() if value)
        return lost + [
            name
            for name in given
            if not any(name == one or name.startswith(f"{one}_") for one in known)
        ]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        url = f"{reverse('nourx_listing')}?{urlencode({'liste': self.listing_key})}"
        button = Button(_("Régler la liste"), url=url, icon_name="sliders", priority=80)
        return [*super().header_more_buttons, button]  # type: ignore[misc]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)  # type: ignore[misc]
        if not getattr(self, "is_export", False):
            whole = f"{reverse(self.listing_key)}?{SHOWN}={WHOLE}" if self.listing_key else ""
            context |= {
                "chips": self.chips,
                "whole_url": whole,
                "listing_key": self.listing_key,
                "broken_filters": self.broken_filters,
            }
        return context


def address_of(saved: Saved) -> str:
    """Return the part of the address that shows a saved filter."""
    return f"{saved.query}&{SHOWN}={saved.pk}"


def as_same_person(request: HttpRequest, query: QueryDict, path: str = "") -> HttpRequest:
    """Return a request of the same person for another listing, with nothing else of this one."""
    asked = HttpRequest()
    asked.user, asked.method = request.user, "GET"
    asked.GET = query  # type: ignore[assignment]  # a copy of a request's own
    asked.META = {**request.META, "HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}
    asked.path = asked.path_info = path or request.path
    asked.session = request.session
    return asked


def listing_for(request: HttpRequest, key: str) -> Any:
    """Return the view of a listing as this person sees it, to read its columns.

    :raises Http404: if there is no such listing.
    :raises PermissionDenied: if the person may not open it.
    """
    try:
        path = reverse(key)
    except NoReverseMatch:
        raise Http404 from None
    function = resolve(path).func
    view_class = getattr(function, "view_class", None)
    if view_class is None or not issubclass(view_class, DeskListing):
        raise Http404
    asked = as_same_person(request, QueryDict(), path)
    require_listing(asked)
    view = view_class(**function.view_initkwargs)  # type: ignore[attr-defined]
    view.setup(asked)
    return view


def require_listing(asked: HttpRequest) -> None:
    """Refuse a listing that the person of a request may not open.

    :raises PermissionDenied: if its view says no.
    """
    asked.is_only_asked = True  # type: ignore[attr-defined]
    if resolve(asked.path).func(asked).status_code != 204:
        raise PermissionDenied
