"""A prospect in one go: the company, the person, and what we hope to sell."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.accounts.models import Client, Company, Contact, User
from core.audit.log import record
from portal.crm.models import Opportunity, PipelineStage
from portal.crm.services.opportunities import note_opportunity


@dataclass(frozen=True)
class Introduction:
    """The company we met, how to reach it, and whom we met there."""

    name: str
    city: str = ""
    phone: str = ""
    email: str = ""
    contact_name: str = ""
    job_title: str = ""


@transaction.atomic
def start_prospect(
    *,
    met: Introduction,
    title: str,
    stage: PipelineStage,
    source: str,
    actor: Any,
    at: datetime,
    on: date,
    need: str = "",
    amount: int | None = None,
    currency: str = "XOF",
    decider: str = "",
    expected_close: date | None = None,
    follow_up_date: date | None = None,
    next_step: str = "",
    owner: User | None = None,
) -> Opportunity:
    """Make a prospect, its main contact and its first opportunity. `amount` in minor units.

    :raises Company.DoesNotExist: if our own company is not there yet.
    """
    client = _new_prospect(met, currency, owner, actor)
    opportunity = Opportunity.objects.create(
        client=client,
        title=title,
        stage=stage,
        stage_since=at,
        source=source,
        need=need,
        amount=amount,
        currency=currency,
        decider=decider,
        expected_close=expected_close,
        follow_up_date=follow_up_date,
        next_step=next_step,
        owner=owner,
    )
    note_opportunity(opportunity=opportunity, actor=actor, at=at, on=on, is_new=True)
    return opportunity


def _new_prospect(met: Introduction, currency: str, lead: User | None, actor: Any) -> Client:
    company = Company.objects.order_by("pk").first()
    if company is None:
        raise Company.DoesNotExist
    reached = {"phone": met.phone, "email": met.email}
    client = Client.objects.create(
        company=company,
        name=met.name,
        city=met.city,
        currency=currency,
        stage=Client.Stage.PROSPECT,
        lead=lead,
        **reached,
    )
    record("prospect_started", client, actor=actor)
    if met.contact_name:
        Contact.objects.create(
            client=client, name=met.contact_name, job_title=met.job_title, is_main=True, **reached
        )
    return client
