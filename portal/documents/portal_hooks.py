"""What documents add to the client's menu and home page."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from core.access.grants import grants_of
from core.access.roles import Grant
from core.hooks import ClientPanel, NavEntry
from portal.documents.queries import latest_versions


def _follows_projects(request: HttpRequest) -> bool:
    grants = grants_of(request.user)
    return bool(grants.clients_with(Grant.VIEW_PROJECTS) or grants.projects)


@hooks.register("nourx_client_nav")
def documents_entry(request: HttpRequest) -> Iterator[NavEntry]:
    if _follows_projects(request):
        url = reverse("documents:list")
        yield NavEntry(key="documents", label=_("Documents"), url=url, icon="document", order=50)


@hooks.register("nourx_client_panels")
def latest_documents_panel(request: HttpRequest) -> Iterator[ClientPanel]:
    if _follows_projects(request):
        yield ClientPanel(
            template="portal/documents/panels/latest.html",
            order=50,
            area="aside",
            context={"versions": list(latest_versions(request.user))},
        )
