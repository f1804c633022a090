"""Sharing a document by link: made and cut by people of the client, opened by anybody."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from core import rls
from core.files.links import download_response
from core.throttle import address_of, is_too_often
from portal.documents import services, sharing
from portal.documents.forms import LinkForm
from portal.documents.models import DocumentVersion, ShareLink
from portal.documents.previews import policy_of_page
from portal.documents.views.deposits import OneDocumentView

MOST, WHILE = 60, 60  # visits of one network address, within so many seconds


class ShareView(OneDocumentView):
    """Make a link to a version, and show it this once."""

    def take(self, request: HttpRequest, pk: int) -> HttpResponse:
        document, form = self.document(pk), LinkForm(request.POST)
        if not form.is_valid():
            return self.page(document, 422, link_form=form)
        given = request.POST.get("version", "")
        number = {"number": int(given)} if given.isdecimal() and len(given) < 6 else {}
        versions = self.visible(DocumentVersion).filter(document=document, **number)
        version = versions.select_related("document", "file").order_by("-number").first()
        version = version or get_object_or_404(versions)
        link, token = services.create_link(
            version=version,
            life=form.cleaned_data["life"],
            is_single=form.cleaned_data["is_single"],
            actor=request.user,
            at=timezone.now(),
        )
        address = settings.BASE_URL + reverse("shared_document", args=[token])
        return self.page(document, 200, made=link, made_address=address)


class RevokeLinkView(OneDocumentView):
    """Cut a link."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead to the page of the document, where the button is."""
        return redirect("documents:detail", self.link(pk).version.document_id)

    def take(self, request: HttpRequest, pk: int) -> HttpResponse:
        link = self.link(pk)
        services.revoke_link(link=link, actor=request.user, at=timezone.now())
        messages.success(request, _("Lien coupé : il n’ouvre plus rien."))
        return redirect("documents:detail", link.version.document_id)

    def link(self, pk: int) -> ShareLink:
        """Return a link of a document that the person reads, or answer 404."""
        return get_object_or_404(self.visible(ShareLink).select_related("version__document"), pk=pk)


@method_decorator(csrf_exempt, name="dispatch")
class SharedDocumentView(View):
    """What a link shows to somebody without an account: a name, and a button.

    Looking at the page uses nothing up: programs that draw previews of links read it too. The
    button needs no token against forgery: who knows the address needs nobody else's browser, and
    a page without referrer sends no origin that could be checked.
    """

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if _comes_too_often(request):
            return _too_often(request)
        link = sharing.find_link(token, at=timezone.now())
        if link is None:
            return _gone(request)
        response = render(request, "portal/documents/shared.html", {"link": link})
        response["Content-Security-Policy"] = policy_of_page()
        return response

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        if _comes_too_often(request):
            return _too_often(request)
        at = timezone.now()
        link = sharing.find_link(token, at=at)
        if link is None:
            return _gone(request)
        with rls.clients(link.client_id):
            if link.version.file.is_open and not services.open_link(
                link=link, address=address_of(request), at=at
            ):
                return _gone(request)
            return download_response(request, link.version.file)


def _gone(request: HttpRequest) -> HttpResponse:
    """Answer alike for a link that ended, was cut, was used up or never was."""
    return render(request, "portal/documents/shared_gone.html", status=404)


def _too_often(request: HttpRequest) -> HttpResponse:
    response = render(request, "portal/documents/shared_wait.html", status=429)
    response["Retry-After"] = "60"
    return response


def _comes_too_often(request: HttpRequest) -> bool:
    """Count a visit of this network address, and tell whether there are too many a minute."""
    return is_too_often(f"shared-documents:{address_of(request)}", most=MOST, seconds=WHILE)
