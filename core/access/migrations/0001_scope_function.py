"""Create the function that every row-level policy calls. Reversible; locks nothing."""

from django.db import migrations

from core import rls_operations


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [rls_operations.create_scope_function()]
