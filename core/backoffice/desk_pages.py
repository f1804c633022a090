"""Setting up a listing: its columns, the height of rows, the saved filters."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.backoffice.listings import arranged, listing_for
from core.desk import services
from core.desk.models import SavedFilter


class ListingSettingsView(WagtailAdminTemplateMixin, TemplateView):
    """How a person wants one listing; every change is one button of one form."""

    template_name = "core/backoffice/listing_settings.html"
    page_title = _("Régler la liste")
    header_icon = "sliders"
    help_slug = "confort"

    @cached_property
    def listing(self) -> Any:
        """The listing that is set up, as the person sees it."""
        key = self.request.POST.get("liste") or self.request.GET.get("liste", "")
        return listing_for(self.request, key)

    def get_page_subtitle(self) -> str:
        return str(self.listing.get_page_title())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        key = self.listing.listing_key
        return [
            *self.breadcrumbs_items,
            {"url": reverse(key), "label": self.get_page_subtitle()},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key, desk = self.listing.listing_key, self.listing.desk
        return super().get_context_data(
            listing_key=key,
            listing_url=reverse(key),
            columns=columns_of(self.listing),
            first=first_of(self.listing),
            is_roomy=desk.is_roomy,
            filters=desk.filters_of(key),
            opening=desk.opening_filter(key),
            person=self.request.user,
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        act = request.POST.get("acte", "")
        doing = {
            "colonnes": self._arrange,
            "origine": self._reset,
            "hauteur": self._set_height,
            "supprimer": self._remove,
            "ouvrir": self._open_with,
        }.get(act.partition(":")[0])
        if doing is None:
            raise Http404
        return doing(act.partition(":")[2])

    def _arrange(self, moved: str) -> HttpResponse:
        names = [name for name, _label, _is_shown in columns_of(self.listing)]
        asked = [name for name in self.request.POST.getlist("ordre") if name in names]
        order = list(dict.fromkeys([*asked, *names]))
        shown = set(self.request.POST.getlist("montree"))
        if moved:  # « monter:name », without script
            order = raised(order, moved)
        services.arrange_columns(
            user=self.request.user,
            listing=self.listing.listing_key,
            order=order,
            hidden=[name for name in names if name not in shown],
        )
        if moved:
            return self._back()
        messages.success(self.request, _text("Colonnes enregistrées."))
        return redirect(reverse(self.listing.listing_key))

    def _reset(self, _name: str) -> HttpResponse:
        services.reset_columns(user=self.request.user, listing=self.listing.listing_key)
        messages.success(self.request, _text("Les colonnes sont celles d’origine."))
        return self._back()

    def _set_height(self, height: str) -> HttpResponse:
        services.set_row_height(user=self.request.user, is_roomy=height == "hautes")
        return self._back()

    def _remove(self, pk: str) -> HttpResponse:
        mine = SavedFilter.objects.filter(owner=self.request.user)
        saved = mine.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 18 else None
        if saved is not None:  # a second click finds nothing, and says the same
            services.remove_filter(saved=saved, actor=self.request.user)
        messages.success(self.request, _text("Filtre supprimé."))
        return self._back()

    def _open_with(self, pk: str) -> HttpResponse:
        key = self.listing.listing_key
        known = {str(one.pk): one for one in self.listing.desk.filters_of(key)}
        if pk and pk not in known:
            raise Http404
        saved = SavedFilter.objects.get(pk=pk) if pk else None
        services.open_listing_with(user=self.request.user, listing=key, saved=saved)
        return self._back()

    def _back(self) -> HttpResponse:
        key = self.listing.listing_key
        return redirect(f"{reverse('nourx_listing')}?{urlencode({'liste': key})}")


class SaveFilterView(View):
    """Keeps what a listing shows under a name, and brings it back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        listing = listing_for(request, request.POST.get("liste", ""))
        key, asked = listing.listing_key, request.POST
        try:
            saved = services.save_filter(
                owner=request.user,
                listing=key,
                name=asked.get("nom", "").replace("\0", ""),
                query=asked.get("filtre", ""),
                is_shared="equipe" in asked,
                at=timezone.now(),
            )
        except services.FilterRefused as error:
            messages.error(request, error.message)
            return redirect(_safe_back(request, reverse(key), asked.get("filtre", "")))
        if "toujours" in asked:
            services.open_listing_with(user=request.user, listing=key, saved=saved)
        messages.success(request, _text("Filtre « %(name)s » enregistré.") % {"name": saved.name})
        return redirect(f"{reverse(key)}?{saved.query}&vue={saved.pk}")


def columns_of(listing: Any) -> list[tuple[str, Any, bool]]:
    """Return (name, label, is shown) of the columns that may be hidden, in the person's order."""
    shown = {column.name for column in listing.columns}
    everything = arranged(
        listing.all_columns, _without_hidden(listing.desk.choice_of(listing.listing_key))
    )
    fixed = len(listing.all_columns) - len(_movable(listing))
    return [(one.name, one.label, one.name in shown) for one in everything[fixed:]]


def first_of(listing: Any) -> Any:
    """Return the label of the column that always stands first."""
    fixed = len(listing.all_columns) - len(_movable(listing))
    return listing.all_columns[fixed - 1].label


def raised(order: Sequence[str], name: str) -> list[str]:
    """Return an order with one name one place higher.

    >>> raised(["a", "b", "c"], "c")
    ['a', 'c', 'b']
    """
    places = list(order)
    if name in places[1:]:
        rank = places.index(name)
        places[rank - 1], places[rank] = places[rank], places[rank - 1]
    return places


def _movable(listing: Any) -> list[Any]:
    boxes = listing.all_columns[0].name == "bulk_actions"
    return listing.all_columns[2 if boxes else 1 :]


def _without_hidden(choice: Any) -> Any:
    return type(choice)(order=choice.order)


def _safe_back(request: HttpRequest, path: str, query: str) -> str:
    url = f"{path}?{query.lstrip('?')}"
    return url if url_has_allowed_host_and_scheme(url, {request.get_host()}) else path
