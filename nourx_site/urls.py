"""The addresses, one include per module."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.static import serve
from drf_spectacular.views import SpectacularAPIView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from core.access.api_docs import api_docs
from core.accounts.brand import brand_admin_stylesheet, brand_stylesheet

urlpatterns = [
    # Wagtail's own sign-in asks for one factor only: everybody signs in through ours.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
    path("marque.css", brand_stylesheet, name="brand_stylesheet"),
    path("marque-gestion.css", brand_admin_stylesheet, name="brand_admin_stylesheet"),
    path("", include("core.access.urls")),
    path("", include("core.accounts.urls")),
    path("", include("core.files.urls")),
    path("", include("core.notify.urls")),
    path("", include("core.ui.urls")),
    path("client/", include("portal.dashboard.urls")),
    path("client/", include("portal.projects.urls")),
    path("client/", include("portal.documents.urls")),
    path("partage/", include("portal.documents.public_urls")),
    path("client/", include("portal.support.urls")),
    path("courrier/", include("portal.inbox.urls")),
    path("avis/", include("portal.support.public_urls")),
    path("client/", include("billing.invoicing.urls")),
    path("client/", include("billing.dunning.urls")),
    path("", include("billing.payments.urls")),
    path("", include("billing.proofs.urls")),
    path("portail/", include("portal.guests.urls")),
    path("calendrier/", include("portal.workload.urls")),
    path("aide/", include("portal.knowledge.urls")),
    path("", include("home.urls")),
    # The logo and other pictures of the public site; private files never pass here.
    path("media/images/<path:path>", serve, {"document_root": settings.MEDIA_ROOT / "images"}),
    path("api/v1/", include("portal.projects.api")),
    path("api/v1/", include("billing.invoicing.api")),
    path("api/v1/", include("billing.payments.api")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/docs/", api_docs, name="api_docs"),
    path("fichiers-publics/", include(wagtaildocs_urls)),
    path("", include(wagtail_urls)),
]
handler404 = "core.ui.error_pages.not_found"
handler403 = "core.ui.error_pages.refused"
handler500 = "core.ui.error_pages.broken"
