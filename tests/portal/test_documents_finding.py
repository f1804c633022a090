"""Finding documents: those that one may read, by their words, their type and their folder."""

import pytest
from django.core.exceptions import ValidationError

from core import rls
from core.files.models import StoredFile
from portal.documents.models import ProjectDocument
from tests.portal.conftest import PDF
from tests.portal.test_documents import address_of, bytes_of, page_of, text_of

LIST = "/client/documents/"
EMOJI = "🎉" * 60


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


@pytest.mark.parametrize("many", [60, 210])  # all read, or ranked first
def test_a_full_folder_shows_its_first_documents_and_leads_to_the_others(
    acme, acme_owner, client_of, fill, many
):
    project = fill(acme, acme_owner, many)
    browser = client_of(acme_owner)

    tree = text_of(browser.get(LIST))
    folder = text_of(browser.get(f"{LIST}?projet={project.pk}&dossier="))

    assert tree.count('class="link-row"') == 50 + 10  # most pressing first, and ten documents
    assert f"{LIST}?projet={project.pk}&amp;dossier=" in tree
    assert f"Voir les {many} documents" in tree
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
