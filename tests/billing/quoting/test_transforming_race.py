"""Several people transform, bill and replace one quote at the same moment, on the real database."""

import pytest

from billing.invoicing import services as invoicing
from billing.invoicing.models import Invoice, Quote, QuoteInstalment
from billing.quoting import services
from billing.quoting.models import BilledPart, Transformation
from core import rls
from core.accounts.models import User
from portal.projects.models import Milestone, Project
from tests.billing.invoicing.conftest import AT, ON, make_quote
from tests.billing.invoicing.test_issuing_race import at_once
from tests.billing.invoicing.test_quote_options import give_pdf
from tests.billing.quoting.test_transforming import plan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def accepted(acme, acme_owner, manager):
    with rls.staff("test"):
        quote = plan(make_quote(acme, valid_until="2999-01-01"))
        quote = give_pdf(invoicing.send_quote(quote=quote, on=ON, at=AT, actor=manager))
        return invoicing.accept_quote(quote=quote, name="Awa Koné", at=AT, actor=acme_owner)


def transform(rank, pk, actor_id):
    done = services.transform_quote(
        quote=Quote.objects.get(pk=pk),
        project=None,
        title="",
        on=ON,
        at=AT,
        actor=User.objects.get(pk=actor_id),
    )
    return (done.project.pk, done.deposit.pk)


def bill(rank, pk, actor_id):
    part = QuoteInstalment.objects.get(pk=pk)
    try:
        services.bill_instalment(instalment=part, at=AT, actor=User.objects.get(pk=actor_id))
    except services.CannotBill:
        return "refused"
    return "billed"


def answer_or_replace(rank, first, draft, owner_id, manager_id):
    """Accept the version that is out when the rank is even, send the next when it is odd."""
    try:
        if rank % 2:
            invoicing.send_quote(
                quote=Quote.objects.get(pk=draft),
                on=ON,
                at=AT,
                actor=User.objects.get(pk=manager_id),
            )
            return "replaced"
        invoicing.accept_quote(
            quote=Quote.objects.get(pk=first),
            name="Awa Koné",
            at=AT,
            actor=User.objects.get(pk=owner_id),
        )
    except (invoicing.CannotDecide, invoicing.CannotIssue):
        return "too late"
    return "accepted"


def test_one_project_and_one_deposit_come_of_a_quote(accepted, manager):
    found = at_once(transform, accepted.pk, manager.pk)

    with rls.staff("test"):
        counts = (
            Project.objects.count(),
            Milestone.objects.count(),
            Invoice.objects.count(),
            Transformation.objects.count(),
            BilledPart.objects.count(),
        )
    assert len(set(found)) == 1
    assert counts == (1, 2, 1, 1, 1)


def test_a_part_is_billed_once(accepted, manager):
    with rls.staff("test"):
        part = accepted.instalments.order_by("sort_order")[1]

    answers = at_once(bill, part.pk, manager.pk)

    with rls.staff("test"):
        assert (Invoice.objects.count(), BilledPart.objects.count()) == (1, 1)
    assert answers.count("billed") == 1


def test_a_version_is_accepted_or_replaced_never_both(acme, acme_owner, manager):
    with rls.staff("test"):
        quote = make_quote(acme, valid_until="2999-01-01")
        first = give_pdf(invoicing.send_quote(quote=quote, on=ON, at=AT, actor=manager))
        draft = invoicing.revise_quote(quote=first, actor=manager)

    answers = at_once(answer_or_replace, first.pk, draft.pk, acme_owner.pk, manager.pk)

    (taken,) = [each for each in answers if each != "too late"]
    with rls.staff("test"):
        first.refresh_from_db()
        draft.refresh_from_db()
    assert first.status == taken
    assert draft.status == ("sent" if taken == "replaced" else "draft")
