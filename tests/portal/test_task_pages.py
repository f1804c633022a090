"""Tasks as their client reads them: a board, a list, and no way to change who does them."""

import pytest
from django.urls import reverse

from core import rls
from portal.projects.models import ChecklistItem, Task, TaskComment

BOARD, LIST = "/client/taches/", "/client/taches/?vue=liste"


def address_of(task):
    return reverse("projects:task", args=[task.pk])


def text_of(response):
    return response.content.decode()


def titles(response):
    return [task.title for task, _, _ in response.context["rows"]]


def test_the_board_has_one_column_per_state(acme_owner, client_of, project, make_task):
    for status in ("todo", "doing", "review", "done"):
        make_task(project, f"Tâche {status}", status=status)

    columns = client_of(acme_owner).get(BOARD).context["columns"]

    assert [(column.status.value, [task.title for task in column.tasks]) for column in columns] == [
        ("todo", ["Tâche todo"]),
        ("doing", ["Tâche doing"]),
        ("review", ["Tâche review"]),
        ("done", ["Tâche done"]),
    ]


def test_a_long_column_shows_its_first_tasks_and_leads_to_the_others(
    acme_owner, client_of, project, make_task, in_days
):
    for day in range(23):
        make_task(project, f"Tâche {day}", due_date=in_days(day))

    response = client_of(acme_owner).get(BOARD)

    column = response.context["columns"][0]
    assert (len(column.tasks), column.count, column.hidden) == (20, 23, 3)
    assert column.tasks[0].title == "Tâche 0"
    assert "et 3 autres dans la liste" in text_of(response)


def test_the_list_puts_what_is_due_first_and_hides_what_is_done(
    acme_owner, client_of, project, make_task, in_days
):
    make_task(project, "Sans date")
    make_task(project, "Plus tard", due_date=in_days(9))
    make_task(project, "En retard", due_date=in_days(-1))
    make_task(project, "Faite", status="done")
    browser = client_of(acme_owner)

    assert titles(browser.get(LIST)) == ["En retard", "Plus tard", "Sans date"]
    assert titles(browser.get(f"{LIST}&etat=faites")) == ["Faite"]
    assert len(titles(browser.get(f"{LIST}&etat=toutes"))) == 4


def test_the_list_is_cut_in_pages_of_twenty_five(acme_owner, client_of, project, make_task):
    for number in range(26):
        make_task(project, f"Tâche {number}")
    browser = client_of(acme_owner)

    first, second = browser.get(LIST), browser.get(f"{LIST}&page=2")

    assert (len(titles(first)), len(titles(second))) == (25, 1)
    assert first.context["page_obj"].has_next()
    assert not second.context["page_obj"].has_next()
    assert browser.get(f"{LIST}&page=3").status_code == 404
    assert browser.get(f"{LIST}&page=non").status_code == 404


def test_tasks_are_chosen_by_project_and_by_person(
    acme, acme_owner, client_of, make_project, make_task
):
    shop, riders = make_project(acme, "Boutique"), make_project(acme, "Livreurs")
    make_task(shop, "Photos", assignee=acme_owner)
    make_task(shop, "Panier")
    make_task(riders, "Parcours")
    browser = client_of(acme_owner)

    assert titles(browser.get(f"{LIST}&projet={shop.pk}")) == ["Photos", "Panier"]
    assert titles(browser.get(f"{LIST}&qui=moi")) == ["Photos"]


@pytest.mark.parametrize("odd", ["projet=abc", "projet=9" * 30, "qui=personne", "etat=autre"])
def test_an_odd_choice_breaks_nothing(odd, acme_owner, client_of, project, make_task):
    make_task(project)

    assert client_of(acme_owner).get(f"{LIST}&{odd}").status_code == 200


def test_what_the_team_keeps_to_itself_is_never_shown(acme_owner, client_of, project, make_task):
    hidden = make_task(project, "Revoir la marge", is_shared=False)
    browser = client_of(acme_owner)

    assert "Revoir la marge" not in text_of(browser.get(BOARD))
    assert "Revoir la marge" not in text_of(browser.get(LIST))
    assert browser.get(address_of(hidden)).status_code == 404


def test_a_task_shows_its_steps_and_what_was_said(
    acme_owner, owner_staff, client_of, project, make_task
):
    task = make_task(project, body="Fond blanc.", priority=3)
    with rls.staff("test world"):
        ChecklistItem.objects.create(task=task, label="Vivriers", is_done=True)
        ChecklistItem.objects.create(task=task, label="Boissons", sort_order=1)
        TaskComment.objects.create(task=task, author=owner_staff, body="<script>x</script>")

    page = text_of(client_of(acme_owner).get(address_of(task)))

    for text in ("Fond blanc.", "Vivriers", "Boissons", "1 étape faite sur 2", "Haute", "Personne"):
        assert text in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page


@pytest.mark.parametrize("field", ["assignee", "priority", "status", "title"])
def test_a_client_cannot_change_a_task(field, acme_owner, client_of, project, make_task):
    task = make_task(project)

    response = client_of(acme_owner).post(address_of(task), {field: "1"})

    assert response.status_code == 405
    with rls.staff("test"):
        before = Task.objects.get(pk=task.pk)
    assert (before.assignee, before.priority, before.status) == (None, 2, "todo")
    assert before.title == "Envoyer les photos"


def test_a_task_of_another_client_does_not_exist(rival_owner, client_of, project, make_task):
    task = make_task(project)
    browser = client_of(rival_owner)

    assert browser.get(address_of(task)).status_code == 404
    assert "Envoyer les photos" not in text_of(browser.get(BOARD))
    assert titles(browser.get(f"{LIST}&projet={project.pk}")) == []


def test_the_head_says_how_many_tasks_are_mine_and_late(
    acme_owner, client_of, project, make_task, in_days
):
    make_task(project, assignee=acme_owner, due_date=in_days(-2))
    make_task(project, assignee=acme_owner, due_date=in_days(3))

    page = text_of(client_of(acme_owner).get(BOARD))

    assert "2 tâches vous sont assignées, dont 1 en retard." in page
