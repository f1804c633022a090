"""Accounts of the team: owners alone keep them, and nobody raises themselves."""

import pytest
from django.contrib.auth.models import Permission

from core.access.staff_roles import role_of
from core.accounts.models import Invitation, User

USERS = "/admin/users/"


def posted(user, **changed):
    return {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "phone": "",
        "job_title": "",
        "is_active": "on",
        **changed,
    }


def test_invites_somebody_into_the_team(as_owner):
    as_owner.post(f"{USERS}new/", {"name": "Zié", "email": "zie@nourx.test", "role": "manager"})

    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.staff_role) == ("zie@nourx.test", "manager")
    assert not User.objects.filter(email="zie@nourx.test").exists()


def test_gives_a_role_and_writes_who_did(manager, as_owner):
    as_owner.post(f"{USERS}edit/{manager.pk}/", posted(manager, role="editor"))

    assert role_of(User.objects.get(pk=manager.pk)) == "editor"


def test_closes_an_account_and_ends_its_sessions(
    manager, as_owner, as_manager, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        as_owner.post(f"/admin/comptes/{manager.pk}/fermer/", {"to": ""})

    assert not User.objects.get(pk=manager.pk).is_active
    assert as_manager.get("/admin/").url.startswith("/connexion/")


def test_the_last_owner_keeps_the_house(owner_staff, make_user, client_of):
    other = make_user("autre@nourx.test", is_staff=True, is_superuser=True, is_active=False)
    page = client_of(owner_staff).post(
        f"{USERS}edit/{other.pk}/", posted(other, role="owner", is_active="")
    )

    assert page.status_code == 302
    assert User.objects.filter(is_superuser=True, is_active=True).get() == owner_staff


def test_an_owner_does_not_change_their_own_role(owner_staff, as_owner):
    as_owner.post(f"{USERS}edit/{owner_staff.pk}/", posted(owner_staff, role="", is_active=""))

    owner_staff.refresh_from_db()
    assert owner_staff.is_superuser
    assert owner_staff.is_active


@pytest.mark.parametrize("address", ["", "new/", "edit/{pk}/", "history/{pk}/"])
def test_a_manager_opens_no_account_screen(address, owner_staff, as_manager):
    answer = as_manager.get(USERS + address.format(pk=owner_staff.pk))

    assert answer.status_code == 302
    assert answer.url == "/admin/"


def test_somebody_given_the_right_to_change_accounts_gains_nothing(
    manager, owner_staff, as_manager
):
    rights = Permission.objects.filter(
        content_type__app_label="accounts", codename__endswith="user"
    )
    manager.user_permissions.set(rights)

    as_manager.post(f"{USERS}edit/{manager.pk}/", posted(manager, role="owner", is_superuser="on"))
    as_manager.post(f"{USERS}edit/{owner_staff.pk}/", posted(owner_staff, first_name="Pris"))
    as_manager.post(f"/admin/bulk/accounts/user/assign_role/?id={manager.pk}", {"role": "1"})
    as_manager.post(
        f"/admin/bulk/accounts/user/set_active_state/?id={owner_staff.pk}", {"mark_as_active": ""}
    )
    as_manager.post(f"/admin/bulk/accounts/user/delete/?id={owner_staff.pk}")

    assert role_of(User.objects.get(pk=manager.pk)) == "manager"
    found = User.objects.get(pk=owner_staff.pk)
    assert (found.first_name, found.is_active) == (owner_staff.first_name, True)


@pytest.mark.parametrize("who", ["as_owner", "as_manager"])
def test_nobody_deletes_an_account(who, request, manager, editor):
    request.getfixturevalue(who).post(f"{USERS}delete/{editor.pk}/")

    assert User.objects.filter(pk=editor.pk).exists()


@pytest.mark.parametrize("address", ["", "new/", "edit/1/"])
def test_groups_are_kept_by_code_alone(address, as_owner):
    answer = as_owner.get(f"/admin/groups/{address}")

    assert answer.status_code in (302, 404)


def test_a_member_of_a_client_never_enters(acme_owner, client_of):
    answer = client_of(acme_owner).get("/admin/snippets/accounts/client/")

    assert answer.status_code in (302, 403)
    assert "acme" not in answer.content.decode().lower()
