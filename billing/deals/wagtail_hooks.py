"""What deals add elsewhere: buttons, badges and tables of records, the history of clients."""

from collections.abc import Iterator
from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from billing.deals import actions, alerts, history, sections, views  # noqa: F401  alerts registers
from billing.deals.models import Conversion, DealPayment
from billing.invoicing.models import Quote
from core.access.policies import ReadOnlyPolicy
from core.audit import log
from core.backoffice.actions import add_action
from core.hooks import RowMark, Section, TimelineSource
from core.notify.staff_events import declare_staff_event
from portal.crm.models import Opportunity
from portal.projects.models import Project

for _model in (DealPayment, Conversion):
    register_permission_policy(_model, ReadOnlyPolicy(_model))

log.declare(
    deal_link_made=_("Lien de paiement généré"),
    deal_paid=_("Opportunité payée"),
    deal_returned=_("Paiement de l’opportunité rendu"),
    deal_converted=_("Opportunité convertie"),
    quote_from_opportunity=_("Devis préparé depuis une opportunité"),
    client_won=_("Prospect devenu client"),
)
declare_staff_event(
    "deal_paid", label=_("Une opportunité qui me revient est payée"), group=_("Commercial")
)

add_action(Opportunity, actions.MakePaymentLink)
add_action(Opportunity, actions.ConvertOpportunity)


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    view = views.PaymentLinkView.as_view()
    return [path("opportunites/<int:pk>/lien-de-paiement/", view, name="deal_payment_link")]


@hooks.register("nourx_opportunity_marks")
def badge_of_payment() -> list[RowMark]:
    return [sections.payment_mark()]


@hooks.register("nourx_opportunity_sections")
def deal_of_opportunity(opportunity: Opportunity) -> Iterator[Section]:
    yield from sections.of_opportunity(opportunity)


@hooks.register("nourx_project_sections")
def deal_of_project(project: Project) -> Iterator[Section]:
    if section := sections.of_project(project):
        yield section


@hooks.register("nourx_quote_sections")
def deal_of_quote(quote: Quote) -> Iterator[Section]:
    if section := sections.of_quote(quote):
        yield section


@hooks.register("nourx_client_sections")
def deals_of_client(client: Any) -> Iterator[Section]:
    if section := sections.of_client(client):
        yield section


@hooks.register("nourx_client_timeline")
def history_of_deals(client: Any) -> Iterator[TimelineSource]:
    yield history.source(client)
