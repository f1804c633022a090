"""What we ask of clients: written, received, refused with a reason."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column

from core.backoffice.actions import RecordAction
from core.backoffice.columns import FrenchDateColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section
from portal.documents import services
from portal.documents.admin_screens.documents import versions_section
from portal.documents.models import DocumentRequest

RECEIVED, REFUSED, LATE, AWAITED = "received", "refused", "late", "awaited"
LOOKS = {
    RECEIVED: StatusLook("done", "ok"),
    REFUSED: StatusLook("reply", "warn"),
    LATE: StatusLook("late", "bad"),
    AWAITED: StatusLook("due", "warn"),
}
WORDS = {
    RECEIVED: _("Reçu"),
    REFUSED: _("Refusé, redemandé"),
    LATE: _("En retard"),
    AWAITED: _("Attendu"),
}


def state_of(row: DocumentRequest) -> str:
    """Return where a request stands: received, refused, late or awaited."""
    if row.is_received:
        return RECEIVED
    if row.refusal:
        return REFUSED
    return LATE if row.is_late(timezone.localdate()) else AWAITED


class ReasonForm(forms.Form):
    """Why what came will not do."""

    reason = forms.CharField(
        label=_("Motif"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Le client le lira : dites ce qui manque et quoi renvoyer."),
    )


class RefuseReceived(RecordAction):
    """Ask again for a document that came, saying what is wrong with it."""

    name = "refuser"
    label = _("Refuser et redemander")
    icon_name = "undo"
    question = _("La demande est rouverte et le client reçoit votre motif.")
    success = _("Demande rouverte ; le client est prévenu.")
    form_class = ReasonForm
    refusals = (services.NotReceived,)

    @classmethod
    def is_offered(cls, record: DocumentRequest) -> bool:
        return record.is_received

    def perform(self, record: DocumentRequest, actor: Any, **values: Any) -> None:
        services.refuse_received(
            request=record, reason=values["reason"], actor=actor, at=timezone.now()
        )


class DocumentRequestViewSet(RecordViewSet):
    """Documents that we ask of clients."""

    model = DocumentRequest
    icon = "help"
    menu_label = _("Documents attendus")
    add_label = _("Demander un document")
    ordering = "-id"
    list_display = [
        "title",
        Column("client", label=_("Client")),
        Column("project", label=_("Projet")),
        StatusColumn(
            "state",
            label=_("État"),
            accessor=state_of,
            looks=LOOKS,
            word=lambda row: WORDS[state_of(row)],
        ),
        FrenchDateColumn("due_date", label=_("Pour le")),
        FrenchDateColumn("fulfilled_at", label=_("Reçu le")),
    ]
    search_fields = ["title", "project__title", "client__search_norm"]
    inspect_view_fields = [
        "title",
        "project",
        "detail",
        "due_date",
        "asked_by",
        "asked_at",
        "fulfilled_at",
        "refusal",
    ]
    panels = [
        FieldPanel("project"),
        FieldPanel("title"),
        FieldPanel("detail"),
        FieldPanel("due_date"),
    ]
    actions = (RefuseReceived,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DocumentRequest]:
        return DocumentRequest.objects.select_related("project", "client").defer(
            "client__search_vector", "client__search_norm"
        )

    def saved(self, record: DocumentRequest, *, actor: object, is_new: bool) -> None:
        services.note_request(request=record, actor=actor, at=timezone.now())

    def sections(self, record: DocumentRequest, request: HttpRequest) -> list[Section]:
        document = record.document
        rows = document.versions.select_related("file", "author") if document else ()
        empty = _("Rien n’est encore arrivé.")
        return [versions_section(rows, title=_("Ce qui est arrivé"), empty=empty)]
