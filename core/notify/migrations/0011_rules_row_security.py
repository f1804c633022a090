"""Who sees what rules sent, and the addresses that take no mail: the team."""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("notify", "0010_rules_templates_and_bounces")]

    operations = [
        rls.protect_for_staff("notify_rulesend"),
        rls.protect_for_staff("notify_undeliverableaddress"),
    ]
