"""The journal of what providers posted to us, as it came: bytes and headers, secrets masked."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy
from wagtail_modeladmin.options import modeladmin_register
from wagtail_modeladmin.views import InspectView

from billing.payments.models import ProviderNotification
from core.access.policies import ReadOnlyPolicy
from core.audit.log_filter import masked
from core.backoffice.journals import ReadOnlyModelAdmin

register_permission_policy(ProviderNotification, ReadOnlyPolicy(ProviderNotification))


def _draw_headers(row: ProviderNotification) -> SafeString:
    lines = "\n".join(f"{name}: {value}" for name, value in row.headers.items())
    return format_html("<pre>{}</pre>", masked(lines))


def _draw_body(row: ProviderNotification) -> SafeString:
    text = bytes(row.body).decode("ascii", "backslashreplace")
    return format_html("<pre>{}</pre>", masked(text.replace("&", "\n&")))


DRAWN = {
    "headers": (_("En-têtes"), _draw_headers),
    "body": (_("Corps reçu"), _draw_body),
}


class NotificationInspectView(InspectView):
    """One notification; its headers and bytes as they came, secrets masked."""

    def get_dict_for_field(self, field_name: str) -> dict[str, Any]:
        if field_name not in DRAWN:
            return super().get_dict_for_field(field_name)
        label, draw = DRAWN[field_name]
        return {"type": "text", "label": label, "value": draw(self.instance)}


class ProviderNotificationAdmin(ReadOnlyModelAdmin):
    """Every notification received, refused ones too."""

    model = ProviderNotification
    menu_label = _("Notifications de paiement")
    menu_icon = "download"
    base_url_path = "journaux/notifications-paiement"
    list_display = ("reference", "provider", "state", "is_signed", "deliveries", "received_at")
    list_filter = ("state", "provider", "is_signed")
    search_fields = ("reference", "reason")
    inspect_view_class = NotificationInspectView
    inspect_view_fields = (
        "provider",
        "reference",
        "state",
        "reason",
        "is_signed",
        "deliveries",
        "tries",
        "remote_addr",
        "content_type",
        "received_at",
        "last_received_at",
        "done_at",
        "headers",
        "body",
    )


modeladmin_register(ProviderNotificationAdmin)
