"""Say what an allocation is: money, a rounding written off, or money taken back.

Reversible. Locks two tables for an instant.
"""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_company_logo"),
        ("invoicing", "0004_search_papers"),
        ("payments", "0002_row_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="allocation",
            name="allocation_once",
        ),
        migrations.RemoveConstraint(
            model_name="allocation",
            name="allocation_not_zero",
        ),
        migrations.AddField(
            model_name="allocation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("payment", "Paiement"),
                    ("rounding", "Arrondi"),
                    ("return", "Remboursement"),
                ],
                default="payment",
                max_length=10,
                verbose_name="nature",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="idempotency_key",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "return"), _negated=True),
                fields=("payment", "invoice", "kind"),
                name="allocation_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__lt", 0), ("kind", "return")),
                    models.Q(models.Q(("kind", "return"), _negated=True), ("amount__gt", 0)),
                    _connector="OR",
                ),
                name="allocation_sign",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "rounding"), _negated=True),
                    ("amount__lte", 4),
                    _connector="OR",
                ),
                name="allocation_rounding_small",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("idempotency_key", ""), _negated=True),
                fields=("idempotency_key",),
                name="payment_recorded_once",
            ),
        ),
    ]
