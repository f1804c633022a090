"""What quoting adds elsewhere: its screens, buttons of quotes and projects, what is to bill."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from billing.invoicing.models import Quote, QuoteInstalment
from billing.quoting import admin, queries
from billing.quoting.admin.sections import milestones_section, plan_section
from billing.quoting.models import (
    BilledPart,
    QuoteTemplate,
    QuoteTemplateInstalment,
    QuoteTemplateLine,
    Transformation,
)
from core.access.policies import ReadOnlyPolicy, TeamPolicy
from core.audit import log
from core.backoffice import menu
from core.backoffice.actions import add_action
from core.hooks import Section, TeamFigure
from portal.projects.models import Project

for _model in (QuoteTemplate, QuoteTemplateLine, QuoteTemplateInstalment):
    register_permission_policy(_model, TeamPolicy(_model))
for _kept in (Transformation, BilledPart, QuoteInstalment):
    register_permission_policy(_kept, ReadOnlyPolicy(_kept))

log.declare(
    quote_replaced=_("Devis remplacé par une nouvelle version"),
    quote_revised=_("Nouvelle version de devis préparée"),
    quote_seen=_("Devis consulté par le client"),
    quote_prolonged=_("Devis prolongé"),
    quote_reminded=_("Devis rappelé au client"),
    quote_from_template=_("Devis créé depuis un modèle"),
    quote_template_made=_("Modèle de devis créé depuis un devis"),
    quote_transformed=_("Devis transformé en projet"),
    instalment_billed=_("Échéance de devis facturée"),
    milestone_billed=_("Jalon facturé"),
)

add_action(Quote, admin.TransformQuote)
add_action(Quote, admin.BillInstalment)
add_action(Quote, admin.SaveAsTemplate)
add_action(Project, admin.BillMilestone)
menu.add("facturation", admin.InstalmentViewSet, order=12)
menu.add("facturation", admin.QuoteTemplateViewSet, order=15)


@hooks.register("nourx_quote_sections")
def plan_of_quote(quote: Quote) -> Iterator[Section]:
    if quote.status == Quote.Status.ACCEPTED or quote.instalments.exists():
        yield plan_section(quote)


@hooks.register("nourx_project_sections")
def billing_of_project(project: Project) -> Iterator[Section]:
    section = milestones_section(project)
    if section is not None:
        yield section


@hooks.register("nourx_team_figures")
def parts_to_bill(request: HttpRequest) -> Iterator[TeamFigure]:
    """Say how many parts of quotes are to be billed, leading to their quotes."""
    if not request.user.has_perm("invoicing.view_quote"):
        return
    yield TeamFigure(
        group="commercial",
        label=_("À facturer"),
        value=queries.due_instalments(),
        url=reverse("wagtailsnippets_invoicing_quoteinstalment:list") + "?situation=a-facturer",
        order=25,
        tone="warn",
        hint=_("prévu par les devis"),
    )
