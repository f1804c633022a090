"""The journal of certifications, and what a person decides of those that are lost or refused."""

import json
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import register_permission_policy

from billing.fiscal import services
from billing.fiscal.models import Certification, CertificationEvent
from core.access.policies import ClosedPolicy, ReadOnlyPolicy
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import MomentColumn, StatusColumn, StatusLook
from core.backoffice.pages import readable
from core.backoffice.viewsets import ReadOnlyViewSet
from core.hooks import Section

register_permission_policy(Certification, ReadOnlyPolicy(Certification))
register_permission_policy(CertificationEvent, ClosedPolicy(CertificationEvent))

State = Certification.State
LOOKS = {
    State.TO_CERTIFY: StatusLook("todo"),
    State.SENDING: StatusLook("half", "now"),
    State.CERTIFIED: StatusLook("done", "ok"),
    State.REJECTED: StatusLook("cancel", "bad"),
    State.TO_RETRY: StatusLook("due", "warn"),
    State.UNCERTAIN: StatusLook("late", "bad"),
    State.CREDITED: StatusLook("archive", "ok"),
    State.VOID: StatusLook("cancel"),
}
STEP_HEADINGS = (
    *(_("Le"), _("Étape"), _("Envoi"), _("État"), _("HTTP")),
    *(_("Message"), _("Par"), _("Envoyé"), _("Reçu")),
)
MOVED = _("Rien n’a été fait : cette certification a changé depuis que la page est ouverte.")


class RankForm(forms.Form):
    """Holds the sending that the person looked at."""

    rank = forms.IntegerField(widget=forms.HiddenInput)


class ReferenceForm(RankForm):
    """What the person reads on the portal of the tax office."""

    reference = forms.CharField(
        label=_("Référence FNE"),
        max_length=40,
        help_text=_("Telle que sur le portail : 1234567A25000000019, précédée de A pour un avoir."),
    )
    verification_url = forms.URLField(
        label=_("Adresse de contrôle"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Le lien du QR code : ouvrez la facture sur le portail et copiez-le."),
    )


class AbsenceForm(RankForm):
    """Says twice that the paper is not on the portal."""

    is_absent = forms.BooleanField(
        label=_("J’ai cherché ce document sur le portail de la DGI et il n’y est pas certifié.")
    )
    number = forms.CharField(label=_("Recopiez le numéro du document"), max_length=30)


class Decision(RecordAction):
    """An act on a certification that waits for a person."""

    permission = "resolve"
    form_class = RankForm
    refusals = {services.AlreadyDecided: MOVED}
    is_listed = False

    def get_initial(self) -> dict[str, Any]:
        return {"rank": self.object.rank}


class ConfirmCertified(Decision):
    name = "certifiee"
    label = _("Certifiée : saisir la référence")
    icon_name = "check"
    form_class = ReferenceForm
    success = _("Référence enregistrée : le PDF définitif est en préparation.")

    @property
    def question(self) -> str:  # type: ignore[override]
        return _how_to_look(self.object)

    def perform(self, record: Certification, actor: Any, **values: Any) -> None:
        services.confirm_certified(certification=record, at=timezone.now(), actor=actor, **values)

    @classmethod
    def is_offered(cls, record: Certification) -> bool:
        return record.state in (State.UNCERTAIN, State.REJECTED)


class SendAbsentAgain(Decision):
    name = "absente"
    label = _("Absente : renvoyer")
    icon_name = "rotate"
    is_serious = True
    form_class = AbsenceForm
    success = _("Le document repart à la DGI.")

    @property
    def question(self) -> str:  # type: ignore[override]
        warning = _text("Renvoyer un document déjà certifié en créerait un second, dû à l’État.")
        return f"{_how_to_look(self.object)} {warning}"

    def perform(self, record: Certification, actor: Any, **values: Any) -> None:
        services.send_again(certification=record, at=timezone.now(), actor=actor, **values)

    @classmethod
    def is_offered(cls, record: Certification) -> bool:
        return record.state == State.UNCERTAIN


class SendRejectedAgain(Decision):
    name = "renvoyer"
    label = _("Renvoyer")
    icon_name = "rotate"
    question = _(
        "La DGI a refusé ce document : rien n’est certifié. Corrigez d’abord les réglages ou la "
        "fiche du client ; une erreur sur la facture même se corrige par un avoir."
    )
    success = _("Le document repart à la DGI.")

    def perform(self, record: Certification, actor: Any, **values: Any) -> None:
        services.send_again(certification=record, at=timezone.now(), actor=actor, **values)

    @classmethod
    def is_offered(cls, record: Certification) -> bool:
        return record.state == State.REJECTED


class CertificationViewSet(ReadOnlyViewSet):
    """Every certification, asked for, done or stuck."""

    model = Certification
    icon = "key"
    menu_label = _("Certifications")
    ordering = ("-created_at", "-pk")
    list_display = [
        TitleColumn(
            "number",
            label=_("Document"),
            url_name="wagtailsnippets_fiscal_certification:inspect",
        ),
        Column("client", label=_("Client")),
        StatusColumn("state", label=_("État"), looks=LOOKS),
        Column("reference", label=_("Référence FNE")),
        Column("reason", label=_("Motif")),
        MomentColumn("created_at", label=_("Demandée"), sort_key="created_at"),
        MomentColumn("certified_at", label=_("Certifiée")),
    ]
    list_filter = {"state": ["exact"], "kind": ["exact"], "is_test": ["exact"]}
    search_fields = ["number", "reference", "client__name"]
    list_export = [
        "number", "kind", "client.name", "state", "reference", "verification_url", "reason",
        "note", "rank", "created_at", "certified_at", "is_test", "is_by_hand",
    ]  # fmt: skip
    export_filename = "certifications"
    inspect_view_fields = [
        "number", "kind", "client", "invoice", "credit_note", "state", "reason", "note",
        "reference", "verification_url", "document_id", "rank", "next_try_at", "sending_since",
        "certified_at", "is_test", "is_by_hand",
    ]  # fmt: skip
    actions = (ConfirmCertified, SendAbsentAgain, SendRejectedAgain)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Certification]:
        rows = Certification.objects.select_related("client", "invoice", "credit_note")
        return rows.defer(
            "items", "client__search_vector", "invoice__search_vector", "credit_note__search_vector"
        )

    def sections(self, record: Certification, request: HttpRequest) -> list[Section]:
        events = record.events.select_related("actor").order_by("-happened_at", "-pk")
        steps = Section(
            title=_("Étapes"),
            headings=STEP_HEADINGS,
            rows=[_cells(event) for event in events],
            empty=_("Rien encore."),
            order=20,
        )
        if record.state != State.UNCERTAIN:
            return [steps]
        help_ = Section(
            title=_("Que faire"), headings=[_("Conseil")], rows=[[_how_to_look(record)]]
        )
        return [help_, steps]


def _how_to_look(record: Certification) -> str:
    """Say where to look for a paper on the portal, and by what."""
    sent = readable(record.sending_since) if record.sending_since else "—"
    return _text(
        "Ouvrez le portail de la DGI, liste des factures, au %(sent)s et autour : cherchez le "
        "client %(client)s et notre numéro %(number)s, écrit en pied de facture. Une facture sans "
        "référence n’est pas signée, donc pas certifiée."
    ) % {"sent": sent, "client": record.client.name, "number": record.invoice.number}


def _cells(event: CertificationEvent) -> list[Any]:
    return [
        readable(event.happened_at),
        event.get_kind_display(),
        event.rank or "—",
        event.get_state_display(),
        event.status or "—",
        event.message,
        str(event.actor or ""),
        _folded(event.request),
        _folded(event.answer),
    ]


def _folded(raw: dict[str, Any] | None) -> SafeString | str:
    if not raw:
        return "—"
    text = json.dumps(raw, ensure_ascii=False, indent=2)
    return format_html("<details><summary>JSON</summary><pre>{}</pre></details>", text)


menu.add("facturation", CertificationViewSet, order=65)
