"""Templates of projects: from a project, and into one, on working days."""

from datetime import UTC, date, datetime

import pytest

from core.workdays.counting import days_between, working_day
from core.workdays.models import Holiday
from portal.documents.models import DocumentRequest
from portal.projects.models import Milestone, ProjectMember, Task
from portal.steering.models import ProjectTemplate
from portal.steering.services import templates

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def weekdays(day):
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 20), 5, date(2026, 11, 27)),
        (date(2026, 11, 23), -1, date(2026, 11, 20)),
        (date(2026, 11, 22), -1, date(2026, 11, 19)),
    ],
)
def test_working_days_pass_over_the_others(start, count, expected):
    assert working_day(start, count, weekdays) == expected


def test_counting_is_the_way_back():
    start = date(2026, 11, 20)

    for count in range(0, 30, 7):
        assert days_between(start, working_day(start, count, weekdays), weekdays) == count


@pytest.fixture
def template(db):
    row = ProjectTemplate.objects.create(name="Site vitrine", budget=2_000_000, budget_hours=80)
    row.milestones.create(title="Cadrage", end_day=4, sort_order=0, deliverables="Cahier\n\nPlan")
    row.milestones.create(title="Maquettes", start_day=5, end_day=9, sort_order=1, release="v1")
    row.tasks.create(title="Atelier", milestone="Cadrage", due_day=2, checklist="Salle\nNotes")
    row.requests.create(title="Logo", due_day=3)
    row.save()
    return ProjectTemplate.objects.get(pk=row.pk)


def test_a_project_is_made_of_a_template_on_working_days(template, acme, manager, acme_owner, team):
    Holiday.objects.create(on=date(2026, 11, 24), name="Fête", is_off=True)

    project = templates.start_project_from_template(
        template=template,
        client=acme,
        title="Site d’Acme",
        on=date(2026, 11, 21),
        at=AT,
        actor=manager,
        lead=manager,
    )

    dates = [(m.title, m.start_date, m.due_date) for m in project.milestones.order_by("sort_order")]
    assert dates == [
        ("Cadrage", date(2026, 11, 23), date(2026, 11, 30)),
        ("Maquettes", date(2026, 12, 1), date(2026, 12, 7)),
    ]
    assert (project.start_date, project.due_date) == (date(2026, 11, 23), date(2026, 12, 7))
    assert (project.budget, project.budget_hours) == (2_000_000, 80)
    task = Task.objects.get()
    assert (task.milestone.title, task.due_date) == ("Cadrage", date(2026, 11, 26))
    assert [step.label for step in task.checklist.order_by("sort_order")] == ["Salle", "Notes"]
    asked = DocumentRequest.objects.get()
    assert (asked.due_date, asked.asked_by) == (date(2026, 11, 27), manager)
    assert list(Milestone.objects.get(title="Cadrage").deliverables.values_list(
        "title", flat=True)) == ["Cahier", "Plan"]  # fmt: skip
    assert ProjectMember.objects.get().user == manager


def test_a_template_of_a_project_gives_the_same_plan(template, acme, manager, team):
    facts = {"client": acme, "title": "Un", "on": date(2026, 11, 23), "at": AT, "actor": manager}
    first = templates.start_project_from_template(template=template, **facts)

    made = templates.template_of_project(project=first, name="Copie", actor=manager)

    def plan(row):
        return [
            (m.title, m.release, m.start_day, m.end_day, templates.lines_of(m.deliverables))
            for m in ProjectTemplate.objects.get(pk=row.pk).milestones.all()
        ]

    assert plan(made) == plan(template)
    assert made.tasks.get().milestone == "Cadrage"
    assert made.requests.get().due_day == 3


def test_a_name_taken_is_refused(template, project, manager, team):
    with pytest.raises(templates.CannotKeep):
        templates.template_of_project(project=project, name="Site vitrine", actor=manager)

    assert ProjectTemplate.objects.count() == 1


def test_a_template_adds_to_what_a_project_has(
    template, project, manager, make_milestone, acme_owner, team
):
    make_milestone(project, "Acompte", sort_order=4)

    templates.fill_project(
        project=project, template=template, start=date(2026, 11, 23), actor=manager, at=AT
    )

    rows = Milestone.objects.filter(project=project).order_by("sort_order")
    assert [row.title for row in rows] == ["Acompte", "Cadrage", "Maquettes"]
    assert DocumentRequest.objects.count() == 1
