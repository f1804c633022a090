"""Documents and requests in the back-office: what the team does, and what clients then hear."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import rls
from core.notify.models import Notification
from portal.documents.models import DocumentRequest, ProjectDocument, ShareLink
from tests.portal.conftest import PDF

pytestmark = pytest.mark.usefixtures("acme_owner")


def screen(model, page, *arguments):
    return reverse(model.snippet_viewset.get_url_name(page), args=arguments)


def text_of(response):
    return response.content.decode()


def notices():
    with rls.staff("test"):
        return sorted(Notification.objects.values_list("text", flat=True))


@pytest.fixture
def browser(client_of, manager):
    return client_of(manager)


@pytest.mark.parametrize(
    ("visibility", "heard"), [("client", ["Nouveau document : Charte"]), ("internal", [])]
)
def test_a_new_document_leads_to_its_file_and_is_told_only_when_shared(
    visibility, heard, browser, project
):
    facts = {"title": "Charte", "project": project.pk, "folder": "Marque", "visibility": visibility}

    saved = browser.post(screen(ProjectDocument, "add"), facts)
    with rls.staff("test"):
        document = ProjectDocument.objects.get()
    assert saved.url == screen(ProjectDocument, "deposer", document.pk)
    assert notices() == []

    file = SimpleUploadedFile("charte.pdf", PDF)
    browser.post(saved.url, {"files": [file]})

    with rls.staff("test"):
        assert document.versions.get().file.name == "charte.pdf"
    assert notices() == heard


def test_a_file_that_is_not_safe_is_not_deposited(browser, project, make_document):
    document = make_document(project)
    address = screen(ProjectDocument, "deposer", document.pk)

    page = browser.post(address, {"files": [SimpleUploadedFile("page.pdf", b"<script>")]})

    assert "ne correspond pas à son nom" in text_of(page)
    with rls.staff("test"):
        assert document.versions.count() == 1


def test_the_team_shares_by_link_and_cuts(browser, client_of, project, make_document):
    document = make_document(project)

    page = browser.post(
        screen(ProjectDocument, "partager", document.pk), {"life": "24"}, follow=True
    )
    path = re.search(r"(/partage/[\w-]{43}/)", text_of(page))[1]
    assert client_of().get(path).status_code == 200
    assert path not in text_of(browser.get(screen(ProjectDocument, "inspect", document.pk)))

    browser.post(screen(ProjectDocument, "couper-les-liens", document.pk))
    assert client_of().get(path).status_code == 404


def test_an_internal_document_has_no_link(browser, project, make_document):
    document = make_document(project, visibility="internal")

    browser.post(screen(ProjectDocument, "partager", document.pk), {"life": "24"})

    with rls.staff("test"):
        assert not ShareLink.objects.exists()


def test_asking_tells_the_client_and_editing_does_not(browser, project):
    facts = {"project": project.pk, "title": "Extrait RCCM", "detail": "", "due_date": ""}

    browser.post(screen(DocumentRequest, "add"), facts)
    with rls.staff("test"):
        asked = DocumentRequest.objects.get()
    assert notices() == ["Document attendu : Extrait RCCM"]
    assert asked.asked_by.email == "gestion@nourx.test"

    browser.post(screen(DocumentRequest, "edit", asked.pk), {**facts, "detail": "En couleur."})
    with rls.staff("test"):
        asked.refresh_from_db()
    assert asked.detail == "En couleur."
    assert notices() == ["Document attendu : Extrait RCCM"]


def test_what_came_is_refused_with_a_reason(browser, acme_owner, client_of, project):
    with rls.staff("test"):
        asked = DocumentRequest.objects.create(project=project, title="Extrait RCCM")
    address = screen(DocumentRequest, "refuser", asked.pk)

    browser.post(address, {"reason": "Trop vieux."})
    with rls.staff("test"):
        asked.refresh_from_db()
    assert asked.refusal == ""

    client_of(acme_owner).post(
        f"/client/documents/demandes/{asked.pk}/", {"files": [SimpleUploadedFile("r.pdf", PDF)]}
    )
    assert "r.pdf" in text_of(browser.get(screen(DocumentRequest, "inspect", asked.pk)))
    browser.post(address, {"reason": ""})
    browser.post(address, {"reason": "Trop vieux."})

    with rls.staff("test"):
        asked.refresh_from_db()
    assert (asked.is_received, asked.refusal) == (False, "Trop vieux.")
    assert notices() == ["À renvoyer : Extrait RCCM"]


def test_an_editor_does_nothing_here(client_of, editor, project, make_document):
    document = make_document(project)
    browser = client_of(editor)

    for page in ("deposer", "partager"):
        browser.post(screen(ProjectDocument, page, document.pk), {"life": "24"})
    browser.post(screen(DocumentRequest, "add"), {"project": project.pk, "title": "RCCM"})

    with rls.staff("test"):
        assert document.versions.count() == 1
        assert not ShareLink.objects.exists()
        assert not DocumentRequest.objects.exists()
