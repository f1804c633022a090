"""Time of the team: timers, sheets, and the load they are counted against."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from portal.projects.models import Milestone, Task, TimeEntry
from portal.workload import on_time
from portal.workload.models import Absence, RunningTimer
from portal.workload.reading import read_load
from portal.workload.services import sheets, timers
from portal.workload.services.forgotten import ask_of_forgotten
from portal.workload.services.sheets import Cell, Row
from tests.portal.team_work.parts import AT, MONDAY, told

# --- Time -------------------------------------------------------------------------------------


def test_a_timer_is_paused_resumed_and_kept(task, owner_staff, team):
    timers.start_timer(task=task, actor=owner_staff, at=AT)
    timers.pause_timer(actor=owner_staff, at=AT + timedelta(minutes=20))
    timers.resume_timer(actor=owner_staff, at=AT + timedelta(minutes=50))

    entry = timers.stop_timer(actor=owner_staff, at=AT + timedelta(minutes=60))

    assert (entry.minutes, entry.spent_on, entry.task) == (30, MONDAY, task)
    assert RunningTimer.objects.count() == 0


def test_starting_elsewhere_keeps_the_time_of_the_timer_that_ran(task, other, owner_staff, team):
    timers.start_timer(task=task, actor=owner_staff, at=AT)

    timers.start_timer(task=other, actor=owner_staff, at=AT + timedelta(minutes=10))

    assert RunningTimer.objects.get().task == other
    assert TimeEntry.objects.get().minutes == 10


def test_a_forgotten_timer_is_asked_about_once_and_kept_only_as_said(task, owner_staff, team):
    timers.start_timer(task=task, actor=owner_staff, at=AT)
    late = AT + timedelta(hours=11)

    asked = [ask_of_forgotten(at=late), ask_of_forgotten(at=late)]

    assert asked == [1, 0]
    assert told(owner_staff) == ["timer_forgotten"]
    with pytest.raises(timers.ForgottenTimer):
        timers.stop_timer(actor=owner_staff, at=late)
    assert timers.stop_timer(actor=owner_staff, at=late, minutes=90).minutes == 90


def test_a_sheet_writes_what_changed_and_takes_from_the_last(task, owner_staff, team):
    row = Row(task.project_id, task.pk)
    facts = {
        "user": owner_staff,
        "monday": MONDAY,
        "is_billable": {},
        "actor": owner_staff,
        "at": AT,
    }
    sheets.save_week(cells=[Cell(row, MONDAY, 90)], **facts)
    TimeEntry.objects.create(
        project=task.project, task=task, user=owner_staff, spent_on=MONDAY, minutes=30
    )

    changed = sheets.save_week(cells=[Cell(row, MONDAY, 100)], **facts)

    assert changed == 1
    assert list(TimeEntry.objects.order_by("pk").values_list("minutes", flat=True)) == [90, 10]


def test_a_day_of_more_than_a_day_is_refused(task, owner_staff, team):
    row = Row(task.project_id, task.pk)
    cells = [Cell(row, MONDAY, 1440), Cell(Row(task.project_id, None), MONDAY, 1)]

    with pytest.raises(ValidationError):
        sheets.save_week(
            user=owner_staff, monday=MONDAY, cells=cells, is_billable={}, actor=owner_staff, at=AT
        )

    assert TimeEntry.objects.count() == 0


def test_a_sheet_keeps_what_was_typed_when_a_cell_is_wrong(task, owner_staff, client_of, team):
    name = f"{task.project_id}-{task.pk}"
    url = f"{reverse('time_week')}?semaine=2026-11-23"

    page = client_of(owner_staff).post(
        url, {"ligne": name, f"{name}-0": "1:30", f"{name}-1": "tard"}
    )

    assert page.status_code == 422
    assert 'value="tard"' in page.content.decode()
    assert TimeEntry.objects.count() == 0


def test_times_at_the_same_hours_are_told(task, other, owner_staff, team):
    facts = {"user": owner_staff, "on": MONDAY, "minutes": 60, "actor": owner_staff, "at": AT}
    sheets.add_time(task=task, started_at=AT, **facts)

    entry = sheets.add_time(task=other, started_at=AT + timedelta(minutes=30), **facts)

    assert [row.task for row in sheets.overlaps_of(entry)] == [task]


# --- Workload ---------------------------------------------------------------------------------


def test_the_load_counts_what_is_left_against_what_one_has(task, owner_staff, team):
    Task.objects.filter(pk=task.pk).update(
        assignee=owner_staff, due_date=date(2026, 11, 27), estimate=2700
    )
    TimeEntry.objects.create(
        project=task.project, task=task, user=owner_staff, spent_on=MONDAY, minutes=200
    )
    Absence.objects.create(
        user=owner_staff, starts_on=date(2026, 11, 27), ends_on=date(2026, 11, 27)
    )

    found = read_load(MONDAY, 2)

    load = found.loads[owner_staff.pk, MONDAY]
    assert (load.planned, load.capacity, load.level) == (2500, 1920, "over")
    assert found.over(MONDAY) == [owner_staff]


def test_the_load_asks_the_same_questions_whatever_its_size(
    task, owner_staff, manager, django_assert_num_queries, team
):
    Task.objects.filter(pk=task.pk).update(assignee=manager)

    with django_assert_num_queries(6):
        read_load(MONDAY, 4)


def test_what_was_on_time_equals_what_happened(project, team):
    for due, done in ((10, 10), (10, 12), (11, None)):
        at = timezone.make_aware(datetime(2026, 11, done, 12)) if done else None
        status = "done" if done else "todo"
        Task.objects.create(
            project=project, title="x", due_date=date(2026, 11, due), status=status, done_at=at
        )
    Milestone.objects.create(
        project=project,
        title="j",
        due_date=date(2026, 11, 3),
        status="done",
        done_at=AT - timedelta(days=21),
    )

    [month] = on_time.read_months(date(2026, 11, 22), 1, on=date(2026, 11, 22))

    assert month.tasks == on_time.Count(kept=1, due=3)
    assert month.milestones == on_time.Count(kept=1, due=1)
