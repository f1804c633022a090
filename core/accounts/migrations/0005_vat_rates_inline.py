"""Have VAT rates edited with their company. The column stays as it is."""

import django.db.models.deletion
import modelcluster.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_limited_invitations")]

    operations = [
        migrations.AlterField(
            model_name="vatrate",
            name="company",
            field=modelcluster.fields.ParentalKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="vat_rates",
                to="accounts.company",
            ),
        ),
    ]
