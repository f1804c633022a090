"""A sale that was won, and the fakes of the providers that true payments go through."""

import pytest

from billing.deals import services
from core import rls
from portal.crm.models import Opportunity, PipelineStage
from tests.billing.payments.conftest import check, deliver, now, payer  # noqa: F401
from tests.billing.payments.test_several_providers import connect, post  # noqa: F401


@pytest.fixture
def won(db):
    """The step of sales that were won."""
    return PipelineStage.objects.filter(is_won=True).first() or PipelineStage.objects.create(
        name="Gagné", is_won=True
    )


@pytest.fixture
def open_stage(db):
    """A step on the way."""
    found = PipelineStage.objects.filter(is_won=False, is_lost=False).first()
    return found or PipelineStage.objects.create(name="Qualification")


@pytest.fixture
def make_sale(acme, won):
    """Return a function that makes an opportunity of Acme, won for 118 000 F unless told."""

    def make(**fields):
        values = {"title": "Refonte du site", "stage": won, "amount": 118_000, "client": acme}
        with rls.staff("test world"):
            return Opportunity.objects.create(**{**values, **fields})

    return make


@pytest.fixture
def sale(make_sale):
    """The opportunity most tests are about."""
    return make_sale()


@pytest.fixture
def link(manager, now):  # noqa: F811
    """Return a function that asks for the payment link of an opportunity."""

    def ask(sale, channel="card", provider="", at=now):
        with rls.staff("test"):
            return services.make_payment_link(
                opportunity=sale,
                channel=channel,
                provider=provider,
                label="",
                actor=manager,
                at=at,
            )

    return ask
