"""The exports that were made: their files, what they took, and cancelling one."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import register_permission_policy

from billing.accounting import services
from billing.accounting.extracts import book_of
from billing.accounting.formats.fec import UTF8, fec_note
from billing.accounting.models import ExportBatch
from billing.accounting.screens.acts import BooksAction
from billing.accounting.services.exports import open_export, record_download
from core.access.policies import ReadOnlyPolicy
from core.accounts.models import User
from core.backoffice import menu
from core.backoffice.columns import (
    FigureColumn,
    FrenchDateColumn,
    MomentColumn,
    StatusColumn,
    StatusLook,
)
from core.backoffice.viewsets import ReadOnlyViewSet
from core.hooks import Section

register_permission_policy(ExportBatch, ReadOnlyPolicy(ExportBatch))

State = ExportBatch.State
LOOKS = {
    State.WAITING: StatusLook("half", "now"),
    State.READY: StatusLook("done", "ok"),
    State.CANCELLED: StatusLook("cancel"),
}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class DownloadExport(BooksAction):
    """Hand the file over, as it was made."""

    name = "telecharger"
    label = _("Télécharger")
    icon_name = "download"
    right = "accounting.export_entries"
    is_listed = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.is_offered(self.object):
            return self._refuse(_("Le fichier n’est pas encore prêt."))
        self._require(request.user)
        batch = self.object
        record_download(batch=batch, actor=cast(User, request.user))
        return FileResponse(
            open_export(batch),
            as_attachment=True,
            filename=batch.name,
            content_type=TYPES.get(batch.format, "text/plain"),
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self.get(request, *args, **kwargs)

    @classmethod
    def is_offered(cls, record: ExportBatch) -> bool:
        return bool(record.key)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Motif"), max_length=300)


class CancelExport(BooksAction):
    """Give the entries back, so that another export takes them."""

    name = "annuler"
    label = _("Annuler l’export")
    icon_name = "cross"
    is_serious = True
    right = "accounting.validate_entries"
    form_class = ReasonForm
    question = _(
        "Les écritures pourront être exportées de nouveau. Vérifiez d’abord que votre comptable "
        "n’a pas importé ce fichier, ou l’a retiré."
    )
    success = _("Export annulé.")

    def perform(self, record: ExportBatch, actor: Any, **values: Any) -> None:
        services.cancel_export(batch=record, actor=actor, at=timezone.now(), **values)

    @classmethod
    def is_offered(cls, record: ExportBatch) -> bool:
        return record.state != State.CANCELLED


class ExportViewSet(ReadOnlyViewSet):
    """Every export, newest first."""

    model = ExportBatch
    icon = "download"
    menu_label = _("Exports")
    ordering = "-pk"
    list_display = [
        TitleColumn(
            "number", label=_("N°"), url_name="wagtailsnippets_accounting_exportbatch:inspect"
        ),
        Column("get_format_display", label=_("Format")),
        Column("get_scope_display", label=_("Contenu")),
        FrenchDateColumn("start", label=_("Du")),
        FrenchDateColumn("end", label=_("Au")),
        FigureColumn("entry_count", label=_("Écritures")),
        StatusColumn("state", label=_("État"), looks=LOOKS),
        Column("made_by", label=_("Par")),
        MomentColumn("made_at", label=_("Demandé")),
    ]
    list_filter = ["format", "state"]
    inspect_view_fields = [
        "number",
        "format",
        "scope",
        "start",
        "end",
        "state",
        "entry_count",
        "line_count",
        "name",
        "size",
        "sha256",
        "made_by",
        "made_at",
        "cancelled_by",
        "cancelled_at",
        "reason",
    ]
    actions = (DownloadExport, CancelExport)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExportBatch]:
        return ExportBatch.objects.select_related("books__company", "made_by", "cancelled_by")

    def sections(self, record: ExportBatch, request: HttpRequest) -> list[Section]:
        if record.format != ExportBatch.Format.FEC:
            return []
        note = fec_note(
            book_of(record.books), start=record.start, end=record.end, encoding=UTF8, drafts=0
        )
        rows = [[line] for line in note.splitlines() if line]
        return [Section(title=_("Notice jointe au fichier"), rows=rows)]


menu.add("comptabilite", ExportViewSet, order=50)
