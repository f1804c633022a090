"""The journal of what providers posted to us, as it came: bytes and headers, secrets masked."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy
from wagtail_modeladmin.options import modeladmin_register

from billing.payments.models import ProviderNotification
from core.access.policies import ReadOnlyPolicy
from core.audit.log_filter import masked
from core.backoffice.journals import ReadOnlyModelAdmin

register_permission_policy(ProviderNotification, ReadOnlyPolicy(ProviderNotification))


class ProviderNotificationAdmin(ReadOnlyModelAdmin):
    """Every notification received, refused ones too."""

    model = ProviderNotification
    menu_label = _("Notifications de paiement")
    menu_icon = "download"
    base_url_path = "journaux/notifications-paiement"
    list_display = ("reference", "provider", "state", "is_signed", "deliveries", "received_at")
    list_filter = ("state", "provider", "is_signed")
    search_fields = ("reference", "reason")
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
        "shown_headers",
        "shown_body",
    )

    def shown_headers(self, row: ProviderNotification) -> Any:
        lines = "\n".join(f"{name}: {value}" for name, value in row.headers.items())
        return format_html("<pre>{}</pre>", masked(lines))

    shown_headers.short_description = _("En-têtes")

    def shown_body(self, row: ProviderNotification) -> Any:
        text = bytes(row.body).decode("ascii", "backslashreplace")
        return format_html("<pre>{}</pre>", masked(text.replace("&", "\n&")))

    shown_body.short_description = _("Corps reçu")


modeladmin_register(ProviderNotificationAdmin)
