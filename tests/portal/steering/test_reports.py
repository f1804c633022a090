"""Progress reports: one for a project and a week, read by the team, sent once."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from core import rls
from core.notify.models import Notification, OutgoingMail
from portal.documents.models import ProjectDocument
from portal.steering.models import ProgressReport, Risk
from portal.steering.services import reports
from portal.steering.tasks import draft_reports

FRIDAY, AT = date(2026, 11, 20), datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.fixture
def report(project, team):
    return ProgressReport.objects.create(
        project=project, year=2026, week=47, done="– Panier livré", coming="– Paiement"
    )


def plain(text):
    return text.replace("\u00a0", " ")


def sent_mails():
    return OutgoingMail.objects.filter(template="steering/report")


def test_a_report_says_what_was_done_what_comes_and_what_worries(
    project, team, make_milestone, make_task
):
    make_milestone(project, "Cadrage", status="done", done_at=AT)
    make_milestone(project, "Maquettes", due_date=date(2026, 11, 10), status="active")
    make_milestone(project, "Recette", due_date=date(2026, 11, 27))
    make_task(project, "Panier", status="done", done_at=AT)
    make_task(project, "Entre nous", status="done", done_at=AT, is_shared=False)
    Risk.objects.create(project=project, title="Photos en retard", is_told=True)
    Risk.objects.create(project=project, title="Marge trop mince")

    reports.draft_reports(on=FRIDAY, at=AT)

    found = ProgressReport.objects.get()
    assert found.done == "– Jalon terminé : Cadrage\n– Panier"
    assert plain(found.coming) == "– Recette, prévu le 27 nov."
    assert plain(found.risks) == (
        "– Jalon en retard : Maquettes, prévu le 10 nov.\n– Photos en retard"
    )
    assert found.status == "draft"


def test_running_the_job_twice_drafts_nothing_twice(acme, project, make_project, team):
    make_project(acme, "En pause", status="paused")
    make_project(acme, "Sans rapport", reporting="none")

    counts = [reports.draft_reports(on=FRIDAY, at=AT) for _run in range(2)]

    assert counts == [1, 0]
    assert [row.project for row in ProgressReport.objects.all()] == [project]


def test_the_next_week_has_its_own_report(project, team):
    reports.draft_reports(on=FRIDAY, at=AT)

    assert reports.draft_reports(on=date(2026, 11, 27), at=AT) == 1


def test_an_approved_report_is_sent_and_kept_once(report, acme_owner, manager, do_owed_work):
    reports.approve_report(report=report, actor=manager, at=AT)

    do_owed_work()
    again = reports.send_report(report_id=report.pk, at=AT)

    report.refresh_from_db()
    assert again is False
    assert (report.status, report.approved_by) == ("sent", manager)
    assert sent_mails().get().recipients == [acme_owner.email]
    assert "Panier livré" in sent_mails().get().text
    assert Notification.objects.filter(event="project_report").count() == 1
    document = ProjectDocument.objects.get()
    assert (document.pk, document.visibility) == (report.document_id, "client")
    assert document.folder == "Rapports d’avancement"


def test_an_automatic_report_leaves_by_itself(
    acme, make_project, acme_owner, make_milestone, do_owed_work, team
):
    project = make_project(acme, reporting="auto")
    make_milestone(project, "Cadrage", status="done", done_at=AT)

    reports.draft_reports(on=FRIDAY, at=AT)
    do_owed_work()

    assert ProgressReport.objects.get().status == "sent"
    assert sent_mails().count() == 1


def test_an_empty_report_waits_even_when_automatic(acme, make_project, team):
    make_project(acme, reporting="auto")

    reports.draft_reports(on=FRIDAY, at=AT)

    assert ProgressReport.objects.get().status == "draft"


def test_a_report_is_approved_once(report, manager):
    reports.approve_report(report=report, actor=manager, at=AT)

    for act in (reports.approve_report, reports.drop_report):
        facts = {"at": AT} if act is reports.approve_report else {}
        with pytest.raises(reports.CannotSend):
            act(report=report, actor=manager, **facts)
    report.refresh_from_db()
    assert report.status == "approved"


def test_an_empty_report_is_not_approved(report, manager):
    report.done = report.coming = ""
    report.save()

    with pytest.raises(reports.CannotSend):
        reports.approve_report(report=report, actor=manager, at=AT)

    report.refresh_from_db()
    assert report.status == "draft"


def test_the_screen_approves_and_locks(report, manager, client_of):
    browser = client_of(manager)
    name = "wagtailsnippets_steering_progressreport"

    browser.post(reverse(f"{name}:approuver", args=[report.pk]))
    after = browser.post(
        reverse(f"{name}:edit", args=[report.pk]), {"done": "Autre chose", "version": 2}
    )

    report.refresh_from_db()
    assert after.status_code == 302
    assert (report.status, report.done) == ("approved", "– Panier livré")


def test_an_editor_and_a_client_neither_read_nor_send(report, editor, acme_owner, client_of):
    name = "wagtailsnippets_steering_progressreport"

    for person in (editor, acme_owner):
        browser = client_of(person)
        page = browser.get(reverse(f"{name}:inspect", args=[report.pk]))
        browser.post(reverse(f"{name}:approuver", args=[report.pk]))
        assert page.status_code in (302, 403, 404)

    report.refresh_from_db()
    assert report.status == "draft"


def test_the_job_runs_in_the_team_s_scope(project):
    draft_reports()

    with rls.staff("test"):
        assert ProgressReport.objects.count() == 1
