"""What people were told in their space, and what they wish to be told: read, never written."""

from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy
from wagtail_modeladmin.options import modeladmin_register

from core.access.policies import ReadOnlyPolicy
from core.backoffice.journals import ReadOnlyModelAdmin
from core.notify.models import Notification, NotificationPreference

register_permission_policy(Notification, ReadOnlyPolicy(Notification))
register_permission_policy(NotificationPreference, ReadOnlyPolicy(NotificationPreference))


class NotificationAdmin(ReadOnlyModelAdmin):
    """The notices shown in the portal."""

    model = Notification
    menu_label = _("Notifications")
    menu_icon = "warning"
    menu_order = 912
    base_url_path = "journaux/notifications"
    list_display = ("text", "user", "client", "created_at", "read_at")
    list_filter = ("created_at",)
    list_select_related = ("user", "client")
    search_fields = ("text", "event", "user__email")
    inspect_view_fields = ["text", "user", "client", "event", "url", "created_at", "read_at"]
    ordering = ("-created_at", "-id")


class NotificationPreferenceAdmin(ReadOnlyModelAdmin):
    """What each person accepts to receive, and by which way."""

    model = NotificationPreference
    menu_label = _("Préférences de notification")
    menu_icon = "sliders"
    menu_order = 914
    base_url_path = "journaux/preferences"
    list_display = ("user", "event", "channel", "is_on")
    list_filter = ("channel", "is_on")
    list_select_related = ("user",)
    search_fields = ("event", "user__email")
    inspect_view_fields = ["user", "event", "channel", "is_on"]
    ordering = ("user_id", "event", "channel")


modeladmin_register(NotificationAdmin)
modeladmin_register(NotificationPreferenceAdmin)
