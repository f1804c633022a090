"""Who acts for a client: grants follow the role, and end with it."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied

from core import rls
from core.access.grants import grants_of
from core.access.roles import GRANTS_OF_ROLE, Role
from core.accounts import services
from core.accounts.models import ClientGroupGrant, Membership, User
from portal.projects.models import Project


def fresh(user):
    """Return the account as the next request reads it."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", Role)
def test_a_role_gives_exactly_its_grants_at_its_client(acme, rival, make_member, role):
    person = make_member(acme, role)

    grants = grants_of(fresh(person))

    assert {name for name, ids in grants.clients.items() if ids} == GRANTS_OF_ROLE[role]
    assert grants.all_clients == {acme.pk}


def test_two_people_of_a_role_share_one_group(acme, make_member):
    make_member(acme, Role.BILLING)
    make_member(acme, Role.BILLING)

    assert Group.objects.filter(name__startswith=f"client:{acme.pk}:").count() == 1
    assert ClientGroupGrant.objects.count() == len(GRANTS_OF_ROLE[Role.BILLING])


def test_changing_a_role_ends_the_former_grants(acme, make_member, acme_owner, team):
    person = make_member(acme, Role.BILLING)

    services.change_role(membership=person.memberships.get(), role=Role.GUEST, actor=acme_owner)

    assert set(grants_of(fresh(person)).clients) == GRANTS_OF_ROLE[Role.GUEST]
    assert person.memberships.get().role == Role.GUEST


def test_adding_a_member_again_changes_the_role(acme, make_member, acme_owner, team):
    person = make_member(acme, Role.GUEST)

    services.add_member(user=person, client=acme, role=Role.BILLING, actor=acme_owner)

    assert Membership.objects.get(user=person).role == Role.BILLING
    assert set(grants_of(fresh(person)).clients) == GRANTS_OF_ROLE[Role.BILLING]


def test_a_limited_member_sees_only_the_projects_opened(acme, project, make_project, make_member):
    other = make_project(acme, "Application mobile")
    person = make_member(acme, Role.PROJECT, projects=[project])

    with rls.clients(acme.pk):
        visible = set(Project.objects.visible_to(person))

    assert visible == {project}
    assert other not in visible


def test_a_project_of_another_client_is_not_opened(acme, rival, make_project, make_user, team):
    foreign = make_project(rival)

    with pytest.raises(services.UnknownProject):
        services.add_member(
            user=make_user(),
            client=acme,
            role=Role.PROJECT,
            actor=None,
            is_limited=True,
            project_ids=[foreign.pk],
        )

    assert not Membership.objects.exists()


def test_an_owner_is_not_limited_to_projects(acme, make_user, team):
    with pytest.raises(services.CannotLimit):
        services.add_member(
            user=make_user(), client=acme, role=Role.OWNER, actor=None, is_limited=True
        )

    assert not Membership.objects.exists()


def test_removing_a_member_ends_grants_and_projects(acme, project, make_member, acme_owner, team):
    person = make_member(acme, Role.PROJECT, projects=[project])

    services.remove_member(membership=person.memberships.get(), actor=acme_owner)

    assert grants_of(fresh(person)).all_clients == frozenset()
    assert grants_of(fresh(person)).projects == frozenset()
    assert not person.memberships.exists()


@pytest.mark.parametrize("role", [Role.BILLING, Role.PROJECT, Role.GUEST])
def test_only_an_owner_manages_members(acme, make_member, acme_owner, role, team):
    person = make_member(acme, role)

    with pytest.raises(PermissionDenied):
        services.remove_member(membership=acme_owner.memberships.get(), actor=person)

    assert acme_owner.memberships.count() == 1


def test_an_owner_of_another_client_manages_nobody_here(acme_owner, rival_owner, team):
    with pytest.raises(PermissionDenied):
        services.change_role(
            membership=acme_owner.memberships.get(), role=Role.GUEST, actor=rival_owner
        )

    assert acme_owner.memberships.get().role == Role.OWNER


def test_the_last_owner_does_not_leave(acme_owner, team):
    with pytest.raises(services.LastOwner):
        services.remove_member(membership=acme_owner.memberships.get(), actor=acme_owner)

    assert acme_owner.memberships.count() == 1


def test_an_owner_leaves_when_another_stays(acme, acme_owner, make_member, team):
    make_member(acme, Role.OWNER)

    services.remove_member(membership=acme_owner.memberships.get(), actor=acme_owner)

    assert not acme_owner.memberships.exists()


def test_the_team_may_remove_the_last_owner(acme_owner, manager, team):
    services.remove_member(membership=acme_owner.memberships.get(), actor=manager)

    assert not acme_owner.memberships.exists()
