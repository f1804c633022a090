#!/usr/bin/env python
"""Django's command line. A database that does not answer is one line, not a traceback."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError


def main() -> None:
    """Run the command given on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nourx_site.settings.dev")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None):
            raise  # the database did answer, and this is what it said
        sys.exit(
            "La base de données ne répond pas. "
            "Lancez d’abord « make run », ou vérifiez DATABASE_URL et APP_DATABASE_URL."
        )


if __name__ == "__main__":
    main()
