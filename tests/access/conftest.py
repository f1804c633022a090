"""Two whole clients, so that everything of one can be asked for by the other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import rls
from core.access.roles import Role
from core.accounts import services
from core.accounts.models import DataExport, Invitation
from tests.access.world import rows_of
from tests.conftest import AT

WEEK = timedelta(days=7)


@pytest.fixture
def teammate(make_user):
    """Somebody of the team who works for every client."""
    return make_user("equipe@nourx.test", is_staff=True, first_name="Équipe")


@pytest.fixture
def acme_rows(acme, acme_owner, teammate):
    """One row of everything for Acme, without the mark."""
    return rows_of(acme, person=acme_owner, teammate=teammate, number="0001", mark="À NOUS")


@pytest.fixture
def rival_rows(rival, rival_owner, teammate):
    """One row of everything for Rival, marked."""
    with rls.staff("test world"):
        type(rival).objects.filter(pk=rival.pk).update(name="Rival KANARI-7F3")
        rival.refresh_from_db()
    rival_owner.last_name = "KANARI-7F3"
    rival_owner.save()
    return rows_of(rival, person=rival_owner, teammate=teammate, number="9001")


@pytest.fixture
def rival_all(rival, rival_owner, rival_rows):
    """Everything of Rival that an address may name, members and invitations included."""
    with rls.staff("test world"):
        services.invite_member(
            client=rival, email="k@kanari.test", role=Role.GUEST, actor=None, at=timezone.now()
        )
    return {
        **rival_rows,
        "accounts.DataExport": DataExport.objects.create(
            user=rival_owner,
            asked_at=AT,
            made_at=AT,
            expires_at=timezone.now() + WEEK,
            key="exports/x",
        ),
        "accounts.Membership": rival_owner.memberships.get(),
        "accounts.Invitation": Invitation.objects.get(client=rival),
    }


@pytest.fixture
def sign_in_viewers(acme, acme_rows, acme_owner, rival, make_member, make_project, client_of):
    """Return a function that gives a browser for each kind of person who is no member of Rival."""
    limited = make_member(acme, Role.PROJECT, projects=[acme_rows["projects.Project"]])
    revoked = make_member(rival, Role.OWNER)
    browsers = {"revoked": client_of(revoked)}
    with rls.staff("test world"):
        services.remove_member(membership=revoked.memberships.get(), actor=None)
    people = {role: make_member(acme, role) for role in (Role.BILLING, Role.PROJECT, Role.GUEST)}
    people |= {"owner": acme_owner, "limited": limited}

    def sign_in():
        return {
            "nobody": client_of(),
            **browsers,
            **{str(name): client_of(person) for name, person in people.items()},
        }

    return sign_in


@pytest.fixture
def viewers(sign_in_viewers):
    """A browser for each kind of person who is no member of Rival, by name."""
    return sign_in_viewers()
