"""Roles of the team."""

import pytest

from core.accounts import services


def test_the_last_owner_keeps_the_role(owner_staff, team):
    with pytest.raises(services.NoOwnerLeft):
        services.give_staff_role(user=owner_staff, role="manager", actor=owner_staff)

    owner_staff.refresh_from_db()
    assert owner_staff.is_superuser


def test_an_owner_hands_the_role_over(owner_staff, make_user, team):
    other = make_user("autre@nourx.test", is_staff=True, is_superuser=True)

    services.give_staff_role(user=owner_staff, role="manager", actor=other)

    owner_staff.refresh_from_db()
    assert not owner_staff.is_superuser
