"""Keep holds to their client, write the due date on old reminders, and begin with one ladder.

Reversible but for the ladder, which stays. Updates each reminder once.
"""

from django.db import migrations
from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from billing.dunning.first_ladder import FIRST_STEPS
from core import rls, rls_operations


def write_due_dates(apps, schema_editor):
    """Give each old reminder the due date and the key it was told with."""
    notices = apps.get_model("dunning", "DunningNotice").objects
    invoices = apps.get_model("invoicing", "Invoice").objects.filter(pk=OuterRef("invoice_id"))
    days = {step["key"]: step["days"] for step in FIRST_STEPS}
    labels = {step["key"]: step["label"] for step in FIRST_STEPS}
    pk = Cast("invoice_id", CharField())
    with rls.staff("migration: every reminder"):
        notices.update(
            due_date=Subquery(invoices.values("due_date")[:1]),
            key=Concat(Value("dunning:"), pk, Value(":"), F("step")),
        )
        for key, label in labels.items():
            notices.filter(step=key).update(label=label, days=days[key])
        notices.filter(is_sent=True).update(channels=["email"])


def make_first_ladder(apps, schema_editor):
    """Make the ladder of everybody, unless there is one."""
    ladders = apps.get_model("dunning", "DunningLadder").objects
    if ladders.exists():
        return
    ladder = ladders.create(name="Relances", is_default=True)
    steps = apps.get_model("dunning", "DunningStep").objects
    steps.bulk_create(
        apps.get_model("dunning", "DunningStep")(ladder=ladder, **step) for step in FIRST_STEPS
    )


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("invoicing", "0003_row_security"),
        ("dunning", "0003_ladders_and_holds"),
    ]

    operations = [
        migrations.RunSQL(
            """DROP TRIGGER dunning_dunningnotice_append_only ON dunning_dunningnotice;
            DROP FUNCTION dunning_dunningnotice_append_only();""",
            rls_operations.append_only("dunning_dunningnotice").sql,
        ),
        migrations.RunPython(write_due_dates, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        rls_operations.append_only("dunning_dunningnotice", changing=("letter_id",)),
        *(
            operation
            for table in ("dispute", "paymentpromise")
            for operation in (
                rls_operations.protect(f"dunning_{table}"),
                rls_operations.same_client(f"dunning_{table}", "invoice_id", "invoicing_invoice"),
            )
        ),
        rls_operations.protect_for_staff("dunning_pause"),
        rls_operations.same_client("dunning_pause", "invoice_id", "invoicing_invoice"),
        migrations.RunPython(make_first_ladder, migrations.RunPython.noop),
    ]
