"""The team's own words: for mails of the product, for rules, for letters. Checked when saved."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.permissions import register_permission_policy

from core.access.policies import ClosedPolicy, OwnerPolicy
from core.audit import log
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section
from core.notify.message_previews import message_context, samples_of
from core.notify.message_versions import (
    differences,
    note_version,
    restore_version,
    versions_of,
)
from core.notify.models import MessageTemplate, MessageVersion
from core.notify.own_messages import about_choices, own_wording, wording_of
from core.notify.services import message_parts, send_test
from core.notify.sms_text import parts, plain
from core.notify.wordings import Wording, problems_of, wordings
from core.ui.formats import moment

register_permission_policy(MessageTemplate, OwnerPolicy(MessageTemplate))
register_permission_policy(MessageVersion, ClosedPolicy(MessageVersion))
log.declare(message_tested=_("Message d’essai envoyé"))

Kind = MessageTemplate.Kind


class MessageForm(WagtailAdminModelForm):
    """Words, and what they may hold. Anything else between braces is refused, with what exists."""

    wording = forms.ChoiceField(label=_("E-mail du portail"), required=False)
    about = forms.ChoiceField(label=_("De quoi parle un message à nous"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = sorted(wordings().values(), key=lambda one: str(one.label))
        choices = [("", "—"), *((one.template, one.label) for one in known)]
        self.fields["wording"].choices = choices  # type: ignore[attr-defined]
        self.fields["about"].choices = [("", "—"), *about_choices()]  # type: ignore[attr-defined]
        self.fields["name"].required = False
        self.fields["name"].label = _("Nom, pour un message à nous")
        self.fields["body"].widget.attrs["data-sms"] = "body"
        if self.instance.kind == Kind.WORDING and self.instance.pk:
            self.initial["wording"], self.initial["name"] = self.instance.name, ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind == Kind.WORDING:
            cleaned["name"], cleaned["about"] = cleaned.get("wording") or "", ""
            self._require("wording", _("Choisissez l’e-mail dont vous écrivez le texte."))
        else:
            self._require("name", _("Donnez un nom à ce message."))
            self._require(
                "about", _("Dites de quoi parle ce message : ses variables en dépendent.")
            )
        if kind != Kind.SMS:
            self._require("subject", _("Un e-mail a un objet."))
        wording = self._wording(cleaned)
        for name in ("subject", "body"):
            problems = problems_of(cleaned.get(name) or "", wording) if wording else []
            for problem in problems:
                self.add_error(name, problem)
        return cleaned

    def _require(self, name: str, text: Any) -> None:
        if not self.cleaned_data.get(name):
            self.add_error(name, text)

    def _wording(self, cleaned: dict[str, Any]) -> Wording | None:
        if cleaned.get("kind") == Kind.WORDING:
            return wordings().get(cleaned.get("name", ""))
        return own_wording(cleaned.get("about", ""))


def message_label(message: MessageTemplate) -> Any:
    """Return the name of a template as people read it."""
    if message.kind != Kind.WORDING:
        return message.name
    wording = wordings().get(message.name)
    return wording.label if wording else message.name


def about_label(message: MessageTemplate) -> Any:
    """Say what a template is for."""
    if message.kind == Kind.WORDING:
        return _("E-mail du portail")
    return dict(about_choices()).get(message.about, message.about)


class TryMessage(RecordAction):
    """See a message as it leaves, on examples or on a real row; send it to oneself."""

    name = "essai"
    label = _("Envoyer un essai à mon adresse")
    icon_name = "view"
    success = _("Message d’essai envoyé à votre adresse.")
    template_name = "core/backoffice/message_preview.html"

    class form_class(forms.Form):
        sample = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def is_offered(cls, record: Any) -> bool:
        return wording_of(record) is not None

    def get_initial(self) -> dict[str, Any]:
        return {"sample": self._sample()}

    def _sample(self) -> str:
        return self.request.POST.get("sample") or self.request.GET.get("sur", "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sample = self._sample()
        context = message_context(self.object, sample, actor=self.request.user)
        subject, text, html = message_parts(self.object, context)
        words = plain(text) if self.object.kind == Kind.SMS else ""
        return super().get_context_data(
            subject=subject,
            text=words or text,
            html=html,
            is_sms=self.object.kind == Kind.SMS,
            letters=len(words),
            segments=parts(words) if words else 0,
            samples=samples_of(self.object),
            sample=sample,
            **kwargs,
        )

    def perform(self, record: MessageTemplate, actor: Any, sample: str = "") -> None:
        context = message_context(record, sample, actor=actor)
        send_test(message=record, context=context, actor=actor, at=timezone.now())


class RestoreVersion(RecordAction):
    """Compare a former version with the words of now, and take it back."""

    name = "versions"
    label = _("Rétablir cette version")
    icon_name = "history"
    is_listed = False
    success = _("Version rétablie.")
    template_name = "core/backoffice/message_versions.html"

    class form_class(forms.Form):
        number = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def is_offered(cls, record: Any) -> bool:
        return record.versions.exists()

    def _number(self) -> int | None:
        asked = self.request.POST.get("number") or self.request.GET.get("v", "")
        return int(asked) if asked.isdecimal() and len(asked) < 9 else None

    def get_initial(self) -> dict[str, Any]:
        return {"number": self._number()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(versions_of(self.object))
        chosen = next((row for row in rows if row.number == self._number()), rows[0])
        kwargs["form"] = kwargs.get("form") or self.form_class(initial={"number": chosen.number})
        return super().get_context_data(
            versions=rows, chosen=chosen, lines=differences(chosen, self.object), **kwargs
        )

    def perform(self, record: MessageTemplate, actor: Any, number: int) -> None:
        try:
            restore_version(message=record, number=number, actor=actor, at=timezone.now())
        except MessageVersion.DoesNotExist as error:
            raise ValidationError(_("Cette version n’existe pas.")) from error


def variables_help() -> SafeString:
    """List every placeholder, by what a message is about, for the head of the form."""
    known = [*wordings().values()]
    known += [own for name, _label in about_choices() if (own := own_wording(name))]
    rows = format_html_join(
        "",
        "<dt>{}</dt><dd>{}</dd>",
        ((one.label, ", ".join(f"{{{{ {name} }}}}" for name in one.placeholders)) for one in known),
    )
    title = _now("Les variables de chaque message")
    return format_html(
        '<details class="nx-variables"><summary>{}</summary><dl>{}</dl></details>', title, rows
    )


class VariablesPanel(HelpPanel):
    """The placeholders, read when the form shows: every app has declared them by then."""

    class BoundPanel(HelpPanel.BoundPanel):
        def __init__(self, **kwargs: Any):
            super().__init__(**kwargs)
            self.content = variables_help()


class MessageViewSet(RecordViewSet):
    """Our own words for what leaves."""

    model = MessageTemplate
    icon = "mail"
    menu_label = _("Modèles de message")
    add_label = _("Nouveau modèle")
    ordering = ("kind", "name", "language")
    list_display = [
        Column("label", accessor=message_label, label=_("Message")),
        Column("kind", accessor="get_kind_display", label=_("Nature")),
        Column("about", accessor=about_label, label=_("Pour")),
        "subject",
        Column("language", accessor="get_language_display", label=_("Langue")),
        BooleanColumn("is_active", label=_("Utilisé")),
    ]
    list_filter = ["kind", "language", "is_active"]
    search_fields = ["name", "subject", "body"]
    inspect_view_fields = ["name", "kind", "about", "language", "subject", "body", "is_active"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("kind"), FieldPanel("language")]),
            FieldPanel("wording"),
            FieldRowPanel([FieldPanel("name"), FieldPanel("about")]),
            FieldPanel("subject"),
            FieldPanel("body"),
            VariablesPanel(content=""),
            FieldPanel("is_active"),
        ],
        base_form_class=MessageForm,
    )
    actions = (TryMessage, RestoreVersion)

    def inspect_value(self, record: MessageTemplate, name: str) -> Any:
        return {"name": message_label(record), "about": about_label(record)}.get(name)

    def saved(self, record: MessageTemplate, *, actor: Any, is_new: bool) -> None:
        note_version(message=record, actor=actor, at=timezone.now())

    def url_after_save(self, record: MessageTemplate) -> str:
        return reverse(self.get_url_name(TryMessage.name), args=[record.pk])

    def sections(self, record: MessageTemplate, request: HttpRequest) -> list[Section]:
        return [_versions(versions_of(record), self.get_url_name(RestoreVersion.name))]


def _versions(rows: QuerySet[MessageVersion], url_name: str) -> Section:
    now = timezone.localtime()
    return Section(
        title=_("Versions"),
        headings=[_("Version"), _("Enregistrée"), _("Par"), ""],
        rows=lambda: [
            [
                row.number,
                moment(timezone.localtime(row.saved_at), now),
                row.saved_by or "—",
                format_html(
                    '<a href="{}?v={}">{}</a>',
                    reverse(url_name, args=[row.message_id]),
                    row.number,
                    _now("Comparer"),
                ),
            ]
            for row in rows
        ],
        empty=_("Les versions se gardent à chaque enregistrement."),
    )


menu.add(menu.SETTINGS, MessageViewSet, order=20)
