"""Two tasks of Acme’s project, which tests of the team’s work begin with."""

import pytest

from core import rls
from portal.projects.models import Task
from tests.portal.team_work.parts import MONDAY


@pytest.fixture
def task(project):
    with rls.staff("test world"):
        return Task.objects.create(project=project, title="Panier", due_date=MONDAY, estimate=600)


@pytest.fixture
def other(project):
    with rls.staff("test world"):
        return Task.objects.create(project=project, title="Paiement")
