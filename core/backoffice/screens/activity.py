"""The whole activity: who did what, on what, when; filtered, and exported."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.models import ModelLogEntry
from wagtail.permissions import register_permission_policy

from core.access.policies import ReadOnlyPolicy
from core.access.row_guard import policy_of
from core.accounts.models import Client, User
from core.audit.log import declared
from core.backoffice import activity, menu
from core.backoffice.columns import MomentColumn
from core.backoffice.reports import RecordReport


class ActivityPolicy(ReadOnlyPolicy):
    """The activity is read by whoever may change clients: it names them on every line."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and policy_of(Client).user_has_permission(user, "change")


register_permission_policy(ModelLogEntry, ActivityPolicy(ModelLogEntry))


def _acts() -> list[tuple[str, Any]]:
    return sorted(declared().items(), key=lambda act: str(act[1]))


def _team() -> list[tuple[int, str]]:
    people = User.objects.filter(is_staff=True).order_by("last_name", "first_name")[:200]
    return [(person.pk, str(person)) for person in people]


class ActivityFilterSet(WagtailFilterSet):
    """How the activity is filtered."""

    action = django_filters.ChoiceFilter(label=_("Acte"), choices=_acts)
    user_id = django_filters.ChoiceFilter(label=_("Par"), choices=_team)
    timestamp = django_filters.DateFromToRangeFilter(
        label=_("Entre le"), widget=DateRangePickerWidget
    )

    class Meta:
        model = ModelLogEntry
        fields = ["action", "user_id", "timestamp"]


class ActivityReport(RecordReport):
    """Every act, newest first."""

    model = ModelLogEntry
    slug = "activite"
    page_title = _("Activité")
    header_icon = "history"
    default_ordering = "-timestamp"
    filterset_class = ActivityFilterSet
    columns = [
        MomentColumn("timestamp", label=_("Quand"), sort_key="timestamp"),
        Column("what", label=_("Acte"), accessor=activity.said),
        Column("label", label=_("Sur")),
        Column("user", label=_("Par"), accessor=lambda entry: entry.user or "NOURX"),
    ]
    list_export = ["timestamp", "action", "label", "user"]
    export_headings = {"timestamp": _("Quand"), "action": _("Acte"), "label": _("Sur")}
    export_filename = "activite"

    def get_base_queryset(self) -> QuerySet[ModelLogEntry]:
        return super().get_base_queryset().select_related("user")


menu.add_report(menu.SETTINGS, ActivityReport, order=20)
