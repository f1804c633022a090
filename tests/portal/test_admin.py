"""The team's screens of the portal: they open, they save what belongs together, they refuse."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import rls
from core.notify.models import Notification
from portal.knowledge.models import Article
from portal.projects.models import Milestone, Project, ProjectMember
from portal.support.models import Ticket, TicketAttachment

MODELS = [
    "projects_project",
    "projects_task",
    "projects_deliverable",
    "projects_milestone",
    "projects_taskcomment",
    "projects_timeentry",
    "documents_projectdocument",
    "documents_documentrequest",
    "support_ticket",
    "support_slapolicy",
    "support_businesscalendar",
    "crm_opportunity",
    "crm_interaction",
    "crm_pipelinestage",
    "knowledge_article",
    "knowledge_category",
]
KNOWLEDGE = ("knowledge_article", "knowledge_category")


def address_of(model, page="list", *args):
    return reverse(f"wagtailsnippets_{model}:{page}", args=args)


def inline(name, rows, kept=0):
    """Return what the form of an inline posts."""
    posted = {
        f"{name}-TOTAL_FORMS": len(rows),
        f"{name}-INITIAL_FORMS": kept,
        f"{name}-MIN_NUM_FORMS": 0,
        f"{name}-MAX_NUM_FORMS": 1000,
    }
    for place, row in enumerate(rows):
        posted |= {f"{name}-{place}-{field}": value for field, value in row.items()}
        posted |= {f"{name}-{place}-ORDER": place + 1, f"{name}-{place}-DELETE": ""}
    return posted


def project_form(client, **changed):
    plain = {
        "title": "Boutique",
        "client": client.pk,
        "status": "active",
        "progress": 20,
        "start_date": "",
        "due_date": "",
        "budget": "",
        "currency": "XOF",
        "reporting": "approval",
        "summary": "",
    }
    return plain | inline("milestones", []) | inline("team", []) | changed


@pytest.mark.parametrize("model", MODELS)
def test_every_screen_opens(model, manager, client_of):
    browser = client_of(manager)

    assert browser.get(address_of(model)).status_code == 200
    assert browser.get(address_of(model, "add")).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_an_editor_sees_the_knowledge_base_only(model, editor, client_of):
    response = client_of(editor).get(address_of(model))

    assert response.status_code == (200 if model in KNOWLEDGE else 302)


def test_the_menu_has_the_groups_of_the_work(manager, client_of):
    page = client_of(manager).get("/admin/").content.decode()

    for group in ("Commercial", "Projets", "Tâches", "Facturation", "Documents", "Support"):
        assert json.dumps(group)[1:-1] in page


def test_a_project_is_made_with_its_roadmap_and_its_team(acme, manager, client_of, team):
    posted = project_form(acme)
    step = {"title": "Cadrage", "release": "v1", "status": "done", "summary": ""}
    posted |= inline("milestones", [{**step, "id": "", "start_date": "", "due_date": "2026-12-01"}])
    posted |= inline("team", [{"id": "", "user": manager.pk, "part": "Suivi", "is_visible": "on"}])

    response = client_of(manager).post(address_of("projects_project", "add"), posted)

    assert response.status_code == 302
    project = Project.objects.get(title="Boutique")
    milestone, member = Milestone.objects.get(), ProjectMember.objects.get()
    assert (project.client, milestone.project, member.project) == (acme, project, project)
    assert milestone.client_id == member.client_id == acme.pk


@pytest.mark.parametrize("progress", ["101", "-1", "abc"])
def test_progress_is_a_share_of_a_hundred(progress, acme, manager, client_of, team):
    response = client_of(manager).post(
        address_of("projects_project", "add"), project_form(acme, progress=progress)
    )

    assert response.status_code in (200, 422)
    assert not Project.objects.exists()


def test_a_project_with_papers_is_kept_and_the_team_is_told_why(
    project, invoice, manager, client_of, team
):
    type(invoice).objects.filter(pk=invoice.pk).update(project=project)

    response = client_of(manager).post(
        address_of("projects_project", "delete", project.pk), follow=True
    )

    assert response.redirect_chain
    assert Project.objects.filter(pk=project.pk).exists()


def test_a_client_with_papers_is_kept_and_the_team_is_told_why(
    acme, invoice, owner_staff, client_of, team
):
    response = client_of(owner_staff).post(
        address_of("accounts_client", "delete", acme.pk), follow=True
    )

    assert response.status_code == 200
    assert type(acme).objects.filter(pk=acme.pk).exists()


def test_a_document_shows_its_versions_and_the_team_opens_them(
    project, manager, client_of, make_document
):
    document = make_document(project)
    browser = client_of(manager)

    page = browser.get(address_of("documents_projectdocument", "inspect", document.pk))
    address = reverse("documents_admin_download", args=[document.pk, 1])
    response = browser.get(address)
    response.close()

    assert address in page.content.decode()
    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="cr.pdf"'


def test_an_editor_opens_no_document(project, editor, client_of, make_document):
    address = reverse("documents_admin_download", args=[make_document(project).pk, 1])

    assert client_of(editor).get(address).status_code in (302, 403)


def test_a_client_opens_no_document_by_the_address_of_the_team(
    project, acme_owner, client_of, make_document
):
    address = reverse("documents_admin_download", args=[make_document(project).pk, 1])

    assert client_of(acme_owner).get(address).status_code in (302, 403, 404)


def test_a_ticket_shows_its_thread_to_the_team(acme, acme_owner, manager, client_of, make_ticket):
    ticket = make_ticket(acme, acme_owner, body="Est-ce voulu ?")

    page = client_of(manager).get(address_of("support_ticket", "inspect", ticket.pk))

    assert "Est-ce voulu ?" in page.content.decode()


def test_a_ticket_opens_on_its_thread_and_is_answered_under_it(
    acme, acme_owner, manager, client_of, make_ticket
):
    ticket = make_ticket(acme, acme_owner, body="Est-ce voulu ?", status="waiting")
    browser = client_of(manager)

    queue = browser.get(address_of("support_ticket")).content.decode()
    answer = browser.get(address_of("support_ticket", "repondre", ticket.pk)).content.decode()

    title = queue[queue.index("title-wrapper") :][:300]
    assert address_of("support_ticket", "inspect", ticket.pk) in title
    assert address_of("support_ticket", "edit", ticket.pk) in queue
    assert "En attente du client" in queue
    assert "Nous attendons votre réponse" not in queue
    assert "Est-ce voulu ?" in answer


def test_the_home_page_counts_the_requests_that_wait_for_the_team(
    acme, acme_owner, manager, editor, client_of, make_ticket
):
    make_ticket(acme, acme_owner, subject="Nouvelle")
    make_ticket(acme, acme_owner, subject="Chez le client", status="waiting")
    late = make_ticket(acme, acme_owner, subject="Oubliée", status="taken")
    with rls.staff("test"):
        Ticket.objects.filter(pk=late.pk).update(answer_due_at=late.created_at)

    page = client_of(manager).get("/admin/").content.decode()
    queue = client_of(manager).get(address_of("support_ticket") + "?status=open&status=taken")

    figure = page[page.index("Demandes à traiter") :][:300]
    assert "2" in figure
    assert "dont 1 en retard" in figure
    assert {row.subject for row in queue.context["object_list"]} == {"Nouvelle", "Oubliée"}
    assert "Demandes à traiter" not in client_of(editor).get("/admin/").content.decode()


def test_the_team_reads_and_joins_files_on_a_ticket(
    acme, acme_owner, manager, editor, client_of, make_ticket
):
    ticket, browser = make_ticket(acme, acme_owner), client_of(manager)
    reply = {"body": "Voici.", "status": "waiting", "is_internal": ""}
    file = SimpleUploadedFile("devis.pdf", b"%PDF-1.7\nbonjour\n%%EOF", "application/pdf")
    fake = SimpleUploadedFile("devis.pdf", b"MZ\x90", "application/pdf")
    address = address_of("support_ticket", "repondre", ticket.pk)

    refused = browser.post(address, {**reply, "files": [fake]})
    browser.post(address, {**reply, "files": [file]})

    with rls.staff("test"):
        attachment = TicketAttachment.objects.get()
        assert ticket.messages.count() == 2
    page = browser.get(address_of("support_ticket", "inspect", ticket.pk)).content.decode()
    link = reverse("support_admin_download", args=[ticket.pk, attachment.pk])
    assert "ne correspond pas" in refused.content.decode()
    assert link in page
    assert "En attente du client" in page
    assert b"".join(browser.get(link).streaming_content).startswith(b"%PDF")
    assert client_of(editor).get(link).status_code in (302, 403)
    assert client_of(acme_owner).get(link).status_code in (302, 403, 404)


def test_an_article_starts_as_a_draft_that_nobody_reads(editor, client_of, team):
    posted = {
        "title": "Payer",
        "slug": "payer",
        "audience": "public",
        "category": "",
        "summary": "",
        "body": '{"blocks": [], "entityMap": {}}',
    }

    client_of(editor).post(address_of("knowledge_article", "add"), posted)

    assert Article.objects.get().live is False
    assert client_of().get("/aide/payer/").status_code == 404


def test_notices_are_read_and_never_written(acme, acme_owner, owner_staff, client_of):
    with rls.staff("test world"):
        Notification.objects.create(
            client=acme, user=acme_owner, event="invoice", text="Facture émise", key="n-1"
        )
    browser = client_of(owner_staff)

    page = browser.get("/admin/journaux/notifications/")

    assert "Facture émise" in page.content.decode()
    assert browser.get("/admin/journaux/preferences/").status_code == 200


@pytest.mark.parametrize("is_new", [True, False])
def test_a_ticket_never_hangs_under_another_clients_project(
    is_new, acme, rival, acme_owner, manager, client_of, make_project, make_ticket, team
):
    other, ticket = make_project(rival, "Site de Rival"), make_ticket(acme, acme_owner)
    typed = {"subject": "Mon sujet", "client": acme.pk, "project": other.pk, "version": 1}
    typed |= {"status": "open", "kind": "question", "priority": 2}
    page = ("add",) if is_new else ("edit", ticket.pk)

    answer = client_of(manager).post(address_of("support_ticket", *page), typed)

    text = answer.content.decode()
    assert (answer.status_code, "d’un même client" in text, "Mon sujet" in text) == (
        200,
        True,
        True,
    )
    assert not Ticket.objects.filter(subject="Mon sujet").exists()


def test_a_ticket_with_messages_does_not_move_to_another_client(
    acme, rival, acme_owner, manager, client_of, make_ticket, team
):
    ticket = make_ticket(acme, acme_owner)
    typed = {"subject": "Déplacé", "client": rival.pk, "status": "open", "priority": 2}
    typed |= {"kind": "question"}
    address = address_of("support_ticket", "edit", ticket.pk)

    answer = client_of(manager).post(address, typed | {"version": ticket.version})

    assert "d’un même client" in answer.content.decode()
    ticket.refresh_from_db()
    assert ticket.client == acme
