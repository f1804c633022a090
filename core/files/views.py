"""Addresses that a page’s script sends files to (JSON), and signed links."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.request import UnreadablePostError
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from core import rls
from core.access.grants import grants_of, spaces_of
from core.access.roles import Grant
from core.access.views import ClientPageMixin
from core.files import on_disk, sending
from core.files.limits import TOO_MANY
from core.files.links import LinkExpired, download_response, facts_of_link
from core.files.models import StoredFile, Upload
from core.files.on_disk import WrongOffset

ACTING = (Grant.TAKE_PART, Grant.OPEN_TICKETS)  # who writes somewhere may join files to it
MOST_PIECE = 2_000_000  # bytes; below DATA_UPLOAD_MAX_MEMORY_SIZE
OFFSET = "Upload-Offset"
HOUR = "3600"


class SendingMixin(ClientPageMixin):
    """An address of uploads: each person has their own, nobody else’s exist."""

    def is_open(self) -> bool:
        grants = grants_of(self.request.user)
        return any(grants.clients_with(grant) for grant in ACTING)

    def upload_or_404(self, token: UUID) -> Upload:
        return get_object_or_404(self.visible(Upload), uuid=token, user=self.request.user)


class PrepareView(SendingMixin, View):
    """Announce a file: its name, its size in bytes, and the client it is for."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        size = _number(request.POST.get("size", ""))
        try:
            upload = sending.prepare_upload(
                name=request.POST.get("name", ""),
                size=size if size is not None else 0,
                client_id=self._client_id(),
                actor=request.user,
                at=timezone.now(),
            )
        except ValidationError as refusal:
            return _refusal(refusal)
        return JsonResponse(ticket_of(upload, is_new=True), status=201)

    def _client_id(self) -> int:
        """Return the client named, or the only one the person has; or answer 404."""
        grants = grants_of(self.request.user)
        open_to = frozenset().union(*(grants.clients_with(grant) for grant in ACTING))
        given = self.request.POST.get("client", "")
        named = _number(given) if given else None
        if named is None and not given and len(open_to) == 1:
            return next(iter(open_to))
        if named not in open_to:
            raise Http404
        return named


class UploadView(SendingMixin, View):
    """One upload: where it stands (GET), its next piece (PATCH), giving it up (DELETE)."""

    http_method_names = ["get", "head", "patch", "delete"]

    def get(self, request: HttpRequest, token: UUID) -> HttpResponse:
        ticket = ticket_of(self.upload_or_404(token))
        return JsonResponse(ticket, headers={OFFSET: str(ticket["offset"])})

    def patch(self, request: HttpRequest, token: UUID) -> HttpResponse:
        upload = self.upload_or_404(token)
        offset = _number(request.headers.get(OFFSET, ""))
        length = _number(request.headers.get("Content-Length") or "0")
        if offset is None or sending.store_of_uploads() is not on_disk:
            return _error(_("Cet envoi n’est pas attendu ici."), 400)
        if length is None or length > MOST_PIECE:
            return _error(_("Ce morceau de fichier est trop gros."), 413)
        try:
            received = sending.add_piece(upload=upload, offset=offset, piece=request.body)
        except WrongOffset as wrong:
            return _error(_("L’envoi reprend ailleurs."), 409, offset=wrong.offset)
        except ValidationError as refusal:
            return _refusal(refusal)
        except UnreadablePostError:
            return _error(_("La connexion a été coupée."), 400)
        except OSError:
            return _error(_("Le serveur manque de place. Réessayez plus tard."), 507)
        return JsonResponse({"offset": received}, headers={OFFSET: str(received)})

    def delete(self, request: HttpRequest, token: UUID) -> HttpResponse:
        sending.cancel_upload(upload=self.upload_or_404(token))
        return HttpResponse(status=204)


class FinishView(SendingMixin, View):
    """Say that every byte of an upload is sent: it is checked and kept."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, token: UUID) -> HttpResponse:
        upload = self.upload_or_404(token)
        try:
            upload = sending.finish_upload(upload=upload, actor=request.user)
        except sending.NotArrived as missing:
            text = _("Ce fichier n’est pas encore arrivé en entier.")
            return _error(text, 409, offset=missing.offset)
        except ValidationError as refusal:
            return _refusal(refusal)
        return JsonResponse(ticket_of(upload))


class SignedLinkView(View):
    """Hand a file over to who holds a link that is not dead; see `links.signed_link`."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        try:
            facts = facts_of_link(token)
        except LinkExpired:
            reason = _("Ce lien a expiré. Demandez-en un nouveau à qui vous l’a donné.")
            return render(request, "403.html", {"reason": reason}, status=403)
        if facts["u"] and not _is_theirs(request.user, facts):
            raise PermissionDenied("a signed link of somebody else")
        with rls.clients(facts["c"]):
            file = get_object_or_404(StoredFile, uuid=facts["f"])
        return download_response(request, file)


def ticket_of(upload: Upload, *, is_new: bool = False) -> dict[str, Any]:
    """Return what a browser needs to go on with an upload. `offset` and `size` are in bytes.

    `url` is where its bytes go: to us on disk, to the bucket with `fields` on S3.
    """
    store, own_url = sending.store_of_uploads(), reverse("files:upload", args=[upload.uuid])
    is_expected = upload.state == Upload.State.EXPECTED
    return {
        "id": str(upload.uuid),
        "name": upload.name,
        "state": upload.state,
        "size": upload.size,
        "offset": upload.received if is_new or not is_expected else store.arrived(upload),
        "mode": store.MODE,
        "url": own_url,
        "status_url": own_url,
        "finish_url": reverse("files:finish", args=[upload.uuid]),
        "error": upload.refusal,
        **(store.form_for(upload) if is_expected else {}),
    }


def _is_theirs(user: Any, facts: dict[str, Any]) -> bool:
    return user.pk == facts["u"] and facts["c"] in spaces_of(user)


def _refusal(refusal: ValidationError) -> JsonResponse:
    if getattr(refusal, "code", "") == TOO_MANY:
        response = _error(refusal.messages[0], 429)
        response["Retry-After"] = HOUR
        return response
    return _error(refusal.messages[0], 422)


def _error(text: str, status: int, **facts: Any) -> JsonResponse:
    return JsonResponse({"error": text, **facts}, status=status)


def _number(text: str) -> int | None:
    """Return a whole number written in at most 18 digits, or nothing."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
