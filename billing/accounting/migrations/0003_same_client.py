"""A line names an invoice of its own client."""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("accounting", "0002_keep_the_books")]
    operations = [rls.same_client("accounting_entryline", "invoice_id", "invoicing_invoice")]
