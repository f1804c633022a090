"""The database that the test workers copy: migrated once, while the checks run.

    .venv/bin/python -m nourx_site.local.template

Its name is that of `TEST_DATABASE_NAME`. A copy takes a second; migrating takes half a minute.
"""

import sys

import django
from django.db import connection

from nourx_site.local.console import run_command


def main() -> int:
    """Create the database and migrate it."""
    django.setup()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()  # nobody may be connected to a database that is copied
    return 0


if __name__ == "__main__":
    sys.exit(run_command(main))
