"""Find contacts by words; keep the health of clients to the team.

Reversible. Rewrites the table of contacts, and locks it meanwhile: seconds for 100 000 rows.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from core import rls, rls_operations
from core.search import search_text


def fill(apps, schema_editor):
    with rls.staff("migration: every contact"):
        _fill(apps)


def _fill(apps):
    contact = apps.get_model("accounts", "Contact")
    rows = contact.objects.only("pk", "name", "job_title", "email", "phone")
    changed = []
    for row in rows.iterator(chunk_size=1000):
        row.search_norm = search_text(row.name, row.job_title, row.email, row.phone)
        changed.append(row)
        if len(changed) == 1000:
            contact.objects.bulk_update(changed, ["search_norm"])
            changed = []
    contact.objects.bulk_update(changed, ["search_norm"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_client_health_and_categories")]

    operations = [
        rls_operations.protect_for_staff("accounts_clienthealth"),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddField(
            model_name="contact",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    "search_norm", config="simple"
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_vector"], name="contact_search"
            ),
        ),
    ]
