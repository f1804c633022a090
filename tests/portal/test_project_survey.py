"""The mark asked for when a project is delivered, and the score it makes."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core import hooks, rls
from core.notify.models import Notification, OutgoingMail
from portal.projects import feedback_queries
from portal.projects.models import Project, SurveyAnswer
from portal.projects.services.projects import note_project
from portal.projects.services.surveys import answer_survey


def text_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def page_of(project):
    return reverse("projects:survey", args=[project.pk])


def answers():
    with rls.staff("test"):
        return list(SurveyAnswer.objects.order_by("pk"))


@pytest.fixture
def delivered(acme, make_project):
    return make_project(acme, "Refonte", status="delivered", delivered_at=timezone.now())


def deliver(project, actor):
    with rls.staff("test"):
        project.status = Project.Status.DELIVERED
        project.save()
        note_project(project=project, actor=actor, is_new=False, at=timezone.now())


def test_delivering_a_project_asks_who_took_part(
    acme, project, acme_owner, make_member, owner_staff
):
    member = make_member(acme, "project", email="serge@acme.test")
    for role in ("guest", "billing"):
        make_member(acme, role)

    deliver(project, owner_staff)

    with rls.staff("test"):
        asked = Notification.objects.filter(event="project_survey").order_by("user_id")
        told = OutgoingMail.objects.filter(key__startswith="project_survey:")
        assert {(one.user, one.url) for one in asked} == {
            (acme_owner, page_of(project)),
            (member, page_of(project)),
        }
        assert {one.recipients[0] for one in told} == {"awa@acme.test", "serge@acme.test"}
        assert Project.objects.get().delivered_at is not None


def test_delivering_again_does_not_ask_again(project, acme_owner, owner_staff):
    deliver(project, owner_staff)
    with rls.staff("test"):
        project.status = Project.Status.ACTIVE
        project.save()
        note_project(project=project, actor=owner_staff, is_new=False, at=timezone.now())

    deliver(project, owner_staff)

    with rls.staff("test"):
        assert Notification.objects.filter(event="project_survey").count() == 1


def test_a_person_gives_a_mark_and_a_word(delivered, acme_owner, client_of):
    response = client_of(acme_owner).post(page_of(delivered), {"score": "9", "comment": "Bravo"})

    assert response["Location"] == page_of(delivered)
    assert [(one.user, one.score, one.comment) for one in answers()] == [(acme_owner, 9, "Bravo")]


def test_an_answer_is_changed_for_fourteen_days(delivered, acme_owner, client_of):
    browser = client_of(acme_owner)
    browser.post(page_of(delivered), {"score": "3"})

    browser.post(page_of(delivered), {"score": "8"})
    with rls.staff("test"):
        SurveyAnswer.objects.update(answered_at=timezone.now() - timedelta(days=15))
    late = browser.post(page_of(delivered), {"score": "0"})

    assert [one.score for one in answers()] == [8]
    assert late.status_code == 409
    page = text_of(browser.get(page_of(delivered)))
    assert "8 / 10" in page
    assert 'name="score"' not in page


@pytest.mark.parametrize("score", ["", "-1", "11", "4.5", "dix", "<b>"])
def test_a_mark_outside_the_scale_is_refused_and_the_words_kept(
    score, delivered, acme_owner, client_of
):
    response = client_of(acme_owner).post(
        page_of(delivered), {"score": score, "comment": "Mon mot"}
    )

    assert response.status_code == 422
    assert "Mon mot" in text_of(response)
    assert answers() == []


def test_a_running_project_asks_nothing(project, acme_owner, client_of):
    browser = client_of(acme_owner)

    assert browser.get(page_of(project)).status_code == 404
    assert browser.post(page_of(project), {"score": "9"}).status_code == 404
    assert answers() == []


def test_a_guest_and_another_client_do_not_answer(
    delivered, acme, rival_owner, make_member, client_of
):
    guest, rival = client_of(make_member(acme, "guest")), client_of(rival_owner)

    assert guest.get(page_of(delivered)).status_code == 404
    assert guest.post(page_of(delivered), {"score": "9"}).status_code == 403
    assert rival.get(page_of(delivered)).status_code == 404
    assert rival.post(page_of(delivered), {"score": "9"}).status_code == 404
    assert answers() == []


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], None),
        ([10], 100),
        ([0, 6], -100),
        ([7, 8], 0),
        ([10, 9, 8, 6], 25),
        ([10, 9, 3], 33),
    ],
)
def test_the_score_is_promoters_less_detractors_in_percent(
    scores, expected, acme, make_project, make_user
):
    with rls.staff("test"):
        project = make_project(acme, delivered_at=timezone.now())
        for score in scores:
            SurveyAnswer.objects.create(
                project=project,
                user=make_user(),
                score=score,
                answered_at=timezone.now(),
                changed_at=timezone.now(),
            )
        found = feedback_queries.nps()

    assert (found.score, found.answers) == (expected, len(scores))


def test_the_team_reads_the_score_and_the_answers(delivered, acme_owner, manager, client_of, rf):
    client_of(acme_owner).post(page_of(delivered), {"score": "10", "comment": "<b>Merci</b>"})
    request = rf.get("/admin/")
    request.user = manager

    with rls.staff("test"):
        figures = {str(one.label): (one.value, one.hint) for one in hooks.team_figures(request)}
    listing = reverse("wagtailsnippets_projects_surveyanswer:list")
    page = text_of(client_of(manager).get(listing))

    assert figures["Recommandation (NPS)"] == ("+100", "1 avis")
    assert "&lt;b&gt;Merci&lt;/b&gt;" in page


@pytest.mark.django_db(transaction=True)
def test_a_first_answer_sent_twice_at_once_is_kept_once(delivered, acme, acme_owner):
    ready, outcomes = threading.Barrier(2), []

    def act(score):
        with rls.clients(acme.pk):
            ready.wait()
            try:
                answer_survey(
                    project=delivered, score=score, comment="", actor=acme_owner, at=timezone.now()
                )
                outcomes.append(score)
            finally:
                connection.close()

    threads = [threading.Thread(target=act, args=(score,)) for score in (7, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [7, 8]
    assert len(answers()) == 1
