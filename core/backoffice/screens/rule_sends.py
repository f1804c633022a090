"""The journal of rules: what each told whom, what did not leave and why."""

from typing import Any

import django_filters
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.permissions import register_permission_policy

from core.access.policies import ClosedPolicy, OwnerPolicy, OwnersJournalPolicy
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import MomentColumn, PlainColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import ReadOnlyViewSet
from core.hooks import Section
from core.notify.models import NotificationRule, OutgoingText, RuleCondition, RuleSend
from core.notify.rules import services
from core.notify.whatsapp import message_url
from core.ui.formats import moment

register_permission_policy(NotificationRule, OwnerPolicy(NotificationRule))
register_permission_policy(RuleCondition, ClosedPolicy(RuleCondition))
register_permission_policy(RuleSend, OwnersJournalPolicy(RuleSend))

State = RuleSend.State
LOOKS = {
    State.ASKED: StatusLook("due", "warn"),
    State.WAITING: StatusLook("half", "now"),
    State.SENT: StatusLook("done", "ok"),
    State.BY_HAND: StatusLook("half", "now"),
    State.HELD: StatusLook("due", "warn"),
    State.STOPPED: StatusLook("cancel"),
}
NEWEST = 20


class SendFilterSet(WagtailFilterSet):
    """By rule, by state, by channel, by day."""

    rule = django_filters.ModelChoiceFilter(
        label=_("Règle"), queryset=NotificationRule.objects.order_by("name")
    )
    created_at = django_filters.DateFromToRangeFilter(label=_("Noté entre"))

    class Meta:
        model = RuleSend
        fields = ["rule", "state", "channel", "created_at"]


class SentByHand(RecordAction):
    """Open WhatsApp on the message of a rule, then note that it was sent."""

    name = "envoye"
    label = _("Envoyer par WhatsApp")
    icon_name = "mobile-alt"
    success = _("Noté comme envoyé.")
    template_name = "core/backoffice/rule_by_hand.html"
    refusals = (services.CannotRun,)

    @classmethod
    def is_offered(cls, record: Any) -> bool:
        return record.state == State.BY_HAND

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return cls.is_offered(record) and bool(user.is_superuser)

    @property
    def permission_required(self) -> str:
        return "view"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = OutgoingText.objects.filter(key=f"rule:{self.object.pk}").first()
        url = message_url(text.phone, text.text) if text else ""
        words = text.text if text else ""
        return super().get_context_data(whatsapp_url=url, text=words, **kwargs)

    def perform(self, record: RuleSend, actor: Any) -> None:
        services.note_sent_by_hand(send=record, actor=actor, at=timezone.now())


class RuleSendViewSet(ReadOnlyViewSet):
    """What rules told."""

    model = RuleSend
    icon = "list-ul"
    menu_label = _("Envois des règles")
    ordering = ("-created_at", "-id")
    list_display = [
        "title",
        PlainColumn("rule", label=_("Règle")),
        PlainColumn("name", label=_("À")),
        PlainColumn("channel", accessor="get_channel_display", label=_("Canal")),
        StatusColumn("state", label=_("État"), looks=LOOKS),
        PlainColumn("reason", label=_("Motif")),
        MomentColumn("created_at", label=_("Noté")),
    ]
    filterset_class = SendFilterSet
    search_fields = ["title", "name"]
    list_export = ["title", "rule.name", "name", "channel", "state", "reason", "created_at"]
    inspect_view_fields = [
        "rule", "client", "title", "name", "channel", "state", "reason", "due_on", "created_at",
        "left_at",
    ]  # fmt: skip
    actions = (SentByHand,)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return RuleSend.objects.select_related("rule", "client").defer("client__search_vector")


menu.add(menu.SETTINGS, RuleSendViewSet, order=23)


def recent_sends(rule: NotificationRule) -> Section:
    """Return what a rule told lately, for its page."""

    def rows() -> list[list[Any]]:
        newest = RuleSend.objects.filter(rule=rule).order_by("-created_at", "-pk")[:NEWEST]
        now = timezone.localtime()
        return [
            [
                one.title,
                one.name,
                one.get_channel_display(),
                one.get_state_display(),
                one.reason,
                moment(timezone.localtime(one.created_at), now),
            ]
            for one in newest
        ]

    counts = dict(RuleSend.objects.filter(rule=rule).values_list("state").annotate(Count("pk")))
    told = ", ".join(f"{State(state).label} : {count}" for state, count in sorted(counts.items()))
    title = _now("Ses envois")
    return Section(
        title=f"{title} ({told})" if told else title,
        headings=[_("Objet"), _("À"), _("Canal"), _("État"), _("Motif"), _("Noté")],
        rows=rows,
        empty=_("Rien encore : elle passe toutes les dix minutes."),
        links=[
            (
                _("Tout le journal"),
                reverse("wagtailsnippets_notify_rulesend:list") + f"?rule={rule.pk}",
            )
        ],
    )
