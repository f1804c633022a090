"""Requests for erasure: a queue, whose answers the team gives one by one."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from core.access.policies import ClosedPolicy, ReadOnlyPolicy
from core.accounts import services
from core.accounts.models import DataExport, ErasureRequest
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import MomentColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import ReadOnlyViewSet

register_permission_policy(ErasureRequest, ReadOnlyPolicy(ErasureRequest))
register_permission_policy(DataExport, ClosedPolicy(DataExport))

State = ErasureRequest.State
LOOKS = {
    State.RECEIVED: StatusLook("due", "now"),
    State.IN_PROGRESS: StatusLook("half", "now"),
    State.DONE: StatusLook("done", "ok"),
    State.REFUSED: StatusLook("cancel"),
}
REFUSALS = {
    services.NotOpen: _("Cette demande a déjà sa réponse."),
    services.IsOfTheTeam: _("Un compte de l’équipe se ferme dans « Comptes »."),
}


class TakeErasureUp(RecordAction):
    """Says that somebody looks at it."""

    name = "prendre-en-charge"
    label = _("Prendre en charge")
    icon_name = "user"
    question = _("La personne verra que sa demande est en cours.")
    success = _("Demande prise en charge.")
    refusals = REFUSALS

    def perform(self, record: ErasureRequest, actor: Any) -> None:
        services.take_erasure_up(request=record, actor=actor)

    @classmethod
    def is_offered(cls, record: ErasureRequest) -> bool:
        return record.state == State.RECEIVED


class EraseAccount(RecordAction):
    """Erases what names the person. For owners: it cannot be undone."""

    name = "effacer"
    label = _("Effacer le compte")
    icon_name = "bin"
    is_serious = True
    question = _(
        "Le nom, l’adresse, le téléphone et les moyens de connexion sont effacés pour toujours. "
        "Restent les factures et paiements, le journal des actes, et les messages sous le nom "
        "« Compte effacé ». La personne en est informée par e-mail."
    )
    success = _("Le compte est effacé ; ce qui est gardé est écrit dans la réponse.")
    refusals = REFUSALS

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return super().may(user, record) and user.is_superuser

    def perform(self, record: ErasureRequest, actor: Any) -> None:
        services.erase_account(request=record, actor=actor, at=timezone.now())

    @classmethod
    def is_offered(cls, record: ErasureRequest) -> bool:
        return record.is_open


class RefusalForm(forms.Form):
    """Why the answer is no."""

    answer = forms.CharField(
        label=_("Motif, envoyé à la personne"), widget=forms.Textarea(attrs={"rows": 4})
    )


class RefuseErasure(RecordAction):
    """Answers no, with the reason."""

    name = "refuser"
    label = _("Refuser")
    icon_name = "cross"
    question = _("La personne reçoit votre motif par e-mail. Son compte reste ouvert.")
    success = _("Demande refusée ; la personne en est informée.")
    form_class = RefusalForm
    refusals = REFUSALS

    def perform(self, record: ErasureRequest, actor: Any, answer: str) -> None:
        services.refuse_erasure(request=record, answer=answer, actor=actor, at=timezone.now())

    @classmethod
    def is_offered(cls, record: ErasureRequest) -> bool:
        return record.is_open


class ErasureFilterSet(WagtailFilterSet):
    """How requests are filtered."""

    class Meta:
        model = ErasureRequest
        fields = ["state"]


class ErasureViewSet(ReadOnlyViewSet):
    """The queue of requests for erasure."""

    model = ErasureRequest
    icon = "bin"
    menu_label = _("Demandes d’effacement")
    ordering = "-asked_at"
    list_display = [
        "user",
        Column("email", accessor="user.email", label=_("Adresse e-mail")),
        StatusColumn("state", label=_("État"), looks=LOOKS),
        MomentColumn("asked_at", label=_("Demandée"), sort_key="asked_at"),
        MomentColumn("answered_at", label=_("Répondue")),
    ]
    filterset_class = ErasureFilterSet
    search_fields = ["user__first_name", "user__last_name", "user__email", "reason"]
    inspect_view_fields = [
        "user", "reason", "state", "asked_at", "answered_at", "answered_by", "answer",
    ]  # fmt: skip
    actions = (TakeErasureUp, EraseAccount, RefuseErasure)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ErasureRequest]:
        return ErasureRequest.objects.select_related("user")


menu.add("commercial", ErasureViewSet, order=80)
