"""The roadmap edited as a whole: order, dates, versions, and two people at once."""

import json
from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from core import rls
from portal.projects.admin_screens import roadmap as screen
from portal.projects.models import Milestone
from portal.projects.services import roadmap

A, B = date(2026, 12, 1), date(2026, 12, 11)


@pytest.fixture
def steps(project, make_milestone):
    return [
        make_milestone(project, title, sort_order=rank, start_date=A, due_date=B, release="v1")
        for rank, title in enumerate(("Cadrage", "Maquettes", "Recette"))
    ]


def titles(project):
    with rls.staff("test"):
        rows = Milestone.objects.filter(project=project).order_by("sort_order", "id")
        return [row.title for row in rows]


def posted(steps, order=None, **changes):
    """Return the form of the page, as read, with some fields changed."""
    fields = {"acte": "enregistrer", "vu": [row.pk for row in steps]}
    fields["rang"] = [f"j{row.pk}" for row in order or steps]
    for row in steps:
        said = roadmap.facts_of(row)
        fields[f"j{row.pk}-vu"] = json.dumps(said)
        fields |= {f"j{row.pk}-{name}": text for name, text in said.items()}
    return fields | changes


def page_of(project):
    return reverse("project_roadmap", args=[project.pk])


def test_milestones_are_ordered_added_and_renamed_at_once(project, steps, manager, client_of):
    first, second, third = steps
    form = posted(steps, order=[third, first, second])
    form[f"j{first.pk}-title"] = "Cadrage et ateliers"
    form["rang"] = [*form["rang"], "n0"]
    form |= {"n0-title": "Mise en ligne", "n0-status": "upcoming", "n0-due_date": "2027-01-15"}

    answer = client_of(manager).post(page_of(project), form)

    assert answer.status_code == 302
    assert titles(project) == ["Recette", "Cadrage et ateliers", "Maquettes", "Mise en ligne"]


def test_the_client_reads_milestones_in_the_order_of_the_team(
    project, steps, manager, acme_owner, client_of
):
    client_of(manager).post(page_of(project), posted(steps, order=list(reversed(steps))))

    page = client_of(acme_owner).get(reverse("projects:roadmap", args=[project.pk]))

    text = page.content.decode()
    places = [text.rindex(title) for title in ("Recette", "Maquettes", "Cadrage")]
    assert places == sorted(places)


def test_two_people_on_one_milestone_are_told_what_changed(project, steps, manager, client_of):
    form = posted(steps, **{f"j{steps[0].pk}-title": "Ma version"})
    with rls.staff("test"):
        Milestone.objects.filter(pk=steps[0].pk).update(title="Sa version")

    answer = client_of(manager).post(page_of(project), form)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Titre, enregistré entre-temps : « Sa version »." in text
    assert 'value="Ma version"' in text
    assert titles(project)[0] == "Sa version"


def test_what_somebody_else_changed_stays_where_one_changed_nothing(project, steps, manager, team):
    rows = [
        roadmap.Row(f"j{row.pk}", roadmap.facts_of(row), row.pk, roadmap.facts_of(row))
        for row in steps
    ]
    Milestone.objects.filter(pk=steps[0].pk).update(title="Sa version")
    values = {"title": "Maquettes 2", "release": "v1", "status": "upcoming"}
    rows[1] = roadmap.Row("x", values | {"start_date": A, "due_date": B}, steps[1].pk, rows[1].seen)

    changed = roadmap.save_roadmap(
        project=project,
        rows=rows,
        seen_order=[row.pk for row in steps],
        actor=manager,
        at=timezone.now(),
    )

    assert changed == 1
    assert titles(project) == ["Sa version", "Maquettes 2", "Recette"]


def test_a_milestone_added_meanwhile_is_not_lost(
    project, steps, manager, client_of, make_milestone
):
    make_milestone(project, "Ajouté entre-temps", sort_order=9)

    answer = client_of(manager).post(page_of(project), posted(steps, order=steps[::-1]))

    assert answer.status_code == 422
    assert "Ajouté entre-temps" in answer.content.decode()
    assert titles(project) == ["Cadrage", "Maquettes", "Recette", "Ajouté entre-temps"]


def test_a_milestone_with_tasks_is_not_removed(project, steps, manager, client_of, make_task):
    make_task(project, milestone=steps[0])

    answer = client_of(manager).post(
        page_of(project), posted(steps, **{f"j{steps[0].pk}-retirer": "on"})
    )

    assert "ne peut pas être retiré" in answer.content.decode()
    assert len(titles(project)) == 3


def test_a_shift_shows_the_dates_and_saves_nothing(project, steps, manager, client_of):
    form = posted(steps, acte="decaler", jours="2", depuis=f"j{steps[1].pk}", ouvres="on")

    answer = client_of(manager).post(page_of(project), form)

    assert answer.context["lines"][0].typed["due_date"] == "2026-12-11"
    assert answer.context["lines"][1].typed["due_date"] == "2026-12-15"
    with rls.staff("test"):
        assert Milestone.objects.get(pk=steps[1].pk).due_date == B


def lines(*dates, status="upcoming"):
    return [
        screen.Line(f"j{n}", {"title": "x", "release": "", "status": status, "start_date": "",
                              "due_date": day}, pk=n)
        for n, day in enumerate(dates)
    ]  # fmt: skip


@pytest.mark.parametrize("days", ["", "0", "beaucoup", "1001"])
def test_a_shift_of_no_days_is_refused(days):
    rows = lines("2026-12-11")

    assert screen.shift_lines(rows, days, "j0", in_working_days=False)
    assert rows[0].typed["due_date"] == "2026-12-11"


def test_a_shift_leaves_what_is_done_and_what_comes_before():
    rows = lines("2026-12-01", "2026-12-11", "2026-12-21")
    rows[2].typed["status"] = "done"

    problem = screen.shift_lines(rows, "−3", "j1", in_working_days=False)

    assert problem == ""
    assert [row.typed["due_date"] for row in rows] == ["2026-12-01", "2026-12-08", "2026-12-21"]


def test_moving_a_row_beyond_the_ends_changes_nothing():
    rows = lines("2026-12-01", "2026-12-11")

    screen.move_line(rows, "j0", -1)
    screen.move_line(rows, "j1", 1)
    screen.move_line(rows, "inconnu", 1)

    assert [row.key for row in rows] == ["j0", "j1"]


def test_chosen_rows_change_version_on_the_page():
    rows = lines("2026-12-01", "2026-12-11")
    rows[1].is_chosen = True

    screen.change_lines(rows, "version", "", QueryDict("vers=v2"))

    assert [row.typed["release"] for row in rows] == ["", "v2"]


def test_wrong_dates_and_empty_titles_are_said_beside_their_row():
    rows = lines("2026-12-01", "2026-02-31")
    rows[0].typed["start_date"] = "2026-12-09"
    rows[1].typed["title"] = ""

    assert screen.check_lines(rows) is None
    assert "précède" in rows[0].errors[0]
    assert len(rows[1].errors) == 2


def test_an_editor_saves_nothing(project, steps, editor, client_of):
    client_of(editor).post(page_of(project), posted(steps, order=steps[::-1]))

    assert titles(project) == ["Cadrage", "Maquettes", "Recette"]
