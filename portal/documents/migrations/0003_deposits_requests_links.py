"""Give documents what deposits, requests and links need. Fast: no table is rewritten."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.documents.folders


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_user_language"),
        ("documents", "0002_row_security"),
        ("projects", "0003_time_entries_of_one_client"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("read_at", models.DateTimeField(verbose_name="ouvert le")),
            ],
            options={
                "verbose_name": "lecture de document",
                "verbose_name_plural": "lectures de document",
            },
        ),
        migrations.CreateModel(
            name="ShareLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "is_single",
                    models.BooleanField(default=False, verbose_name="une seule ouverture"),
                ),
                ("created_at", models.DateTimeField(verbose_name="créé le")),
                ("ends_at", models.DateTimeField(verbose_name="valable jusqu’au")),
                ("opens", models.PositiveIntegerField(default=0, verbose_name="ouvertures")),
                (
                    "last_opened_at",
                    models.DateTimeField(null=True, verbose_name="dernière ouverture"),
                ),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="coupé le")),
            ],
            options={
                "verbose_name": "lien de partage",
                "verbose_name_plural": "liens de partage",
            },
        ),
        migrations.AddField(
            model_name="documentrequest",
            name="asked_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="demandé le"),
        ),
        migrations.AddField(
            model_name="documentrequest",
            name="asked_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="demandé par",
            ),
        ),
        migrations.AddField(
            model_name="documentrequest",
            name="refusal",
            field=models.TextField(
                blank=True, editable=False, max_length=2000, verbose_name="motif du refus"
            ),
        ),
        migrations.AddField(
            model_name="projectdocument",
            name="is_from_client",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="déposé par le client"
            ),
        ),
        migrations.AddField(
            model_name="projectdocument",
            name="search_norm",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AlterField(
            model_name="documentrequest",
            name="detail",
            field=models.TextField(blank=True, max_length=5000, verbose_name="précisions"),
        ),
        migrations.AlterField(
            model_name="documentrequest",
            name="document",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="documents.projectdocument",
                verbose_name="document reçu",
            ),
        ),
        migrations.AlterField(
            model_name="projectdocument",
            name="folder",
            field=models.CharField(
                blank=True,
                help_text="Deux niveaux au plus, comme « Livrables/Maquettes ».",
                max_length=100,
                validators=[portal.documents.folders.validate_folder],
                verbose_name="dossier",
            ),
        ),
        migrations.AddIndex(
            model_name="documentrequest",
            index=models.Index(
                condition=models.Q(("fulfilled_at", None)),
                fields=["client", "due_date"],
                name="document_awaited",
            ),
        ),
        migrations.AddField(
            model_name="documentreading",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="documentreading",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="readings",
                to="documents.projectdocument",
            ),
        ),
        migrations.AddField(
            model_name="documentreading",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sharelink",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="sharelink",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="créé par",
            ),
        ),
        migrations.AddField(
            model_name="sharelink",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="links",
                to="documents.documentversion",
                verbose_name="version",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentreading",
            constraint=models.UniqueConstraint(fields=("document", "user"), name="reading_once"),
        ),
    ]
