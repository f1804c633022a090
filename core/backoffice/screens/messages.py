"""The team's own words for some mails; every placeholder is checked before it is kept."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.permissions import register_permission_policy

from core.access.policies import OwnerPolicy
from core.audit import log
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.viewsets import RecordViewSet
from core.notify.mail import preview_words
from core.notify.models import MessageTemplate
from core.notify.services import send_test
from core.notify.wordings import unknown_placeholders, wordings

register_permission_policy(MessageTemplate, OwnerPolicy(MessageTemplate))
log.declare(message_tested=_("Message d’essai envoyé"))


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


class TryMessage(RecordAction):
    """See a mail as it leaves, with examples in place of the placeholders; send it to oneself."""

    name = "essai"
    label = _("Envoyer un essai à mon adresse")
    icon_name = "view"
    success = _("Message d’essai envoyé à votre adresse.")
    template_name = "core/backoffice/message_preview.html"

    @classmethod
    def is_offered(cls, record: Any) -> bool:
        return record.name in wordings()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wording = wordings()[self.object.name]
        subject, text, html = preview_words(self.object, wording.examples)
        return super().get_context_data(subject=subject, text=text, html=html, **kwargs)

    def perform(self, record: MessageTemplate, actor: Any) -> None:
        examples = wordings()[record.name].examples
        send_test(message=record, context=examples, actor=actor, at=timezone.now())


class MessageViewSet(RecordViewSet):
    """Our own words for the mails that leave."""

    model = MessageTemplate
    icon = "mail"
    menu_label = _("Modèles de message")
    add_label = _("Nouveau modèle")
    ordering = ("name", "language")
    list_display = [
        Column("label", accessor=message_label, label=_("Message")),
        "subject",
        Column("language", accessor="get_language_display", label=_("Langue")),
        BooleanColumn("is_active", label=_("Utilisé")),
    ]
    search_fields = ["name", "subject", "body"]
    inspect_view_fields = ["name", "language", "subject", "body", "is_active"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("language")]),
            FieldPanel("subject"),
            FieldPanel("body"),
            FieldPanel("is_active"),
        ],
        base_form_class=MessageForm,
    )
    actions = (TryMessage,)

    def url_after_save(self, record: MessageTemplate) -> str:
        return reverse(self.get_url_name(TryMessage.name), args=[record.pk])


menu.add(menu.SETTINGS, MessageViewSet, order=20)
