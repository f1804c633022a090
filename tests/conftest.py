"""The small world most tests live in, and a database seen as the web role sees it."""

import pytest
from django.conf import settings
from django.db import connection

from core import rls


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Migrate as the owner, then become the web role: neither owner nor above row security."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            # Tests that need real commits empty the tables afterwards.
            cursor.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO nourx_app")
        connection.close()
        become_web_role(connection)
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(OWNER)


OWNER: dict = {}


def become_web_role(which):
    """Have a connection sign in as the web role from now on."""
    OWNER.update(USER=which.settings_dict["USER"], PASSWORD=which.settings_dict["PASSWORD"])
    app = settings.APP_DATABASE_USER
    which.settings_dict.update(USER=app["USER"], PASSWORD=app.get("PASSWORD", ""))


@pytest.fixture
def team():
    """Run the test with the team's view of the rows."""
    with rls.staff("test"):
        yield
