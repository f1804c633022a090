"""The list and the page of opportunities."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button

from core.accounts.models import Client, User
from core.backoffice.choosers import RecordChooser
from core.backoffice.columns import FigureColumn, FrenchDateColumn, MoneyColumn, PlainColumn
from core.backoffice.pages import RecordIndexView
from core.backoffice.search import search
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section, opportunity_marks, opportunity_sections
from core.ui.formats import date_long
from portal.crm import services
from portal.crm.models import Opportunity, PipelineStage
from portal.crm.screens import sections
from portal.crm.screens.actions import ACTIONS
from portal.crm.screens.columns import MarkColumn, OwnerColumn
from portal.crm.screens.forms import OpportunityForm, staff

DUE = {
    "today": _("À faire aujourd’hui"),
    "late": _("En retard"),
    "week": _("Dans les sept jours"),
    "none": _("Sans relance prévue"),
}
STANDINGS = {"open": _("En cours"), "won": _("Gagnées"), "lost": _("Perdues")}


class OpportunityFilterSet(WagtailFilterSet):
    """How opportunities are filtered."""

    standing = django_filters.ChoiceFilter(
        label=_("Situation"), choices=list(STANDINGS.items()), method="of_standing"
    )
    stage = django_filters.ModelChoiceFilter(
        label=_("Étape"), queryset=PipelineStage.objects.order_by("sort_order", "pk")
    )
    owner = django_filters.ModelChoiceFilter(label=_("Suivie par"), queryset=User.objects.none())
    client = django_filters.ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.all(),
        widget=RecordChooser(Client, icon="group"),
    )
    due = django_filters.ChoiceFilter(
        label=_("Relance"), choices=list(DUE.items()), method="of_follow_up"
    )
    score = django_filters.RangeFilter(label=_("Note sur 100"))

    class Meta:
        model = Opportunity
        fields = ["source"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["owner"].field.queryset = staff()

    def of_standing(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        if value == "open":
            return rows.filter(closed_at=None)
        return rows.filter(**{f"stage__is_{value}": True})

    def of_follow_up(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return follow_up_is(rows, value)


def follow_up_is(rows: QuerySet, value: str) -> QuerySet:
    """Keep the open opportunities whose follow-up is due as said, a key of `DUE`."""
    today, rows = timezone.localdate(), rows.filter(closed_at=None)
    week = today + timedelta(days=7)
    return {
        "today": lambda: rows.filter(follow_up_date=today),
        "late": lambda: rows.filter(follow_up_date__lt=today),
        "week": lambda: rows.filter(follow_up_date__gte=today, follow_up_date__lte=week),
        "none": lambda: rows.filter(follow_up_date=None),
    }.get(value, lambda: rows)()


def found_sales(rows: QuerySet, text: str) -> QuerySet:
    """Keep the opportunities that a text names, by what they are or by their client."""
    if not text.strip():
        return rows
    named = search(Opportunity.objects.all(), text).values("pk")
    clients = search(Client.objects.all(), text).values("pk")
    return rows.filter(Q(pk__in=named) | Q(client__in=clients))


class OpportunityIndexView(RecordIndexView):
    """The list; searched by title and by client, each through its index."""

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return found_sales(queryset, self.search_query or "")

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        board = Button(
            str(_("Pipeline")), url=reverse("crm_pipeline"), icon_name="table", priority=5
        )
        return [board, *super().header_more_buttons]


class OpportunityViewSet(RecordViewSet):
    """Sales we hope for."""

    model = Opportunity
    icon = "pick"
    menu_label = _("Opportunités")
    add_label = _("Nouvelle opportunité")
    index_view_class = OpportunityIndexView
    ordering = "-created_at"
    filterset_class = OpportunityFilterSet
    search_fields = ["search_vector"]
    has_bulk_actions = True
    list_export = [
        "title", "client.name", "stage.name", "source", "amount", "currency", "score",
        "expected_close", "follow_up_date", "next_step", "owner", "closed_at", "loss_reason",
    ]  # fmt: skip
    export_headings = {"client.name": _("Client"), "stage.name": _("Étape")}
    export_filename = "opportunites"
    money_fields = ("amount",)
    tabs = {
        "apercu": _("Aperçu"),
        "echanges": _("Échanges"),
        "historique": _("Historique"),
    }
    inspect_view_fields = [
        "client", "stage", "amount", "score", "source", "need", "decider", "expected_close",
        "follow_up_date", "next_step", "owner", "created_at", "closed_at", "loss_reason",
    ]  # fmt: skip
    inspect_labels = {"score": _("Note sur 100")}
    actions = ACTIONS
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("client"),
            FieldRowPanel([FieldPanel("stage"), FieldPanel("source"), FieldPanel("owner")]),
            MultiFieldPanel(
                [
                    FieldPanel("need"),
                    FieldRowPanel([FieldPanel("amount"), FieldPanel("currency")]),
                    FieldRowPanel([FieldPanel("decider"), FieldPanel("expected_close")]),
                    FieldPanel("manual_score"),
                ],
                heading=_("Qualification"),
            ),
            FieldRowPanel([FieldPanel("follow_up_date"), FieldPanel("next_step")]),
        ],
        base_form_class=OpportunityForm,
    )

    @property
    def list_display(self) -> list[Any]:
        return [
            "title",
            Column("client", label=_("Client")),
            Column("stage", label=_("Étape")),
            MoneyColumn("amount", label=_("Budget")),
            FigureColumn("score", label=_("Note sur 100"), sort_key="score"),
            FrenchDateColumn("expected_close", label=_("Décision"), sort_key="expected_close"),
            FrenchDateColumn(
                "follow_up_date",
                label=_("Relance"),
                sort_key="follow_up_date",
                is_late=lambda row: row.follow_up_date < timezone.localdate(),
            ),
            PlainColumn("next_step", label=_("À faire")),
            OwnerColumn("owner", label=_("Suivie par")),
            *(MarkColumn(mark) for mark in opportunity_marks()),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Opportunity]:
        rows = Opportunity.objects.select_related("client", "stage", "owner", "loss_reason")
        rows = rows.defer("client__search_vector", "client__search_norm", "search_vector")
        return rows.annotate(**{mark.name: mark.expression for mark in opportunity_marks()})

    def new_record(self, request: HttpRequest) -> Opportunity:
        asked = request.GET.get("client", "")
        client = None
        if asked.isdecimal() and len(asked) < 18:
            client = Client.objects.filter(pk=asked).first()
        return Opportunity(owner=request.user, client=client)

    def saved(self, record: Opportunity, *, actor: Any, is_new: bool) -> None:
        services.note_opportunity(
            opportunity=record,
            actor=actor,
            at=timezone.now(),
            on=timezone.localdate(),
            is_new=is_new,
        )

    def url_after_save(self, record: Opportunity) -> str:
        return reverse(self.get_url_name("inspect"), args=[record.pk])

    def inspect_value(self, record: Opportunity, name: str) -> Any:
        if name == "stage":
            since = date_long(timezone.localtime(record.stage_since))
            text = _("%(stage)s (depuis le %(since)s)")
            return text % {"stage": record.stage, "since": since}
        if name == "client":
            url = reverse(Client.snippet_viewset.get_url_name("inspect"), args=[record.client_id])
            return format_html('<a href="{}">{}</a>', url, record.client)
        if name == "score" and record.manual_score is not None:
            return _("%(score)s, donnée à la main") % {"score": record.score}
        if name == "loss_reason" and record.loss_reason:
            return " — ".join(filter(None, [str(record.loss_reason), record.loss_note]))
        return None

    def sections(self, record: Opportunity, request: HttpRequest) -> list[Section]:
        own = [
            sections.score_section(record),
            sections.follow_ups_section(record),
            sections.exchanges_section(record),
            sections.moves_section(record),
        ]
        return sorted([*own, *opportunity_sections(record)], key=lambda section: section.order)
