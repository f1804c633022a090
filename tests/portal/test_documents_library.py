"""The library of the team: found, tagged, moved, shown or kept, packed, put back."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone

from core import rls
from core.notify.models import TeamNotice
from portal.documents import services
from portal.documents.models import DocumentPack, ProjectDocument, ShareLink, tidy_tags
from portal.documents.queries import search_library
from portal.documents.services import packs
from portal.documents.tasks import make_owed_pack, read_words
from portal.documents.words import text_of
from portal.projects.models import Project
from tests.portal.conftest import PDF, plain_file

pytestmark = pytest.mark.usefixtures("acme_owner")


@pytest.fixture
def browser(client_of, manager):
    return client_of(manager)


def bulk(action, rows):
    ids = "&".join(f"id={row.pk}" for row in rows)
    place = reverse("wagtail_bulk_action", args=["documents", "projectdocument", action])
    return f"{place}?{ids}&next=/admin/"


def titles_of(text):
    with rls.staff("test"):
        return [row.title for row in search_library(ProjectDocument.objects.order_by("pk"), text)]


def again(row):
    with rls.staff("test"):
        return ProjectDocument.objects.select_related("latest").get(pk=row.pk)


def test_tags_are_tidied():
    assert tidy_tags([" Contrat cadre , RH", "rh", "", "a" * 60]) == [
        "a" * 40,
        "contrat cadre",
        "rh",
    ]


def test_a_document_is_found_by_its_words_tags_client_and_project(
    project, make_document, make_client
):
    document = make_document(
        project, "Charte", name="graphique.txt", content=b"Couleurs et polices"
    )
    with rls.staff("test world"):
        Project.objects.filter(pk=project.pk).update(title="Boutique en ligne")
        other = Project.objects.create(client=make_client("Autre"), title="Site")
        services.tag_document(document=document, add=["Urgent"], remove=[], actor=None)
        read_words({"version_id": again(document).latest_id})
    make_document(other, "Planning")

    for words in ("charte", "graph", "couleur", "urgent", "acme", "boutique", "charte acme urgent"):
        assert titles_of(words) == ["Charte"], words
    for words in ("charte planning", "absent", "' & | !", "%"):
        assert titles_of(words) == [], words


def test_bytes_that_no_reader_reads_have_no_words():
    assert text_of(PDF, "application/pdf") == ""
    assert text_of(b"PK\x03\x04", "application/zip") == ""


def test_several_documents_are_tagged_and_untagged(browser, project, make_document):
    first, second = make_document(project, "A"), make_document(project, "B")

    browser.post(bulk("etiqueter", [first, second]), {"add": "RH, Contrat", "remove": ""})
    browser.post(bulk("etiqueter", [first]), {"add": "", "remove": "rh"})
    page = browser.post(bulk("etiqueter", [first]), {"add": " ", "remove": ""})

    assert again(first).tags == ["contrat"]
    assert again(second).tags == ["contrat", "rh"]
    assert "au moins une étiquette" in page.content.decode()


def test_documents_move_within_their_client_only(browser, project, rival, make_document):
    with rls.staff("test world"):
        elsewhere = Project.objects.create(client=rival, title="Ailleurs")
        beside = Project.objects.create(client=project.client, title="À côté")
    document = make_document(project)

    browser.post(bulk("deplacer", [document]), {"folder": "X", "project": elsewhere.pk})
    assert (again(document).project_id, again(document).folder) == (project.pk, "")

    browser.post(bulk("deplacer", [document]), {"folder": " X / Y ", "project": beside.pk})
    assert (again(document).project_id, again(document).folder) == (beside.pk, "X/Y")


def test_a_document_kept_internal_closes_at_once_and_its_links_stay_dead(
    browser, client_of, acme_owner, project, make_document
):
    document, reader = make_document(project), client_of(acme_owner)
    with rls.staff("test world"):
        version = again(document).latest
        _link, token = services.create_link(
            version=version,
            life=timedelta(days=1),
            is_single=False,
            actor=acme_owner,
            at=timezone.now(),
        )
    page, link = f"/client/documents/{document.pk}/", reverse("shared_document", args=[token])
    assert (reader.get(page).status_code, client_of().get(link).status_code) == (200, 200)

    browser.post(bulk("garder-internes", [document]))
    assert (reader.get(page).status_code, client_of().get(link).status_code) == (404, 404)

    browser.post(bulk("montrer", [document]))
    assert (reader.get(page).status_code, client_of().get(link).status_code) == (200, 404)


def test_access_is_changed_from_the_page_of_its_project(browser, project, make_document):
    document, address = make_document(project), reverse("documents_access")

    page = browser.get(f"{address}?projet={project.pk}").content.decode()
    browser.post(address, {"document": document.pk, "visibility": "internal"})
    odd = browser.post(address, {"document": document.pk, "visibility": "public"})

    assert "Awa Koné" in page
    assert (again(document).visibility, odd.status_code) == ("internal", 404)


def test_an_older_version_is_put_back_and_nothing_is_lost(
    browser, project, owner_staff, make_document
):
    document = make_document(project, name="un.pdf")
    with rls.staff("test world"):
        services.add_version(
            document=document,
            attachment=plain_file("deux.pdf"),
            note="Prix",
            actor=owner_staff,
            at=timezone.now(),
        )
    restore = reverse(ProjectDocument.snippet_viewset.get_url_name("retablir"), args=[document.pk])

    unknown = browser.post(restore, {"number": 9, "note": ""})
    browser.post(restore, {"number": 1, "note": "La bonne"})
    browser.post(restore, {"number": 3, "note": ""})

    with rls.staff("test"):
        found = list(
            document.versions.order_by("number").values_list("number", "file__name", "note")
        )
    assert "n’existe pas" in unknown.content.decode()
    assert found == [(1, "un.pdf", ""), (2, "deux.pdf", "Prix"), (3, "un.pdf", "La bonne")]
    assert again(document).latest.number == 3


def test_an_archive_is_made_apart_and_handed_to_who_asked(
    browser, client_of, manager, owner_staff, project, make_document
):
    rows = [make_document(project, "Plan"), make_document(project, "Plan")]
    with rls.staff("test world"):
        empty = ProjectDocument.objects.create(project=project, title="Sans fichier")

    page = browser.post(bulk("telecharger", [*rows, empty])).url
    with rls.staff("test"):
        pack = DocumentPack.objects.get()
    assert browser.get(f"{page}fichier/").status_code == 404
    make_owed_pack({"pack_id": pack.pk})
    make_owed_pack({"pack_id": pack.pk})

    content = b"".join(browser.get(f"{page}fichier/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = sorted(archive.namelist())
    start = f"{project.client.name}/{project.title}"
    assert names == [f"{start}/Plan (2).pdf", f"{start}/Plan.pdf", "LISEZ-MOI.txt"]
    assert client_of(owner_staff).get(f"{page}fichier/").status_code == 404
    with rls.staff("test"):
        assert TeamNotice.objects.get(user=manager).text == "Archive prête : 2 documents"


def test_an_old_archive_goes_with_its_bytes(team, manager, project, make_document):
    pack = services.ask_pack(
        documents=[again(make_document(project))], actor=manager, at=timezone.now()
    )
    packs.make_pack(pack_id=pack.pk, at=timezone.now())
    key = DocumentPack.objects.get().key

    assert packs.remove_old_packs(at=timezone.now()) == 0
    assert packs.remove_old_packs(at=timezone.now() + timedelta(days=2)) == 1
    assert not DocumentPack.objects.exists()
    assert storages["private"].exists(key)  # until its owed removal is done


def test_the_library_asks_as_much_for_many_as_for_one(
    browser, project, make_document, count_queries
):
    make_document(project, "Un")
    address = reverse(ProjectDocument.snippet_viewset.get_url_name("list"))
    few = count_queries(browser, address)
    for number in range(3):
        make_document(project, f"Document {number}")

    assert count_queries(browser, address) == few


@pytest.mark.parametrize("who", ["editor", "acme_owner"])
def test_who_is_not_of_the_work_changes_nothing(who, request, client_of, project, make_document):
    document, stranger = make_document(project), client_of(request.getfixturevalue(who))

    for action in ("etiqueter", "garder-internes", "deplacer", "telecharger"):
        stranger.post(bulk(action, [document]), {"add": "x", "remove": "", "folder": "Y"})
    stranger.post(reverse("documents_access"), {"document": document.pk, "visibility": "internal"})

    kept = again(document)
    assert (kept.tags, kept.visibility, kept.folder) == ([], "client", "")
    with rls.staff("test"):
        assert not DocumentPack.objects.exists()
        assert not ShareLink.objects.exists()
