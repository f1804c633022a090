"""Days off by decree, and computed ones that are worked."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn, TitleColumn
from wagtail.permissions import register_permission_policy

from core.access.policies import TeamPolicy
from core.backoffice import menu
from core.backoffice.columns import FrenchDateColumn
from core.backoffice.viewsets import RecordViewSet
from core.workdays.models import Holiday

register_permission_policy(Holiday, TeamPolicy(Holiday))


class HolidayViewSet(RecordViewSet):
    """Days off by decree, and computed ones that are worked."""

    model = Holiday
    icon = "date"
    menu_label = _("Jours fériés")
    add_label = _("Nouveau jour")
    ordering = "-on"
    list_display = [
        TitleColumn("name", label=_("Nom"), url_name="wagtailsnippets_workdays_holiday:edit"),
        FrenchDateColumn("on", label=_("Jour")),
        BooleanColumn("is_off", label=_("Chômé")),
    ]
    search_fields = ["name"]
    panels = [FieldPanel("on"), FieldPanel("name"), FieldPanel("is_off")]
    inspect_view_fields = ["on", "name", "is_off"]


menu.add(menu.SETTINGS, HolidayViewSet, order=42)
