"""What a client does to tasks, and what is refused with nothing changed."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import rls
from portal.projects.models import ChecklistItem, Task, TaskAttachment, TaskComment
from tests.portal.conftest import PDF
from tests.portal.tasks import BOARD, count, moves_of, now_of, to


@pytest.fixture
def step(mine):
    with rls.staff("test world"):
        rows = [
            ChecklistItem.objects.create(task=mine, label=f"Étape {n}", sort_order=n)
            for n in range(4)
        ]
    return rows[0]


# --- Moving ---------------------------------------------------------------------------------


def test_a_client_moves_a_task_of_theirs(mine, acme_owner, client_of):
    browser = client_of(acme_owner)

    response = browser.post(
        to("move_task", mine.pk),
        {"status": "done", "seen": "todo"},
        HTTP_REFERER=f"http://testserver{BOARD}",
    )

    assert (response.status_code, response["Location"]) == (302, BOARD)
    after = now_of(mine)
    assert (after.status, after.version) == ("done", 2)
    assert after.done_at is not None
    assert moves_of(mine) == [(acme_owner.pk, "todo", "done")]


def test_a_task_taken_back_is_no_longer_done(mine, acme_owner, client_of):
    browser = client_of(acme_owner)
    browser.post(to("move_task", mine.pk), {"status": "done"})

    browser.post(to("move_task", mine.pk), {"status": "doing"})

    after = now_of(mine)
    assert (after.status, after.done_at) == ("doing", None)


def test_somebody_else_of_the_client_moves_it_too(mine, acme, client_of, make_member):
    colleague = make_member(acme, "project", first_name="Ali")

    client_of(colleague).post(to("move_task", mine.pk), {"status": "review", "seen": "todo"})

    assert moves_of(mine) == [(colleague.pk, "todo", "review")]


@pytest.mark.parametrize("fields", [{}, {"assignee": "1"}, {"priority": "3"}, {"title": "X"}])
def test_a_task_of_the_team_is_not_the_client_s_to_move(fields, theirs, acme_owner, client_of):
    response = client_of(acme_owner).post(
        to("move_task", theirs.pk), {"status": "done", "seen": "todo", **fields}
    )

    assert response.status_code == 403
    after = now_of(theirs)
    assert (after.status, after.version, after.place) == ("todo", 1, None)
    assert moves_of(theirs) == []


@pytest.mark.parametrize("field", ["assignee", "priority", "title", "due_date", "is_shared"])
def test_a_move_that_says_more_is_refused_whole(field, mine, acme_owner, client_of):
    response = client_of(acme_owner).post(
        to("move_task", mine.pk), {"status": "done", "seen": "todo", field: "1"}
    )

    assert response.status_code == 403
    after = now_of(mine)
    assert (after.status, after.assignee_id, after.priority) == ("todo", acme_owner.pk, 2)
    assert (after.title, after.due_date, after.is_shared) == ("Envoyer les photos", None, True)


def test_a_task_of_nobody_and_a_guest_move_nothing(
    project, mine, acme, acme_owner, client_of, make_task, make_member
):
    unassigned = make_task(project, "À qui")
    guest = make_member(acme, "guest")

    answers = [
        client_of(acme_owner).post(to("move_task", unassigned.pk), {"status": "done"}),
        client_of(guest).post(to("move_task", mine.pk), {"status": "done"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert (now_of(unassigned).status, now_of(mine).status) == ("todo", "todo")


def test_another_client_finds_no_task_to_move(mine, rival_owner, client_of):
    response = client_of(rival_owner).post(to("move_task", mine.pk), {"status": "done"})

    assert response.status_code == 404
    assert now_of(mine).status == "todo"


def test_a_stale_move_is_told_and_changes_nothing(mine, acme_owner, client_of):
    browser = client_of(acme_owner)
    browser.post(to("move_task", mine.pk), {"status": "review", "seen": "todo"})

    page = browser.post(to("move_task", mine.pk), {"status": "done", "seen": "todo"}, follow=True)

    assert "elle est dans « À valider »" in page.content.decode()
    assert now_of(mine).status == "review"
    assert len(moves_of(mine)) == 1


def test_a_state_that_does_not_exist_is_refused(mine, acme_owner, client_of):
    response = client_of(acme_owner).post(to("move_task", mine.pk), {"status": "perdue"})

    assert response.status_code == 422
    assert now_of(mine).status == "todo"


def test_htmx_gets_the_board_it_came_from(mine, acme_owner, client_of):
    headers = {
        "HX-Request": "true",
        "HX-Target": "div#tasks",
        "HX-Current-URL": f"http://testserver{BOARD}&etat=en-cours",
    }

    response = client_of(acme_owner).post(
        to("move_task", mine.pk), {"status": "doing", "seen": "todo"}, headers=headers
    )

    (column,) = response.context["columns"]
    assert (column.status, [card.task.pk for card in column.cards]) == ("doing", [mine.pk])
    assert "nx:toast" in response["HX-Trigger"]


def test_a_card_stays_where_it_was_put(project, acme_owner, client_of, make_task, in_days):
    a, b, c = (
        make_task(project, title, assignee=acme_owner, due_date=in_days(day))
        for day, title in enumerate("ABC")
    )
    browser = client_of(acme_owner)

    def order():
        columns = browser.get(BOARD).context["columns"]
        return "".join(card.task.title for card in columns[0].cards)

    orders = [order()]
    for task, after in ((c, 0), (a, b.pk), (b, c.pk)):
        browser.post(to("move_task", task.pk), {"status": "todo", "after": after})
        orders.append(order())

    assert orders == ["ABC", "CAB", "CBA", "CBA"]
    assert moves_of(c) == []


# --- Steps ----------------------------------------------------------------------------------


def test_a_ticked_step_counts_for_both_sides(step, mine, acme_owner, owner_staff, client_of):
    browser = client_of(acme_owner)
    before = browser.get(to("task", mine.pk)).content.decode()

    browser.post(to("tick_step", mine.pk, step.pk), {"fait": "1"})

    assert '<progress value="0" max="4"' in before
    assert "1 étape faite sur 4" in browser.get(to("task", mine.pk)).content.decode()
    board = browser.get(BOARD).context["columns"][0].cards[0].task
    assert (board.step_done, board.step_count) == (1, 4)
    with rls.staff("test"):
        assert ChecklistItem.objects.filter(task=mine, is_done=True).count() == 1


def test_a_step_is_unticked_again(step, mine, acme_owner, client_of):
    browser = client_of(acme_owner)
    browser.post(to("tick_step", mine.pk, step.pk), {"fait": "1"})

    browser.post(to("tick_step", mine.pk, step.pk), {"fait": "0"})

    with rls.staff("test"):
        assert not ChecklistItem.objects.get(pk=step.pk).is_done


def test_a_step_of_the_team_is_not_the_client_s_to_tick(theirs, mine, acme_owner, client_of):
    with rls.staff("test world"):
        step = ChecklistItem.objects.create(task=theirs, label="Écrire les essais")
    browser = client_of(acme_owner)

    answers = [
        browser.post(to("tick_step", theirs.pk, step.pk), {"fait": "1"}),
        browser.post(to("tick_step", mine.pk, step.pk), {"fait": "1"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 404]
    with rls.staff("test"):
        assert not ChecklistItem.objects.get(pk=step.pk).is_done


# --- Odd windows and addresses ---------------------------------------------------------------


def test_the_forms_of_somebody_of_two_clients_are_taken(
    mine, acme, rival, acme_owner, make_member, client_of
):
    make_member(rival, "owner", user=acme_owner)
    browser = client_of(acme_owner)
    browser.post("/client/espace/", {"client": acme.pk})
    with rls.staff("test"):
        step = ChecklistItem.objects.create(task=mine, label="Photos")
    here = {"espace": acme.pk}

    browser.post(to("move_task", mine.pk), {"status": Task.Status.DOING, **here})
    browser.post(to("tick_step", mine.pk, step.pk), {"fait": "1", **here})
    browser.post(to("comment_task", mine.pk), {"body": "C’est fait.", **here})
    browser.post(
        to("join_task_files", mine.pk), {"files": SimpleUploadedFile("plan.pdf", PDF), **here}
    )

    assert now_of(mine).status == Task.Status.DOING
    with rls.staff("test"):
        assert ChecklistItem.objects.get().is_done
    assert (count(TaskComment), count(TaskAttachment)) == (1, 1)


def test_a_form_of_the_other_space_moves_nothing(
    mine, acme, rival, acme_owner, make_member, client_of
):
    make_member(rival, "owner", user=acme_owner)
    browser = client_of(acme_owner)
    browser.post("/client/espace/", {"client": acme.pk})

    answer = browser.post(
        to("move_task", mine.pk), {"status": Task.Status.DOING, "espace": rival.pk}
    )

    assert answer.status_code == 404
    assert now_of(mine).status == Task.Status.TODO


@pytest.mark.parametrize("number", ["9" * 5000, "³", "-1", ""])
def test_a_number_of_cards_that_means_nothing_shows_the_board(mine, acme_owner, client_of, number):
    answer = client_of(acme_owner).get(BOARD, {"plus": number})

    assert answer.status_code == 200


def test_an_act_from_a_page_with_a_long_address_is_kept(mine, acme_owner, client_of):
    page = "http://testserver/client/taches/?q=" + "a" * 600
    sent = {"status": Task.Status.DOING, "cle": str(uuid.uuid4())}
    browser = client_of(acme_owner)

    first = browser.post(to("move_task", mine.pk), sent, headers={"Referer": page})
    second = browser.post(to("move_task", mine.pk), sent, headers={"Referer": page})

    assert (first.status_code, second.url) == (302, first.url)
    assert moves_of(mine) == [(acme_owner.pk, Task.Status.TODO, Task.Status.DOING)]


def test_an_address_of_the_page_that_cannot_be_read_loses_nothing(mine, acme_owner, client_of):
    headers = {"HX-Request": "true", "HX-Target": "div#tasks", "HX-Current-URL": "http://["}

    answer = client_of(acme_owner).post(
        to("move_task", mine.pk), {"status": Task.Status.DOING}, headers=headers
    )

    assert answer.status_code == 200
    assert now_of(mine).status == Task.Status.DOING
