"""Filters, exports and what may be undone speak of clients: the team alone reads them."""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("access", "0001_scope_function"), ("desk", "0001_initial")]

    operations = [
        rls.protect_for_staff("desk_savedfilter"),
        rls.protect_for_staff("desk_listexport"),
        rls.protect_for_staff("desk_undorecord"),
    ]
