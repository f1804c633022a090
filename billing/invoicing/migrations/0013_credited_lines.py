"""Let a line of a credit note name the line of the invoice it takes units of.

Reversible. Locks the table of credited lines for an instant.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0012_secure_quote_plans")]

    operations = [
        migrations.AddField(
            model_name="creditnoteline",
            name="source",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credited_by",
                to="invoicing.invoiceline",
            ),
        ),
    ]
