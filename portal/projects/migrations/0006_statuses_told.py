"""Say that clients know the statuses of today: only later changes are told.

Nothing to undo. Updates each project and milestone once.
"""

from django.db import migrations
from django.db.models import F

from core import rls


def know_the_statuses(apps, schema_editor):
    with rls.staff("migration: every project"):
        for name in ("Project", "Milestone"):
            rows = apps.get_model("projects", name).objects.filter(told_status="")
            rows.update(told_status=F("status"))


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_row_security_of_words")]

    operations = [migrations.RunPython(know_the_statuses, migrations.RunPython.noop)]
