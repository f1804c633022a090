"""Hold the time of a ticket to entries of its own client. Reversible; locks for an instant.

The pair of keys gets a name of its own: a module above may have made the same one for itself.
"""

from django.db import migrations

from core import rls_operations as operations


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0008_old_hours"),
        ("projects", "0003_time_entries_of_one_client"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE projects_timeentry"
            " ADD CONSTRAINT support_timeentry_id_client UNIQUE (id, client_id);",
            "ALTER TABLE projects_timeentry DROP CONSTRAINT support_timeentry_id_client;",
        ),
        operations.same_client("support_tickettime", "entry_id", "projects_timeentry"),
    ]
