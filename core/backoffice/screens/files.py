"""The files that are kept, with what the antivirus said of them: read, never written."""

from typing import Any

from django.contrib.admin import display
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy
from wagtail_modeladmin.options import modeladmin_register

from core.access.policies import ReadOnlyPolicy
from core.audit import log
from core.backoffice.actions import RecordAction
from core.backoffice.journals import ReadOnlyModelAdmin
from core.files.models import StoredFile, Upload
from core.files.scanning import ScannerOff, scan_again
from core.ui.formats import file_size

register_permission_policy(StoredFile, ReadOnlyPolicy(StoredFile))
register_permission_policy(Upload, ReadOnlyPolicy(Upload))
log.declare(file_scanned_again=_("Analyse antivirus relancée"))


class ScanAgain(RecordAction):
    """Have the antivirus look at a file, or look again."""

    name = "analyser"
    label = _("Analyser")
    icon_name = "resubmit"
    question = _("Le fichier repasse à l’antivirus. Il ne s’ouvre pas avant sa réponse.")
    success = _("Le fichier va être analysé.")
    refusals = {ScannerOff: _("Aucun antivirus n’est réglé (CLAMAV_HOST).")}

    def perform(self, record: StoredFile, actor: Any) -> None:
        scan_again(file=record, actor=actor, at=timezone.now())


class StoredFileAdmin(ReadOnlyModelAdmin):
    """Every private file, the quarantined ones by a filter."""

    model = StoredFile
    menu_label = _("Fichiers")
    menu_icon = "doc-full"
    menu_order = 916
    base_url_path = "journaux/fichiers"
    list_display = ("name", "client", "weight", "scan", "threat", "created_by", "created_at")
    list_filter = ("scan", "created_at")
    list_select_related = ("client", "created_by")
    search_fields = ("name", "client__name", "threat", "sha256")
    inspect_view_fields = [
        "name", "client", "content_type", "size", "sha256", "scan", "threat", "scanned_at",
        "created_by", "created_at",
    ]  # fmt: skip
    ordering = ("-created_at", "-id")
    actions = (ScanAgain,)

    @display(description=_("taille"))
    def weight(self, file: StoredFile) -> str:
        return file_size(file.size)


modeladmin_register(StoredFileAdmin)
