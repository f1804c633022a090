"""Rules of notification: whom to tell of what, by which channel, when; tried before they run."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.ui.tables import Column

from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import StatusColumn, StatusLook
from core.backoffice.screens.rule_sends import recent_sends
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section
from core.hooks.rules import rule_events
from core.notify.models import MessageTemplate, NotificationRule, RuleSend
from core.notify.rules import services
from core.notify.rules.audiences import OF_FACT, audience_choices, audience_label
from core.notify.rules.conditions import BadCondition, Condition, check_condition
from core.notify.rules.finding import UnknownEvent

ADDITION = _(
    "Une règle s’ajoute aux e-mails automatiques (factures, relances, demandes…) : elle n’en "
    "remplace et n’en arrête aucun. Elle prévient une seule fois chaque personne d’un même fait."
)


class FactSelect(forms.Select):
    """The facts of all events, read when the form shows: every app has declared them by then."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        self.choices = _fact_choices()
        return super().optgroups(name, value, attrs)


class RuleForm(WagtailAdminModelForm):
    """A rule. What cannot be compared, reached or written is refused in words."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["event"] = forms.ChoiceField(label=_("Événement"), choices=_event_choices())
        self.fields["audience"] = forms.MultipleChoiceField(
            label=_("Qui est prévenu"),
            choices=audience_choices(),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Seules les personnes qui peuvent lire le fait sont prévenues."),
        )
        self.fields["channels"] = forms.MultipleChoiceField(
            label=_("Par où"),
            choices=NotificationRule.Channel.choices,
            widget=forms.CheckboxSelectMultiple,
        )
        for name, kind in (("mail_template", "mail"), ("text_template", "sms")):
            rows = MessageTemplate.objects.filter(kind=kind, is_active=True).order_by("name")
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean_addresses(self) -> str:
        addresses = self.cleaned_data["addresses"].split()
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError:
                text = _("« %(address)s » n’est pas une adresse e-mail.")
                raise ValidationError(text, params={"address": address}) from None
        return "\n".join(dict.fromkeys(addresses))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        event = rule_events().get(cleaned.get("event", ""))
        if event is None:
            return cleaned
        self._check_audience(event, cleaned)
        for name in ("mail_template", "text_template"):
            chosen = cleaned.get(name)
            if chosen is not None and chosen.about not in (event.name, "client"):
                self.add_error(name, _("Ce modèle est écrit pour un autre événement."))
        self._check_conditions(event)
        return cleaned

    def _check_audience(self, event: Any, cleaned: dict[str, Any]) -> None:
        audience = cleaned.get("audience", [])
        absent = [one for one in audience if one in OF_FACT and one not in event.audiences]
        if absent:
            text = _("Cet événement ne connaît pas : %(names)s.")
            names = ", ".join(str(audience_label(one)) for one in absent)
            self.add_error("audience", text % {"names": names})
        if not audience and not cleaned.get("addresses"):
            self.add_error("audience", _("Choisissez au moins une personne ou une adresse."))

    def _check_conditions(self, event: Any) -> None:
        formset = self.formsets["conditions"]  # type: ignore[attr-defined]
        for form in formset.forms:
            row = getattr(form, "cleaned_data", None) if form.is_valid() else None
            if not row or row.get("DELETE") or not row.get("fact"):
                continue
            try:
                check_condition(Condition(row["fact"], row["operator"], row["value"]), event.fields)
            except BadCondition as refusal:
                self.add_error(None, str(refusal))


def _event_choices() -> list[tuple[Any, list[tuple[str, Any]]]]:
    groups: dict[str, list[tuple[str, Any]]] = {}
    for event in rule_events().values():
        groups.setdefault(str(event.group), []).append((event.name, event.label))
    return list(groups.items())


def _fact_choices() -> list[Any]:
    """Return the facts of all events, those of one name once."""
    found: dict[str, str] = {}
    for event in rule_events().values():
        for name, field in event.fields.items():
            found.setdefault(name, str(field.label))
    return [("", "—"), *sorted(found.items(), key=lambda one: one[1])]


def event_label(rule: NotificationRule) -> Any:
    """Return the words for the event of a rule."""
    event = rule_events().get(rule.event)
    return event.label if event else _("Événement disparu")


def when_label(rule: NotificationRule) -> str:
    """Say when a rule tells, such as « 7 jours après l’échéance »."""
    event = rule_events().get(rule.event)
    day = str(event.day_label or _("la date")) if event else _now("la date")
    if rule.days == 0:
        return _now("Le jour même (%(day)s)") % {"day": day}
    count = ngettext("%(count)s jour", "%(count)s jours", rule.days) % {"count": rule.days}
    return f"{count} {rule.get_direction_display()} {day}"


def whom_label(rule: NotificationRule) -> str:
    """Name the audiences of a rule."""
    names = [str(audience_label(one)) for one in rule.audience] + rule.addresses.split()
    return ", ".join(names) or "—"


def channels_label(rule: NotificationRule) -> str:
    """Name the channels of a rule."""
    names = dict(NotificationRule.Channel.choices)
    return ", ".join(str(names.get(one, one)) for one in rule.channels) or "—"


class TryRule(RecordAction):
    """Who would have been told over the last thirty days. Nothing is sent."""

    name = "essai"
    label = _("Essayer")
    icon_name = "view"
    is_main = True
    template_name = "core/backoffice/rule_trial.html"
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            tried = services.try_rule(rule=self.object, on=timezone.localdate())
        except UnknownEvent:
            tried = None
        return super().get_context_data(tried=tried, ask_above=services.ASK_ABOVE, **kwargs)


class SwitchOn(RecordAction):
    """Put a rule to work, after reading how much it would send."""

    name = "activer"
    label = _("Activer")
    icon_name = "check"
    template_name = "core/backoffice/rule_try.html"
    question = _(
        "Elle préviendra de ce qui est dû à partir d’aujourd’hui, jamais de ce qui précède."
    )
    success = _("Règle active.")

    class form_class(forms.Form):
        agreed = forms.IntegerField(
            label=_("Nombre d’envois d’un jour"),
            required=False,
            help_text=_("À taper seulement si la page le demande."),
        )

    @classmethod
    def is_offered(cls, record: Any) -> bool:
        return not record.is_on

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tried = None
        if self.object.event in rule_events():
            tried = services.try_rule(rule=self.object, on=timezone.localdate())
        return super().get_context_data(tried=tried, ask_above=services.ASK_ABOVE, **kwargs)

    def perform(self, record: NotificationRule, actor: Any, agreed: int | None = None) -> None:
        try:
            services.switch_on(rule=record, actor=actor, on=timezone.localdate(), agreed=agreed)
        except services.CannotRun as refusal:
            raise ValidationError(str(refusal)) from refusal


class StopRule(RecordAction):
    """Switch a rule off at once; what it had still to send never leaves."""

    name = "arreter"
    label = _("Arrêter")
    icon_name = "cross"
    is_serious = True
    question = _("La règle est désactivée, et ce qu’elle avait encore à envoyer ne partira pas.")
    success = _("Règle arrêtée.")

    @classmethod
    def is_offered(cls, record: Any) -> bool:
        return record.is_on

    def perform(self, record: NotificationRule, actor: Any) -> None:
        services.stop_rule(rule=record, actor=actor)


class LetSend(RecordAction):
    """Let a rule send what it asked for first."""

    name = "autoriser"
    label = _("Autoriser ses envois")
    icon_name = "mail"
    is_listed = False
    success = _("Envois autorisés : ils partent par lots.")
    refusals = (services.CannotRun,)

    class form_class(forms.Form):
        count = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def is_offered(cls, record: Any) -> bool:
        return record.is_on and bool(asked_by(record))

    @property
    def question(self) -> str:  # type: ignore[override]
        text = _now("Cette règle veut faire %(count)s envois d’un coup. Les laisser partir ?")
        return text % {"count": asked_by(self.object)}

    def get_initial(self) -> dict[str, Any]:
        return {"count": asked_by(self.object)}

    def perform(self, record: NotificationRule, actor: Any, count: int) -> None:
        services.let_send(rule=record, count=count, actor=actor)


def asked_by(rule: NotificationRule) -> int:
    """Return how many sends of a rule wait for somebody’s word."""
    return RuleSend.objects.filter(rule=rule, state=RuleSend.State.ASKED).count()


STATE = StatusColumn(
    "is_on",
    label=_("État"),
    looks={True: StatusLook("done", "ok"), False: StatusLook("todo")},
    word=lambda rule: _("Active") if rule.is_on else _("Arrêtée"),
)


class RuleViewSet(RecordViewSet):
    """The rules of notification of the house."""

    model = NotificationRule
    icon = "warning"
    menu_label = _("Règles de notification")
    add_label = _("Nouvelle règle")
    ordering = ("-is_on", "-priority", "name")
    list_display = [
        "name",
        STATE,
        Column("event", accessor=event_label, label=_("Quand")),
        Column("when", accessor=when_label, label=_("Délai")),
        Column("whom", accessor=whom_label, label=_("Qui")),
        Column("channels", accessor=channels_label, label=_("Par où")),
    ]
    search_fields = ["name"]
    inspect_view_fields = [
        "event", "days", "audience", "channels", "mail_template", "text_template", "quiet_from",
        "works_only", "priority", "is_on", "on_since", "ran_at",
    ]  # fmt: skip
    inspect_labels = {"days": _("délai"), "quiet_from": _("heures calmes")}
    edit_handler = ObjectList(
        [
            HelpPanel(content=format_html('<p class="nx-hint">{}</p>', ADDITION)),
            FieldPanel("name"),
            MultiFieldPanel(
                [
                    FieldPanel("event"),
                    FieldRowPanel([FieldPanel("days"), FieldPanel("direction")]),
                ],
                heading=_("Quand"),
            ),
            InlinePanel(
                "conditions",
                heading=_("Et seulement si"),
                label=_("condition"),
                help_text=_(
                    "Toutes doivent être vraies. Un montant s’écrit en unités de la devise, une "
                    "date 31/12/2026."
                ),
                panels=[
                    FieldRowPanel(
                        [
                            FieldPanel("fact", widget=FactSelect),
                            FieldPanel("operator"),
                            FieldPanel("value"),
                        ]
                    )
                ],
            ),
            MultiFieldPanel([FieldPanel("audience"), FieldPanel("addresses")], heading=_("Qui")),
            MultiFieldPanel(
                [
                    FieldPanel("channels"),
                    FieldPanel("mail_template"),
                    FieldPanel("text_template"),
                ],
                heading=_("Par où, avec quels mots"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("quiet_from"), FieldPanel("quiet_to")]),
                    FieldPanel("works_only"),
                    FieldPanel("priority"),
                ],
                heading=_("À quelles heures, dans quel ordre"),
            ),
        ],
        base_form_class=RuleForm,
    )
    actions = (TryRule, SwitchOn, StopRule, LetSend)

    def get_queryset(self, request: HttpRequest) -> Any:
        return NotificationRule.objects.select_related("mail_template", "text_template")

    def url_after_save(self, record: NotificationRule) -> str:
        return reverse(self.get_url_name("essai"), args=[record.pk])

    def inspect_value(self, record: NotificationRule, name: str) -> Any:
        quiet = (
            f"{record.quiet_from:%H h %M} → {record.quiet_to:%H h %M}"
            if (record.quiet_from and record.quiet_to)
            else "—"
        )
        return {
            "event": event_label(record),
            "days": when_label(record),
            "audience": whom_label(record),
            "channels": channels_label(record),
            "quiet_from": quiet,
        }.get(name)

    def sections(self, record: NotificationRule, request: HttpRequest) -> list[Section]:
        conditions = Section(
            title=_("Et seulement si"),
            headings=[_("Donnée"), _("Comparaison"), _("Valeur")],
            rows=[
                [
                    dict(_fact_choices()).get(one.fact, one.fact),
                    one.get_operator_display(),
                    one.value,
                ]
                for one in record.conditions.all()
            ],
            empty=_("Sans condition : tous les faits de cet événement."),
        )
        return [conditions, recent_sends(record)]


menu.add(menu.SETTINGS, RuleViewSet, order=22)
