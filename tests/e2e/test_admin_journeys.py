"""What the team comes to do, from one end to the other: the day, a sale, work, money, support."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from billing.deals.models import Conversion
from billing.dunning.models import DunningNotice
from billing.invoicing.models import Invoice, Quote
from billing.payments.models import Anomaly, Payment
from core import rls
from core.accounts.models import Client
from core.backoffice.models import AlertSnooze
from core.notify.models import OutgoingMail, TeamNotice
from portal.crm.models import Opportunity, PipelineStage, StageMove
from portal.knowledge.models import Article
from portal.projects.models import Milestone, Project, Task, TimeEntry
from portal.support import services as support
from portal.support.models import Ticket
from portal.workload.models import ColumnLimit
from tests.billing.invoicing.conftest import make_draft, make_quote
from tests.conftest import AT
from tests.e2e.conftest import DESKTOP

PIPELINE = "/admin/commercial/pipeline/"


@pytest.fixture
def stages(db):
    """The steps of a sale, by name."""
    facts = [("Piste", {}), ("Qualifiée", {}), ("Gagnée", {"is_won": True})]
    return {
        name: PipelineStage.objects.create(name=name, sort_order=order, **fields)
        for order, (name, fields) in enumerate(facts)
    }


def screen(model, act, *arguments):
    return reverse(model.snippet_viewset.get_url_name(act), args=arguments)


@pytest.fixture
def late(acme, project, make_invoice, company):
    """Two things to look at: an invoice a month late, and a ticket that nobody answered."""
    now = timezone.now()
    with rls.staff("test world"):
        invoice = make_invoice(acme)
        due = timezone.localdate() - timedelta(days=40)
        issued = {"status": "issued", "issue_date": due, "issued_at": now, "due_date": due}
        type(invoice).objects.filter(pk=invoice.pk).update(number="FAC-2026-0007", **issued)
        Ticket.objects.create(
            client=acme,
            number="T-7",
            subject="Panier vide",
            answer_due_at=now - timedelta(hours=3),
            next_due_at=now - timedelta(hours=3),
        )
    return invoice


@pytest.mark.django_db(transaction=True)
def test_the_day_is_sorted_out_and_a_prospect_becomes_a_client_at_work(
    person, late, project, stages, owner_staff, make_member, client_of
):
    one = person(DESKTOP)
    page = one.page
    page.goto("/admin/alertes/?ordre=date")
    one.sign_in(owner_staff.email)
    alerts = page.locator(".nx-alert")
    expect(alerts.first).to_contain_text("FAC-2026-0007")  # the oldest

    page.goto("/admin/alertes/?ordre=domaine")
    invoice = alerts.filter(has_text="FAC-2026-0007")
    invoice.get_by_label("Que faire de").click()
    invoice.get_by_role("button", name="À demain").click()
    expect(page.get_by_text("Alerte reportée pour vous")).to_be_visible()
    expect(invoice).to_have_count(0)
    ticket = alerts.filter(has_text="T-7")
    ticket.get_by_label("Que faire de").click()
    ticket.get_by_role("link", name="En faire une tâche").click()
    page.get_by_role("button", name="Créer la tâche").click()
    expect(alerts.filter(has_text="T-7")).to_contain_text("Tâche :")
    with rls.staff("test"):
        assert AlertSnooze.objects.get().user == owner_staff
        assert Task.objects.get().project == project

    page.goto("/admin/commercial/prospects/nouveau/")
    page.get_by_label("Entreprise").fill("Boulangerie de Cocody")
    page.get_by_label("E-mail").fill("awa@cocody.test")
    page.locator("[name=title]").fill("Commande en ligne")
    page.get_by_label("Budget estimé").fill("1 500 000")
    page.locator("main form").get_by_role("button", name="Créer").first.click()
    expect(page.get_by_text("Prospect créé : Boulangerie de Cocody")).to_be_visible()
    for step in ("Qualifiée", "Gagnée"):
        page.goto(PIPELINE)
        page.get_by_label("Déplacer « Commande en ligne »").press("Enter")
        page.get_by_role("button", name=step).press("Enter")
        column = page.get_by_role("region", name=step)
        expect(column.get_by_role("link", name="Commande en ligne")).to_be_visible()
    quote = sent_quote_of("Boulangerie de Cocody", client_of(owner_staff))
    with rls.staff("test"):
        sale, client = Opportunity.objects.get(), quote.client
    accept(quote, client_of(make_member(client)))

    page.goto(screen(Opportunity, "convertir", sale.pk))
    page.get_by_label("Devis", exact=True).select_option(str(quote.pk))
    page.get_by_role("button", name="Convertir").click()

    expect(page.get_by_text("Opportunité convertie")).to_be_visible()
    with rls.staff("test"):
        done = Conversion.objects.get()
        moves = list(StageMove.objects.order_by("pk").values_list("to_name", flat=True))
        project_of = Project.objects.get(client=client)
        stage = Client.objects.get(pk=client.pk).stage
    ids = (done.opportunity_id, done.quote_id, done.project_id)
    assert ids == (sale.pk, quote.pk, project_of.pk)
    assert (stage, moves) == ("won", ["Piste", "Qualifiée", "Gagnée"])


def sent_quote_of(name, browser):
    """Write a quote for a client, and send it from its page."""
    with rls.staff("test world"):
        quote = make_quote(Client.objects.get(name=name))
    browser.post(screen(Quote, "send", quote.pk), {"version": quote.version, "seen": quote.total})
    with rls.staff("test"):
        quote = Quote.objects.select_related("client").get(pk=quote.pk)
    assert (quote.status, quote.number[:4]) == ("sent", "DEV-")
    return quote


def accept(quote, browser):
    browser.post(f"/client/devis/{quote.number}/accepter/", {"name": "Awa Touré", "agrees": "on"})
    with rls.staff("test"):
        assert Quote.objects.get(pk=quote.pk).status == "accepted"


@pytest.mark.django_db
def test_work_is_steered_from_its_columns_to_its_budget(project, manager, client_of):
    browser = client_of(manager)
    with rls.staff("test world"):
        Project.objects.filter(pk=project.pk).update(budget=1_000_000)
        tasks = [Task.objects.create(project=project, title=f"Page {rank}") for rank in (1, 2)]
        TimeEntry.objects.create(
            project=project, user=manager, spent_on=timezone.localdate(), minutes=60, cost=900_000
        )
        ColumnLimit.objects.create(project=project, status="doing", most=1)

    for task in tasks:
        browser.post("/admin/taches/kanban/", {"card": task.pk, "to": "doing", "seen": 1})
    board = browser.get(f"/admin/taches/kanban/?project={project.pk}").content.decode()
    browser.post(
        reverse("project_roadmap", args=[project.pk]),
        {
            "acte": "enregistrer", "rang": ["n0"], "n0-title": "Mise en ligne",
            "n0-status": "upcoming", "n0-due_date": "2027-01-15",
        },
    )  # fmt: skip
    with rls.staff("test"):
        project.refresh_from_db()
    move = {"card": project.pk, "to": "paused", "seen": project.version}
    browser.post("/admin/projets/kanban/", move)
    page = browser.get(screen(Project, "inspect", project.pk)).content.decode()

    assert "trop de cartes" in board
    assert "2/1" in board
    with rls.staff("test"):
        assert set(Task.objects.values_list("status", flat=True)) == {"doing"}
        assert Milestone.objects.get().title == "Mise en ligne"
        assert Project.objects.get().status == "paused"
    assert "90 %" in plain(page)


@pytest.mark.django_db(transaction=True)
def test_an_invoice_leaves_by_itself_is_paid_and_moves_the_figures(
    person, late, company, acme, acme_owner, owner_staff, client_of
):
    browser = client_of(owner_staff)
    with rls.staff("test world"):
        type(company).objects.update(send_on_issue=True)
        draft = make_draft(acme, (("Maquettes", "1", "100000", "18"),))
        anomaly = Anomaly.objects.create(kind="amount", key="x", detail="118 F", raised_at=AT)
    seen = {"version": draft.version, "seen": draft.total}
    browser.post(screen(Invoice, "issue", draft.pk), seen)
    with rls.staff("test world"):
        number = Invoice.objects.get(pk=draft.pk).number
    before = money_of(browser)

    one = person()
    one.page.goto(f"/client/factures/{number}/")
    one.sign_in(acme_owner.email)
    one.pay_on_the_phone()
    expect(one.page.get_by_role("heading", name="Paiement reçu")).to_be_visible()
    browser.post(screen(Invoice, "relancer", late.pk))
    browser.post(screen(Anomaly, "resoudre", anomaly.pk), {"comment": "Rendu au client"})

    with rls.staff("test"):
        paid = Invoice.objects.get(pk=draft.pk)
        notices = list(TeamNotice.objects.filter(event="payment_received"))
        mails = [row.template for row in OutgoingMail.objects.order_by("pk")]
        assert (paid.amount_due, Payment.objects.get().amount) == (0, 118_000)
        assert Anomaly.objects.get(pk=anomaly.pk).resolution == "Rendu au client"
        assert {row.invoice_id for row in DunningNotice.objects.all()} == {late.pk}
    told = [(row.user, plain(row.text)) for row in notices]
    assert told == [(owner_staff, f"Acme Distribution a payé 118 000 F CFA : facture {number}")]
    assert (before, money_of(browser)) == ("236 000 F", "118 000 F")
    assert "invoicing/invoice" in mails


def money_of(browser):
    """Return what the home page says is left to be paid."""
    figures = browser.get("/admin/").content.decode().partition("À encaisser")[2]
    value = figures.partition('nx-figure__value">')[2].partition("<")[0]
    return plain(value)


def plain(text):
    """Return a text with ordinary spaces."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.django_db
def test_a_ticket_is_solved_judged_put_right_and_written_down(
    acme, acme_owner, project, owner_staff, manager, client_of
):
    browser = client_of(owner_staff)
    with rls.staff("test world"):
        ticket = support.open_ticket(
            priority=2,
            client_id=acme.pk, project=project, subject="Panier vide", body="Il se vide.",
            actor=acme_owner, at=timezone.now(),
        )  # fmt: skip

    browser.post(screen(Ticket, "confier", ticket.pk), {"to": manager.pk})
    browser.post(screen(Ticket, "escalader", ticket.pk), {"reason": "Bloquant"})
    browser.post(screen(Ticket, "resoudre", ticket.pk), {"resolution": "fixed"})
    client_of(acme_owner).post(
        reverse("support:rate", args=[ticket.pk]), {"rating": 2, "comment": "Trop long"}
    )
    browser.post(
        screen(Ticket, "action-corrective", ticket.pk),
        {"title": "Répondre plus vite", "project": project.pk, "assignee": manager.pk},
    )
    article = {
        "title": "Panier vide", "slug": "panier-vide", "audience": "public", "category": "",
        "summary": "", "keeper": "", "go_live_at": "", "expire_at": "",
        "body": '{"blocks": [], "entityMap": {}}', "action-publish": "1",
    }  # fmt: skip
    browser.post(screen(Article, "add"), article)
    with rls.staff("test"):
        written = Article.objects.get(slug="panier-vide")
    browser.post(reverse("support_join", args=[ticket.pk]), {"article": written.pk})
    page = browser.get("/admin/support/satisfaction/").content.decode()

    with rls.staff("test"):
        ticket = Ticket.objects.get(pk=ticket.pk)
        told = TeamNotice.objects.filter(user=manager).values_list("event", flat=True)
        assert (ticket.assignee, ticket.level, ticket.rating) == (manager, 1, 2)
        assert ticket.resolution == "fixed"
        assert (ticket.corrective_task.title, ticket.corrective_task.assignee) == (
            "Répondre plus vite",
            manager,
        )
        assert [row.article for row in ticket.articles.all()] == [written]
        assert "ticket_assigned" in told
    assert written.live
    assert "Trop long" in page
