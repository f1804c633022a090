"""The journal of tries to pay online, with every word of the provider."""

import json
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import register_permission_policy

from billing.payments import services
from billing.payments.channels import find_channel
from billing.payments.models import AttemptEvent, PaymentAttempt
from billing.payments.providers.base import GatewayError
from billing.payments.screens.totals import MoneyFilterSet, TotalledIndexView, days
from billing.payments.services.checking import TooSoon
from core.access.policies import ClosedPolicy, ReadOnlyPolicy
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import MomentColumn, MoneyColumn, StatusColumn, StatusLook
from core.backoffice.pages import readable
from core.backoffice.viewsets import ReadOnlyViewSet
from core.hooks import Section

register_permission_policy(PaymentAttempt, ReadOnlyPolicy(PaymentAttempt))
register_permission_policy(AttemptEvent, ClosedPolicy(AttemptEvent))

State = PaymentAttempt.State
LOOKS = {
    State.CREATED: StatusLook("todo"),
    State.PENDING: StatusLook("half", "now"),
    State.SUCCEEDED: StatusLook("done", "ok"),
    State.FAILED: StatusLook("cancel", "bad"),
    State.EXPIRED: StatusLook("cancel"),
    State.REVIEW: StatusLook("late", "warn"),
}


OUTCOMES = {
    **dict(services.Outcome.choices),
    "opened": _("Page ouverte"),
    "GatewayUnavailable": _("Pas de réponse"),
    "GatewayMisconfigured": _("Mal configuré"),
    "GatewayRejected": _("Refusé"),
}


def _channel_name(attempt: PaymentAttempt) -> str:
    channel = find_channel(attempt.channel)
    return channel.name if channel else attempt.channel


class CheckNow(RecordAction):
    """Ask the provider how an attempt stands."""

    name = "verifier"
    label = _("Vérifier maintenant")
    icon_name = "rotate"
    question = _("Nous demandons au prestataire où en est ce paiement et appliquons sa réponse.")
    success = _("Le prestataire a répondu : voyez les événements.")
    refusals = {
        TooSoon: _("Il a répondu il y a quelques secondes : patientez un peu."),
        GatewayError: _("Le prestataire ne répond pas : nous demanderons de nouveau."),
    }

    def perform(self, record: PaymentAttempt, actor: Any, **values: Any) -> None:
        services.check_attempt(
            attempt_id=record.pk, source=AttemptEvent.Source.MANUAL, at=timezone.now()
        )

    @classmethod
    def may(cls, user: Any, record: PaymentAttempt) -> bool:
        return cls.is_offered(record) and user.has_perm("payments.record_payment")

    def user_has_permission(self, permission: str) -> bool:
        return self.request.user.has_perm("payments.record_payment")


class AttemptFilterSet(MoneyFilterSet):
    """How tries to pay are filtered."""

    state = ChoiceFilter(label=_("État"), choices=State.choices)
    created_at = days(_("Lancée le"))

    class Meta:
        model = PaymentAttempt
        fields = ["client", "state", "provider", "channel", "is_test"]


class AttemptViewSet(ReadOnlyViewSet):
    """Every try to pay online, abandoned ones too."""

    model = PaymentAttempt
    icon = "mobile-alt"
    menu_label = _("Tentatives")
    ordering = "-created_at"
    list_display = [
        TitleColumn(
            "reference",
            label=_("Référence"),
            url_name="wagtailsnippets_payments_paymentattempt:inspect",
        ),
        Column("about", label=_("Objet")),
        Column("client", label=_("Client")),
        MoneyColumn("amount", label=_("Montant")),
        Column("channel", label=_("Moyen"), accessor=_channel_name),
        StatusColumn("state", label=_("État"), looks=LOOKS),
        Column("last_code", label=_("Code")),
        MomentColumn("created_at", label=_("Lancée"), sort_key="created_at"),
    ]
    filterset_class = AttemptFilterSet
    index_view_class = TotalledIndexView
    index_results_template_name = "core/backoffice/totalled_results.html"
    search_fields = ["reference", "provider_reference", "invoice__number", "client__name"]
    list_export = [
        "reference",
        "about",
        "client.name",
        "amount",
        "currency",
        "channel",
        "state",
        "last_code",
        "provider_reference",
        "created_at",
    ]
    money_fields = ("amount",)
    inspect_view_fields = [
        "reference",
        "about",
        "client",
        "provider",
        "channel",
        "method",
        "payer_phone",
        "payer_name",
        "amount",
        "state",
        "provider_reference",
        "last_code",
        "last_message",
        "checks",
        "last_checked_at",
        "next_check_at",
        "started_by",
        "created_at",
        "ended_at",
        "is_test",
    ]
    inspect_labels = MappingProxyType({"about": _("Objet")})
    actions = (CheckNow,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PaymentAttempt]:
        rows = PaymentAttempt.objects.select_related("client", "invoice")
        return rows.defer("client__search_vector")

    def sections(self, record: PaymentAttempt, request: HttpRequest) -> list[Section]:
        events = record.events.order_by("-happened_at", "-pk")
        headings = [_("Le"), _("Source"), _("Code"), _("Effet"), _("Message"), _("Brut")]
        return [
            Section(
                title=_("Ce que dit le prestataire"),
                headings=headings,
                rows=[_cells(event) for event in events],
                empty=_("Rien encore."),
            )
        ]


def _cells(event: AttemptEvent) -> list[Any]:
    return [
        readable(event.happened_at),
        event.get_source_display(),
        event.code or "—",
        OUTCOMES.get(event.outcome, event.outcome),
        event.message,
        _folded(event.raw),
    ]


def _folded(raw: dict[str, Any]) -> SafeString | str:
    """Write raw JSON, folded away. Secrets and phones were masked before it was kept."""
    if not raw:
        return "—"
    text = json.dumps(raw, ensure_ascii=False, indent=2)
    return format_html("<details><summary>JSON</summary><pre>{}</pre></details>", text)


menu.add("encaissements", AttemptViewSet, order=30)
