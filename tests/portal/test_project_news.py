"""What a client is told when a project or a milestone moves on, and where they read it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core import rls
from core.notify.models import Notification
from portal.projects.models import Milestone, Project, ProjectMember
from portal.projects.services.projects import note_milestone, note_project
from tests.portal.test_admin import inline, project_form


def notices_of(user):
    with rls.staff("test"):
        rows = Notification.objects.filter(user=user).order_by("pk")
        return [(row.event, row.text.replace("\u00a0", " "), row.url) for row in rows]


def edit(browser, project, **changed):
    address = reverse("wagtailsnippets_projects_project:edit", args=[project.pk])
    form = project_form(project.client) | {"title": project.title, "version": project.version}
    return browser.post(address, form | changed)


def test_a_new_status_of_a_project_is_an_unread_notice(
    project, acme_owner, rival_owner, manager, client_of
):
    response = edit(client_of(manager), project, status="paused")

    assert response.status_code == 302
    assert notices_of(acme_owner) == [
        (
            "project_status",
            "Boutique en ligne : le projet est maintenant « En pause »",
            reverse("projects:detail", args=[project.pk]),
        )
    ]
    assert notices_of(rival_owner) == []


def test_saving_again_without_a_change_tells_nothing(project, acme_owner, manager, client_of):
    edit(client_of(manager), project, status="active", progress=40)

    assert notices_of(acme_owner) == []


def test_a_milestone_moved_with_its_project_is_told(
    project, acme_owner, make_milestone, manager, client_of
):
    row = make_milestone(project, "Maquettes", status="upcoming")
    moved = {"id": row.pk, "title": "Maquettes", "release": "", "status": "done",
             "start_date": "", "due_date": "", "summary": ""}  # fmt: skip

    response = edit(
        client_of(manager), project, status="active", **inline("milestones", [moved], kept=1)
    )

    assert response.status_code == 302
    assert notices_of(acme_owner) == [
        (
            "milestone_changed",
            "Le jalon « Maquettes » est maintenant « Terminé »",
            reverse("projects:milestone", args=[project.pk, row.pk]),
        )
    ]


def test_a_milestone_moved_on_its_own_screen_is_told_once(
    project, acme_owner, make_milestone, owner_staff
):
    row = make_milestone(project, "Maquettes")
    with rls.staff("test"):
        for _twice in range(2):
            row = Milestone.objects.get(pk=row.pk)
            row.status = "review"
            row.save()
            note_milestone(milestone=row, actor=owner_staff, at=timezone.now())

    assert [event for event, _text, _url in notices_of(acme_owner)] == ["milestone_changed"]


def test_a_new_project_is_told_to_its_client(acme, acme_owner, manager, client_of):
    address = reverse("wagtailsnippets_projects_project:add")

    client_of(manager).post(address, project_form(acme))

    with rls.staff("test"):
        made = Project.objects.get()
    assert notices_of(acme_owner) == [
        (
            "project_status",
            f"Nouveau projet dans votre espace : {made.title}",
            reverse("projects:detail", args=[made.pk]),
        )
    ]


def test_people_limited_to_another_project_hear_nothing(
    acme, project, make_project, make_member, owner_staff
):
    elsewhere = make_member(acme, "project", projects=[make_project(acme, "Autre")])
    with rls.staff("test"):
        project.status = "paused"
        project.save()
        note_project(project=project, actor=owner_staff, is_new=False, at=timezone.now())

    assert notices_of(elsewhere) == []


@pytest.mark.parametrize(("is_visible", "shown"), [(True, True), (False, False)])
def test_unticking_somebody_hides_them_at_once(
    is_visible, shown, project, make_staff, acme_owner, client_of
):
    person = make_staff("manager", first_name="Kouadio", last_name="Brou")
    with rls.staff("test world"):
        ProjectMember.objects.create(project=project, user=person, is_visible=is_visible)
    browser = client_of(acme_owner)

    pages = [
        browser.get(reverse(f"projects:{name}", args=[project.pk])).content.decode()
        for name in ("detail", "roadmap")
    ]

    assert ("Kouadio" in pages[0]) is shown
    assert "Kouadio" not in pages[1]
