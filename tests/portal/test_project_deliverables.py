"""Deliverables: handed over, approved or refused, round after round."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from core import rls
from core.notify.models import Notification, OutgoingMail
from portal.projects.models import Deliverable, DeliverableDecision, DeliverableFile
from portal.projects.services import deliverables as services

PDF = b"%PDF-1.7\nbonjour\n%%EOF"
XSS = "<img src=x onerror=alert(1)>"


def text_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def deliverable(project, make_milestone):
    make_milestone(project, "Maquettes", status="review", delivers=[("Panier", "submitted")])
    with rls.staff("test"):
        return Deliverable.objects.select_related("milestone", "project").get()


def page_of(row):
    return reverse("projects:deliverable", args=[row.project_id, row.pk])


def milestone_of(row):
    return reverse("projects:milestone", args=[row.project_id, row.milestone_id])


def now_of(row):
    with rls.staff("test"):
        return Deliverable.objects.get(pk=row.pk)


def decisions():
    with rls.staff("test"):
        return list(DeliverableDecision.objects.order_by("pk"))


def mails():
    with rls.staff("test"):
        return list(OutgoingMail.objects.order_by("pk"))


def decide(browser, row, verdict, comment="", version=1):
    sent = {"verdict": verdict, "version": version, "comment": comment}
    return browser.post(page_of(row), sent)


def test_approving_keeps_who_and_when_and_the_milestone_says_so(deliverable, acme_owner, client_of):
    browser = client_of(acme_owner)
    before = timezone.now()

    response = decide(browser, deliverable, "approved")

    row = now_of(deliverable)
    assert response["Location"] == f"{milestone_of(deliverable)}#livrable-{row.pk}"
    assert (row.status, row.decided_by) == ("approved", acme_owner)
    assert before <= row.decided_at <= timezone.now()
    assert [(one.verdict, one.round) for one in decisions()] == [("approved", 1)]
    page = text_of(browser.get(milestone_of(deliverable)))
    assert "Validé par Awa Koné" in page
    road = browser.get(reverse("projects:roadmap", args=[deliverable.project_id]))
    assert [step.label for step in road.context["groups"][0]["steps"]] == ["Validé"]


def test_the_team_is_told_of_a_decision_by_mail(deliverable, acme_owner, client_of):
    decide(client_of(acme_owner), deliverable, "refused", "Le total manque.")

    told = mails()[0]
    assert told.recipients == ["contact@nourx.test"]
    assert "Awa Koné a refusé « Panier »" in told.subject.replace("\u00a0", " ")
    assert "Le total manque." in told.text
    assert f"/deliverable/inspect/{deliverable.pk}/" in told.text


def test_a_refusal_without_a_word_is_refused(deliverable, acme_owner, client_of):
    response = decide(client_of(acme_owner), deliverable, "refused", "  ")

    assert response.status_code == 422
    assert "Dites ce qui ne va pas" in text_of(response)
    assert now_of(deliverable).status == "submitted"
    assert decisions() == []
    assert mails() == []


def test_a_refused_deliverable_comes_back_in_another_round(
    deliverable, acme_owner, manager, client_of
):
    browser = client_of(acme_owner)
    decide(browser, deliverable, "refused", "Le total manque.")

    address = reverse("wagtailsnippets_projects_deliverable:soumettre", args=[deliverable.pk])
    client_of(manager).post(address, {"link": "https://maquettes.test/v2", "message": "Corrigé."})
    decide(browser, deliverable, "approved", version=2)

    row = now_of(deliverable)
    assert (row.status, row.round) == ("approved", 2)
    assert [(one.round, one.verdict, one.comment) for one in decisions()] == [
        (1, "refused", "Le total manque."),
        (2, "approved", ""),
    ]
    page = text_of(browser.get(page_of(deliverable)))
    assert "Historique : 2 décisions" in page
    assert "https://maquettes.test/v2" in page
    assert "Le total manque." in page


def test_a_deliverable_submitted_is_announced_to_who_may_decide(
    project, make_milestone, acme, acme_owner, make_member, manager, client_of
):
    make_milestone(project, "Maquettes", delivers=[("Panier", "planned")])
    guest = make_member(acme, "guest")
    with rls.staff("test"):
        row = Deliverable.objects.get()
    address = reverse("wagtailsnippets_projects_deliverable:soumettre", args=[row.pk])

    client_of(manager).post(address, {"files": SimpleUploadedFile("panier.pdf", PDF)})

    with rls.staff("test"):
        notices = list(Notification.objects.all())
        piece = DeliverableFile.objects.select_related("file").get()
    assert [(one.user, one.text.replace("\u00a0", " "), one.url) for one in notices] == [
        (acme_owner, "À valider : Panier", page_of(row))
    ]
    assert [one.recipients for one in mails()] == [["awa@acme.test"]]
    assert (piece.file.name, piece.round) == ("panier.pdf", 1)
    handed = reverse("projects:deliverable_file", args=[project.pk, piece.pk])
    assert b"".join(client_of(guest).get(handed).streaming_content) == PDF


def test_the_home_page_offers_what_waits_for_a_decision(deliverable, acme_owner, client_of):
    page = text_of(client_of(acme_owner).get("/client/"))

    assert "Valider : Panier" in page
    assert page_of(deliverable) in page


def test_what_waits_is_not_submitted_again(deliverable, manager, client_of):
    address = reverse("wagtailsnippets_projects_deliverable:soumettre", args=[deliverable.pk])

    client_of(manager).post(address, {"link": "https://maquettes.test/v2"})

    with rls.staff("test"):
        assert DeliverableFile.objects.count() == 0
    assert now_of(deliverable).round == 1


def test_the_second_of_two_people_reads_who_decided(
    deliverable, acme, acme_owner, make_member, client_of
):
    colleague = make_member(acme, "project", first_name="Serge", last_name="Kouamé")
    decide(client_of(acme_owner), deliverable, "approved")

    response = decide(client_of(colleague), deliverable, "refused", "Non.")

    assert response.status_code == 409
    assert "Awa Koné a déjà validé ce livrable." in text_of(response)
    assert now_of(deliverable).status == "approved"
    assert len(decisions()) == 1


def test_a_decision_on_a_former_version_is_refused(deliverable, acme_owner, client_of):
    with rls.staff("test"):
        Deliverable.objects.update(round=2)

    response = decide(client_of(acme_owner), deliverable, "approved", version=1)

    assert response.status_code == 409
    assert "Une nouvelle version a été remise" in text_of(response)
    assert (now_of(deliverable).status, decisions()) == ("submitted", [])


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_leave_one(deliverable, acme, acme_owner, make_member):
    colleague = make_member(acme, "project")
    ready, outcomes = threading.Barrier(2), []

    def act(person, verdict):
        with rls.clients(acme.pk):
            ready.wait()
            try:
                services.decide_deliverable(
                    deliverable=deliverable,
                    of_round=1,
                    verdict=verdict,
                    comment="Vu.",
                    actor=person,
                    at=timezone.now(),
                )
                outcomes.append(verdict)
            except services.AlreadyDecided:
                outcomes.append("late")
            finally:
                connection.close()

    threads = [
        threading.Thread(target=act, args=pair)
        for pair in ((acme_owner, "approved"), (colleague, "refused"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) in (["approved", "late"], ["late", "refused"])
    assert len(decisions()) == 1
    assert now_of(deliverable).status == decisions()[0].verdict


def test_a_guest_does_not_decide(deliverable, acme, make_member, client_of):
    browser = client_of(make_member(acme, "guest"))

    page = text_of(browser.get(page_of(deliverable)))
    response = decide(browser, deliverable, "approved")

    assert 'name="verdict"' not in page
    assert response.status_code == 403
    assert (now_of(deliverable).status, decisions(), mails()) == ("submitted", [], [])


def test_another_client_finds_nothing(deliverable, rival_owner, client_of):
    browser = client_of(rival_owner)

    assert browser.get(page_of(deliverable)).status_code == 404
    assert decide(browser, deliverable, "approved").status_code == 404
    assert (now_of(deliverable).status, decisions()) == ("submitted", [])


def test_a_limited_member_decides_on_the_project_opened_to_them_only(
    deliverable, acme, make_project, make_member, client_of
):
    here = make_member(acme, "project", projects=[deliverable.project])
    elsewhere = make_member(acme, "project", projects=[make_project(acme, "Autre")])

    assert decide(client_of(elsewhere), deliverable, "approved").status_code == 404
    assert decisions() == []
    assert decide(client_of(here), deliverable, "approved").status_code == 302


def test_a_decision_is_never_changed_nor_removed(deliverable, acme_owner, client_of):
    decide(client_of(acme_owner), deliverable, "approved")

    with rls.staff("test"):
        for act in (
            lambda: DeliverableDecision.objects.update(verdict="refused", comment="Non."),
            lambda: DeliverableDecision.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                act()
    assert [one.verdict for one in decisions()] == ["approved"]


def test_comments_of_refusals_are_shown_as_typed(deliverable, acme_owner, manager, client_of):
    browser = client_of(acme_owner)
    decide(browser, deliverable, "refused", XSS)

    inspect = reverse("wagtailsnippets_projects_deliverable:inspect", args=[deliverable.pk])
    pages = [
        browser.get(page_of(deliverable)).content.decode(),
        browser.get(milestone_of(deliverable)).content.decode(),
        client_of(manager).get(inspect).content.decode(),
    ]

    assert all("&lt;img src=x onerror" in page for page in pages)
    assert not any(XSS in page for page in pages)


def test_a_problem_is_reported_from_a_deliverable(deliverable, acme_owner, client_of):
    page = text_of(client_of(acme_owner).get(page_of(deliverable)))

    assert f"{reverse('support:new')}?projet={deliverable.project_id}&amp;sujet=Panier" in page
