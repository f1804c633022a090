"""The team's own words for some mails; every placeholder is checked before it is kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.permissions import register_permission_policy

from core.access.policies import OwnerPolicy
from core.backoffice import menu
from core.backoffice.viewsets import RecordViewSet
from core.notify.models import MessageTemplate
from core.notify.wordings import unknown_placeholders, wordings

register_permission_policy(MessageTemplate, OwnerPolicy(MessageTemplate))


class MessageForm(WagtailAdminModelForm):
    """A mail, its subject and its text. Only the placeholders of that mail are accepted."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = sorted(wordings().values(), key=lambda one: str(one.label))
        self.fields["name"] = forms.ChoiceField(
            label=_("Message"), choices=[(one.template, one.label) for one in known]
        )
        self.fields["body"].help_text = "\n".join(
            f"{one.label} : " + ", ".join(f"{{{{ {name} }}}}" for name in one.placeholders)
            for one in known
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        wording = wordings().get(cleaned.get("name", ""))
        for name in ("subject", "body"):
            unknown = unknown_placeholders(cleaned.get(name, ""), wording) if wording else []
            if unknown:
                text = _("Ce message ne connaît pas : %(names)s.")
                self.add_error(name, text % {"names": ", ".join(unknown)})
        return cleaned


def message_label(message: MessageTemplate) -> Any:
    """Return the name of a mail as people read it."""
    wording = wordings().get(message.name)
    return wording.label if wording else message.name


class MessageViewSet(RecordViewSet):
    """Our own words for the mails that leave."""

    model = MessageTemplate
    icon = "mail"
    menu_label = _("Modèles de message")
    add_label = _("Nouveau modèle")
    ordering = "name"
    list_display = [
        "name",
        Column("label", accessor=message_label, label=_("Message")),
        "subject",
        BooleanColumn("is_active", label=_("Utilisé")),
    ]
    search_fields = ["name", "subject", "body"]
    inspect_view_fields = ["name", "subject", "body", "is_active"]
    edit_handler = ObjectList(
        [FieldPanel("name"), FieldPanel("subject"), FieldPanel("body"), FieldPanel("is_active")],
        base_form_class=MessageForm,
    )


menu.add(menu.SETTINGS, MessageViewSet, order=20)
