"""Which milestones and projects are late, at risk or silent; what the home page says of them."""

from datetime import date, timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from core import hooks
from portal.projects import standing
from portal.projects.feedback_queries import Nps
from portal.projects.models import Milestone, Project
from portal.steering.reading import dangers, reporting

TODAY = timezone.localdate()


def in_days(count):
    return TODAY + timedelta(days=count)


def asked_by(person):
    request = RequestFactory().get("/admin/")
    request.user = person
    return request


@pytest.mark.parametrize(
    ("start", "due", "expected"),
    [
        (date(2026, 1, 1), date(2026, 1, 11), 40),
        (date(2026, 1, 6), date(2026, 1, 11), 0),
        (date(2026, 1, 1), date(2026, 1, 3), 100),
        (None, date(2026, 1, 3), None),
        (date(2026, 1, 3), date(2026, 1, 3), None),
    ],
)
def test_the_calendar_says_how_far_a_project_should_be(start, due, expected):
    assert standing.expected_progress(start, due, date(2026, 1, 5)) == expected


def test_the_database_finds_the_projects_that_python_finds_behind(acme, make_project, team):
    spans = ((-10, 10), (-100, 7), (-3, 200), (-30, -2), (5, 9), (-7, 0))
    for start, due in spans:
        for progress in (0, 30, 35, 84, 85, 100):
            make_project(acme, start_date=in_days(start), due_date=in_days(due), progress=progress)
    every = list(Project.objects.all())

    found = set(Project.objects.filter(standing.behind(TODAY)).values_list("pk", flat=True))

    assert found == {row.pk for row in every if standing.is_behind(row, TODAY)}
    assert 0 < len(found) < len(every)


def test_milestones_are_at_risk_when_work_is_left_near_their_day(
    project, team, make_milestone, make_task
):
    fit = make_milestone(project, "Tenu", status="active", due_date=in_days(3))
    todo = make_milestone(project, "Tâche à finir", status="active", due_date=in_days(3))
    make_task(project, milestone=fit, status="done")
    make_task(project, milestone=todo)
    make_milestone(project, "Pas commencé", due_date=in_days(7))
    make_milestone(project, "Loin", due_date=in_days(8))
    make_milestone(project, "En retard", due_date=in_days(-1))
    make_milestone(project, "Fini", status="done", due_date=in_days(-1))

    found = standing.milestones_at_risk(TODAY).order_by("title")

    assert [row.title for row in found] == ["Pas commencé", "Tâche à finir"]
    assert [row.title for row in standing.late_milestones(TODAY)] == ["En retard"]
    assert [row.pk for row in dangers.projects_at_risk(Project.objects.all(), TODAY)] == [
        project.pk
    ]


def test_alerts_lead_to_their_milestone_and_go_once_resolved(
    project, team, manager, make_milestone
):
    late = make_milestone(project, "En retard", due_date=in_days(-1))
    risky = make_milestone(project, "Pas commencé", due_date=in_days(2))

    def alerts():
        kinds = hooks.team_alerts(asked_by(manager))
        rows = [row for kind in kinds for row in kind.rows(5)]
        return {row.key: row.url for row in rows if row.key.startswith("milestone-")}

    before = alerts()
    Milestone.objects.update(status="done")

    assert before == {
        f"milestone-late:{late.pk}": f"/admin/snippets/projects/milestone/inspect/{late.pk}/",
        f"milestone-risk:{risky.pk}": f"/admin/snippets/projects/milestone/inspect/{risky.pk}/",
    }
    assert alerts() == {}


def test_a_project_of_which_nothing_moved_is_silent(acme, make_project, make_task, team):
    silent, moved = make_project(acme, "Muet"), make_project(acme, "Vivant")
    make_task(moved)
    Project.objects.update(updated_at=timezone.now() - timedelta(days=15))

    assert list(standing.silent_projects(timezone.now(), TODAY)) == [silent]


def test_figures_count_three_one_and_two_and_the_mean(acme, make_project, manager, team):
    for progress in (10, 20, 60):
        make_project(acme, progress=progress)
    make_project(acme, status="paused")
    make_project(acme, status="delivered")
    make_project(acme, status="archived")

    found = {
        str(one.label): (one.value, one.url)
        for one in hooks.team_figures(asked_by(manager))
        if one.group == "projets"
    }

    page = "/admin/snippets/projects/project/"
    assert found["Projets en cours"] == (3, f"{page}?status=active")
    assert found["Projets en pause"] == (1, f"{page}?status=paused")
    assert found["Projets terminés"] == (2, f"{page}?status=delivered&status=archived")
    assert found["Avancement moyen"][0].replace("\u00a0", " ") == "30 %"


def test_an_editor_reads_no_figure_of_projects(editor, project, team):
    groups = {one.group for one in hooks.team_figures(asked_by(editor))}
    kinds = {one.kind for one in hooks.team_alerts(asked_by(editor))}

    assert "projets" not in groups
    assert not {"milestone-late", "project-budget"} & kinds


def test_milestones_are_on_time_until_the_evening_of_their_day(project, team, make_milestone):
    day = date(2026, 11, 10)
    at = timezone.make_aware(timezone.datetime(2026, 11, 10, 23, 59))
    make_milestone(project, "À l’heure", status="done", due_date=day, done_at=at)
    make_milestone(project, "Après", status="done", due_date=day, done_at=at + timedelta(minutes=1))
    make_milestone(project, "Jamais", due_date=day)
    make_milestone(project, "À venir", due_date=date(2026, 11, 25))
    first, last = date(2026, 11, 1), date(2026, 11, 30)

    found = reporting.punctuality(first, last, date(2026, 11, 20))

    assert (found.on_time, found.due, found.rate) == (1, 3, 33)


def test_projects_are_found_by_the_words_of_their_title(acme, make_project, manager, team):
    make_project(acme, "Refonte de l’épicerie")
    sources = {source.key: source for source in hooks.search_sources(asked_by(manager))}

    hits = sources["projects"].find("EPICE refon", 5)

    assert [hit.title for hit in hits] == ["Refonte de l’épicerie"]


@pytest.mark.parametrize(
    ("counts", "score"), [((0, 0, 0), None), ((8, 5, 4), 13), ((8, 4, 5), -13), ((3, 1, 1), 0)]
)
def test_the_nps_is_promoters_less_detractors(counts, score):
    assert Nps(*counts).score == score


def test_reporting_asks_the_same_for_one_project_and_many(
    acme, make_project, manager, client_of, count_queries, make_milestone
):
    browser, page = client_of(manager), "/admin/projets/reporting/"
    make_milestone(make_project(acme, lead=manager), "Un", due_date=in_days(-2))
    alone = count_queries(browser, page)

    for n in range(5):
        make_milestone(make_project(acme, f"P{n}"), "Un", due_date=in_days(-2))

    assert count_queries(browser, page) == alone


def test_reporting_leaves_as_a_spreadsheet(acme, make_project, manager, client_of):
    make_project(acme, "=SOMME(A1)", budget=1_000_000, start_date=in_days(-3))

    answer = client_of(manager).get("/admin/projets/reporting/?export=csv")

    text = b"".join(answer.streaming_content).decode()
    assert "'=SOMME(A1);Acme Distribution;" in text
    assert ";1000000;0;" in text
