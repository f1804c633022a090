"""What this app adds elsewhere: policies, acts, screens, buttons, figures, the freeing of time."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from billing.invoicing.models import Invoice
from billing.sources import time_marks  # noqa: F401  tells how time stands
from billing.sources.admin.batches import BatchViewSet, IssueMany, SendMany
from billing.sources.admin.recurring import RecurringViewSet, client_contracts
from billing.sources.admin.sections import contract_of_invoice
from billing.sources.admin.time import BillTime, RateCardViewSet, TimeEntryViewSet, TimePolicy
from billing.sources.models import (
    BatchItem,
    BilledTime,
    InvoiceBatch,
    OfferedTime,
    RateCard,
    RecurringInvoice,
    RecurringLine,
    RecurringPause,
    RecurringRun,
)
from core.access.policies import ReadOnlyPolicy, TeamPolicy
from core.accounts.models import Client
from core.audit import log
from core.backoffice import menu
from core.backoffice.actions import add_action
from core.hooks import HourRate, Section, TeamFigure
from portal.projects.models import Project, TimeEntry

register_permission_policy(TimeEntry, TimePolicy(TimeEntry))
for _kept in (RecurringInvoice, RateCard):
    register_permission_policy(_kept, TeamPolicy(_kept))
for _written in (
    RecurringLine,
    RecurringRun,
    RecurringPause,
    BilledTime,
    OfferedTime,
    InvoiceBatch,
    BatchItem,
):
    register_permission_policy(_written, ReadOnlyPolicy(_written))

log.declare(
    recurring_billed=_("Période d’abonnement facturée"),
    recurring_failed=_("Abonnement en panne"),
    recurring_paused=_("Abonnement suspendu"),
    recurring_resumed=_("Abonnement repris"),
    recurring_repriced=_("Prix d’abonnement changé"),
    recurring_skipped=_("Période d’abonnement passée"),
    recurring_freed=_("Période d’abonnement à refaire"),
    time_billed=_("Temps facturé"),
    time_released=_("Temps rendu à la facturation"),
    time_offered=_("Temps marqué non facturable"),
    time_charged=_("Temps rendu facturable"),
    batch_asked=_("Lot de factures demandé"),
)

menu.add("facturation", RecurringViewSet, order=25)
menu.add("facturation", BatchViewSet, order=85)
menu.add("facturation", RateCardViewSet, order=88)
menu.add("projets", TimeEntryViewSet, order=50)

add_action(Project, BillTime)
add_action(Client, BillTime)
for _bulk in (IssueMany, SendMany):
    hooks.register("register_bulk_action", _bulk)


@hooks.register("nourx_client_sections")
def contracts_of_client(client: Any) -> list[Section]:
    return [client_contracts(client)]


@hooks.register("nourx_invoice_sections")
def period_of_invoice(invoice: Invoice) -> list[Section]:
    return contract_of_invoice(invoice)


@hooks.register("nourx_team_figures")
def failing_contracts(request: HttpRequest) -> Iterator[TeamFigure]:
    """Say how many contracts could not be billed."""
    if not request.user.has_perm("sources.view_recurringinvoice"):
        return
    yield TeamFigure(
        group="facturation",
        label=_("Abonnements en panne"),
        value=RecurringInvoice.objects.exclude(failure=""),
        url=f"{reverse('wagtailsnippets_sources_recurringinvoice:list')}?situation=failing",
        order=25,
        tone="bad",
    )


@hooks.register("nourx_hour_rates")
def hour_rates() -> Iterator[HourRate]:
    """Give the price lists of hours: what is spent on a project is worth what it is billed."""
    for card in RateCard.objects.all():
        yield HourRate(
            int(card.hourly_rate), card.currency, card.project_id, card.user_id, card.valid_from
        )
