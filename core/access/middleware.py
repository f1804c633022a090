"""Which rows a request may touch, decided by its area of the site."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

from core import rls
from core.access import spaces
from core.access.grants import grants_of, root_model

CLIENT_AREAS = ("/client/", "/api/v1/", "/espace/")
STAFF_AREAS = ("/admin/",)
SWITCH = "/client/espace/"
PROBES = ("/healthz", "/readyz", "/metrics")  # they answer while the database does not


def scope_for(request: HttpRequest) -> rls.Scope:
    """Return the scope of a request: by area first, then by person.

    The portal gives a member of the team only what memberships open; the admin gives the
    team's view to whoever may enter it; everything else sees no client-owned row.
    """
    if not request.user.is_authenticated or not request.user.is_active:
        return rls.NOBODY
    if request.path_info.startswith(STAFF_AREAS):
        may_enter = request.user.is_staff and request.user.has_perm("wagtailadmin.access_admin")
        return rls.Scope(staff=True) if may_enter else rls.NOBODY
    if request.path_info.startswith(CLIENT_AREAS):
        return rls.Scope(clients=tuple(sorted(grants_of(request.user).all_clients)))
    return rls.NOBODY


class RowSecurityMiddleware:
    """Enter the scope of the request; give each read one transaction, its template included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in PROBES:
            return self.get_response(request)
        if "\0" in request.path_info:
            raise Http404  # PostgreSQL keeps no such text: nothing is named so
        if request.user.is_authenticated and not request.path_info.startswith(STAFF_AREAS):
            spaces.choose_space(request)
        scope = scope_for(request)
        with rls.entered(scope):
            if request.method in ("GET", "HEAD"):
                response = self._read(request)
            else:
                response = self.get_response(request)
        if request.path_info.startswith("/client/") and spaces.leads_elsewhere(request, response):
            return self._go_where_it_is(request, response)
        if response.streaming and not getattr(response, "is_async", False):
            response.streaming_content = rls.scoped_iterator(scope, response.streaming_content)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Refuse what a page of one space sends once the person has gone to another.

        Its form would write to the wrong client, its fragment would show the wrong one. Here,
        because the token of a form has been checked by now, and its fields are read.
        """
        if not request.path_info.startswith(CLIENT_AREAS) or request.path_info == SWITCH:
            return
        if request.user.is_authenticated and spaces.comes_from_another_space(request):
            if request.method == "POST":
                text = _(
                    "Cette page était d’un autre espace que le vôtre à présent : rien n’est parti."
                )
                messages.error(request, text)
            raise Http404

    def _go_where_it_is(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Lead to the space in which the address shows something, if there is one."""
        found = spaces.space_that_answers(request, self._read)
        if found is None:
            return response
        spaces.remember_space(request, found)
        with rls.clients(found):
            name = str(root_model().objects.get(pk=found))
        messages.info(request, _("Vous êtes maintenant dans l’espace %(name)s.") % {"name": name})
        return HttpResponseRedirect(request.get_full_path())

    def _read(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in one transaction; what a page that broke had written is taken back."""
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response
