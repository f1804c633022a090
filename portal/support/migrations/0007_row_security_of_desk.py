"""Keep drafts, watchers, time and articles of tickets to the team; carry over hours and promises.

Reversible: the way back writes the first period of a week and whole hours. Reads every ticket once.
"""

from django.db import migrations
from django.db.models import F

from core import rls
from core import rls_operations as operations

DESK = ("ticketarticle", "ticketdraft", "tickettime", "ticketwatcher")


def carry_over(apps, schema_editor) -> None:
    for row in apps.get_model("support", "BusinessCalendar").objects.all():
        period = [_minutes(row.opens_at), _minutes(row.closes_at)]
        row.hours = {day: [period] for day in sorted(set(row.weekdays)) if day in "1234567"}
        row.save()
    for row in apps.get_model("support", "SlaPolicy").objects.all():
        row.answer_in, row.answer_unit = max(row.first_answer_hours, 1), "h"
        row.solution_in, row.solution_unit = max(row.solution_hours, 1), "h"
        row.save()
    with rls.staff("migration: clocks of tickets"):
        tickets = apps.get_model("support", "Ticket").objects
        tickets.update(answer_from=F("created_at"), solution_from=F("created_at"))
        tickets.filter(status="waiting").update(paused_at=F("updated_at"))
        _settle(tickets.filter(status__in=("open", "taken")))
        rows = list(tickets.all().only("pk", "number", "subject"))
        for row in rows:
            row.search_norm = _folded(f"{row.number} {row.subject}")
        tickets.bulk_update(rows, ["search_norm"], batch_size=500)


def _settle(rows) -> None:
    """Write the next end of each clock that runs; the watch finds the warnings from there."""
    for row in rows.exclude(answer_due_at=None, solution_due_at=None):
        ends = [row.solution_due_at, None if row.answered_at else row.answer_due_at]
        row.next_due_at = row.warn_at = row.check_at = min(filter(None, ends), default=None)
        row.save()


def _minutes(clock) -> int:
    return clock.hour * 60 + clock.minute


def _folded(text: str) -> str:
    from core.search import search_text

    return search_text(text)


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0006_desk_and_clocks"),
        ("projects", "0002_row_security"),
        ("files", "0002_row_security"),
    ]

    operations = [
        *(operations.protect_for_staff(f"support_{table}") for table in DESK),
        operations.protect_for_staff("support_slapolicy"),
        *(
            operations.same_client(f"support_{table}", "ticket_id", "support_ticket")
            for table in DESK
        ),
        operations.same_client("support_ticket", "merged_into_id", "support_ticket"),
        operations.same_client("support_ticket", "corrective_task_id", "projects_task"),
        operations.same_client("support_ticketmessage", "moved_from_id", "support_ticket"),
        migrations.RunPython(carry_over, migrations.RunPython.noop, elidable=True),
    ]
