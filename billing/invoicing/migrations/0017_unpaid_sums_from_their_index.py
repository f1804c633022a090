from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_sign_ins"),
        ("files", "0004_upload_security"),
        ("invoicing", "0016_name_of_instalments"),
        ("projects", "0012_words_parted_by_signs"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="invoice",
            name="invoice_unpaid_due",
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("settled_at", None), ("status", "issued")),
                fields=["due_date", "id"],
                include=(
                    "client",
                    "currency",
                    "total",
                    "total_added",
                    "amount_credited",
                    "amount_adjusted",
                    "amount_paid",
                ),
                name="invoice_unpaid_due",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", False), ("status", "issued")),
                fields=["settled_at"],
                include=("client", "due_date"),
                name="invoice_settled",
            ),
        ),
    ]
