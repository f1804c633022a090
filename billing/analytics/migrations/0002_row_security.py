"""Months of visit are read by the team alone."""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("analytics", "0001_initial"), ("accounts", "0001_initial")]

    operations = [rls.protect_for_staff("analytics_clientvisit")]
