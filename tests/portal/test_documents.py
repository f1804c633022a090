"""Documents: read by those who may, new until then, told when the team shares them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from core import rls
from core.files.models import StoredFile
from core.notify.models import Notification
from portal.documents import services
from portal.documents.models import DocumentReading, DocumentVersion
from tests.portal.conftest import PDF, plain_file

LIST = "/client/documents/"


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
    policy = "default-src 'none'; sandbox; frame-ancestors 'self'"
    assert response["Content-Security-Policy"] == policy


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
