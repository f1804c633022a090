"""Choosers that show only what the person may read, and that find rows without accents."""

from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.snippets.views import chooser
from wagtail.snippets.widgets import AdminSnippetChooser

from core.access.row_guard import guarded
from core.backoffice.paginator import CappedPaginator
from core.backoffice.search import has_search_vector, search


class RecordChooser(AdminSnippetChooser):
    """A chooser of a form, or of the filters beside a list: what names no row shows nothing."""

    def get_instance(self, value: Any) -> Any:
        """Return the row of a value, or nothing: an address may say any word in its place."""
        try:
            return super().get_instance(value)
        except (TypeError, ValueError, ObjectDoesNotExist):
            return None


class SearchFilterForm(BaseFilterForm):
    """The search box of a chooser."""

    q = forms.CharField(
        label=_("Rechercher"),
        widget=forms.TextInput(attrs={"placeholder": _("Rechercher")}),
        required=False,
    )

    def filter(self, objects: QuerySet) -> QuerySet:
        objects = super().filter(objects)
        self.search_query = self.cleaned_data.get("q")
        if not self.search_query:
            return objects
        self.is_searching = True
        viewset = getattr(objects.model, "snippet_viewset", None)
        fields = getattr(viewset, "search_fields", None) or ()
        return search(objects, self.search_query, fields)


class SearchedChooser:
    """Gives a chooser our search box when its model can be searched."""

    paginator_class = CappedPaginator

    def get_filter_form_class(self) -> type[forms.Form]:
        viewset = getattr(self.model_class, "snippet_viewset", None)  # type: ignore[attr-defined]
        fields = getattr(viewset, "search_fields", None)
        if fields or has_search_vector(self.model_class):  # type: ignore[attr-defined]
            return SearchFilterForm
        return super().get_filter_form_class()  # type: ignore[misc]


class RecordChooseView(SearchedChooser, chooser.ChooseView):
    """The list of a chooser."""


class RecordChooseResultsView(SearchedChooser, chooser.ChooseResultsView):
    """The list of a chooser, without the window around it."""


class RecordChooserViewSet(chooser.SnippetChooserViewSet):
    """Every view of the chooser asks the policy; none creates rows."""

    base_widget_class = RecordChooser
    choose_view_class = RecordChooseView
    choose_results_view_class = RecordChooseResultsView

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        return super().construct_view(guarded(view_class), **kwargs)

    def get_urlpatterns(self) -> list[Any]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]
