"""Keep the files that come with exchanges; no client's session reads them.

Reversible. Locks the table of exchanges for an instant.
"""

import django.db.models.deletion
from django.db import migrations, models

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_company_logo"),
        ("files", "0002_row_security"),
        ("crm", "0004_row_security_of_sales"),
    ]

    operations = [
        migrations.CreateModel(
            name="InteractionFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="fichier",
                    ),
                ),
                (
                    "interaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="crm.interaction",
                        verbose_name="échange",
                    ),
                ),
            ],
            options={
                "verbose_name": "pièce jointe d’un échange",
                "verbose_name_plural": "pièces jointes des échanges",
            },
        ),
        rls.protect_for_staff("crm_interactionfile"),
        rls.identify_with_client("crm_interaction"),
        rls.same_client("crm_interactionfile", "interaction_id", "crm_interaction"),
        rls.same_client("crm_interactionfile", "file_id", "files_storedfile"),
    ]
