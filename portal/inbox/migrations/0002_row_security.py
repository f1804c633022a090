"""Who sees the mail that came: the team."""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial")]

    operations = [rls.protect_for_staff("inbox_incomingmail")]
