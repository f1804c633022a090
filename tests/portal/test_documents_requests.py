"""What we ask of clients: told, answered, refused with a reason, answered again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core import rls
from core.notify.models import Notification
from portal.documents import services
from portal.documents.models import DocumentRequest, DocumentVersion
from tests.portal.conftest import PDF

LIST = "/client/documents/"


def text_of(response):
    return response.content.decode()


def page_of(asked):
    return f"{LIST}demandes/{asked.pk}/"


def answer(browser, asked, *names, content=PDF):
    files = [SimpleUploadedFile(name, content) for name in names or ("rccm.pdf",)]
    return browser.post(page_of(asked), {"files": files})


@pytest.fixture
def ask(project, owner_staff):
    """Return a function by which the team asks Acme for a document."""

    def make(title="Extrait RCCM", **fields):
        with rls.staff("test"):
            row = DocumentRequest.objects.create(project=project, title=title, **fields)
            services.note_request(request=row, actor=owner_staff, at=timezone.now())
        return row

    return make


def fresh(asked):
    with rls.staff("test"):
        return DocumentRequest.objects.select_related("document").get(pk=asked.pk)


def versions():
    with rls.staff("test"):
        rows = DocumentVersion.objects.order_by("id").select_related("document")
        return [(row.document.title, row.number) for row in rows]


def test_a_request_is_told_once_and_shown_where_the_client_looks(
    acme_owner, owner_staff, client_of, project, ask, in_days, do_owed_work
):
    asked = ask(due_date=in_days(-2), detail="De moins de trois mois.")
    with rls.staff("test"):
        services.note_request(request=asked, actor=owner_staff, at=timezone.now())
    browser = client_of(acme_owner)

    for address in (LIST, "/client/", f"/client/projets/{project.pk}/"):
        page = text_of(browser.get(address))
        assert page_of(asked) in page, address
        assert "retard de 2\xa0jours" in page, address
    with rls.staff("test"):
        notice = Notification.objects.get()
        [mail] = do_owed_work()
    assert (notice.user, notice.url) == (acme_owner, page_of(asked))
    assert notice.text == "Document attendu : Extrait RCCM"
    assert "De moins de trois mois." in mail.body


def test_an_answer_closes_the_request_though_the_project_takes_no_other_deposit(
    acme, acme_owner, owner_staff, client_of, project, ask, do_owed_work
):
    with rls.staff("test"):
        acme.lead = owner_staff
        acme.save()
    asked, browser = ask(), client_of(acme_owner)
    with rls.staff("test"):
        do_owed_work().clear()

    response = answer(browser, asked)

    now = fresh(asked)
    assert (response.status_code, response.url) == (302, page_of(asked))
    assert (now.is_received, now.document.title) == (True, "Extrait RCCM")
    assert (now.document.visibility, now.document.is_from_client) == ("client", True)
    assert "Document reçu" in text_of(browser.get(page_of(asked)))
    assert page_of(asked) not in text_of(browser.get(LIST))
    assert page_of(asked) not in text_of(browser.get("/client/"))
    with rls.staff("test"):
        [mail] = do_owed_work()
    assert mail.to == [owner_staff.email]
    assert "a envoyé : Extrait RCCM" in mail.subject


def test_both_sides_of_a_card_answer_one_request(acme_owner, client_of, ask):
    asked = ask("Pièce d’identité")

    answer(client_of(acme_owner), asked, "recto.pdf", "verso.pdf")

    assert versions() == [("Pièce d’identité", 1), ("Pièce d’identité (2)", 1)]
    assert fresh(asked).document.title == "Pièce d’identité"


def test_what_was_refused_is_asked_again_with_its_reason_and_comes_as_the_next_version(
    acme_owner, owner_staff, client_of, ask, do_owed_work
):
    asked, browser = ask(), client_of(acme_owner)
    answer(browser, asked)
    with rls.staff("test"):
        do_owed_work().clear()
        services.refuse_received(
            request=asked, reason="Il date de 2019.", actor=owner_staff, at=timezone.now()
        )

    page = text_of(browser.get(page_of(asked)))
    assert not fresh(asked).is_received
    assert "Il date de 2019." in page
    assert "À renvoyer" in text_of(browser.get("/client/"))
    with rls.staff("test"):
        [mail] = do_owed_work()
    assert (mail.to, mail.subject) == ([acme_owner.email], "À renvoyer : Extrait RCCM")
    assert "Il date de 2019." in mail.body

    answer(browser, asked, "rccm-2026.pdf")
    assert versions() == [("Extrait RCCM", 1), ("Extrait RCCM", 2)]
    assert (fresh(asked).is_received, fresh(asked).refusal) == (True, "")


def test_nothing_that_did_not_come_is_refused(team, owner_staff, ask):
    asked = ask()

    with pytest.raises(services.NotReceived):
        services.refuse_received(request=asked, reason="?", actor=owner_staff, at=timezone.now())

    assert fresh(asked).refusal == ""


def test_a_second_answer_is_not_kept(acme_owner, client_of, ask):
    asked, browser = ask(), client_of(acme_owner)
    answer(browser, asked)
    before = fresh(asked).fulfilled_at

    response = answer(browser, asked, "encore.pdf")

    assert response.status_code == 302
    assert versions() == [("Extrait RCCM", 1)]
    assert fresh(asked).fulfilled_at == before


def test_an_answer_that_is_not_safe_leaves_the_request_open(acme_owner, client_of, ask):
    asked = ask()

    response = answer(client_of(acme_owner), asked, content=b"<html>")

    assert response.status_code == 422
    assert "ne correspond pas à son nom" in text_of(response)
    assert (fresh(asked).is_received, versions()) == (False, [])


def test_a_request_of_another_client_does_not_exist(rival_owner, client_of, ask):
    asked, browser = ask(), client_of(rival_owner)

    assert browser.get(page_of(asked)).status_code == 404
    assert answer(browser, asked).status_code == 404
    assert (fresh(asked).is_received, versions()) == (False, [])


def test_a_guest_reads_the_request_and_cannot_answer(acme, client_of, make_member, ask):
    asked, browser = ask(), client_of(make_member(acme, "guest"))

    page = browser.get(page_of(asked))

    assert page.status_code == 200
    assert 'type="file"' not in text_of(page)
    assert answer(browser, asked).status_code == 403
    assert (fresh(asked).is_received, versions()) == (False, [])


def test_a_member_limited_to_another_project_finds_no_request(
    acme, client_of, make_member, make_project, ask
):
    other = make_project(acme, "Livreurs")
    asked, browser = ask(), client_of(make_member(acme, "project", projects=[other]))

    assert browser.get(page_of(asked)).status_code == 404
    assert answer(browser, asked).status_code == 404
    assert versions() == []


def test_the_page_of_a_request_asks_little_of_the_database(
    acme_owner, client_of, ask, count_queries
):
    assert count_queries(client_of(acme_owner), page_of(ask())) <= 8
