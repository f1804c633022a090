"""What clients hand in: only where a project takes it, told once, kept once."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import ModelLogEntry

from core import rls
from core.files.models import StoredFile
from portal.documents.models import DocumentVersion, ProjectDocument
from portal.projects.models import Project
from tests.portal.conftest import PDF

LIST = "/client/documents/"
DEPOSIT = f"{LIST}deposer/"


def text_of(response):
    return response.content.decode()


def deposit(browser, project, *names, content=PDF, **fields):
    files = [SimpleUploadedFile(name, content) for name in names or ("rccm.pdf",)]
    return browser.post(DEPOSIT, {"project": project.pk, "files": files, **fields})


def kept():
    """Return what is kept, as (title, folder, version, file name)."""
    with rls.staff("test"):
        rows = DocumentVersion.objects.order_by("id").select_related("document", "file")
        return [
            (row.document.title, row.document.folder, row.number, row.file.name) for row in rows
        ]


@pytest.fixture
def open_project(project):
    """Acme's project, which takes deposits."""
    with rls.staff("test"):
        project.clients_may_upload = True
        project.save()
    return project


def test_several_files_become_documents_of_the_folder_and_the_team_is_told_once(
    acme, acme_owner, owner_staff, client_of, open_project, do_owed_work
):
    with rls.staff("test"):
        acme.lead = owner_staff
        acme.save()
    names = ("Extrait_RCCM.pdf", "statuts.pdf", "plan 🎉.pdf")

    answer = deposit(client_of(acme_owner), open_project, *names, folder="Juridique / 2026")

    assert (answer.status_code, answer.url) == (302, f"{LIST}?projet={open_project.pk}")
    assert kept() == [
        ("Extrait RCCM", "Juridique/2026", 1, "Extrait_RCCM.pdf"),
        ("statuts", "Juridique/2026", 1, "statuts.pdf"),
        ("plan 🎉", "Juridique/2026", 1, "plan 🎉.pdf"),
    ]
    with rls.staff("test"):
        document = ProjectDocument.objects.first()
        version = document.versions.get()
    assert (document.visibility, document.is_from_client) == ("client", True)
    assert version.author == acme_owner
    with rls.staff("test"):
        [mail] = do_owed_work()
    assert mail.to == [owner_staff.email]
    assert "a déposé 3 documents" in mail.subject
    assert "plan 🎉" in mail.body


def test_the_form_starts_on_the_project_one_looks_at(acme, acme_owner, client_of, open_project):
    browser = client_of(acme_owner)
    with rls.staff("test"):
        other = Project.objects.create(client=acme, title="Autre", clients_may_upload=True)

    browser.post("/client/projet-courant/", {"projet": open_project.pk})
    first = browser.get(DEPOSIT).context["form"]
    browser.post("/client/projet-courant/", {"projet": other.pk})
    second = browser.get(DEPOSIT).context["form"]
    asked = browser.get(DEPOSIT, {"projet": open_project.pk}).context["form"]

    assert first["project"].value() == open_project.pk
    assert second["project"].value() == other.pk
    assert asked["project"].value() == str(open_project.pk)


def test_a_single_file_may_be_given_a_title(acme_owner, client_of, open_project):
    answer = deposit(client_of(acme_owner), open_project, "IMG_0042.pdf", title=" Plan  de masse ")

    with rls.staff("test"):
        document = ProjectDocument.objects.get()
    assert answer.url == f"{LIST}{document.pk}/"
    assert document.title == "Plan de masse"


def test_a_name_without_end_is_cut_and_kept(acme_owner, client_of, open_project):
    deposit(client_of(acme_owner), open_project, f"{'é' * 300}.pdf")

    [(title, _folder, _number, name)] = kept()
    assert title == "é" * len(title)
    assert len(title) >= 100
    assert name.endswith(".pdf")
    assert len(name) <= 200


def test_the_same_name_in_the_same_folder_is_asked_about(acme_owner, client_of, open_project):
    browser = client_of(acme_owner)
    deposit(browser, open_project, "plan.pdf", folder="A")

    answer = deposit(browser, open_project, "PLAN.pdf", "autre.pdf", folder="A")

    page = text_of(answer)
    assert answer.status_code == 422
    assert "Un document de ce nom est déjà dans ce dossier" in page
    assert "Choisissez de nouveau vos fichiers" in page
    assert kept() == [("plan", "A", 1, "plan.pdf")]


@pytest.mark.parametrize(
    ("choice", "after"),
    [
        ("version", [("plan", "A", 1, "plan.pdf"), ("plan", "A", 2, "plan.pdf")]),
        ("separe", [("plan", "A", 1, "plan.pdf"), ("plan", "A", 1, "plan.pdf")]),
    ],
)
def test_the_same_name_becomes_a_version_or_another_document(
    choice, after, acme_owner, client_of, open_project
):
    browser = client_of(acme_owner)
    deposit(browser, open_project, "plan.pdf", folder="A")

    answer = deposit(browser, open_project, "plan.pdf", folder="A", same_name=choice)

    assert answer.status_code == 302
    assert kept() == after


def test_the_same_name_in_another_folder_is_another_document(acme_owner, client_of, open_project):
    browser = client_of(acme_owner)
    deposit(browser, open_project, "plan.pdf", folder="A")

    deposit(browser, open_project, "plan.pdf", folder="B")

    assert kept() == [("plan", "A", 1, "plan.pdf"), ("plan", "B", 1, "plan.pdf")]


def test_a_form_sent_twice_is_one_deposit_told_once(
    acme_owner, client_of, open_project, do_owed_work
):
    browser, key = client_of(acme_owner), str(uuid.uuid4())

    first = deposit(browser, open_project, cle=key)
    second = deposit(browser, open_project, cle=key)

    assert (second.status_code, second.url) == (302, first.url)
    assert len(kept()) == 1
    with rls.staff("test"):
        assert len(do_owed_work()) <= 1


def test_a_file_that_is_not_what_its_name_says_is_refused_and_the_words_stay(
    acme_owner, client_of, open_project
):
    answer = deposit(
        client_of(acme_owner), open_project, content=b"<html>bonjour</html>", title="Extrait RCCM"
    )

    assert answer.status_code == 422
    assert "ne correspond pas à son nom" in text_of(answer)
    assert 'value="Extrait RCCM"' in text_of(answer)
    assert kept() == []


def test_a_folder_too_deep_is_refused(acme_owner, client_of, open_project):
    answer = deposit(client_of(acme_owner), open_project, folder="A/B/C")

    assert answer.status_code == 422
    assert "Deux niveaux de dossiers au plus" in text_of(answer)
    assert kept() == []


@pytest.mark.parametrize("closed_by", ["choice", "delivery"])
def test_a_project_that_takes_nothing_shows_no_form_and_refuses_a_forged_one(
    closed_by, acme_owner, client_of, project
):
    with rls.staff("test"):
        project.clients_may_upload = closed_by == "delivery"
        project.status = "delivered" if closed_by == "delivery" else "active"
        project.save()
    browser = client_of(acme_owner)

    page = text_of(browser.get(DEPOSIT))
    answer = deposit(browser, project)

    assert '<form class="form' not in page
    assert DEPOSIT not in text_of(browser.get(LIST))
    assert answer.status_code == 403
    assert kept() == []
    with rls.staff("test"):
        assert not StoredFile.objects.exists()


def test_a_project_of_another_client_does_not_exist(rival_owner, client_of, open_project):
    answer = deposit(client_of(rival_owner), open_project)

    assert answer.status_code == 404
    assert kept() == []


def test_a_guest_hands_nothing_in(acme, client_of, make_member, open_project, make_document):
    document = make_document(open_project)
    browser = client_of(make_member(acme, "guest"))

    assert browser.get(DEPOSIT).status_code == 404
    assert deposit(browser, open_project).status_code == 404
    assert add_version(browser, document).status_code == 403
    assert "Ajouter une version" not in text_of(browser.get(f"{LIST}{document.pk}/"))
    assert len(kept()) == 1


def test_twenty_files_at_once_and_no_more(acme_owner, client_of, open_project):
    browser = client_of(acme_owner)

    names = [str(uuid.uuid4()) for _ in range(21)]  # as the script of the page names them
    refused = browser.post(DEPOSIT, {"project": open_project.pk, "uploads": names})
    assert "20 fichiers au plus." in text_of(refused)
    assert kept() == []

    deposit(browser, open_project, *[f"{n}.pdf" for n in range(20)])
    assert len(kept()) == 20


def test_the_form_asks_little_of_the_database(acme_owner, client_of, open_project, count_queries):
    assert count_queries(client_of(acme_owner), DEPOSIT) <= 8


# --- A version, a title ---------------------------------------------------------------------------


def add_version(browser, document, name="cr-2.pdf", content=PDF):
    file = SimpleUploadedFile(name, content)
    return browser.post(f"{LIST}{document.pk}/version/", {"files": [file]})


def test_a_client_adds_a_version_where_the_project_takes_deposits(
    acme_owner, client_of, open_project, make_document
):
    document = make_document(open_project, "Charte")

    answer = add_version(client_of(acme_owner), document)

    assert (answer.status_code, answer.url) == (302, f"{LIST}{document.pk}/")
    assert kept() == [("Charte", "", 1, "cr.pdf"), ("Charte", "", 2, "cr-2.pdf")]


def test_a_version_is_refused_where_the_project_takes_none(
    acme_owner, client_of, project, make_document
):
    document = make_document(project)
    browser = client_of(acme_owner)

    assert "Ajouter une version" not in text_of(browser.get(f"{LIST}{document.pk}/"))
    assert add_version(browser, document).status_code == 403
    assert len(kept()) == 1


def test_a_version_of_what_is_not_theirs_does_not_exist(
    acme_owner, rival_owner, client_of, open_project, make_document
):
    document = make_document(open_project)
    internal = make_document(open_project, visibility="internal")

    assert add_version(client_of(rival_owner), document).status_code == 404
    assert add_version(client_of(acme_owner), internal).status_code == 404
    assert len(kept()) == 2


def test_a_refused_version_shows_its_page_again(acme_owner, client_of, open_project, make_document):
    document = make_document(open_project)

    answer = add_version(client_of(acme_owner), document, content=b"<html>")

    assert answer.status_code == 422
    assert "cr-2.pdf : Le contenu de ce fichier ne correspond pas à son nom." in text_of(answer)
    assert len(kept()) == 1


def test_a_client_renames_what_they_handed_in_and_nothing_of_ours(
    acme_owner, client_of, open_project, make_document
):
    ours = make_document(open_project, "Charte")
    browser = client_of(acme_owner)
    deposit(browser, open_project, "plan.pdf")
    with rls.staff("test"):
        theirs = ProjectDocument.objects.get(is_from_client=True)

    done = browser.post(f"{LIST}{theirs.pk}/renommer/", {"title": "Plan de masse"})
    refused = browser.post(f"{LIST}{ours.pk}/renommer/", {"title": "À nous"})
    empty = browser.post(f"{LIST}{theirs.pk}/renommer/", {"title": " "})

    assert (done.status_code, refused.status_code, empty.status_code) == (302, 403, 422)
    assert [row[0] for row in kept()] == ["Charte", "Plan de masse"]
    assert "Plan de masse" in text_of(browser.get(f"{LIST}?q=masse"))
    with rls.staff("test"):
        entry = ModelLogEntry.objects.get(action="document_renamed")
    assert entry.data["changes"] == {"title": ["plan", "Plan de masse"]}
