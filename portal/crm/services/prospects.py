"""A prospect in one go: the company, the person, and what we hope to sell."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.accounts.models import Client, Company, Contact, User
from core.audit.log import record
from portal.crm.models import Opportunity, PipelineStage
from portal.crm.services.opportunities import note_opportunity


@transaction.atomic
def start_prospect(
    *,
    name: str,
    title: str,
    stage: PipelineStage,
    source: str,
    actor: Any,
    at: datetime,
    on: date,
    city: str = "",
    phone: str = "",
    email: str = "",
    contact_name: str = "",
    job_title: str = "",
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
    company = Company.objects.order_by("pk").first()
    if company is None:
        raise Company.DoesNotExist
    client = Client.objects.create(
        company=company,
        name=name,
        city=city,
        phone=phone,
        email=email,
        currency=currency,
        stage=Client.Stage.PROSPECT,
        lead=owner,
    )
    record("prospect_started", client, actor=actor)
    if contact_name:
        Contact.objects.create(
            client=client,
            name=contact_name,
            job_title=job_title,
            email=email,
            phone=phone,
            is_main=True,
        )
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
