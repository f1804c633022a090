"""What does not add up, until a person has dealt with it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import register_permission_policy

from billing.payments import services
from billing.payments.models import Anomaly
from billing.payments.screens.anomaly_acts import ACTIONS, EXPLANATIONS
from billing.payments.services.anomalies import CommentMissing
from core.access.policies import ReadOnlyPolicy
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import MomentColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import ReadOnlyViewSet
from core.hooks import Section

register_permission_policy(Anomaly, ReadOnlyPolicy(Anomaly))

LOOKS = {True: StatusLook("done", "ok"), False: StatusLook("late", "bad")}


class ResolutionForm(forms.Form):
    """What was done about it."""

    comment = forms.CharField(
        label=_("Ce qui a été fait"), widget=forms.Textarea(attrs={"rows": 4})
    )


class ResolveAnomaly(RecordAction):
    """Put an anomaly away, saying what was done."""

    name = "resoudre"
    label = _("Classer sans suite")
    icon_name = "check"
    question = _("Dites ce que vous avez constaté et fait : ces mots restent dans l’historique.")
    success = _("Anomalie résolue.")
    form_class = ResolutionForm
    refusals = (services.AlreadyResolved, CommentMissing)

    def perform(self, record: Anomaly, actor: Any, **values: Any) -> None:
        services.resolve_anomaly(anomaly=record, actor=actor, at=timezone.now(), **values)

    @classmethod
    def is_offered(cls, record: Anomaly) -> bool:
        return record.resolved_at is None

    @classmethod
    def may(cls, user: Any, record: Anomaly) -> bool:
        return cls.is_offered(record) and user.has_perm("payments.resolve_anomaly")

    def user_has_permission(self, permission: str) -> bool:
        return self.request.user.has_perm("payments.resolve_anomaly")


class AnomalyViewSet(ReadOnlyViewSet):
    """The queue of anomalies, open ones first."""

    model = Anomaly
    icon = "warning"
    menu_label = _("Anomalies")
    ordering = "-raised_at"
    list_display = [
        TitleColumn(
            "get_kind_display",
            label=_("Nature"),
            url_name="wagtailsnippets_payments_anomaly:inspect",
        ),
        Column("detail", label=_("Constat")),
        Column("client", label=_("Client")),
        Column("attempt", label=_("Tentative")),
        MomentColumn("raised_at", label=_("Constatée"), sort_key="raised_at"),
        StatusColumn(
            "is_resolved",
            label=_("Suite"),
            looks=LOOKS,
            accessor=lambda row: row.resolved_at is not None,
            word=lambda row: _("Résolue") if row.resolved_at else _("À traiter"),
        ),
    ]
    list_export = [
        "kind", "detail", "client.name", "attempt", "raised_at", "resolved_at", "resolution",
    ]  # fmt: skip
    list_filter = {"kind": ["exact"], "resolved_at": ["isnull"]}
    search_fields = ["detail", "attempt__reference", "client__name"]
    inspect_view_fields = [
        "kind",
        "detail",
        "client",
        "attempt",
        "payment",
        "raised_at",
        "ended_at",
        "resolved_at",
        "resolved_by",
        "resolution",
    ]
    actions = (*ACTIONS, ResolveAnomaly)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Anomaly]:
        rows = Anomaly.objects.select_related("client", "attempt", "payment", "resolved_by")
        return rows.defer("client__search_vector")

    def sections(self, record: Anomaly, request: HttpRequest) -> list[Section]:
        text = EXPLANATIONS[Anomaly.Kind(record.kind)]
        return [Section(title=_("Que faire ?"), empty=text)]


menu.add("encaissements", AnomalyViewSet, order=40)
