"""What we ask of clients: written, received, refused with a reason."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column

from core.accounts.models import Client
from core.backoffice.actions import RecordAction
from core.backoffice.choosers import RecordChooser
from core.backoffice.columns import FigureColumn, FrenchDateColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section
from portal.documents import services
from portal.documents.admin_screens.sections import versions_section
from portal.documents.models import DocumentRequest
from portal.projects.models import Project

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


class Remind(RecordAction):
    """Remind a client of a document that we wait for."""

    name = "relancer"
    label = _("Relancer le client")
    icon_name = "mail"
    question = _(
        "Les personnes du client qui suivent le projet sont prévenues, dans leur espace et par "
        "e-mail. Un rappel part aussi de lui-même deux jours avant la date, et le lendemain."
    )
    success = _("Client relancé.")
    is_main = True
    refusals = {
        services.AlreadyReceived: _("Ce document est arrivé entre-temps."),
        services.RemindedLately: services.RemindedLately.message,
    }

    @classmethod
    def is_offered(cls, record: DocumentRequest) -> bool:
        return not record.is_received

    def perform(self, record: DocumentRequest, actor: Any) -> None:
        services.remind_request(request=record, actor=actor, at=timezone.now())


class RequestFilterSet(WagtailFilterSet):
    """How requests are filtered: where they stand, whose, of which list."""

    state = ChoiceFilter(label=_("État"), choices=list(WORDS.items()), method="filter_state")
    client = ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.all(),
        widget=RecordChooser(Client, icon="group"),
    )
    project = ModelChoiceFilter(
        label=_("Projet"),
        queryset=lambda request: Project.objects.all(),
        widget=RecordChooser(Project, icon="folder-open-inverse"),
    )
    bundle = CharFilter(label=_("Dossier"), lookup_expr="istartswith")

    class Meta:
        model = DocumentRequest
        fields = ["state", "client", "project", "bundle"]

    def filter_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        today = timezone.localdate()
        late, waiting = Q(due_date__lt=today), Q(fulfilled_at=None)
        kept = {
            RECEIVED: ~waiting,
            REFUSED: waiting & ~Q(refusal=""),
            LATE: waiting & late,
            AWAITED: waiting & Q(refusal="") & (Q(due_date=None) | Q(due_date__gte=today)),
        }
        return rows.filter(kept[value]) if value in kept else rows


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
        FrenchDateColumn(
            "due_date", label=_("Pour le"), is_late=lambda row: row.is_late(timezone.localdate())
        ),
        Column("bundle", label=_("Dossier")),
        FigureColumn("reminders", label=_("Rappels")),
        FrenchDateColumn("fulfilled_at", label=_("Reçu le")),
    ]
    filterset_class = RequestFilterSet
    list_export = [
        *("title", "client.name", "project.title", "bundle", "due_date"),
        *("asked_at", "reminders", "reminded_at", "fulfilled_at"),
    ]
    export_filename = "documents-attendus"
    search_fields = ["title", "project__title", "client__search_norm"]
    inspect_view_fields = [
        "title",
        "project",
        "detail",
        "bundle",
        "due_date",
        "asked_by",
        "asked_at",
        "reminders",
        "reminded_at",
        "fulfilled_at",
        "refusal",
    ]
    panels = [
        FieldPanel("project"),
        FieldPanel("title"),
        FieldPanel("detail"),
        FieldRowPanel([FieldPanel("due_date"), FieldPanel("bundle")]),
    ]
    actions = (Remind, RefuseReceived)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DocumentRequest]:
        return DocumentRequest.objects.select_related("project", "client").defer(
            "client__search_vector", "client__search_norm"
        )

    def new_record(self, request: HttpRequest) -> DocumentRequest | None:
        """Start from the project that an address names, such as that of its own page."""
        key = request.GET.get("projet", "")
        project = (
            Project.objects.filter(pk=int(key)).first()
            if key.isdecimal() and len(key) < 18
            else None
        )
        return DocumentRequest(project=project) if project else None

    def saved(self, record: DocumentRequest, *, actor: object, is_new: bool) -> None:
        services.note_request(request=record, actor=actor, at=timezone.now())

    def sections(self, record: DocumentRequest, request: HttpRequest) -> list[Section]:
        document = record.document
        rows = (
            document.versions.select_related("file", "author", "made_from__template").order_by(
                "-number"
            )
            if document
            else ()
        )
        empty = _("Rien n’est encore arrivé.")
        return [versions_section(rows, title=_("Ce qui est arrivé"), empty=empty)]
