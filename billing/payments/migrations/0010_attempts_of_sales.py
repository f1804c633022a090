"""Let an attempt pay an opportunity that was won, before there is an invoice of it.

Reversible while no attempt pays an opportunity. Locks the table for an instant.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0002_row_security"),
        ("invoicing", "0001_initial"),
        ("payments", "0009_cheque_day"),
    ]

    operations = [
        migrations.AlterField(
            model_name="paymentattempt",
            name="invoice",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="invoicing.invoice",
                verbose_name="facture",
            ),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="opportunity",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="crm.opportunity",
                verbose_name="opportunité",
            ),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="label",
            field=models.CharField(
                blank=True, editable=False, max_length=200, verbose_name="objet du paiement"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.CheckConstraint(
                condition=Q(invoice=None, opportunity__isnull=False)
                | Q(invoice__isnull=False, opportunity=None),
                name="attempt_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.UniqueConstraint(
                condition=Q(state__in=["created", "pending"]),
                fields=("opportunity",),
                name="attempt_one_live_of_sale",
            ),
        ),
        rls.same_client("payments_paymentattempt", "opportunity_id", "crm_opportunity"),
    ]
