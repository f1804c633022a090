"""Sales to work on: the steps of a pipeline, and opportunities."""

import pytest

from portal.crm.models import LossReason, Opportunity, PipelineStage
from tests.conftest import ON


@pytest.fixture(autouse=True)
def in_team(db, team):
    """Read rows as the team does; each request still gets its own scope."""


@pytest.fixture
def stages():
    """The steps of a pipeline, by name."""
    facts = [("Piste", {}), ("Qualifiée", {"probability": 50}), ("Gagnée", {"is_won": True})]
    facts += [("Perdue", {"is_lost": True, "probability": 0})]
    return {
        name: PipelineStage.objects.create(name=name, sort_order=order, **fields)
        for order, (name, fields) in enumerate(facts)
    }


@pytest.fixture
def make_sale(stages, acme):
    """Return a function that makes an opportunity of Acme at the first step."""

    def make(title="Refonte du site", stage="Piste", **fields):
        fields.setdefault("client", acme)
        return Opportunity.objects.create(title=title, stage=stages[stage], **fields)

    return make


@pytest.fixture
def sale(make_sale):
    return make_sale(amount=2_000_000, follow_up_date=ON, next_step="Rappeler le directeur")


@pytest.fixture
def too_dear():
    return LossReason.objects.get(name="Trop cher")
