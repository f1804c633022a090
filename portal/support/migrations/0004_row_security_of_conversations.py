"""Keep files, events and readings of tickets to their client; give each ticket its first events.

Reversible. Locks each table for an instant; reads every ticket once.
"""

from django.db import migrations

from core import rls
from core import rls_operations as operations

KIND_OF_STATUS = {"taken": "taken", "waiting": "waiting", "solved": "solved", "closed": "closed"}


def write_first_events(apps, schema_editor) -> None:
    tickets = apps.get_model("support", "Ticket")
    event = apps.get_model("support", "TicketEvent")
    with rls.staff("migration: give every ticket its first events"):
        for row in tickets.objects.order_by("pk").iterator():
            common = {"ticket": row, "client_id": row.client_id}
            rows = [
                event(
                    **common,
                    kind="opened",
                    status="open",
                    actor_id=row.opened_by_id,
                    created_at=row.created_at,
                )
            ]
            if row.status in KIND_OF_STATUS:
                at = (row.solved_at if row.status == "solved" else None) or row.updated_at
                kind = KIND_OF_STATUS[row.status]
                rows.append(event(**common, kind=kind, status=row.status, created_at=at))
            event.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("support", "0003_conversations")]

    operations = [
        operations.protect("support_ticketattachment"),
        operations.protect("support_ticketevent"),
        operations.protect("support_ticketreading"),
        operations.identify_with_client("support_ticketmessage"),
        operations.same_client("support_ticket", "follows_id", "support_ticket"),
        operations.same_client("support_ticketattachment", "ticket_id", "support_ticket"),
        operations.same_client("support_ticketattachment", "message_id", "support_ticketmessage"),
        operations.same_client("support_ticketattachment", "file_id", "files_storedfile"),
        operations.same_client("support_ticketevent", "ticket_id", "support_ticket"),
        operations.same_client("support_ticketreading", "ticket_id", "support_ticket"),
        migrations.RunPython(write_first_events, migrations.RunPython.noop, elidable=True),
    ]
