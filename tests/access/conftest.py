"""Two whole clients, so that everything of one can be asked for by the other."""

import pytest

from core import rls
from tests.access.world import rows_of


@pytest.fixture
def teammate(make_user):
    """Somebody of the team who works for every client."""
    return make_user("equipe@nourx.test", is_staff=True, first_name="Équipe")


@pytest.fixture
def acme_rows(acme, acme_owner, teammate):
    """One row of everything for Acme, without the mark."""
    return rows_of(acme, person=acme_owner, teammate=teammate, number="0001", mark="À NOUS")


@pytest.fixture
def rival_rows(rival, rival_owner, teammate, settings):
    """One row of everything for Rival, marked."""
    with rls.staff("test world"):
        type(rival).objects.filter(pk=rival.pk).update(name="Rival KANARI-7F3")
        rival.refresh_from_db()
    rival_owner.last_name = "KANARI-7F3"
    rival_owner.save()
    return rows_of(rival, person=rival_owner, teammate=teammate, number="9001")
