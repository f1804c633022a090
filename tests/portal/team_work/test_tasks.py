"""The team at work: tasks changed many at once, timers, sheets, what comes back, who is told."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core import rls
from portal.projects.models import Task
from portal.projects.services import team_tasks
from portal.projects.services.tasks import StaleTask
from portal.projects.services.team_tasks import Edition
from portal.workload import alerts
from portal.workload.models import (
    CalendarLink,
    ColumnLimit,
    RecurringTask,
    TaskBlock,
)
from portal.workload.services import feeds, following, recurring
from tests.portal.team_work.parts import AT, MONDAY, now_of, told

LIST = "wagtailsnippets_projects_task:list"


# --- Changing tasks ---------------------------------------------------------------------------


def test_a_field_changed_in_the_list_is_kept_and_its_doer_told(
    task, manager, owner_staff, client_of, team
):
    url = reverse("task_inline", args=[task.pk])
    body = {"field": "assignee", "value": manager.pk, "seen": task.version}

    answer = client_of(owner_staff).post(url, body)

    assert (answer.status_code, answer.json()["seen"]) == (200, 2)
    assert now_of(task).assignee == manager
    assert told(manager) == ["task_assigned"]


def test_a_second_writer_in_the_list_is_told_and_changes_nothing(
    task, owner_staff, client_of, team
):
    team_tasks.change_task(task=task, values={"priority": 3}, actor=owner_staff, at=AT)
    url = reverse("task_inline", args=[task.pk])

    answer = client_of(owner_staff).post(url, {"field": "status", "value": "done", "seen": 1})

    assert answer.status_code == 409
    assert answer.json()["values"]["priority"] == 3
    assert now_of(task).status == "todo"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "perdu"),
        ("priority", "9"),
        ("due_date", "31/02"),
        ("title", "x"),
        ("assignee", "999999"),
    ],
)
def test_a_wrong_value_in_the_list_is_refused(task, owner_staff, client_of, team, field, value):
    url = reverse("task_inline", args=[task.pk])

    answer = client_of(owner_staff).post(url, {"field": field, "value": value, "seen": 1})

    assert answer.status_code == 422
    assert now_of(task).version == 1


def test_a_task_is_given_to_nobody_of_another_client(task, rival_owner, owner_staff, team):
    with pytest.raises(ValidationError):
        team_tasks.change_task(
            task=task, values={"assignee": rival_owner}, actor=owner_staff, at=AT
        )

    assert now_of(task).assignee is None


def test_many_tasks_change_alike_and_those_refused_say_why(task, other, manager, owner_staff, team):
    edition = Edition(values={"assignee": manager}, shift_days=7)

    done, refused = team_tasks.edit_tasks(
        tasks=[task, other], edition=edition, actor=owner_staff, at=AT
    )

    assert (done, [row.pk for row, _why in refused]) == (1, [other.pk])
    assert now_of(task).due_date == MONDAY + timedelta(days=7)
    assert now_of(other).assignee is None


def test_all_that_the_list_shows_changes_with_its_filters(
    task, other, owner_staff, client_of, team
):
    url = reverse("wagtail_bulk_action", args=["projects", "task", "modifier"])

    client_of(owner_staff).post(f"{url}?id=all&status=todo&q=Panier&next=/admin/", {"priority": 3})

    assert (now_of(task).priority, now_of(other).priority) == (3, 2)


def test_an_archived_task_leaves_the_lists_of_team_and_client(
    task, acme_owner, owner_staff, client_of, team
):
    team_tasks.archive_task(task=task, is_archived=True, actor=owner_staff, at=AT)

    page = client_of(owner_staff).get(reverse(LIST))

    assert "Panier" not in page.content.decode()
    assert not Task.objects.visible_to(acme_owner).filter(pk=task.pk).exists()
    assert (
        client_of(owner_staff).get(f"{reverse(LIST)}?archives=archivees").content.count(b"Panier")
        > 0
    )


def test_the_board_moves_a_card_and_refuses_a_stale_one(task, owner_staff, client_of, team):
    browser, url = client_of(owner_staff), reverse("tasks_board")
    ask = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}

    first = browser.post(url, {"card": task.pk, "to": "doing", "seen": "1"}, **ask)
    second = browser.post(url, {"card": task.pk, "to": "done", "seen": "1"}, **ask)

    assert (first.status_code, second.status_code) == (200, 409)
    assert now_of(task).status == "doing"


def test_a_full_column_is_an_alert_with_a_link(task, other, project, team):
    ColumnLimit.objects.create(project=project, status="todo", most=1)

    [alert] = alerts._full_columns()

    assert alert.title == "Colonne « À faire » trop pleine"
    assert alert.url == f"{reverse('tasks_board')}?project={project.pk}"


@pytest.mark.parametrize("who", ["editor", "acme_owner"])
@pytest.mark.parametrize(
    "name",
    ["tasks_board", "team_calendar", "team_load", "tasks_on_time", "time_week", "time_timer"],
)
def test_pages_of_tasks_refuse_others(request, task, client_of, who, name):
    person = request.getfixturevalue(who)

    answer = client_of(person).post(
        reverse(name), {"card": task.pk, "to": "done", "act": "arreter"}
    )

    assert answer.status_code in (302, 403)
    with rls.staff("test"):
        assert now_of(task).status == "todo"


@pytest.mark.parametrize("who", ["editor", "acme_owner"])
def test_fields_of_tasks_refuse_others(request, task, client_of, who):
    url = reverse("task_inline", args=[task.pk])

    answer = client_of(request.getfixturevalue(who)).post(url, {"field": "status", "value": "done"})

    assert answer.status_code in (302, 403)
    with rls.staff("test"):
        assert now_of(task).status == "todo"


# --- What comes back, who follows -------------------------------------------------------------


@pytest.fixture
def rule(project):
    with rls.staff("test world"):
        rule = RecurringTask.objects.create(
            project=project, title="Point", starts_on=MONDAY, every=1, unit="days"
        )
        RecurringTask.objects.filter(pk=rule.pk).update(created_at=AT)
        rule.refresh_from_db()
        return rule


def test_what_comes_back_is_made_once_each_time_even_after_days_stopped(rule, team):
    made = [recurring.make_due_tasks(on=date(2026, 11, 25), at=AT) for _turn in range(2)]

    assert made == [3, 0]
    assert Task.objects.filter(title="Point").count() == 3


def test_a_skipped_time_and_a_pause_make_nothing(rule, owner_staff, team):
    recurring.skip_next(rule=rule, actor=owner_staff, at=AT)
    recurring.pause_rule(rule=rule, actor=owner_staff, at=AT)
    paused = recurring.make_due_tasks(on=date(2026, 11, 24), at=AT)
    recurring.resume_rule(rule=now_of(rule), actor=owner_staff, at=AT + timedelta(days=2))

    made = recurring.make_due_tasks(on=date(2026, 11, 25), at=AT)

    assert (paused, made) == (0, 1)
    assert Task.objects.get(title="Point").start_date == date(2026, 11, 25)


def test_a_note_tells_who_is_named_and_who_follows_and_never_the_client(
    task, acme_owner, manager, owner_staff, editor, client_of, team
):
    manager.first_name, manager.last_name = "Kouadio", "Brou"
    manager.save()
    editor.first_name, editor.last_name = "Fatou", "Bamba"
    editor.save()
    body = "Marge trop faible, @Kouadio Brou ? @Fatou Bamba"

    following.add_note(project=task.project, task=task, body=body, actor=owner_staff, at=AT)
    following.add_note(project=task.project, task=task, body="Vu", actor=manager, at=AT)

    assert told(manager) == ["mention"]
    assert told(owner_staff) == ["task_note"]
    assert told(editor) == []  # may not read tasks
    page = client_of(acme_owner).get(reverse("projects:task", args=[task.pk])).content.decode()
    assert "Marge trop faible" not in page


def test_who_follows_a_task_is_told_of_its_changes_but_not_of_their_own(
    task, manager, owner_staff, team
):
    following.watch_task(task=task, user=manager)
    following.watch_task(task=task, user=owner_staff)

    team_tasks.change_task(task=task, values={"status": "doing"}, actor=owner_staff, at=AT)

    assert (told(manager), told(owner_staff)) == (["task_changed"], [])


def test_tasks_never_wait_for_one_another_in_a_circle(task, other, owner_staff, team):
    following.block_task(task=task, blocker=other, actor=owner_staff)

    with pytest.raises(ValidationError):
        following.block_task(task=other, blocker=task, actor=owner_staff)

    assert TaskBlock.objects.count() == 1


# --- The calendar -----------------------------------------------------------------------------


def test_a_task_moves_to_another_day_from_the_calendar(task, owner_staff, client_of, team):
    url = f"{reverse('team_calendar')}?jour=2026-11-23"
    body = {"date": f"taches:{task.pk}", "to": "2026-11-25", "seen": "1"}

    client_of(owner_staff).post(url, body)
    again = client_of(owner_staff).post(url, {**body, "to": "2026-11-30"}, follow=True)

    assert now_of(task).due_date == date(2026, 11, 25)
    assert "a changé entre-temps" in again.content.decode()


def test_a_private_address_gives_one_s_own_dates_until_it_is_withdrawn(
    task, other, manager, owner_staff, client_of, team
):
    soon = timezone.localdate() + timedelta(days=2)
    Task.objects.filter(pk=task.pk).update(assignee=manager, due_date=soon)
    Task.objects.filter(pk=other.pk).update(assignee=owner_staff, due_date=soon)
    token = feeds.make_link(user=manager, at=AT)
    url = reverse("calendar_feed", args=[token])

    with rls.nobody():
        read = client_of().get(url)
        written = client_of().post(url)
    feeds.end_link(user=manager)

    text = read.content.decode()
    assert "SUMMARY:Panier" in text and "Paiement" not in text
    assert read["Cache-Control"] == "private, no-store"
    assert written.status_code in (403, 405)
    assert client_of().get(url).status_code == 404
    assert CalendarLink.objects.count() == 0


def test_an_address_of_somebody_who_left_opens_nothing(manager, client_of, team):
    token = feeds.make_link(user=manager, at=AT)
    manager.is_active = False
    manager.save()

    assert client_of().get(reverse("calendar_feed", args=[token])).status_code == 404


def test_a_stale_task_says_so(task, owner_staff, team):
    with pytest.raises(StaleTask):
        team_tasks.change_task(task=task, values={"priority": 1}, seen=9, actor=owner_staff, at=AT)

    assert now_of(task).priority == 2
