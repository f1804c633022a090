"""Tasks as their client reads them: a board and a list of one set, who does what read-only."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core import rls
from portal.projects.models import ChecklistItem, Task, TaskComment

ALL = "/client/taches/?qui=tous"
BOARD, LIST = f"{ALL}&vue=kanban", f"{ALL}&vue=liste"
REGION = {"HX-Request": "true", "HX-Target": "div#tasks"}


def address_of(task):
    return reverse("projects:task", args=[task.pk])


def text_of(response):
    return response.content.decode()


def titles(response):
    if "cards" in response.context:
        return [card.task.title for card in response.context["cards"]]
    return [card.task.title for column in response.context["columns"] for card in column.cards]


def both(browser, query):
    """Return the titles on the board and in the list, sorted."""
    return tuple(
        sorted(titles(browser.get(f"/client/taches/?vue={look}&{query}")))
        for look in ("kanban", "liste")
    )


def test_the_board_has_one_column_per_state(acme_owner, client_of, project, make_task):
    for status in ("todo", "doing", "review", "done"):
        make_task(project, f"Tâche {status}", status=status)

    columns = client_of(acme_owner).get(BOARD).context["columns"]

    found = [
        (column.status.value, [card.task.title for card in column.cards]) for column in columns
    ]
    assert found == [
        ("todo", ["Tâche todo"]),
        ("doing", ["Tâche doing"]),
        ("review", ["Tâche review"]),
        ("done", ["Tâche done"]),
    ]


def test_a_long_column_shows_its_first_tasks_and_more_when_asked(
    acme_owner, client_of, project, make_task, in_days
):
    for day in range(43):
        make_task(project, f"Tâche {day}", due_date=in_days(day))
    browser = client_of(acme_owner)

    first, second = browser.get(BOARD), browser.get(f"{BOARD}&plus=40")

    column = first.context["columns"][0]
    assert (len(column.cards), column.count, column.hidden) == (20, 43, 23)
    assert column.cards[0].task.title == "Tâche 0"
    assert "Voir plus : 23 autres" in text_of(first)
    assert len(second.context["columns"][0].cards) == 40


def test_the_list_puts_what_is_due_first_and_what_is_done_last(
    acme_owner, client_of, project, make_task, in_days
):
    make_task(project, "Faite", status="done", done_at=timezone.now(), due_date=in_days(-5))
    make_task(project, "Sans date")
    make_task(project, "Plus tard", due_date=in_days(9))
    make_task(project, "En retard", due_date=in_days(-1))

    found = titles(client_of(acme_owner).get(LIST))

    assert found == ["En retard", "Plus tard", "Sans date", "Faite"]


def test_the_list_is_cut_in_pages_of_twenty_five(acme_owner, client_of, project, make_task):
    for number in range(26):
        make_task(project, f"Tâche {number}")
    browser = client_of(acme_owner)

    first, second = browser.get(LIST), browser.get(f"{LIST}&page=2")

    assert (len(titles(first)), len(titles(second))) == (25, 1)
    assert "page=2" in text_of(first)
    assert browser.get(f"{LIST}&page=3").status_code == 404
    assert browser.get(f"{LIST}&page=non").status_code == 404


@pytest.fixture
def some_tasks(acme, acme_owner, make_project, make_task):
    """Four tasks that each filter parts otherwise; returns the projects."""
    shop, riders = make_project(acme, "Boutique"), make_project(acme, "Livreurs")
    make_task(shop, "Photos", assignee=acme_owner, priority=3)
    make_task(shop, "Panier", status="doing")
    make_task(riders, "Évaluer le parcours", assignee=acme_owner, status="doing")
    make_task(riders, "Tournée", priority=3, body="Les preuves de dépôt, d’Abobo à Yopougon.")
    return shop, riders


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Photos", "Évaluer le parcours"]),
        ("qui=moi", ["Photos", "Évaluer le parcours"]),
        ("qui=tous", ["Panier", "Photos", "Tournée", "Évaluer le parcours"]),
        ("qui=tous&etat=en-cours", ["Panier", "Évaluer le parcours"]),
        ("qui=tous&priorite=haute", ["Photos", "Tournée"]),
        ("qui=moi&priorite=haute&etat=a-faire", ["Photos"]),
        ("qui=moi&priorite=haute&etat=en-cours", []),
        ("qui=tous&q=evaluer", ["Évaluer le parcours"]),
        ("qui=tous&q=ÉVAL PARC", ["Évaluer le parcours"]),
        ("qui=tous&q=depot", ["Tournée"]),
        ("qui=tous&q=d’Abobo", ["Tournée"]),
        ("qui=tous&q=zz", ["Panier", "Photos", "Tournée", "Évaluer le parcours"]),
        ("qui=tous&q=zzz", []),
    ],
)
def test_both_looks_show_the_tasks_that_were_asked_for(
    query, expected, acme_owner, client_of, some_tasks
):
    assert both(client_of(acme_owner), query) == (expected, expected)


def test_a_project_shows_everybody_s_tasks(acme_owner, client_of, some_tasks):
    shop, _riders = some_tasks

    found = both(client_of(acme_owner), f"projet={shop.pk}")

    assert found == (["Panier", "Photos"], ["Panier", "Photos"])


def test_the_looks_lead_to_each_other_with_the_same_filters(acme_owner, client_of, some_tasks):
    shop, _riders = some_tasks

    page = text_of(client_of(acme_owner).get(f"{BOARD}&projet={shop.pk}&priorite=haute&q=phot"))

    query = f"projet={shop.pk}&amp;qui=tous&amp;priorite=haute&amp;q=phot"
    assert f'href="/client/taches/?vue=liste&amp;{query}"' in page
    assert f'href="/client/taches/?vue=kanban&amp;{query}"' in page


def test_the_last_look_is_remembered(acme_owner, client_of, project, make_task):
    make_task(project)
    browser = client_of(acme_owner)

    browser.get(LIST)

    assert "cards" in browser.get(ALL).context
    browser.get(BOARD)
    assert "columns" in browser.get(ALL).context


@pytest.mark.parametrize(
    "odd",
    ["projet=abc", "projet=" + "9" * 30, "qui=personne", "etat=autre", "priorite=9", "plus=-1",
     "plus=" + "9" * 30, "q=%00", "vue=autre", "q=%25_'"],
)  # fmt: skip
def test_an_odd_choice_breaks_nothing(odd, acme_owner, client_of, project, make_task):
    make_task(project)

    assert client_of(acme_owner).get(f"{ALL}&{odd}").status_code == 200


def test_htmx_gets_the_tasks_alone_and_a_short_address(acme_owner, client_of, some_tasks):
    asked = f"{BOARD}&projet=&priorite=&q=phot"
    headers = {**REGION, "HX-Source": "form#task-filters"}

    response = client_of(acme_owner).get(asked, headers=headers)

    assert "<html" not in text_of(response)
    assert 'id="tasks"' in text_of(response)
    assert response["HX-Replace-Url"] == "/client/taches/?vue=kanban&qui=tous&q=phot"
    assert titles(response) == ["Photos"]


def test_nobody_s_tasks_lead_to_everybody_s(acme_owner, client_of, project, make_task):
    make_task(project)
    browser = client_of(acme_owner)

    assert "Rien ne vous attend" in text_of(browser.get("/client/taches/"))
    assert "Effacer les filtres" in text_of(browser.get(f"{ALL}&q=introuvable"))


def test_what_the_team_keeps_to_itself_is_never_shown(acme_owner, client_of, project, make_task):
    hidden = make_task(project, "Revoir la marge", is_shared=False, assignee=acme_owner)
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
    assert "<script>x</script>" not in page


def test_a_task_opens_as_a_page_a_dialog_or_a_part(acme_owner, client_of, project, make_task):
    task = make_task(project)
    browser = client_of(acme_owner)

    def asked_for(target):
        headers = {"HX-Request": "true", "HX-Target": target}
        return text_of(browser.get(address_of(task), headers=headers))

    assert "<html" in text_of(browser.get(address_of(task)))
    assert asked_for("dialog#modal").count("data-close") == 1
    assert "<html" not in asked_for("dialog#modal")
    assert "data-close" not in asked_for("div#task")
    assert asked_for("div#task").count('id="task"') == 1


def test_a_client_sees_no_control_for_who_does_a_task(acme_owner, client_of, project, make_task):
    task = make_task(project, assignee=acme_owner)

    page = text_of(client_of(acme_owner).get(address_of(task)))

    assert 'name="status"' in page
    assert 'name="assignee"' not in page
    assert 'name="priority"' not in page


@pytest.mark.parametrize("field", ["assignee", "priority", "status", "title"])
def test_a_client_cannot_edit_a_task(field, acme_owner, client_of, project, make_task):
    task = make_task(project, assignee=acme_owner)

    response = client_of(acme_owner).post(address_of(task), {field: "1"})

    assert response.status_code == 403
    with rls.staff("test"):
        after = Task.objects.get(pk=task.pk)
    assert (after.assignee_id, after.priority, after.status) == (acme_owner.pk, 2, "todo")
    assert after.title == "Envoyer les photos"


def test_a_task_of_another_client_does_not_exist(rival_owner, client_of, project, make_task):
    task = make_task(project)
    browser = client_of(rival_owner)

    assert browser.get(address_of(task)).status_code == 404
    assert browser.post(address_of(task)).status_code == 404
    assert "Envoyer les photos" not in text_of(browser.get(BOARD))
    assert both(browser, f"projet={project.pk}") == ([], [])


def test_the_head_says_how_many_tasks_are_mine_and_late(
    acme_owner, client_of, project, make_task, in_days
):
    make_task(project, assignee=acme_owner, due_date=in_days(-2))
    make_task(project, assignee=acme_owner, due_date=in_days(3))

    page = text_of(client_of(acme_owner).get(BOARD))

    assert "2 tâches vous sont assignées, dont 1 en retard." in page
