"""The team's screens of quotes: a plan typed, models, the transformation, what is to bill."""

from decimal import Decimal

import pytest
from django.utils import timezone

from billing.invoicing import services as invoicing
from billing.invoicing.models import Invoice, Quote, QuoteInstalment
from billing.quoting import services
from billing.quoting.models import QuoteTemplate
from core.hooks import quote_sections
from portal.projects.models import Milestone, Project
from tests.billing.invoicing.conftest import AT, make_quote
from tests.billing.invoicing.test_admin import QUOTES, typed
from tests.billing.invoicing.test_quote_options import give_pdf, make_offer
from tests.billing.quoting.test_transforming import plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
TEMPLATES = "/admin/snippets/quoting/quotetemplate/"
PARTS = "/admin/snippets/invoicing/quoteinstalment/"


def parts(*rows):
    """Return the plan of a draft as a browser sends it: (kind, label, percent)."""
    form = {
        "instalments-TOTAL_FORMS": len(rows),
        "instalments-INITIAL_FORMS": 0,
        "instalments-MIN_NUM_FORMS": 0,
        "instalments-MAX_NUM_FORMS": 1000,
    }
    for rank, (kind, label, percent) in enumerate(rows):
        values = {"kind": kind, "label": label, "percent": percent, "expected_on": "", "id": ""}
        form |= {f"instalments-{rank}-{name}": value for name, value in values.items()}
        form[f"instalments-{rank}-ORDER"] = rank + 1
    return form


@pytest.fixture
def accepted(acme, acme_owner, manager):
    quote = plan(make_quote(acme, valid_until="2999-01-01"))
    today = timezone.localdate()
    quote = give_pdf(invoicing.send_quote(quote=quote, on=today, at=AT, actor=manager))
    return invoicing.accept_quote(quote=quote, name="Awa Koné", at=AT, actor=acme_owner)


def test_a_plan_is_typed_with_the_quote_and_makes_its_total(acme, manager, client_of):
    rows = parts(("deposit", "Acompte", "30"), ("balance", "Solde", ""))

    response = client_of(manager).post(
        f"{QUOTES}add/", typed(acme, **rows, valid_until="", intro="")
    )

    quote = Quote.objects.get()
    found = list(quote.instalments.order_by("sort_order").values_list("amount", flat=True))
    assert response.status_code == 302
    assert (quote.total, found) == (442_500, [132_750, 309_750])


def test_a_plan_that_is_not_the_whole_is_refused_with_what_was_typed(acme, manager, client_of):
    rows = parts(("deposit", "Acompte", "30"), ("balance", "Solde", "60"))

    response = client_of(manager).post(
        f"{QUOTES}add/", typed(acme, **rows, valid_until="", intro="")
    )

    assert "ne font pas 100" in response.content.decode()
    assert not Quote.objects.exists()


def test_a_quote_is_made_from_a_model_and_kept_as_one(acme, manager, client_of):
    browser = client_of(manager)
    source = make_offer(acme)

    browser.post(f"{QUOTES}modele/{source.pk}/", {"name": "Site type"})
    template = QuoteTemplate.objects.get()
    response = browser.post(f"{TEMPLATES}devis/{template.pk}/", {"client": acme.pk, "project": ""})

    made = Quote.objects.latest("pk")
    assert response.url == f"{QUOTES}edit/{made.pk}/"
    assert (made.total, made.lines.count()) == (source.total, 3)


def test_the_transformation_is_offered_once(accepted, manager, client_of):
    browser = client_of(manager)
    address = f"{QUOTES}transform/{accepted.pk}/"

    browser.post(address, {"project": "", "title": "Chantier", "issues_deposit": "on"})
    again = browser.post(address, {"project": "", "title": "Autre"})

    assert again.status_code == 302
    assert Project.objects.get().title == "Chantier"
    assert Invoice.objects.get().status == "issued"


def test_what_is_to_bill_is_listed_and_billed_from_there(accepted, manager, client_of):
    browser = client_of(manager)
    services.transform_quote(
        quote=accepted, project=None, title="", on=timezone.localdate(), at=AT, actor=manager
    )
    Milestone.objects.filter(title="Part 1").update(status="done")
    part = QuoteInstalment.objects.get(label="Part 1")

    page = browser.get(f"{PARTS}?situation=a-facturer").content.decode()
    home = browser.get("/admin/").content.decode()
    browser.post(f"{PARTS}facturer/{part.pk}/")

    assert "Part 1" in page
    assert "Part 2" not in page
    assert f"{PARTS}?situation=a-facturer" in home
    assert Invoice.objects.filter(billed_part__instalment=part).count() == 1


def test_the_page_of_a_quote_says_what_is_billed_and_left(accepted, manager):
    part = accepted.instalments.get(kind="deposit")
    invoice = services.bill_instalment(instalment=part, at=AT, actor=manager)
    today = timezone.localdate()
    invoicing.issue_invoice(invoice=invoice, on=today, at=AT, actor=manager)

    (section,) = quote_sections(accepted)

    title = str(section.title).replace("\u202f", " ").replace("\u00a0", " ")
    assert title == "Échéancier · facturé 442 500 F CFA · reste 1 032 500 F CFA"
    assert "FAC-" in str(section.rows[0][-1])


@pytest.mark.parametrize("situation", ["sent", "expired", "accepted", "draft", "replaced"])
def test_quotes_are_filtered_by_where_they_stand(accepted, acme, manager, client_of, situation):
    make_quote(acme, subject="Encore un brouillon")

    page = client_of(manager).get(f"{QUOTES}?situation={situation}").content.decode()

    assert ("DEV-" in page, "Encore un brouillon" in page) == (
        situation == "accepted",
        situation == "draft",
    )


def test_a_reader_of_quotes_bills_nothing(accepted, make_user, client_of):
    reader = make_user("lecture@nourx.test", is_staff=True)

    response = client_of(reader).post(f"{QUOTES}transform/{accepted.pk}/", {"title": "x"})

    assert response.status_code in (302, 403)
    assert not Project.objects.exists()


def test_a_milestone_that_is_billed_stays_on_its_project(acme, manager, client_of):
    project = Project.objects.create(client=acme, title="Refonte")
    milestone = Milestone.objects.create(project=project, title="Maquettes")
    services.bill_milestone(
        milestone=milestone, amount=1_000, rate=Decimal(18), at=AT, actor=manager
    )
    form = {
        "title": "Refonte",
        "client": acme.pk,
        "status": "active",
        "progress": "0",
        "currency": "XOF",
        "reporting": "approval",
        **dict.fromkeys(("start_date", "due_date", "budget", "summary"), ""),
        "milestones-0-id": milestone.pk,
        "milestones-0-title": "Maquettes",
        "milestones-0-status": "upcoming",
        "milestones-0-DELETE": "1",
        "milestones-0-ORDER": "1",
        "version": project.version,
    }
    for name, count in (("milestones", 1), ("team", 0)):
        form |= {f"{name}-TOTAL_FORMS": count, f"{name}-INITIAL_FORMS": count}

    response = client_of(manager).post(f"/admin/snippets/projects/project/edit/{project.pk}/", form)

    assert response.status_code == 200
    assert "sert ailleurs" in response.content.decode()
    assert Milestone.objects.filter(pk=milestone.pk).exists()
