"""Tasks in a real browser: the keyboard, the dialog over the board, and no script at all."""

import re

import pytest
from playwright.sync_api import expect

from core import rls
from portal.projects.models import ChecklistItem, Task, TaskComment
from tests.e2e.conftest import DESKTOP, PHONE

TASKS = "/client/taches/"
MENU = "Agir sur « Envoyer les photos »"


@pytest.fixture
def task(project, acme_owner):
    """A task that the client does, with a step."""
    with rls.staff("test world"):
        row = Task.objects.create(project=project, title="Envoyer les photos", assignee=acme_owner)
        ChecklistItem.objects.create(task=row, label="Vivriers")
    return row


@pytest.fixture
def at_tasks(person, acme_owner):
    """Return a function that opens the tasks as the client."""

    def go(screen=DESKTOP, *, scripts=True):
        one = person(screen, scripts=scripts)
        one.page.goto(TASKS)
        one.sign_in(acme_owner.email)
        expect(one.page.get_by_role("heading", name="Tâches", level=1)).to_be_visible()
        return one.page

    return go


def status_of(task):
    with rls.staff("test"):
        return Task.objects.get(pk=task.pk).status


def test_the_keyboard_moves_a_task_from_its_menu(at_tasks, task):
    page = at_tasks()

    page.get_by_label(MENU).press("Enter")
    page.get_by_role("button", name="En cours").press("Enter")

    column = page.get_by_role("region", name="En cours")
    expect(column.get_by_role("link", name="Envoyer les photos")).to_be_visible()
    expect(page.get_by_text("Tâche déplacée dans « En cours ».")).to_be_visible()
    assert status_of(task) == "doing"


def test_a_card_is_dragged_to_another_column(at_tasks, task):
    page = at_tasks()
    expect(page.locator("ul[data-column=todo].sortable, ul[data-column=todo]")).to_be_visible()
    page.wait_for_function("() => window.Sortable?.get(document.querySelector('ul[data-column]'))")

    page.locator(f"#t-{task.pk}").drag_to(page.locator("ul[data-column=review]"))

    expect(page.get_by_text("Tâche déplacée dans « À valider ».")).to_be_visible()
    assert status_of(task) == "review"


def test_esc_and_the_way_back_close_a_task_and_restore_the_address(at_tasks, task):
    page = at_tasks()
    board = re.compile(r"/client/taches/$")

    for leave in (lambda: page.keyboard.press("Escape"), page.go_back):
        page.get_by_role("link", name="Envoyer les photos").click()
        expect(page.get_by_role("dialog").get_by_role("heading", level=2).first).to_be_visible()
        expect(page).to_have_url(re.compile(rf"/client/taches/{task.pk}/$"))
        leave()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page).to_have_url(board)
        expect(page.get_by_role("link", name="Envoyer les photos")).to_be_focused()


def test_a_task_is_ticked_and_spoken_of_over_the_board(at_tasks, task):
    page = at_tasks(PHONE)
    page.get_by_role("link", name="Envoyer les photos").click()
    dialog = page.get_by_role("dialog")

    dialog.get_by_role("checkbox", name="Vivriers").click()
    expect(dialog.get_by_text("1 étape faite sur 1").first).to_be_visible()
    dialog.get_by_label("Votre message").fill("C’est fait.")
    dialog.get_by_role("button", name="Envoyer").click()
    expect(dialog.locator(".msg", has_text="C’est fait.")).to_be_visible()
    page.keyboard.press("Escape")

    card = page.locator(f"#t-{task.pk}")
    expect(card.locator(".foot")).to_contain_text("1/1")
    expect(card.locator(".foot")).to_contain_text("messages : 1")


def test_a_message_is_sent_from_a_card(at_tasks, task):
    page = at_tasks()
    card = page.locator(f"#t-{task.pk}")

    card.get_by_label(MENU).click()
    card.get_by_role("link", name="Écrire un message").click()
    card.get_by_role("textbox").fill("Un mot en passant")
    card.get_by_role("button", name="Envoyer").click()

    expect(card.locator(".foot")).to_contain_text("messages : 1")
    expect(card.get_by_role("textbox")).to_have_count(0)
    with rls.staff("test"):
        assert list(TaskComment.objects.values_list("body", flat=True)) == ["Un mot en passant"]


def test_three_letters_find_a_task_as_they_are_typed(at_tasks, task, project, acme_owner):
    with rls.staff("test world"):
        Task.objects.create(project=project, title="Évaluer le devis", assignee=acme_owner)
    page = at_tasks()

    page.get_by_label("Rechercher").press_sequentially("eva")

    expect(page.get_by_role("link", name="Évaluer le devis")).to_be_visible()
    expect(page.get_by_role("link", name="Envoyer les photos")).to_have_count(0)
    expect(page).to_have_url(re.compile("q=eva"))


def test_everything_is_done_without_a_script(at_tasks, task):
    page = at_tasks(PHONE, scripts=False)

    page.get_by_role("link", name="Liste").click()
    page.get_by_label(MENU).click()
    page.get_by_role("button", name="À valider").click()
    expect(page.get_by_text("Tâche déplacée dans « À valider ».")).to_be_visible()
    expect(page).to_have_url(re.compile("vue=liste"))
    page.get_by_role("link", name="Envoyer les photos").click()
    page.get_by_role("checkbox", name="Vivriers").click()
    expect(page.get_by_text("1 étape faite sur 1").first).to_be_visible()
    page.get_by_label("Votre message").fill("Voilà.")
    page.get_by_role("button", name="Envoyer").click()

    expect(page.locator(".msg", has_text="Voilà.")).to_be_visible()
    assert status_of(task) == "review"
