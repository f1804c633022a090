"""Quotes in the back-office."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, DateFromToRangeFilter, ModelChoiceFilter
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import Column

from billing.invoicing import services
from billing.invoicing.admin import actions
from billing.invoicing.admin.panels import head_panels, line_panels, text_panels
from billing.invoicing.admin.quote_actions import ProlongQuote, RemindQuote, ReviseQuote
from billing.invoicing.admin.quote_forms import QuoteForm
from billing.invoicing.admin.quote_sections import versions_section
from billing.invoicing.admin.sections import decision_section, paper_sections
from billing.invoicing.models import Quote
from billing.invoicing.queries import HEAVY
from billing.invoicing.states import (
    ACCEPTED,
    DRAFT,
    EXPIRED,
    REFUSED,
    REPLACED,
    SENT,
    quote_state,
)
from core.accounts.models import Client, Company
from core.backoffice.choosers import RecordChooser
from core.backoffice.columns import FrenchDateColumn, MoneyColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section, quote_sections

STATES = (DRAFT, SENT, ACCEPTED, REFUSED, EXPIRED, REPLACED)
LOOKS = {state.key: StatusLook(state.glyph, state.tone) for state in STATES}
_TEAM_WORDS = {SENT.key: _("Envoyé")}
PLAN_HELP = _(
    "Facultatif : un acompte, des jalons, un solde. Leur somme fait exactement le total ; la "
    "dernière ligne, laissée sans pourcentage, prend le reste. À l’accord, « Transformer » crée "
    "le projet, ses jalons et la facture d’acompte."
)
PART = [
    FieldRowPanel([FieldPanel("kind"), FieldPanel("percent"), FieldPanel("expected_on")]),
    FieldPanel("label"),
]


def _key(quote: Quote) -> str:
    return quote_state(quote, timezone.localdate()).key


def _word(quote: Quote) -> Any:
    """Say it in the team’s words: what the client has to accept, we have sent."""
    is_over = quote.is_expired(timezone.localdate())
    return EXPIRED.label if is_over else quote.get_status_display()


class QuoteFilterSet(WagtailFilterSet):
    """How quotes are filtered."""

    situation = ChoiceFilter(
        label=_("Situation"),
        method="filter_situation",
        choices=[(state.key, _TEAM_WORDS.get(state.key, state.label)) for state in STATES],
    )
    seen = ChoiceFilter(
        label=_("Consulté"),
        method="filter_seen",
        choices=[("oui", _("Consulté par le client")), ("non", _("Pas encore ouvert"))],
    )
    client = ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.all(),
        widget=RecordChooser(Client, icon="group"),
    )
    issue_date = DateFromToRangeFilter(label=_("Envoyé le"), widget=DateRangePickerWidget)
    valid_until = DateFromToRangeFilter(label=_("Valable jusqu’au"), widget=DateRangePickerWidget)

    class Meta:
        model = Quote
        fields = ["situation", "seen", "client", "issue_date", "valid_until"]

    def filter_situation(self, rows: QuerySet[Quote], name: str, value: str) -> QuerySet[Quote]:
        today = timezone.localdate()
        if value == SENT.key:
            return rows.open_on(today)
        if value == EXPIRED.key:
            return rows.filter(status=Quote.Status.SENT, valid_until__lt=today)
        return rows.filter(status=value)

    def filter_seen(self, rows: QuerySet[Quote], name: str, value: str) -> QuerySet[Quote]:
        return rows.exclude(status=Quote.Status.DRAFT).filter(seen_at__isnull=value == "non")


class QuoteViewSet(RecordViewSet):
    """Offers to write, send, and turn into invoices once accepted."""

    model = Quote
    icon = "doc-empty"
    menu_label = _("Devis")
    add_label = _("Nouveau devis")
    locked_text = _("Ce devis est envoyé : « Nouvelle version » en propose un autre à sa place.")
    ordering = ("-updated_at", "-pk")
    list_display = [
        "short_name",
        Column("client", label=_("Client")),
        Column("subject", label=_("Objet")),
        StatusColumn("status", label=_("État"), looks=LOOKS, accessor=_key, word=_word),
        FrenchDateColumn("issue_date", label=_("Envoyé le")),
        FrenchDateColumn("seen_at", label=_("Consulté le")),
        FrenchDateColumn(
            "valid_until",
            label=_("Valable jusqu’au"),
            is_late=lambda quote: quote.is_expired(timezone.localdate()),
        ),
        MoneyColumn("total", label=_("Total TTC")),
    ]
    filterset_class = QuoteFilterSet
    list_export = [
        "number", "client", "subject", "status", "issue_date", "valid_until", "currency",
        "total_net", "total_vat", "total", "revision", "seen_at", "reminded_at", "decided_at",
        "decided_name", "refusal_reason",
    ]  # fmt: skip
    export_filename = "devis"
    money_fields = ("total_net", "total_vat", "total")
    inspect_labels = {"issue_date": _("Envoyé le")}
    inspect_view_fields = [
        "number", "client", "project", "subject", "status", "revision", "replaces",
        "issue_date", "valid_until", "seen_at", "reminded_at", "total",
    ]  # fmt: skip
    edit_handler = TabbedInterface(
        [
            head_panels(FieldPanel("valid_until")),
            line_panels(FieldPanel("is_option")),
            ObjectList(
                [
                    HelpPanel(content=PLAN_HELP),
                    InlinePanel(
                        "instalments", label=_("échéance"), heading=_("Échéancier"), panels=PART
                    ),
                ],
                heading=_("Échéancier"),
            ),
            text_panels(FieldPanel("intro")),
        ],
        base_form_class=QuoteForm,
    )
    actions = (
        actions.SendQuote,
        ReviseQuote,
        RemindQuote,
        ProlongQuote,
        actions.MakeInvoice,
        actions.DownloadPdf,
        actions.DownloadCertificate,
        actions.DuplicateQuote,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quote]:
        return Quote.objects.select_related("client").defer(*HEAVY, "client__search_vector")

    def new_record(self, request: HttpRequest) -> Quote:
        company = Company.objects.order_by("pk").first()
        return Quote(company=company, currency=company.currency if company else "XOF")

    def saved(self, record: Quote, *, actor: Any, is_new: bool) -> None:
        services.save_totals(paper=record)
        services.save_plan(quote=record)

    def inspect_value(self, record: Quote, name: str) -> Any:
        return quote_state(record, timezone.localdate()).label if name == "status" else None

    def url_after_save(self, record: Quote) -> str:
        # Its total, and « Envoyer ».
        return reverse(self.get_url_name("inspect"), args=[record.pk])

    def sections(self, record: Quote, request: HttpRequest) -> list[Section]:
        own = [decision_section(record), *paper_sections(record), versions_section(record)]
        return sorted([*own, *quote_sections(record)], key=lambda section: section.order)
