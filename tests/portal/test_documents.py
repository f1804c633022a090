"""Documents: found and read by those who may, never by others."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from core import rls
from core.files.models import StoredFile
from core.notify.models import Notification
from portal.documents import services
from portal.documents.models import DocumentReading, DocumentVersion, ProjectDocument
from tests.portal.conftest import PDF, plain_file

LIST = "/client/documents/"
EMOJI = "🎉" * 60


def page_of(document):
    return f"{LIST}{document.pk}/"


def address_of(document, number=1):
    return f"{LIST}{document.pk}/v{number}/"


def text_of(response):
    return response.content.decode()


def bytes_of(response):
    content = b"".join(response.streaming_content)
    let_go(response)
    return content


def let_go(response):
    """Close the file of an answer, and not its request, which would close the database too."""
    for close in response._resource_closers:
        close()


@pytest.fixture
def add_version(owner_staff):
    """Return a function by which the team adds a version to a document."""

    def add(document, name="cr-2.pdf", content=PDF):
        with rls.staff("test"):
            return services.add_version(
                document=document,
                attachment=plain_file(name, content),
                actor=owner_staff,
                at=timezone.now(),
            )

    return add


# --- Finding ------------------------------------------------------------------------------------


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


def test_an_internal_document_is_ours_alone(acme_owner, client_of, project, make_document):
    document = make_document(project, "Chiffrage interne", visibility="internal")
    browser = client_of(acme_owner)

    assert "Chiffrage" not in text_of(browser.get(LIST))
    assert "Chiffrage" not in text_of(browser.get(f"{LIST}?q=chiffrage&tri=nom"))
    assert "Chiffrage" not in text_of(browser.get("/client/"))
    assert browser.get(page_of(document)).status_code == 404
    assert browser.get(address_of(document)).status_code == 404


def test_a_document_of_another_client_does_not_exist(
    rival_owner, client_of, project, make_document
):
    document = make_document(project)
    browser = client_of(rival_owner)

    assert browser.get(page_of(document)).status_code == 404
    assert browser.get(address_of(document)).status_code == 404
    assert "Compte rendu" not in text_of(browser.get(f"{LIST}?q=compte"))


def test_a_member_limited_to_another_project_does_not_read_it(
    acme, client_of, project, make_project, make_member, make_document
):
    document = make_document(project, "Cadrage")
    mine = make_document(make_project(acme, "Livreurs"), "Parcours")
    browser = client_of(make_member(acme, "project", projects=[mine.project]))

    page = text_of(browser.get(LIST))

    assert browser.get(page_of(document)).status_code == 404
    assert browser.get(address_of(document)).status_code == 404
    assert "Parcours" in page
    assert "Cadrage" not in page


def test_a_person_of_billing_reads_no_document(
    acme, client_of, project, make_member, make_document
):
    document = make_document(project)
    browser = client_of(make_member(acme, "billing"))

    assert browser.get(LIST).status_code == 404
    assert browser.get(page_of(document)).status_code == 404
    assert browser.get(address_of(document)).status_code == 404


def test_nobody_is_sent_to_sign_in(client_of, project, make_document):
    document = make_document(project)

    response = client_of().get(address_of(document))

    assert response.status_code == 302
    assert response["Location"] == f"/connexion/?next={address_of(document)}"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?q=maquette", {"Maquétte du panier"}),
        ("?q=PANIER maq", {"Maquétte du panier"}),
        ("?q=logo.png", {"Charte"}),
        ("?q=livrables", {"Maquétte du panier"}),
        ("?q=🎉", {EMOJI}),
        ("?type=image", {"Charte"}),
        ("?type=inconnu&tri=inconnu", {"Maquétte du panier", "Charte", EMOJI}),
        ("?tri=recent", {"Maquétte du panier", "Charte", EMOJI}),
        ("?dossier=Livrables/Écrans", {"Maquétte du panier"}),
        ("?dossier=", {"Charte", EMOJI}),
        ("?q=absent", set()),
        ("?q=%25", set()),
    ],
)
def test_documents_are_found_by_their_words_type_and_folder(
    asked, found, acme_owner, client_of, project, make_document
):
    png = (b"\x89PNG\r\n\x1a\n", "image/png")
    titles = {"Maquétte du panier", "Charte", EMOJI}
    make_document(project, EMOJI)
    with rls.staff("test"):
        shelf = make_document(project, "Maquétte du panier")
        shelf.folder = " Livrables / Écrans "
        shelf.save()
        file = make_document(project, "Charte").versions.get().file
        StoredFile.objects.filter(pk=file.pk).update(name="logo.png", content_type=png[1])

    page = text_of(client_of(acme_owner).get(LIST + asked))

    assert {title for title in titles if title in page} == found


def test_a_page_that_is_not_there_is_not_found(acme_owner, client_of, project, make_document):
    make_document(project)
    browser = client_of(acme_owner)

    assert browser.get(f"{LIST}?tri=nom&page=2").status_code == 404
    assert browser.get(f"{LIST}?tri=nom&page=abc").status_code == 404
    assert browser.get(f"{LIST}?projet=999999999999999999999&q=a\0").status_code == 200


def test_the_list_can_hold_to_one_project(acme, acme_owner, client_of, make_project, make_document):
    shop, riders = make_project(acme, "Boutique"), make_project(acme, "Livreurs")
    make_document(shop, "Panier")
    make_document(riders, "Parcours")

    page = text_of(client_of(acme_owner).get(f"{LIST}?projet={shop.pk}"))

    assert "Panier" in page
    assert "Parcours" not in page


def test_a_full_folder_shows_its_first_documents_and_leads_to_the_others(
    acme, acme_owner, client_of, fill
):
    project = fill(acme, acme_owner, 60)
    browser = client_of(acme_owner)

    tree = text_of(browser.get(LIST))
    folder = text_of(browser.get(f"{LIST}?projet={project.pk}&dossier="))

    assert tree.count('class="link-row"') == 50 + 10  # most pressing first, and ten documents
    assert f"{LIST}?projet={project.pk}&amp;dossier=" in tree
    assert "Voir les 60 documents" in tree
    assert folder.count('class="link-row"') == 50
    assert f"?projet={project.pk}&amp;dossier=&amp;page=2" in folder


def test_without_documents_the_page_says_what_will_come(acme_owner, client_of):
    page = text_of(client_of(acme_owner).get(LIST))

    assert "Aucun document" in page
    assert 'role="search"' not in page


def test_folders_lie_two_levels_deep_at_most(team, project):
    document = ProjectDocument(project=project, client=project.client, title="A", folder="A/B/C")

    with pytest.raises(ValidationError) as refusal:
        document.full_clean()

    assert list(refusal.value.message_dict) == ["folder"]


# --- Reading ------------------------------------------------------------------------------------


def test_a_pdf_is_framed_by_its_page_and_by_no_other(acme_owner, client_of, project, make_document):
    document = make_document(project)

    page = client_of(acme_owner).get(page_of(document))

    assert f'<iframe class="preview preview-pdf" src="{address_of(document)}?voir=1#' in text_of(
        page
    )
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert "script-src 'self';" in page["Content-Security-Policy"]


def test_a_pdf_may_be_framed_by_our_pages_alone(acme_owner, client_of, project, make_document):
    document = make_document(project)

    response = client_of(acme_owner).get(address_of(document) + "?voir=1")
    response.close()

    assert response["Content-Disposition"] == 'inline; filename="cr.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]


def test_a_text_is_written_in_the_page_and_runs_nothing(
    acme_owner, client_of, project, make_document
):
    words = "Étapes ; <script>alert(1)</script>".encode()
    document = make_document(project, name="note.txt", content=words)
    browser = client_of(acme_owner)

    page = text_of(browser.get(page_of(document)))
    response = browser.get(address_of(document) + "?voir=1")
    response.close()

    assert "Étapes ; &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<iframe" not in page
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("scan", ["waiting", "infected"])
def test_a_file_held_by_the_antivirus_is_not_handed_over(
    scan, acme_owner, client_of, project, make_document
):
    document = make_document(project)
    with rls.staff("test"):
        StoredFile.objects.update(scan=scan)
    browser = client_of(acme_owner)

    page = text_of(browser.get(page_of(document)))
    response = browser.get(address_of(document))

    assert "<iframe" not in page
    assert PDF not in b"".join(response)
    with rls.staff("test"):
        assert not ModelLogEntry.objects.filter(action="document_downloaded").exists()


def test_each_version_is_there_with_who_and_when(
    acme_owner, owner_staff, client_of, project, make_document, add_version
):
    document = make_document(project)
    add_version(document)

    page = text_of(client_of(acme_owner).get(page_of(document)))

    assert address_of(document, 1) in page
    assert address_of(document, 2) in page
    assert "cr-2.pdf" in page
    assert str(owner_staff) in page


def test_a_version_that_was_never_deposited_does_not_exist(
    acme_owner, client_of, project, make_document
):
    document = make_document(project)

    assert client_of(acme_owner).get(address_of(document, 2)).status_code == 404


def test_a_document_is_new_until_it_was_opened_and_again_with_its_next_version(
    acme_owner, client_of, project, make_document, add_version
):
    document = make_document(project)
    browser = client_of(acme_owner)

    assert "Nouveau</span>" in text_of(browser.get(LIST))
    browser.get(page_of(document))
    assert "Nouveau</span>" not in text_of(browser.get(LIST))
    add_version(document)
    assert "Nouveau</span>" in text_of(browser.get(LIST))

    browser.get(page_of(document))
    with rls.staff("test"):
        assert DocumentReading.objects.get(user=acme_owner).number == 2


def test_what_is_old_is_not_new_to_somebody_who_comes_late(
    acme_owner, client_of, project, make_document
):
    make_document(project)
    with rls.staff("test"):
        DocumentVersion.objects.update(created_at=timezone.now() - timedelta(days=31))

    assert "Nouveau</span>" not in text_of(client_of(acme_owner).get(LIST))


def test_each_file_handed_over_is_one_line_of_the_log(
    acme_owner, client_of, project, make_document
):
    document = make_document(project)
    browser = client_of(acme_owner)

    bytes_of(browser.get(address_of(document)))
    let_go(browser.head(address_of(document)))

    with rls.staff("test"):
        [entry] = ModelLogEntry.objects.filter(action="document_downloaded")
    assert (entry.object_id, entry.user) == (str(document.pk), acme_owner)
    assert (entry.data["version"], entry.data["shown"]) == (1, False)


# --- What the team does -------------------------------------------------------------------------


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


def test_a_document_that_is_shared_is_told_once_to_who_follows_the_project(
    team, acme, acme_owner, owner_staff, project, make_member, make_document, do_owed_work
):
    make_member(acme, "billing")
    document = make_document(project, "Charte", visibility="internal")
    assert not Notification.objects.exists()

    for visibility in ("client", "internal", "client"):
        document.visibility = visibility
        services.note_document(document=document, actor=owner_staff, at=timezone.now())

    notice = Notification.objects.get()
    [mail] = do_owed_work()
    assert (notice.user, notice.text) == (acme_owner, "Nouveau document : Charte")
    assert notice.url == page_of(document)
    assert mail.to == [acme_owner.email]
    assert page_of(document) in mail.body


def test_the_next_version_is_told_too(
    team, acme_owner, project, make_document, add_version, do_owed_work
):
    document = make_document(project, "Charte")
    add_version(document)

    texts = set(Notification.objects.values_list("text", flat=True))

    assert texts == {"Nouveau document : Charte", "Charte : version 2"}
    assert len(do_owed_work()) == 2


@pytest.mark.parametrize("many", [3, 30])
def test_the_page_of_a_document_asks_the_same_whatever_its_versions(
    many, acme_owner, client_of, project, make_document, add_version, count_queries
):
    document = make_document(project)
    for _ in range(many):
        add_version(document)

    assert count_queries(client_of(acme_owner), page_of(document)) <= 8
