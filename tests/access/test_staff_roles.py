"""The roles of the team and their rights."""

import pytest
from django.contrib.auth.models import Group

from core.access.staff_roles import StaffRole, put_in_role, role_of, sync_staff_roles
from core.accounts.models import User

ENTER = "wagtailadmin.access_admin"


@pytest.mark.django_db
def test_wagtails_own_groups_are_gone():
    assert not Group.objects.filter(name__in=["Editors", "Moderators"]).exists()


def test_an_editor_keeps_the_knowledge_base_alone(editor):
    labels = {right.partition(".")[0] for right in editor.get_all_permissions() - {ENTER}}

    assert labels == {"knowledge"}


@pytest.mark.parametrize(
    "right",
    [
        "accounts.change_user",
        "accounts.add_user",
        "accounts.change_company",
        "accounts.change_vatrate",
        "notify.change_messagetemplate",
        "outbox.change_owedwork",
        "accounts.add_clientgroupgrant",
        "projects.add_projectusergrant",
        "accounts.portal_pay_invoices",
        "projects.portal_follow_project",
    ],
)
def test_a_manager_has_no_right_on_accounts_nor_settings(right, manager):
    assert right not in manager.get_all_permissions()


@pytest.mark.parametrize(
    "right",
    [
        ENTER,
        "accounts.change_client",
        "projects.change_task",
        "invoicing.issue_invoice",
        "invoicing.cancel_invoice",
        "crm.add_opportunity",
        "knowledge.publish_article",
    ],
)
def test_a_manager_has_every_right_on_the_work(right, manager):
    assert right in manager.get_all_permissions()


@pytest.mark.django_db
def test_writing_the_roles_again_changes_nothing():
    before = {group.name: set(group.permissions.all()) for group in Group.objects.all()}

    sync_staff_roles()

    after = {group.name: set(group.permissions.all()) for group in Group.objects.all()}
    assert after == before


def test_a_new_role_takes_the_former_one_away(manager):
    put_in_role(manager, StaffRole.OWNER)
    put_in_role(manager, StaffRole.EDITOR)

    person = User.objects.get(pk=manager.pk)
    assert role_of(person) == "editor"
    assert not person.is_superuser
    assert [group.name for group in person.groups.all()] == ["editor"]


def test_without_a_role_one_is_not_of_the_team(manager):
    put_in_role(manager, "")

    person = User.objects.get(pk=manager.pk)
    assert (role_of(person), person.is_staff) == ("", False)
    assert ENTER not in person.get_all_permissions()


def test_refuses_a_role_that_does_not_exist(manager):
    with pytest.raises(ValueError, match="'chef' is not a valid StaffRole"):
        put_in_role(manager, "chef")

    assert role_of(User.objects.get(pk=manager.pk)) == "manager"
