"""Models of quotes in the back-office."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import BooleanColumn, Column

from billing.invoicing.admin.panels import LINE
from billing.invoicing.models import Quote
from billing.quoting.admin.forms import ForClientForm, QuoteTemplateForm
from billing.quoting.models import QuoteTemplate
from billing.quoting.services.templates import CannotCopy, create_from_template
from core.access.row_guard import policy_of
from core.accounts.models import Company
from core.backoffice.actions import RecordAction
from core.backoffice.viewsets import RecordViewSet

LINES = [*LINE, FieldRowPanel([FieldPanel("vat_code"), FieldPanel("is_option")])]
PART = [FieldRowPanel([FieldPanel("kind"), FieldPanel("percent")]), FieldPanel("label")]


class NewQuote(RecordAction):
    """A draft for a client, from a model."""

    name = "devis"
    label = _("Nouveau devis depuis ce modèle")
    icon_name = "plus"
    permission = "view"
    question = _("Un brouillon reprend les textes, les lignes, les options et l’échéancier.")
    form_class = ForClientForm
    success = _("Brouillon créé : relisez-le, puis envoyez-le.")

    def perform(self, record: QuoteTemplate, actor: Any, **values: Any) -> Quote:
        try:
            return create_from_template(
                template=record,
                client=values["client"],
                project=values["project"],
                on=timezone.localdate(),
                actor=actor,
            )
        except CannotCopy as refusal:
            raise ValidationError(refusal.message) from refusal

    def get_record_url(self, done: Any = None) -> str:
        if done is None:
            return super().get_record_url()
        return reverse("wagtailsnippets_invoicing_quote:edit", args=[done.pk])

    @classmethod
    def may(cls, user: Any, record: QuoteTemplate) -> bool:
        allowed = policy_of(Quote).user_has_permission(user, "add")
        return allowed and super().may(user, record)

    @classmethod
    def is_offered(cls, record: QuoteTemplate) -> bool:
        return record.is_active


class QuoteTemplateViewSet(RecordViewSet):
    """Quotes to start from: texts, conditions, lines, options, plan."""

    model = QuoteTemplate
    icon = "doc-full-inverse"
    menu_label = _("Modèles de devis")
    add_label = _("Nouveau modèle")
    ordering = ("name",)
    search_fields = ["name", "subject"]
    list_display = [
        "name",
        Column("subject", label=_("Objet")),
        Column("valid_days", label=_("Validité (jours)")),
        BooleanColumn("is_active", label=_("Proposé")),
    ]
    list_export = ["name", "subject", "valid_days", "currency", "is_active"]
    export_filename = "modeles-de-devis"
    inspect_view_fields = [
        "name", "company", "subject", "intro", "notes", "valid_days", "currency",
        "discount_percent", "price_includes_vat", "is_active",
    ]  # fmt: skip
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldPanel("subject"),
                    FieldRowPanel([FieldPanel("valid_days"), FieldPanel("currency")]),
                    FieldPanel("company"),
                    FieldPanel("is_active"),
                ],
                heading=_("Modèle"),
            ),
            ObjectList(
                [
                    InlinePanel("lines", label=_("ligne"), heading=_("Lignes"), panels=LINES),
                    FieldPanel("discount_percent"),
                    FieldPanel("price_includes_vat"),
                ],
                heading=_("Lignes"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "instalments", label=_("échéance"), heading=_("Échéancier"), panels=PART
                    )
                ],
                heading=_("Échéancier"),
            ),
            ObjectList([FieldPanel("intro"), FieldPanel("notes")], heading=_("Textes")),
        ],
        base_form_class=QuoteTemplateForm,
    )
    actions = (NewQuote,)

    def new_record(self, request: HttpRequest) -> QuoteTemplate:
        company = Company.objects.order_by("pk").first()
        return QuoteTemplate(company=company, currency=company.currency if company else "XOF")
