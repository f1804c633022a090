"""Find quotes, invoices and credit notes by number, subject and client.

Reversible. Rewrites the three tables once, to fill the generated column.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models

PAPERS = {"creditnote": "credit_search", "invoice": "invoice_search", "quote": "quote_search"}


def search_vector() -> models.GeneratedField:
    return models.GeneratedField(
        db_persist=True,
        expression=SearchVector("search_norm", config="simple"),
        output_field=SearchVectorField(),
    )


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0003_row_security")]

    operations = [
        *[
            migrations.AddField(
                model_name=name,
                name="search_norm",
                field=models.TextField(default="", editable=False),
            )
            for name in ("creditnote", "quote")
        ],
        *[
            migrations.AddField(model_name=name, name="search_vector", field=search_vector())
            for name in PAPERS
        ],
        *[
            migrations.AddIndex(
                model_name=name, index=GinIndex(fields=["search_vector"], name=index)
            )
            for name, index in PAPERS.items()
        ],
        migrations.AlterField(
            model_name="invoiceevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("issued", "Émise"),
                    ("sent", "Envoyée"),
                    ("seen", "Consultée"),
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
