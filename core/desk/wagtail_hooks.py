"""What the desk adds elsewhere: who touches its rows, names of acts."""

from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy

from core.access.policies import ClosedPolicy
from core.audit import log
from core.desk.models import DeskWishes, ListExport, ListingChoice, SavedFilter, UndoRecord
from core.notify.staff_events import declare_staff_event

for _model in (DeskWishes, ListExport, ListingChoice, SavedFilter, UndoRecord):
    register_permission_policy(_model, ClosedPolicy(_model))

log.declare(
    filter_saved=_("Filtre enregistré"),
    filter_removed=_("Filtre supprimé"),
    list_export_asked=_("Export demandé"),
    list_export_cancelled=_("Export annulé"),
    list_export_downloaded=_("Export téléchargé"),
    act_undone=_("Acte annulé"),
)

declare_staff_event("list_export", label=_("Un de mes exports est prêt, ou a échoué"))
