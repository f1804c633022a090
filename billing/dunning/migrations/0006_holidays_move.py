"""The days off are the whole house's now: `core.workdays` keeps them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0005_letters_and_tickets_of_one_client"),
        ("workdays", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Holiday")]),
    ]
