"""A project that changes status: what makes sense, what is asked, what stays as it was."""

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from core import rls
from portal.projects.models import Milestone, Project
from portal.projects.services import moves

BOARD = "/admin/projets/kanban/"
SCRIPT = {"headers": {"X-Requested-With": "XMLHttpRequest"}}


def as_now(project):
    with rls.staff("test"):
        return Project.objects.get(pk=project.pk)


@pytest.mark.parametrize(
    ("before", "after", "is_refused"),
    [
        ("planned", "active", False),
        ("active", "paused", False),
        ("active", "delivered", False),
        ("paused", "archived", False),
        ("delivered", "active", False),
        ("active", "active", False),
        ("active", "archived", True),
        ("planned", "delivered", True),
        ("archived", "active", True),
        ("active", "nowhere", True),
    ],
)
def test_some_moves_make_no_sense(before, after, is_refused):
    assert bool(moves.refusal_of(before, after)) is is_refused


def test_a_move_on_the_board_changes_the_status_and_the_log(project, manager, client_of):
    browser = client_of(manager)

    answer = browser.post(BOARD, {"card": project.pk, "to": "paused", "seen": 1}, **SCRIPT)

    assert answer.status_code == 200
    assert (as_now(project).status, as_now(project).version) == ("paused", 2)
    with rls.staff("test"):
        entry = ModelLogEntry.objects.get(action="project_moved")
    assert entry.data["changes"] == {"status": ["active", "paused"]}
    assert entry.user == manager


def test_a_stale_card_is_refused(project, manager, client_of):
    answer = client_of(manager).post(
        BOARD, {"card": project.pk, "to": "paused", "seen": 7}, **SCRIPT
    )

    assert answer.status_code == 409
    assert "a changé entre-temps" in answer.content.decode()
    assert as_now(project).status == "active"


def test_delivering_with_open_milestones_asks_first(project, manager, client_of, make_milestone):
    make_milestone(project, "Recette")

    answer = client_of(manager).post(
        BOARD, {"card": project.pk, "to": "delivered", "seen": 1}, **SCRIPT
    )

    page = reverse("wagtailsnippets_projects_project:livrer", args=[project.pk])
    assert answer.status_code == 409
    assert f'href="{page}"' in answer.content.decode()
    assert as_now(project).status == "active"


@pytest.mark.parametrize(
    ("ends", "milestone", "progress"), [(True, "done", 100), (False, "active", 40)]
)
def test_delivering_ends_milestones_when_told(
    acme, make_project, manager, client_of, make_milestone, ends, milestone, progress
):
    project = make_project(acme, progress=40)
    row = make_milestone(project, "Recette", status="active")
    page = reverse("wagtailsnippets_projects_project:livrer", args=[project.pk])

    answer = client_of(manager).post(page, {"ends_milestones": "on"} if ends else {})

    assert answer.status_code == 302
    found = as_now(project)
    assert (found.status, found.progress) == ("delivered", progress)
    assert found.delivered_at is not None
    with rls.staff("test"):
        assert Milestone.objects.get(pk=row.pk).status == milestone


def test_a_form_does_not_end_a_project_in_silence(project, manager, client_of, make_milestone):
    make_milestone(project, "Recette")

    with rls.staff("test"):
        refused = pytest.raises(moves.StillOpen)
        with refused:
            moves.move_project(
                project=project, to="delivered", seen="", actor=manager, at=timezone.now()
            )

    assert as_now(project).status == "active"


def test_an_editor_and_a_client_move_nothing(project, editor, acme_owner, client_of):
    for person in (editor, acme_owner):
        client_of(person).post(BOARD, {"card": project.pk, "to": "paused", "seen": 1}, **SCRIPT)

    assert as_now(project).status == "active"


def test_the_board_tells_limits_and_filters(acme, rival, make_project, manager, client_of):
    from portal.steering.models import StatusLimit

    make_project(acme, "Premier", lead=manager)
    make_project(rival, "Second")
    StatusLimit.objects.create(status="active", limit=1)
    browser = client_of(manager)

    every = browser.get(BOARD).content.decode()
    one = browser.get(BOARD, {"client": acme.pk, "chef": manager.pk}).content.decode()

    assert "2/1" in every
    assert "trop de cartes" in every
    assert "Premier" in one
    assert "Second" not in one
