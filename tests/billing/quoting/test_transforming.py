"""An accepted quote becomes one project and invoices, each part once, to the last franc."""

from decimal import Decimal

import pytest

from billing.invoicing import services as invoicing
from billing.invoicing.models import Invoice, Quote, QuoteInstalment
from billing.quoting import queries, services
from billing.quoting.models import BilledPart
from billing.quoting.services.templates import CannotCopy
from portal.projects.models import Milestone, Project
from tests.billing.invoicing.conftest import AT, ON, make_quote
from tests.billing.invoicing.test_quote_options import give_pdf, make_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
LINES = (("Site", "1", "333333", "18"), ("Conseil", "3", "11111.1111", "0"))
PLAN = (("deposit", "30"), ("milestone", "33.33"), ("milestone", "20"), ("balance", None))


def plan(quote, rows=PLAN):
    for rank, (kind, percent) in enumerate(rows):
        QuoteInstalment.objects.create(
            quote=quote, kind=kind, label=f"Part {rank}", percent=percent, sort_order=rank
        )
    return quote


@pytest.fixture
def accepted(acme, acme_owner, manager):
    quote = plan(make_quote(acme, lines=LINES, valid_until="2999-01-01"))
    quote = give_pdf(invoicing.send_quote(quote=quote, on=ON, at=AT, actor=manager))
    return invoicing.accept_quote(quote=quote, name="Awa Koné", at=AT, actor=acme_owner)


def transform(quote, actor, **values):
    facts = {"project": None, "title": "", "on": ON, "at": AT, **values}
    return services.transform_quote(quote=quote, actor=actor, **facts)


def issue(invoice, actor):
    return invoicing.issue_invoice(invoice=invoice, on=ON, at=AT, actor=actor)


def parts(quote):
    return list(quote.instalments.order_by("sort_order"))


def words(quote):
    return [str(part.word) for part in queries.standing_of(quote)]


def test_one_act_makes_the_project_its_milestones_and_the_deposit(accepted, manager):
    done = transform(accepted, manager)

    titles = done.project.milestones.order_by("sort_order").values_list("title", flat=True)
    assert (done.project.title, list(titles)) == ("Site vitrine", ["Part 1", "Part 2"])
    assert (done.deposit.kind, done.deposit.status) == ("deposit", "draft")
    assert done.deposit.total == parts(accepted)[0].amount
    assert Quote.objects.get().project == done.project


def test_doing_it_again_gives_the_same(accepted, manager):
    first = transform(accepted, manager)

    again = transform(accepted, manager, title="Autre")

    assert again == first
    counts = (Project.objects.count(), Invoice.objects.count(), Milestone.objects.count())
    assert counts == (1, 1, 2)


def test_a_project_at_hand_is_taken(accepted, acme, manager):
    project = Project.objects.create(client=acme, title="En cours")

    done = transform(accepted, manager, project=project, issues_deposit=True)

    assert (done.project, Project.objects.count()) == (project, 1)
    assert done.deposit.status == "issued"


def test_the_project_of_another_client_is_refused(accepted, rival, manager):
    project = Project.objects.create(client=rival, title="Ailleurs")

    with pytest.raises(services.CannotTransform, match="autre client"):
        transform(accepted, manager, project=project)

    assert not Invoice.objects.exists()


def test_a_quote_without_answer_is_not_transformed(acme, manager):
    quote = invoicing.send_quote(quote=make_quote(acme), on=ON, at=AT, actor=manager)

    with pytest.raises(services.CannotTransform, match="accepté"):
        transform(quote, manager)

    assert not Project.objects.exists()


def test_all_parts_together_bill_the_quote_to_the_franc(accepted, manager):
    deposit = transform(accepted, manager).deposit
    issue(deposit, manager)
    for part in parts(accepted)[1:]:
        invoice = services.bill_instalment(instalment=part, at=AT, actor=manager)
        assert invoice.total == part.amount
        last = issue(invoice, manager)

    sums = queries.billed_of(accepted)
    assert (sums.billed, sums.left) == (accepted.total, 0)
    assert (last.kind, last.deductions.count()) == ("final", 3)
    assert words(accepted) == ["Facturé"] * 4


def test_a_part_is_on_one_live_invoice(accepted, manager):
    part = parts(accepted)[1]
    services.bill_instalment(instalment=part, at=AT, actor=manager)

    with pytest.raises(services.CannotBill, match="déjà facturé"):
        services.bill_instalment(instalment=part, at=AT, actor=manager)

    assert (Invoice.objects.count(), BilledPart.objects.count()) == (1, 1)


def test_a_part_is_billed_anew_once_its_invoice_is_cancelled_or_its_draft_deleted(
    accepted, manager
):
    part = parts(accepted)[0]
    first = issue(services.bill_instalment(instalment=part, at=AT, actor=manager), manager)
    invoicing.cancel_invoice(invoice=first, reason="Erreur", on=ON, at=AT, actor=manager)

    second = services.bill_instalment(instalment=part, at=AT, actor=manager)
    second.delete()
    third = services.bill_instalment(instalment=part, at=AT, actor=manager)

    live = BilledPart.objects.filter(queries.LIVE)
    assert [row.invoice_id for row in live] == [third.pk]
    assert BilledPart.objects.get(invoice=first).released_at is not None


def test_the_balance_waits_for_all_that_comes_before(accepted, manager):
    transform(accepted, manager)

    with pytest.raises(services.CannotBill, match="Part 0, Part 1, Part 2"):
        services.bill_instalment(instalment=parts(accepted)[-1], at=AT, actor=manager)

    assert Invoice.objects.count() == 1


def test_a_part_is_to_bill_once_its_milestone_is_done(accepted, manager):
    transform(accepted, manager)
    assert words(accepted) == ["Brouillon", "À venir", "À venir", "À venir"]

    Milestone.objects.filter(title="Part 1").update(status="done")

    assert words(accepted) == ["Brouillon", "À facturer", "À venir", "À venir"]
    assert list(queries.due_instalments()) == [parts(accepted)[1]]
    invoice = services.bill_instalment(instalment=parts(accepted)[1], at=AT, actor=manager)
    assert {line.milestone.title for line in invoice.lines.all()} == {"Part 1"}


def test_the_balance_is_to_bill_when_all_the_rest_is_done_and_out(accepted, manager):
    issue(transform(accepted, manager).deposit, manager)
    Milestone.objects.update(status="done")
    for part in parts(accepted)[1:3]:
        issue(services.bill_instalment(instalment=part, at=AT, actor=manager), manager)

    assert words(accepted) == ["Facturé", "Facturé", "Facturé", "À facturer"]


def test_a_whole_invoice_leaves_no_part_to_bill(accepted, manager):
    invoicing.create_invoice_from_quote(quote=accepted, actor=manager)

    with pytest.raises(services.CannotBill):
        services.bill_instalment(instalment=parts(accepted)[0], at=AT, actor=manager)

    assert list(queries.due_instalments()) == []


def test_a_milestone_without_quote_is_billed_once(acme, manager):
    project = Project.objects.create(client=acme, title="Refonte")
    milestone = Milestone.objects.create(project=project, title="Maquettes")
    facts = {"milestone": milestone, "amount": 150_000, "rate": Decimal(18), "at": AT}

    invoice = services.bill_milestone(**facts, actor=manager)

    assert (invoice.total, invoice.lines.get().milestone) == (177_000, milestone)
    assert list(queries.billable_milestones(project)) == []
    with pytest.raises(services.CannotBill, match="déjà facturé"):
        services.bill_milestone(**facts, actor=manager)
    assert Invoice.objects.count() == 1


def test_a_milestone_of_a_plan_is_billed_by_its_quote(accepted, manager):
    project = transform(accepted, manager).project
    milestone = project.milestones.first()

    with pytest.raises(services.CannotBill, match="devis"):
        services.bill_milestone(
            milestone=milestone, amount=1, rate=Decimal(18), at=AT, actor=manager
        )

    assert Invoice.objects.count() == 1


def test_a_model_kept_from_a_quote_makes_the_same_quote(acme, rival, manager):
    source = make_offer(acme, intro="Bonjour", notes="Conditions")
    template = services.save_as_template(quote=source, name=" Site  type ", actor=manager)

    quote = services.create_from_template(
        template=template, client=rival, project=None, on=ON, actor=manager
    )

    assert (template.name, quote.client, quote.total) == ("Site type", rival, source.total)
    assert (quote.intro, quote.notes) == ("Bonjour", "Conditions")
    assert quote.lines.filter(is_option=True).count() == 2
    assert [row.amount for row in parts(quote)] == [354_000, 826_000]
    with pytest.raises(CannotCopy, match="déjà ce nom"):
        services.save_as_template(quote=source, name="site TYPE", actor=manager)
