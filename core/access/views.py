"""The bases of client pages. Each page shows rows through `visible_to`, or does not exist."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, ListView, TemplateView, View

from core.access.grants import grants_of
from core.access.roles import Grant


class ClientPageMixin(LoginRequiredMixin):
    """A page for people of a client. Others are sent to sign in, or find nothing.

    `grant` closes the page to people who hold it at no client: they read a 404.
    """

    grant: str = Grant.ENTER
    nav_key = ""
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not self.is_open():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def is_open(self) -> bool:
        """Tell whether the person may open this page at all."""
        return bool(grants_of(self.request.user).clients_with(self.grant))

    def visible(self, model: Any) -> Any:
        """Return the rows of a model that the person may see."""
        return model.objects.visible_to(self.request.user)

    def visible_or_404(self, model: Any, **lookup: Any) -> Any:
        """Return one row that the person may see, or answer 404."""
        return get_object_or_404(self.visible(model), **lookup)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(nav_key=self.nav_key, **kwargs)  # type: ignore[misc]


class ScopedListView(ClientPageMixin, ListView):
    """A list of what the person may see."""

    paginate_by = 25

    def get_queryset(self) -> Any:
        return super().get_queryset().visible_to(self.request.user)


class ScopedDetailView(ClientPageMixin, DetailView):
    """One row that the person may see; anything else is a 404."""

    def get_queryset(self) -> Any:
        return super().get_queryset().visible_to(self.request.user)


class ScopedTemplateView(ClientPageMixin, TemplateView):
    """A page made of several reads."""


class ScopedActionView(ClientPageMixin, View):
    """A page that answers a POST with one service call."""
