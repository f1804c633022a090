"""What a client comes to do, from one end to the other, on a phone."""

import re
import threading
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from billing.invoicing.models import Invoice
from billing.invoicing.services import invoices as invoicing
from billing.payments.models import Payment
from core import rls
from portal.documents.models import DocumentRequest, DocumentVersion, ProjectDocument
from portal.documents.services.requests import note_request
from portal.documents.services.versions import add_version
from portal.projects.models import (
    Deliverable,
    DeliverableDecision,
    Milestone,
    MilestoneComment,
    Project,
    Task,
)
from portal.projects.services.deliverables import submit_deliverable
from portal.projects.services.tasks import add_comment
from portal.support.models import Ticket, TicketMessage
from portal.support.services import answer_as_team
from tests.core.files.samples import PDF
from tests.portal.conftest import plain_file

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    """Keep private files in a folder of the test."""
    disk = settings.STORAGES["private"]
    options = {**disk["OPTIONS"], "location": tmp_path / "private"}
    settings.STORAGES = {**settings.STORAGES, "private": {**disk, "OPTIONS": options}}


@pytest.fixture
def milestone(project):
    """A milestone of the running project, which waits for the client."""
    with rls.staff("test world"):
        Project.objects.filter(pk=project.pk).update(progress=45)
        return Milestone.objects.create(
            project=project,
            title="Maquettes",
            status="review",
            due_date=timezone.localdate() + timedelta(days=5),
        )


@pytest.fixture
def arrive(person, acme_owner):
    """Return a function that opens a page as the client, through the sign-in form."""

    def at(path="/client/"):
        one = person()
        one.page.goto(path)
        one.sign_in(acme_owner.email)
        return one

    return at


def choose_section(page, name):
    """Go to a section by the tabs at the foot of a phone, or by what « Plus » opens."""
    tabs = page.get_by_role("navigation", name="Navigation principale")
    link = tabs.get_by_role("link", name=name)
    if not link.is_visible():
        tabs.get_by_text("Plus", exact=True).click()
    link.click()


# --- Following a project ----------------------------------------------------------------------


@pytest.fixture
def advanced(project, milestone, manager, acme_owner):
    """A task with a word of the team, and a document of this morning."""
    now = timezone.now()
    with rls.staff("test world"):
        task = Task.objects.create(
            project=project, title="Envoyer les photos", assignee=acme_owner, due_date=now.date()
        )
        add_comment(task=task, body="Il nous en manque trois.", actor=manager, at=now)
        document = ProjectDocument.objects.create(
            project=project, title="Compte rendu d’atelier", visibility="client", shared_at=now
        )
        add_version(
            document=document, attachment=plain_file("atelier.pdf", PDF), actor=manager, at=now
        )
    return task


def test_a_client_follows_the_work_and_answers_on_a_milestone(arrive, advanced, milestone):
    page = arrive().page
    visited = []
    page.on("framenavigated", lambda frame: visited.append(frame.url))

    expect(page.get_by_role("heading", name="Bonjour Awa")).to_be_visible()
    focus = page.get_by_role("region", name="Boutique en ligne").or_(
        page.locator("section", has_text="Projet courant")
    )
    expect(focus.get_by_text("45\xa0%").first).to_be_visible()

    choose_section(page, "Tâches")
    page.get_by_role("link", name="Envoyer les photos").click()
    task = page.get_by_role("dialog")
    expect(task.locator(".msg")).to_contain_text("Il nous en manque trois.")
    page.keyboard.press("Escape")

    choose_section(page, "Documents")
    row = page.locator("li", has=page.get_by_role("link", name="Compte rendu d’atelier").first)
    expect(row.get_by_text("Nouveau", exact=True)).to_be_visible()
    row.get_by_role("link", name="Compte rendu d’atelier").first.click()
    expect(page.get_by_role("heading", name="Compte rendu d’atelier", level=1)).to_be_visible()

    choose_section(page, "Projets")
    page.get_by_role("link", name="Boutique en ligne").click()
    page.get_by_role("link", name="Maquettes", exact=True).click()
    page.get_by_role("textbox").first.fill("La page d’accueil nous plaît.")
    page.get_by_role("button", name="Envoyer").click()

    expect(page.locator("#mots .msg")).to_contain_text("La page d’accueil nous plaît.")
    with rls.staff("test"):
        said = list(MilestoneComment.objects.values_list("milestone", "author__email", "body"))
    assert said == [(milestone.pk, "awa@acme.test", "La page d’accueil nous plaît.")]
    assert [url for url in visited if "/client/" not in url] == []


# --- Paying an invoice ------------------------------------------------------------------------


def mail_to(address, subject):
    """Wait for the worker to send somebody a mail with these words in its subject."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for letter in mail.outbox:
            if address in letter.to and subject in letter.subject:
                return letter
        threading.Event().wait(0.1)
    raise AssertionError(f"no « {subject} » to {address}: {[row.subject for row in mail.outbox]}")


def test_a_client_pays_the_invoice_of_a_mail_and_keeps_its_receipt(person, acme_owner, draft, site):
    now = timezone.now()
    with rls.staff("test"):
        issued = invoicing.issue_invoice(invoice=draft, on=now.date(), at=now, actor=None)
        invoicing.send_invoice(invoice=issued, actor=None)
    body = mail_to("awa@acme.test", issued.number).body
    one = person()

    one.page.goto(re.search(r"Voir la facture : (\S+)", body)[1])
    one.sign_in(acme_owner.email)
    expect(one.page.get_by_role("heading", name=f"Facture {issued.number}")).to_be_visible()
    expect(one.page.get_by_text("118 000").first).to_be_visible()
    one.pay_on_the_phone()
    expect(one.page.get_by_role("heading", name="Paiement reçu")).to_be_visible()
    one.page.get_by_role("link", name="Voir le reçu dans mon espace").click()
    receipt = one.page.get_by_role("link", name="Reçu REC-2026-0001 (PDF)")
    expect(receipt).to_be_visible(timeout=60_000)
    with one.page.expect_download() as download:
        receipt.click()
    choose_section(one.page, "Factures")
    one.page.get_by_role("link", name="Paiements").click()

    row = one.page.locator("#paiements li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("118 000 F CFA")
    expect(row.get_by_role("link", name=issued.number)).to_be_visible()
    assert download.value.suggested_filename == "REC-2026-0001.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-1.7")
    with rls.staff("test"):
        assert list(Payment.objects.values_list("amount", "receipt__number")) == [
            (118_000, "REC-2026-0001")
        ]
        assert Invoice.objects.get(pk=issued.pk).amount_due == 0


# --- Handing in and approving -----------------------------------------------------------------


@pytest.fixture
def asked(project, manager):
    """A document that the team waits for."""
    with rls.staff("test world"):
        row = DocumentRequest.objects.create(
            project=project,
            title="Registre du commerce",
            due_date=timezone.localdate() + timedelta(days=3),
            asked_by=manager,
        )
        note_request(request=row, actor=manager, at=timezone.now())
    return row


@pytest.fixture
def deliverable(project, milestone, manager):
    """A deliverable that the team handed over."""
    with rls.staff("test world"):
        row = Deliverable.objects.create(project=project, milestone=milestone, title="Maquette v2")
        submit_deliverable(
            deliverable=row,
            files=[plain_file("maquette.pdf", PDF)],
            actor=manager,
            at=timezone.now(),
        )
    return row


def test_a_client_hands_in_what_was_asked(arrive, asked):
    page = arrive().page

    page.get_by_role("link", name="Envoyer : Registre du commerce").click()
    page.get_by_label("Choisir des fichiers").set_input_files(
        {"name": "rccm.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    expect(page.get_by_text("Prêt à être joint")).to_be_visible()
    page.get_by_role("button", name="Envoyer").click()

    expect(page.get_by_text("Document reçu", exact=True)).to_be_visible()
    expect(page.get_by_text("Vous n’avez plus rien à faire.")).to_be_visible()
    page.goto("/client/")
    expect(page.get_by_role("link", name="Envoyer : Registre du commerce")).to_have_count(0)
    with rls.staff("test"):
        asked.refresh_from_db()
        assert asked.fulfilled_at is not None
        assert list(DocumentVersion.objects.values_list("document", "file__name")) == [
            (asked.document_id, "rccm.pdf")
        ]


def test_a_client_approves_a_deliverable_then_reports_a_problem_on_it(
    arrive, deliverable, milestone, project, acme_owner
):
    page = arrive().page

    page.get_by_role("link", name="Valider : Maquette v2", exact=True).click()
    expect(page.get_by_text("maquette.pdf").first).to_be_visible()
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_text("Validé par Awa Koné")).to_be_visible()
    page.goto(f"/client/projets/{project.pk}/jalons/{milestone.pk}/")
    expect(page.locator(".page-h .badge")).to_have_text("Validé")

    page.get_by_role("link", name="Signaler un problème").click()
    expect(page.get_by_label("Sujet")).to_have_value("Maquette v2")
    page.get_by_label("Message").fill("Le prix dépasse de sa case.")
    page.get_by_role("button", name="Envoyer la demande").click()

    expect(page.get_by_role("heading", name="Maquette v2", level=1)).to_be_visible()
    expect(page.locator("#fil .msg")).to_contain_text("Le prix dépasse de sa case.")
    with rls.staff("test"):
        decided = DeliverableDecision.objects.values_list("verdict", "round", "decided_by")
        assert list(decided) == [("approved", 1, acme_owner.pk)]
        assert list(Ticket.objects.values_list("project", "subject")) == [
            (project.pk, "Maquette v2")
        ]


# --- A request, from its opening to its rating ------------------------------------------------


def answer(ticket, body, status, manager):
    with rls.staff("test"):
        answer_as_team(
            ticket=ticket,
            body=body,
            is_internal=False,
            status=status,
            actor=manager,
            at=timezone.now(),
        )


def open_request(page):
    """Open a request on the running project, and return its row."""
    choose_section(page, "Support")
    page.locator(".page-h").get_by_role("link", name="Nouvelle demande").click()
    page.get_by_label("Sujet").fill("Le panier se vide")
    page.get_by_label("Message").fill("Depuis ce matin, à chaque retour.")
    page.get_by_label("Projet").select_option(label="Boutique en ligne")
    page.get_by_label("Type").select_option(label="Incident")
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("heading", name="Le panier se vide", level=1)).to_be_visible()
    with rls.staff("test"):
        return Ticket.objects.get()


def test_a_client_follows_a_request_to_its_end_then_changes_how_to_be_reached(
    arrive, project, manager, acme_owner
):
    page = arrive().page
    ticket = open_request(page)

    answer(ticket, "Sur quel téléphone ?", "waiting", manager)
    page.goto("/client/")
    page.get_by_role("link", name=f"Répondre à la demande {ticket.number}").click()
    expect(page.locator("#fil .msg").last).to_contain_text("Sur quel téléphone ?")
    page.get_by_label("Votre réponse").fill("Un Tecno Spark.")
    page.get_by_role("button", name="Répondre").click()
    expect(page.locator("#fil .msg").last).to_contain_text("Un Tecno Spark.")
    answer(ticket, "C’est réparé, essayez.", "taken", manager)
    page.reload()
    expect(page.locator("#fil .msg").last).to_contain_text("C’est réparé, essayez.")
    page.get_by_label("Votre réponse").fill("Tout va bien, merci.")
    page.get_by_role("button", name="Répondre").click()
    expect(page.locator("#fil .msg")).to_have_count(5)

    page.get_by_role("button", name="Marquer comme résolu").click()
    expect(page.locator("#etat .badge")).to_have_text("Résolu")
    page.get_by_role("radio", name="Bien").check()
    page.get_by_label("Un mot de plus").fill("Rapide.")
    page.get_by_role("button", name="Envoyer mon avis").click()
    expect(page.get_by_text("Vous avez donné 4 sur 5. Merci.")).to_be_visible()
    change_profile(page)

    with rls.staff("test"):
        ticket.refresh_from_db()
        said = list(TicketMessage.objects.order_by("pk").values_list("author__email", "body"))
    assert (ticket.project_id, ticket.kind, ticket.status) == (project.pk, "incident", "solved")
    assert (ticket.rating, ticket.rating_comment) == (4, "Rapide.")
    assert said == [
        ("awa@acme.test", "Depuis ce matin, à chaque retour."),
        ("gestion@nourx.test", "Sur quel téléphone ?"),
        ("awa@acme.test", "Un Tecno Spark."),
        ("gestion@nourx.test", "C’est réparé, essayez."),
        ("awa@acme.test", "Tout va bien, merci."),
    ]
    acme_owner.refresh_from_db()
    assert (acme_owner.phone, acme_owner.preferred_channel) == ("+225 07 01 02 03 04", "whatsapp")


def change_profile(page):
    choose_section(page, "Mon profil")
    page.get_by_label("Téléphone").fill("+225 07 01 02 03 04")
    page.get_by_label("Moyen de contact préféré").select_option(label="WhatsApp")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Votre profil est enregistré.")).to_be_visible()
    expect(page.get_by_label("Téléphone")).to_have_value("+225 07 01 02 03 04")
