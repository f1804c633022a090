"""Let the steps of an invoice say that its client was reminded. Takes no lock."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0007_secure_answers_and_pay_links")]

    operations = [
        migrations.AlterField(
            model_name="invoiceevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("issued", "Émise"),
                    ("sent", "Envoyée"),
                    ("seen", "Consultée"),
                    ("reminded", "Relance"),
                    ("payment", "Paiement reçu"),
                    ("refunded", "Remboursement"),
                    ("settled", "Soldée"),
                    ("credited", "Avoir émis"),
                    ("cancelled", "Annulée"),
                ],
                max_length=10,
                verbose_name="événement",
            ),
        ),
    ]
