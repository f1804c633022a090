"""Noting an exchange from the page of a client, and the files that came with one."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.access.row_guard import policy_of, require_view
from core.accounts.models import Client
from core.backoffice.pages import TAB
from core.files.links import download_response
from portal.crm.exchange_forms import NOTED, EmailForm, ExchangeForm, form_of
from portal.crm.models import Interaction, InteractionFile
from portal.crm.services.emails import (
    ExchangeRefused,
    KeptAlready,
    keep_email,
    keep_exchange,
)

Kind = Interaction.Kind
TITLES = {
    Kind.EMAIL_CLIENT: _("Ajouter un e-mail"),
    Kind.CALL: _("Noter un appel"),
    Kind.MEETING: _("Noter un rendez-vous"),
    Kind.MESSAGE: _("Noter un message"),
    Kind.NOTE: _("Écrire une note"),
}
JSON = "application/json"


def find_client(request: HttpRequest, pk: int) -> Client:
    """Return the client that an address names, for whoever may note exchanges.

    :raises PermissionDenied: if the person may not.
    :raises Http404: if there is no such client, or the person does not read it.
    """
    if not policy_of(Interaction).user_has_permission(request.user, "add"):
        raise PermissionDenied
    rows = policy_of(Client).instances_user_has_any_permission_for(request.user, {"view"})
    return get_object_or_404(rows, pk=pk)


def history_url(client: Client) -> str:
    """Return the address of a client's history."""
    page = reverse("wagtailsnippets_accounts_client:inspect", args=[client.pk])
    return f"{page}?{TAB}=historique"


class ExchangePage(WagtailAdminTemplateMixin, TemplateView):
    """The form of one kind of exchange: sent from the history, shown again with what is wrong."""

    template_name = "portal/crm/exchange.html"
    header_icon = "comment"
    kind = ""

    @cached_property
    def client(self) -> Client:
        return find_client(self.request, self.kwargs["pk"])

    @cached_property
    def chosen(self) -> str:
        asked = self.kind or self.request.GET.get("nature", "") or self.request.POST.get("kind", "")
        return asked if asked in TITLES else Kind.NOTE.value

    def get_page_title(self) -> Any:
        return TITLES[Kind(self.chosen)]

    def get_page_subtitle(self) -> str:
        return self.client.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("wagtailsnippets_accounts_client:list"), "label": _("Clients")},
            {"url": history_url(self.client), "label": self.client.name},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", form_of(self.chosen, client=self.client))
        return super().get_context_data(
            client=self.client, kind=self.chosen, back_url=history_url(self.client), **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = form_of(self.chosen, request.POST, request.FILES, client=self.client)
        if not form.is_valid():
            return self._show_again(form)
        try:
            self._keep(form)
        except KeptAlready as refusal:
            messages.error(request, _with_link(refusal))
            return self._show_again(form)
        except ExchangeRefused as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.message)
            return self._show_again(form)
        messages.success(request, _text("Ajouté dans l’historique de %s.") % self.client.name)
        return redirect(history_url(self.client))

    def _show_again(self, form: ExchangeForm) -> HttpResponseBase:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _keep(self, form: ExchangeForm) -> Interaction:
        at, sale = timezone.now(), form.cleaned_data.get("opportunity")
        common = {"client": self.client, "opportunity": sale, "at": at, "actor": self.request.user}
        if isinstance(form, EmailForm):
            return keep_email(email=form.email(at), **common)
        happened_at = form.cleaned_data["happened_at"] or at
        body = form.cleaned_data["body"]
        return keep_exchange(kind=self.chosen, body=body, happened_at=happened_at, **common)


class EmailsPage(ExchangePage):
    """`POST clients/{id}/emails/`: the form of an e-mail, and the same in JSON.

    JSON takes `sender`, `subject`, `body`, and may take `happened_at`, `message_id`, `is_ours`;
    it answers 201 with the e-mail, 422 `{"errors"}`, or 409 `{"error", "url"}` when it is there.
    """

    kind = Kind.EMAIL_CLIENT.value

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.content_type != JSON:
            return super().post(request, *args, **kwargs)
        form = EmailForm(_read_json(request), client=self.client)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors}, status=422)
        try:
            kept = self._keep(form)
        except KeptAlready as refusal:
            url = _page_of(refusal.interaction)
            return JsonResponse({"error": refusal.message, "url": url}, status=409)
        except ExchangeRefused as refusal:
            return JsonResponse({"errors": {refusal.field: [refusal.message]}}, status=422)
        return JsonResponse(
            {
                "id": kept.pk,
                "kind": kept.kind,
                "sender": kept.sender,
                "subject": kept.subject,
                "body": kept.body,
                "happened_at": kept.happened_at.isoformat(),
                "message_id": kept.message_id,
                "url": _page_of(kept),
            },
            status=201,
        )


class ExchangeFileView(View):
    """A file that came with an exchange, for whoever reads the exchange."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
        rows = InteractionFile.objects.select_related("interaction", "file")
        kept = rows.filter(pk=file, interaction=pk).first()
        if kept is None:
            raise Http404
        require_view(request.user, kept.interaction)
        return download_response(request, kept.file)


def _read_json(request: HttpRequest) -> dict[str, Any]:
    """Return the values of a JSON body as a form reads them; anything else is nothing."""
    try:
        sent = json.loads(request.body)
    except ValueError:
        return {}
    if not isinstance(sent, dict):
        return {}
    names = ("sender", "subject", "body", "happened_at", "message_id", "is_ours", "opportunity")
    return {name: sent[name] for name in names if isinstance(sent.get(name), str | int | bool)}


def _page_of(interaction: Interaction) -> str:
    return reverse("wagtailsnippets_crm_interaction:inspect", args=[interaction.pk])


def _with_link(refusal: KeptAlready) -> Any:
    return format_html(
        '{} <a href="{}">{}</a>',
        refusal.message,
        _page_of(refusal.interaction),
        _text("Le voir"),
    )


def quick_forms(client: Client) -> list[dict[str, Any]]:
    """Return the forms that stand on top of a client's history, each where it is sent."""
    made = []
    for kind in (Kind.CALL, Kind.NOTE, Kind.MEETING, Kind.MESSAGE, Kind.EMAIL_CLIENT):
        is_email = kind not in NOTED
        made.append(
            {
                "kind": kind.value,
                "title": TITLES[kind],
                "icon": ICONS[kind],
                "form": form_of(kind, client=client),
                "is_email": is_email,
                "url": reverse(
                    "crm_client_emails" if is_email else "crm_client_exchange", args=[client.pk]
                ),
            }
        )
    return made


ICONS = {
    Kind.CALL: "mobile-alt",
    Kind.MEETING: "calendar-alt",
    Kind.MESSAGE: "comment",
    Kind.NOTE: "edit",
    Kind.EMAIL_CLIENT: "mail",
}
