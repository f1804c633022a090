"""Closing an account, handing its work over, and giving ways in back: owners alone, on record."""

import pytest
from allauth.mfa.models import Authenticator
from wagtail.models import ModelLogEntry

from core.accounts.models import Invitation, User
from core.notify.models import OutgoingMail, TeamNotice
from core.outbox.models import OwedWork
from portal.crm.models import Opportunity, PipelineStage
from portal.projects.models import Project, Task

ACTS = ("fermer", "mot-de-passe", "second-facteur")


def page(user, act):
    return f"/admin/comptes/{user.pk}/{act}/"


@pytest.fixture
def work(make_client, manager):
    """A project that the manager leads, with a task open and another done."""
    acme = make_client("Acme")
    project = Project.objects.create(client=acme, title="Site", lead=manager)
    make = Task.objects.create
    todo = make(project=project, title="À faire", assignee=manager)
    done = make(project=project, title="Faite", assignee=manager, status=Task.Status.DONE)
    sale = Opportunity.objects.create(
        client=acme,
        title="Refonte",
        owner=manager,
        stage=PipelineStage.objects.create(name="Qualification"),
    )
    return project, todo, done, sale


def test_closing_shows_the_work_and_hands_the_open_part_over(as_owner, manager, editor, work):
    project, todo, done, sale = work

    shown = as_owner.get(page(manager, "fermer")).content.decode()
    as_owner.post(page(manager, "fermer"), {"to": editor.pk})

    assert "Projets menés" in shown
    for row in work:
        row.refresh_from_db()
    assert not User.objects.get(pk=manager.pk).is_active
    assert (project.lead, todo.assignee, sale.owner) == (editor, editor, editor)
    assert done.assignee == manager
    assert todo.version == 2
    assert TeamNotice.objects.get(user=editor).event == "belongings-given"


def test_without_an_heir_all_stays_under_the_name(as_owner, manager, work):
    as_owner.post(page(manager, "fermer"), {"to": ""})

    work[1].refresh_from_db()
    assert (work[1].assignee, User.objects.get(pk=manager.pk).is_active) == (manager, False)


def test_nothing_goes_to_somebody_outside_the_team(as_owner, manager, make_user, work):
    answer = as_owner.post(page(manager, "fermer"), {"to": make_user().pk})

    assert answer.status_code == 200
    work[1].refresh_from_db()
    assert (work[1].assignee, User.objects.get(pk=manager.pk).is_active) == (manager, True)


@pytest.mark.parametrize("act", ACTS)
def test_only_owners_act_and_never_on_themselves(act, as_manager, as_owner, owner_staff, editor):
    Authenticator.objects.create(user=editor, type="totp", data={})
    Authenticator.objects.create(user=owner_staff, type="totp", data={})
    typed = {"reason": "perdu", "is_sure": "on", "to": ""}
    before = ModelLogEntry.objects.count()

    as_manager.post(page(editor, act), typed)
    as_owner.post(page(owner_staff, act), typed)

    assert User.objects.filter(is_active=True, pk__in=[editor.pk, owner_staff.pk]).count() == 2
    assert Authenticator.objects.count() == 2
    assert ModelLogEntry.objects.count() == before
    assert not OwedWork.objects.filter(topic="password_link").exists()


def test_a_second_factor_is_reset_on_the_record_and_the_person_is_told(as_owner, editor):
    Authenticator.objects.create(user=editor, type="totp", data={})

    as_owner.post(page(editor, "second-facteur"), {"reason": "Téléphone perdu", "is_sure": "on"})

    assert not Authenticator.objects.filter(user=editor).exists()
    entry = ModelLogEntry.objects.get(action="second_factor_reset")
    assert entry.data["reason"] == "Téléphone perdu"
    assert OutgoingMail.objects.get(template="account/second_factor_reset").recipients == [
        editor.email
    ]


def test_unsure_owners_reset_nothing(as_owner, editor):
    Authenticator.objects.create(user=editor, type="totp", data={})

    answer = as_owner.post(page(editor, "second-facteur"), {"reason": "Perdu"})

    assert answer.status_code == 200
    assert Authenticator.objects.filter(user=editor).exists()


def test_a_password_link_is_owed(as_owner, editor):
    as_owner.post(page(editor, "mot-de-passe"))

    assert OwedWork.objects.get(topic="password_link").payload["email"] == editor.email


def test_an_invitation_is_sent_again_with_another_link(as_owner):
    as_owner.post("/admin/users/new/", {"name": "Zié", "email": "zie@nourx.test", "role": "editor"})
    first = Invitation.objects.get()

    as_owner.post(f"/admin/snippets/accounts/invitation/renvoyer/{first.pk}/")

    second = Invitation.objects.exclude(pk=first.pk).get()
    first.refresh_from_db()
    assert first.revoked_at is not None
    assert (second.email, second.staff_role) == ("zie@nourx.test", "editor")
    assert second.token_hash != first.token_hash


def test_the_team_s_invitations_are_sent_again_by_owners_alone(as_owner, as_manager):
    as_owner.post("/admin/users/new/", {"name": "Zié", "email": "zie@nourx.test", "role": "editor"})
    first = Invitation.objects.get()

    as_manager.post(f"/admin/snippets/accounts/invitation/renvoyer/{first.pk}/")

    assert Invitation.objects.get().revoked_at is None
