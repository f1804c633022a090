"""Who sees notices of the team: the team."""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("notify", "0008_team_notices")]

    operations = [rls.protect_for_staff("notify_teamnotice")]
