"""Turning a won opportunity into work: its client won, its project open, its quote drafted."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from billing.deals.models import Conversion
from billing.invoicing.models import Quote, QuoteLine
from billing.invoicing.services.drafts import save_totals
from billing.invoicing.services.refusal import Refused
from billing.quoting.services import transform_quote
from core.accounts.models import Client, User
from core.audit.log import record
from portal.crm.models import Opportunity
from portal.projects.models import Project
from portal.projects.services.projects import note_project

VALID_DAYS = 30


class CannotConvert(Refused):
    """The opportunity is not won, or the project or the quote is another client's."""


@transaction.atomic
def convert_opportunity(
    *,
    opportunity: Opportunity,
    title: str,
    quote: Quote | None,
    project: Project | None,
    on: date,
    at: datetime,
    actor: User,
) -> Conversion:
    """Make a won opportunity a client, a project and a quote, in one act; done twice it is once.

    Without `project` one opens, named `title`; without `quote` a draft is made with the need and
    the amount of the opportunity, TTC. An accepted quote is transformed with its milestones and
    its deposit.

    :raises CannotConvert: if it is not won, or the project or the quote is another client's.
    :raises billing.quoting.services.CannotTransform: if the quote cannot become that project.
    :raises billing.quoting.services.CannotBill: if its deposit cannot be billed.
    """
    rows = Opportunity.objects.select_for_update(of=("self",)).select_related("client", "stage")
    sale = rows.get(pk=opportunity.pk)
    done = Conversion.objects.filter(opportunity=sale).first()
    if done is not None:
        return done
    _require_convertible(sale, quote, project)
    name = " ".join(title.split())[:300] or sale.title
    project, quote = _make_work(sale, name, quote, project, on=on, at=at, actor=actor)
    done = Conversion.objects.create(
        client_id=sale.client_id,
        opportunity=sale,
        project=project,
        quote=quote,
        done_by=actor,
        done_at=at,
    )
    _win(sale.client, actor)
    record("deal_converted", sale, actor=actor, project=project.title, quote=str(quote))
    return done


def _require_convertible(sale: Opportunity, quote: Quote | None, project: Project | None) -> None:
    if not sale.stage.is_won:
        raise CannotConvert(_("Seule une opportunité gagnée se convertit."))
    for chosen in (quote, project):
        if chosen is not None and chosen.client_id != sale.client_id:
            raise CannotConvert(_("Ce projet ou ce devis est celui d’un autre client."))


@transaction.atomic
def follow_transformation(*, quote: Quote, project: Project, actor: Any) -> None:
    """Win the client of a quote that became work; its opportunity keeps the project."""
    rows = Conversion.objects.select_for_update(of=("self",)).filter(quote=quote)
    rows.exclude(project=project).update(project=project)
    _win(Client.objects.get(pk=quote.client_id), actor)


def _make_work(
    sale: Opportunity,
    title: str,
    quote: Quote | None,
    project: Project | None,
    *,
    on: date,
    at: datetime,
    actor: User,
) -> tuple[Project, Quote]:
    """Return the project and the quote of a sale, each made where there is none."""
    if quote is not None and quote.status == Quote.Status.ACCEPTED:
        done = transform_quote(quote=quote, project=project, title=title, on=on, at=at, actor=actor)
        return done.project, quote
    if project is None:
        project = _open_project(sale, title, on=on, at=at, actor=actor)
    if quote is None:
        return project, _draft_quote(sale, project, on=on, actor=actor)
    Quote.objects.filter(pk=quote.pk, project=None).update(project=project, updated_at=at)
    return project, quote


def _open_project(sale: Opportunity, title: str, *, on: date, at: datetime, actor: User) -> Project:
    project = Project(
        client=sale.client,
        title=title,
        summary=sale.need,
        status=Project.Status.ACTIVE,
        start_date=on,
        budget=sale.amount,
        currency=sale.currency,
    )
    project.save()
    note_project(project=project, actor=actor, is_new=True, at=at)
    return project


def _draft_quote(sale: Opportunity, project: Project, *, on: date, actor: User) -> Quote:
    """Draft the quote of a sale: one line of its whole amount, TTC, to be detailed."""
    quote = Quote(
        company=sale.client.company,
        client=sale.client,
        project=project,
        subject=sale.title[:300],
        currency=sale.currency,
        price_includes_vat=True,
        valid_until=on + timedelta(days=VALID_DAYS),
    )
    quote.save()
    line = QuoteLine(
        quote=quote, client_id=sale.client_id, label=sale.title, detail=sale.need[:2000]
    )
    line.unit_price = Decimal(sale.amount or 0)
    if not sale.client.company.charges_vat:
        line.vat_rate = Decimal(0)
    line.save()
    save_totals(paper=quote, on=on)
    record("quote_from_opportunity", quote, actor=actor, opportunity=sale.title)
    return quote


def _win(client: Client, actor: Any) -> None:
    """Make a client of a prospect; one that is archived stays so."""
    stage = Client.Stage
    won = Client.objects.filter(pk=client.pk, stage__in=(stage.PROSPECT, stage.LOST))
    if won.update(stage=stage.WON, version=F("version") + 1):
        record("client_won", client, actor=actor, changes={"stage": [client.stage, stage.WON]})
