"""Contracts that come back, in the back-office."""

from typing import Any

from django.db.models import Exists, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_filters import ChoiceFilter, ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import Column

from billing.invoicing.admin.panels import line_panels, text_panels
from billing.sources.admin import acts, sections
from billing.sources.admin.forms import RecurringForm
from billing.sources.models import RecurringInvoice, RecurringLine
from billing.sources.queries import OPEN_PAUSE, monthly_share, next_period, with_standing
from core.accounts.models import Client, Company
from core.backoffice.choosers import RecordChooser
from core.backoffice.columns import (
    FrenchDateColumn,
    MoneyColumn,
    StatusColumn,
    StatusLook,
)
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section
from core.money import round_half_up

STANDINGS = {
    "failing": (_("En panne"), StatusLook("late", "bad")),
    "paused": (_("Suspendu"), StatusLook("pause", "warn")),
    "over": (_("Terminé"), StatusLook("done")),
    "active": (_("En cours"), StatusLook("half", "now")),
}
COPIED = (
    "company", "client", "project", "subject", "currency", "every", "unit", "timing", "outcome",
    "term_days", "discount_percent", "discount_amount", "price_includes_vat", "exchange_rate",
    "withheld_rule", "added_rule", "notes",
)  # fmt: skip
LINE_COPIED = (
    "section", "label", "detail", "quantity", "unit", "unit_price", "discount_percent",
    "discount_amount", "vat_code", "vat_rate", "sort_order", "client_id",
)  # fmt: skip


def standing(schedule: Any) -> str:
    """Return where a contract stands, a key of STANDINGS."""
    if acts.is_paused(schedule):
        return "paused"
    if schedule.failure:
        return "failing"
    return "active" if next_period(schedule) else "over"


def rhythm_text(schedule: RecurringInvoice) -> str:
    """Say how often a contract comes back: « tous les 3 mois »."""
    count = schedule.every
    texts = {
        "week": ngettext("chaque semaine", "toutes les %(count)s semaines", count),
        "month": ngettext("chaque mois", "tous les %(count)s mois", count),
        "year": ngettext("chaque année", "tous les %(count)s ans", count),
    }
    return texts[schedule.unit] % {"count": count}


def next_date(schedule: RecurringInvoice) -> Any:
    """Return when the next invoice of a contract is made; nothing while it is paused."""
    period = None if acts.is_paused(schedule) else next_period(schedule)
    return period.bill_on if period else None


def share_today(schedule: RecurringInvoice) -> int | None:
    """Return what a contract brings in a month as of today, rounded, in minor units."""
    if acts.is_paused(schedule):
        return None
    return round_half_up(monthly_share(schedule, timezone.localdate())) or None


class RecurringFilterSet(WagtailFilterSet):
    """How contracts are filtered."""

    client = ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.all(),
        widget=RecordChooser(Client, icon="group"),
    )
    situation = ChoiceFilter(
        label=_("Situation"),
        method="filter_situation",
        choices=[("failing", _("En panne")), ("paused", _("Suspendu")), ("active", _("En cours"))],
    )

    class Meta:
        model = RecurringInvoice
        fields = ["situation", "client", "unit", "outcome"]

    def filter_situation(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == "failing":
            return rows.exclude(failure="")
        if value == "paused":
            return rows.filter(Exists(OPEN_PAUSE))
        return rows.filter(failure="").exclude(Exists(OPEN_PAUSE))


class RecurringViewSet(RecordViewSet):
    """Contracts billed by themselves, period by period."""

    model = RecurringInvoice
    icon = "rotate"
    menu_label = _("Abonnements")
    add_label = _("Nouvel abonnement")
    ordering = ("client__name", "pk")
    copy_view_enabled = True
    list_display = [
        "subject",
        Column("client", label=_("Client")),
        Column("rhythm_text", label=_("Rythme"), accessor=rhythm_text),
        StatusColumn(
            "standing",
            label=_("État"),
            looks={key: look for key, (_word, look) in STANDINGS.items()},
            accessor=standing,
            word=lambda schedule: STANDINGS[standing(schedule)][0],
        ),
        FrenchDateColumn("next_date", label=_("Prochaine facture"), accessor=next_date),
        MoneyColumn("share", label=_("Par mois HT"), accessor=share_today),
    ]
    filterset_class = RecurringFilterSet
    search_fields = ["subject", "client__search_norm"]
    list_export = [
        "subject", "client", "every", "unit", "anchor_date", "starts_on", "ends_on", "times",
        "outcome", "currency", "failure",
    ]  # fmt: skip
    export_filename = "abonnements"
    inspect_view_fields = [
        "client", "project", "every", "unit", "anchor_date", "starts_on", "ends_on", "times",
        "timing", "outcome", "term_days", "currency", "failure", "failed_at",
    ]  # fmt: skip
    actions = (
        acts.BillNow,
        acts.PauseContract,
        acts.ResumeContract,
        acts.ChangePrice,
        acts.SkipPeriod,
        acts.RedoPeriod,
    )
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("client"), FieldPanel("project")]),
                    FieldPanel("subject"),
                    FieldRowPanel([FieldPanel("every"), FieldPanel("unit"), FieldPanel("timing")]),
                    FieldRowPanel([FieldPanel("anchor_date"), FieldPanel("starts_on")]),
                    FieldRowPanel([FieldPanel("ends_on"), FieldPanel("times")]),
                    FieldRowPanel([FieldPanel("outcome"), FieldPanel("term_days")]),
                    FieldRowPanel([FieldPanel("currency"), FieldPanel("exchange_rate")]),
                    FieldPanel("company"),
                ],
                heading=_("Abonnement"),
            ),
            line_panels(FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")])),
            text_panels(),
        ],
        base_form_class=RecurringForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[RecurringInvoice]:
        rows = RecurringInvoice.objects.select_related("client").defer("client__search_vector")
        return with_standing(rows)

    def new_record(self, request: HttpRequest) -> RecurringInvoice:
        company = Company.objects.order_by("pk").first()
        return RecurringInvoice(
            company=company,
            currency=company.currency if company else "XOF",
            anchor_date=timezone.localdate(),
        )

    def make_copy(self, source: RecurringInvoice) -> RecurringInvoice:
        today = timezone.localdate()
        copy = RecurringInvoice(
            **{name: getattr(source, name) for name in COPIED}, anchor_date=today
        )
        copy.lines = [
            RecurringLine(**{name: getattr(line, name) for name in LINE_COPIED})
            for line in source.lines.all()
            if line.holds_on(today)
        ]
        return copy

    def sections(self, record: RecurringInvoice, request: HttpRequest) -> list[Section]:
        return [
            sections.lines_section(record),
            sections.coming_section(record),
            sections.runs_section(record),
            sections.pauses_section(record),
        ]


def client_contracts(client: Any) -> Section:
    """Return the contracts of a client, for the client's page."""
    return Section(
        title=_text("Abonnements"),
        headings=(_text("Objet"), _text("Rythme"), _text("État"), _text("Prochaine facture")),
        rows=lambda: _contract_rows(client),
        empty=_text("Aucun."),
        order=25,
        tab="argent",
    )


def _contract_rows(client: Any) -> list[Any]:
    rows = with_standing(RecurringInvoice.objects.filter(client=client)).order_by("pk")
    return [
        (
            sections.contract_link(row),
            rhythm_text(row),
            STANDINGS[standing(row)][0],
            sections.readable(next_date(row)),
        )
        for row in rows
    ]
