"""What people were told and wish to be told, and what waits for them: read, never written."""

from typing import Any

from django.contrib.admin import AllValuesFieldListFilter, display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy
from wagtail_modeladmin.options import modeladmin_register
from wagtail_modeladmin.views import InspectView

from core.access.policies import ReadOnlyPolicy
from core.backoffice.journals import ReadOnlyModelAdmin
from core.notify.events import label_of
from core.notify.mail import short_key
from core.notify.models import (
    DeliveryWishes,
    DigestEntry,
    Notification,
    NotificationPreference,
    OutgoingMail,
    PushSubscription,
)
from core.ui.formats import clock_time, date_long

for _model in (Notification, NotificationPreference, DeliveryWishes, DigestEntry, PushSubscription):
    register_permission_policy(_model, ReadOnlyPolicy(_model))


class EventFilter(AllValuesFieldListFilter):
    """The events of the rows, by their words rather than their names."""

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield {**choice, "display": label_of(str(choice["display"]))}


class NoticeInspectView(InspectView):
    """One notice, with what became of its mail."""

    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        if field_name == "event":
            return label_of(self.instance.event)
        if field_name == "key":
            return _mail_of(self.instance)
        return super().get_field_display_value(field_name, field)

    def get_field_label(self, field_name: str, field: Any = None) -> Any:
        return _("e-mail") if field_name == "key" else super().get_field_label(field_name, field)


class NotificationAdmin(ReadOnlyModelAdmin):
    """The notices shown in the portal."""

    model = Notification
    menu_label = _("Notifications")
    menu_icon = "warning"
    menu_order = 912
    base_url_path = "journaux/notifications"
    list_display = ("text", "user", "client", "event_label", "created_at", "reading")
    list_filter = ("created_at", "read_at", ("event", EventFilter))
    list_select_related = ("user", "client")
    search_fields = ("text", "event", "user__email")
    inspect_view_class = NoticeInspectView
    inspect_view_fields = [
        "text", "detail", "user", "client", "event", "url", "created_at", "read_at", "key",
    ]  # fmt: skip
    ordering = ("-created_at", "-id")

    @display(description=_("événement"), ordering="event")
    def event_label(self, notice: Notification) -> str:
        return label_of(notice.event)

    @display(description=_("lecture"), ordering="read_at")
    def reading(self, notice: Notification) -> str:
        if notice.read_at is None:
            return _now("Non lue")
        return _now("Lue le %(moment)s") % {"moment": _moment(notice.read_at)}


class NotificationPreferenceAdmin(ReadOnlyModelAdmin):
    """What people switched off: whatever is not here, they are told."""

    model = NotificationPreference
    menu_label = _("Préférences de notification")
    menu_icon = "sliders"
    menu_order = 914
    base_url_path = "journaux/preferences"
    list_display = ("user", "event_label", "channel", "is_on")
    list_filter = ("channel", "is_on", ("event", EventFilter))
    list_select_related = ("user",)
    search_fields = ("event", "user__email", "user__first_name", "user__last_name")
    inspect_view_fields = ["user", "event", "channel", "is_on"]
    ordering = ("user_id", "event", "channel")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(is_on=False)

    @display(description=_("événement"), ordering="event")
    def event_label(self, preference: NotificationPreference) -> str:
        return label_of(preference.event)


class DeliveryWishesAdmin(ReadOnlyModelAdmin):
    """How often people want mail, and when they want none."""

    model = DeliveryWishes
    menu_label = _("Rythmes des envois")
    menu_icon = "time"
    menu_order = 915
    base_url_path = "journaux/rythmes"
    list_display = ("user", "frequency", "quiet_from", "quiet_to", "quiet_weekends")
    list_filter = ("frequency", "quiet_weekends")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__first_name", "user__last_name")
    inspect_view_fields = ["user", "frequency", "quiet_from", "quiet_to", "quiet_weekends"]
    ordering = ("user_id",)


class DigestEntryAdmin(ReadOnlyModelAdmin):
    """What waits for a digest, and what left in one."""

    model = DigestEntry
    menu_label = _("Résumés à envoyer")
    menu_icon = "list-ul"
    menu_order = 916
    base_url_path = "journaux/resumes"
    list_display = ("text", "user", "client", "due_at", "left_at")
    list_filter = ("due_at", "left_at", ("event", EventFilter))
    list_select_related = ("user", "client")
    search_fields = ("text", "user__email")
    inspect_view_fields = ["text", "detail", "user", "client", "url", "due_at", "left_at"]
    ordering = ("-created_at", "-id")


class PushSubscriptionAdmin(ReadOnlyModelAdmin):
    """The devices that are told. Their keys and addresses are read by nobody."""

    model = PushSubscription
    menu_label = _("Appareils notifiés")
    menu_icon = "mobile-alt"
    menu_order = 917
    base_url_path = "journaux/appareils"
    list_display = ("user", "device", "created_at")
    list_select_related = ("user",)
    search_fields = ("device", "user__email")
    inspect_view_fields = ["user", "device", "created_at"]
    ordering = ("-created_at", "-id")


def _mail_of(notice: Notification) -> str:
    """Say what became of the mail of a notice."""
    mail = OutgoingMail.objects.filter(key=short_key(f"{notice.key}:{notice.user_id}")).first()
    if mail is not None:
        return f"{mail.get_state_display()} · {', '.join(mail.recipients)}"
    line = DigestEntry.objects.filter(user=notice.user_id, key=notice.key).first()
    if line is None:
        return _now("Aucun")
    if line.left_at is not None:
        return _now("Dans le résumé du %(moment)s") % {"moment": _moment(line.left_at)}
    return _now("Attend le résumé du %(moment)s") % {"moment": _moment(line.due_at)}


def _moment(at: Any) -> str:
    here = timezone.localtime(at)
    return f"{date_long(here.date())}, {clock_time(here)}"


for _admin in (
    NotificationAdmin,
    NotificationPreferenceAdmin,
    DeliveryWishesAdmin,
    DigestEntryAdmin,
    PushSubscriptionAdmin,
):
    modeladmin_register(_admin)
