"""Alerts speak of clients: the team alone reads what was made of them."""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("access", "0001_scope_function"), ("backoffice", "0001_initial")]

    operations = [rls.protect_for_staff("backoffice_alertfollowup")]
