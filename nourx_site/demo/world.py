"""Making the whole demo, once."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import rls
from core.accounts.models import Client, User
from core.accounts.services import measure_health
from nourx_site.demo.articles import make_knowledge
from nourx_site.demo.books import make_books
from nourx_site.demo.contracts import make_contracts
from nourx_site.demo.documents import make_documents
from nourx_site.demo.exchanges import make_exchanges
from nourx_site.demo.feedback import make_feedback
from nourx_site.demo.holds import make_holds
from nourx_site.demo.messages import make_messages
from nourx_site.demo.papers import make_papers
from nourx_site.demo.people import make_people
from nourx_site.demo.projects import make_projects
from nourx_site.demo.sales import make_sales
from nourx_site.demo.steering import make_steering
from nourx_site.demo.tasks import make_tasks
from nourx_site.demo.tickets import make_support
from nourx_site.demo.treasury import make_accounts, make_treasury
from nourx_site.demo.visits import make_visits
from nourx_site.demo.workload import make_workload


class DemoRefused(Exception):
    """Demo accounts have no place here."""


def make_demo(now: datetime) -> bool:
    """Make the demo world unless it stands already. Tell whether it was made.

    :raises DemoRefused: with production settings, or beside real clients.
    """
    if not settings.DEMO_ACCOUNTS_ALLOWED:
        raise DemoRefused("Les comptes de démonstration n’existent pas en production.")
    with rls.staff("demo: make the small world"), transaction.atomic():
        if User.objects.filter(email="direction@nourx.test").exists():
            return False
        if Client.objects.exists():
            raise DemoRefused("Cette base contient déjà des clients : la démo n’y touche pas.")
        today = timezone.localdate(now)
        world = make_people()
        make_projects(world, today)
        make_tasks(world, today, now)
        make_workload(world, today, now)
        make_feedback(world, now)
        make_support(world, now)
        make_documents(world, now)
        make_steering(world, today, now)
        make_knowledge(now)
        make_sales(world, today, now)
        make_exchanges(world, now)
        make_accounts(world)
        make_papers(world, today, now)
        make_contracts(world, today)
        make_treasury(world, today, now)
        make_holds(world, today, now)
        make_visits(world, now)
        make_messages(now)
        make_books(world, now)
        measure_health(on=today, at=now)
    return True
