"""Documents: deposited by the team, read by those who may, never by others."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail.models import ModelLogEntry

from core import rls
from portal.documents import services
from portal.documents.models import DocumentRequest, DocumentVersion

LIST = "/client/documents/"
PDF = b"%PDF-1.7\nbonjour\n%%EOF"


def address_of(document, number=1):
    return f"{LIST}{document.pk}/v{number}/"


def text_of(response):
    return response.content.decode()


def bytes_of(response):
    content = b"".join(response.streaming_content)
    response.close()
    return content


def test_a_shared_document_is_listed_and_downloaded(acme_owner, client_of, project, make_document):
    document = make_document(project, "Compte rendu n° 6")
    browser = client_of(acme_owner)

    page = text_of(browser.get(LIST))
    response = browser.get(address_of(document))

    assert "Compte rendu n° 6" in page
    assert address_of(document) in page
    assert bytes_of(response) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="cr.pdf"'
    assert response["Cache-Control"] == "private, no-store"


def test_a_pdf_opens_in_the_browser_in_a_sandbox(acme_owner, client_of, project, make_document):
    document = make_document(project)

    response = client_of(acme_owner).get(address_of(document) + "?voir=1")
    response.close()

    assert response["Content-Disposition"] == 'inline; filename="cr.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_text_is_never_opened_in_the_browser(acme_owner, client_of, project, make_document):
    document = make_document(project, name="note.txt", content=b"bonjour")

    response = client_of(acme_owner).get(address_of(document) + "?voir=1")
    response.close()

    assert response["Content-Disposition"] == 'attachment; filename="note.txt"'


def test_an_internal_document_is_ours_alone(acme_owner, client_of, project, make_document):
    document = make_document(project, "Chiffrage interne", visibility="internal")
    browser = client_of(acme_owner)

    assert "Chiffrage" not in text_of(browser.get(LIST))
    assert "Chiffrage" not in text_of(browser.get("/client/"))
    assert browser.get(address_of(document)).status_code == 404


def test_a_document_of_another_client_does_not_exist(
    rival_owner, client_of, project, make_document
):
    document = make_document(project)

    assert client_of(rival_owner).get(address_of(document)).status_code == 404


def test_a_member_limited_to_another_project_does_not_read_it(
    acme, client_of, project, make_project, make_member, make_document
):
    document = make_document(project, "Cadrage")
    mine = make_document(make_project(acme, "Livreurs"), "Parcours")
    browser = client_of(make_member(acme, "project", projects=[mine.project]))

    page = text_of(browser.get(LIST))

    assert browser.get(address_of(document)).status_code == 404
    assert "Parcours" in page
    assert "Cadrage" not in page


def test_a_person_of_billing_reads_no_document(
    acme, client_of, project, make_member, make_document
):
    document = make_document(project)
    browser = client_of(make_member(acme, "billing"))

    assert browser.get(LIST).status_code == 404
    assert browser.get(address_of(document)).status_code == 404


def test_nobody_is_sent_to_sign_in(client_of, project, make_document):
    document = make_document(project)

    response = client_of().get(address_of(document))

    assert response.status_code == 302
    assert response["Location"] == f"/connexion/?next={address_of(document)}"


def test_a_version_that_was_never_deposited_does_not_exist(
    acme_owner, client_of, project, make_document
):
    document = make_document(project)

    assert client_of(acme_owner).get(address_of(document, 2)).status_code == 404


def test_earlier_versions_stay_within_reach(
    acme_owner, owner_staff, client_of, project, make_document
):
    document = make_document(project)
    with rls.staff("test world"):
        services.add_version(
            document=document,
            upload=SimpleUploadedFile("cr-2.pdf", PDF),
            actor=owner_staff,
            at=timezone.now(),
        )

    page = text_of(client_of(acme_owner).get(LIST))

    assert address_of(document, 1) in page
    assert address_of(document, 2) in page


def test_the_list_can_hold_to_one_project(acme, acme_owner, client_of, make_project, make_document):
    shop, riders = make_project(acme, "Boutique"), make_project(acme, "Livreurs")
    make_document(shop, "Panier")
    make_document(riders, "Parcours")

    page = text_of(client_of(acme_owner).get(f"{LIST}?projet={shop.pk}"))

    assert "Panier" in page
    assert "Parcours" not in page


def test_what_we_wait_for_is_shown_until_it_came(acme_owner, client_of, project, in_days):
    with rls.staff("test world"):
        DocumentRequest.objects.create(project=project, title="Extrait RCCM", due_date=in_days(5))
        DocumentRequest.objects.create(project=project, title="Logo", fulfilled_at=timezone.now())

    page = text_of(client_of(acme_owner).get(LIST))

    assert "Extrait RCCM" in page
    assert "Logo" not in page


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("page.pdf", b"<script>", "Le contenu de ce fichier ne correspond pas à son nom."),
        ("logo.svg", b"<svg/>", "Ce type de fichier n’est pas accepté."),
        ("gros.txt", b"a" * (25 * 1024 * 1024 + 1), "Ce fichier dépasse 25 Mo."),
    ],
)
def test_a_file_that_is_not_safe_is_not_kept(
    name, content, message, team, owner_staff, project, make_document
):
    document = make_document(project)

    with pytest.raises(ValidationError) as refusal:
        services.add_version(
            document=document,
            upload=SimpleUploadedFile(name, content),
            actor=owner_staff,
            at=timezone.now(),
        )

    assert refusal.value.message_dict == {"file": [message]}
    assert DocumentVersion.objects.count() == 1


def test_a_deposit_is_written_in_the_log(team, owner_staff, project, make_document):
    document = make_document(project)

    entry = ModelLogEntry.objects.get(action="document_deposited")

    assert (entry.object_id, entry.user) == (str(document.pk), owner_staff)


def test_sharing_keeps_its_moment_and_hiding_takes_it_away(
    team, owner_staff, project, make_document
):
    document, at = make_document(project), timezone.now()

    services.note_document(document=document, actor=owner_staff, at=at)
    assert document.shared_at == at

    document.visibility = "internal"
    services.note_document(document=document, actor=owner_staff, at=at)
    assert document.shared_at is None


def hand_in(browser, project, content=PDF, address=f"{LIST}deposer/"):
    file = SimpleUploadedFile("rccm.pdf", content, "application/pdf")
    return browser.post(address, {"project": project.pk, "title": "Extrait RCCM", "file": file})


@pytest.fixture
def open_project(project):
    """Acme's project, which takes deposits."""
    with rls.staff("test"):
        project.clients_may_upload = True
        project.save()
    return project


def test_a_client_hands_in_what_was_asked(acme_owner, client_of, open_project):
    with rls.staff("test"):
        asked = DocumentRequest.objects.create(project=open_project, title="Extrait RCCM")

    answer = hand_in(
        client_of(acme_owner), open_project, address=f"{LIST}deposer/?demande={asked.pk}"
    )

    with rls.staff("test"):
        asked.refresh_from_db()
        version = DocumentVersion.objects.select_related("document").get()
    assert (answer.status_code, answer.url) == (302, LIST)
    assert (version.document.visibility, version.author_id) == ("client", acme_owner.pk)
    assert asked.document_id == version.document_id
    assert asked.fulfilled_at == version.created_at


def test_a_file_that_is_not_what_its_name_says_is_refused(acme_owner, client_of, open_project):
    answer = hand_in(client_of(acme_owner), open_project, content=b"<html>bonjour</html>")

    assert answer.status_code == 422
    assert "ne correspond pas à son nom" in text_of(answer)
    assert "Extrait RCCM" in text_of(answer)
    with rls.staff("test"):
        assert not DocumentVersion.objects.exists()


def test_a_closed_project_takes_nothing(acme_owner, client_of, project):
    answer = hand_in(client_of(acme_owner), project)

    assert answer.status_code == 422
    with rls.staff("test"):
        assert not DocumentVersion.objects.exists()


def test_somebody_of_another_client_hands_nothing_in(rival_owner, client_of, open_project):
    answer = hand_in(client_of(rival_owner), open_project)

    assert answer.status_code == 422
    with rls.staff("test"):
        assert not DocumentVersion.objects.exists()
