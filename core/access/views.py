"""The bases of client pages. Each page shows rows through `visible_to`, or does not exist."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView, TemplateView, View
from django_htmx.http import HttpResponseClientRedirect

from core.access import kept_forms, submissions
from core.access.grants import grants_of
from core.access.paging import LongPaginator
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

    def handle_no_permission(self) -> HttpResponseBase:
        """Send a visitor to sign in and back to the page of now, keeping what was typed on it."""
        if submissions.is_by_itself(self.request) or submissions.is_aside(self.request):
            return HttpResponse(status=401)  # the words stay where they are, and nobody is led off
        page = self.request.get_full_path()
        if self.request.method == "POST" or getattr(self.request, "htmx", False):
            page = kept_forms.form_page(self.request)
        if self.request.method == "POST" and kept_forms.keep(self.request, page):
            text = _("Votre session a expiré. Connectez-vous : votre texte est gardé.")
            messages.info(self.request, text)
        response = redirect_to_login(page, resolve_url(settings.LOGIN_URL))
        if getattr(self.request, "htmx", False):
            return HttpResponseClientRedirect(response.url)
        return response

    @property
    def kept(self) -> dict[str, Any]:
        """Return what the person typed on this page before their session ran out, once."""
        if not hasattr(self, "_kept"):
            self._kept = kept_forms.take(self.request) if self.request.method == "GET" else {}
        return self._kept

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
        context = {"nav_key": self.nav_key, "kept": self.kept, **kwargs}
        return super().get_context_data(**context)  # type: ignore[misc]


class OnceOnlyMixin:
    """A page whose POST has one effect however often the browser sends it; see `submissions`.

    The whole POST is one transaction: not for a page that calls a provider on its way.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return submissions.answer_once(request, lambda: self.take(request, *args, **kwargs))

    def take(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer the form: as `post` would."""
        return super().post(request, *args, **kwargs)  # type: ignore[misc]


class KeptFormMixin(ClientPageMixin):
    """A form page which shows again what was typed before the session ran out."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), **self.kept}  # type: ignore[misc]


class ScopedListView(ClientPageMixin, ListView):
    """A list of what the person may see."""

    paginate_by = 25
    paginator_class = LongPaginator

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
