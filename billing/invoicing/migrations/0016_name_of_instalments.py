"""Count the parts of a quote as people do: « 3 échéances de facturation »."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0015_lines_and_undone_of_one_client")]

    operations = [
        migrations.AlterModelOptions(
            name="quoteinstalment",
            options={
                "verbose_name": "échéance de facturation",
                "verbose_name_plural": "échéances de facturation",
            },
        ),
    ]
