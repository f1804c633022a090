"""What one does shows in front of the other, without a reload."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core import rls
from portal.projects.models import Task
from portal.support.services import answer_as_team, open_ticket
from tests.e2e.conftest import DESKTOP, SLOWEST

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(streaming_site):
    return streaming_site


@pytest.fixture
def arrived(person):
    """Return a function that signs somebody in and waits for their stream to be open."""

    def arrive(user, path):
        one = person(DESKTOP)
        one.page.goto(path)
        with one.page.expect_response("**/client/direct/*", timeout=SLOWEST):
            one.sign_in(user.email)
        return one

    return arrive


def test_a_task_moved_in_one_browser_moves_in_the_other(
    arrived, acme, project, acme_owner, make_member
):
    colleague = make_member(acme, "owner", email="ali@acme.test")
    with rls.staff("test"):
        task = Task.objects.create(project=project, title="Relire les textes", assignee=acme_owner)
    awa = arrived(acme_owner, f"/client/taches/{task.pk}/")
    ali = arrived(colleague, f"/client/taches/{task.pk}/")
    stood = ali.page.locator("#task-status")
    expect(stood).to_have_value("todo")

    awa.page.locator("#task-status").select_option("done")

    expect(stood).to_have_value("done")


def test_an_answer_of_the_team_appears_while_the_client_writes(arrived, acme, acme_owner, manager):
    with rls.staff("test"):
        ticket = open_ticket(
            client_id=acme.pk,
            project=None,
            subject="Le panier se vide",
            body="Depuis ce matin.",
            priority=2,
            actor=acme_owner,
            at=timezone.now(),
        )
    awa = arrived(acme_owner, f"/client/support/{ticket.pk}/")
    message = awa.page.get_by_role("textbox").last
    message.fill("J’ajoute que")

    with rls.staff("test"):
        answer_as_team(
            ticket=ticket,
            body="Nous regardons tout de suite.",
            is_internal=False,
            status="taken",
            actor=manager,
            at=timezone.now(),
        )

    expect(awa.page.locator("#fil")).to_contain_text("Nous regardons tout de suite.")
    expect(message).to_have_value("J’ajoute que")
