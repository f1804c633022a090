"""Files, events, readings and satisfaction of tickets.

Reversible, but the satisfaction and the events written since are lost on the way back.
"""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("files", "0002_row_security"),
        ("projects", "0003_time_entries_of_one_client"),
        ("support", "0002_row_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TicketAttachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "fichier de ticket",
                "verbose_name_plural": "fichiers de ticket",
            },
        ),
        migrations.CreateModel(
            name="TicketEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "Reçu"),
                            ("taken", "Pris en charge"),
                            ("waiting", "Votre réponse est attendue"),
                            ("resumed", "De nouveau entre nos mains"),
                            ("solved", "Marqué comme résolu"),
                            ("reopened", "Rouvert"),
                            ("closed", "Fermé"),
                        ],
                        max_length=10,
                        verbose_name="fait",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Nouveau"),
                            ("taken", "Pris en charge"),
                            ("waiting", "Nous attendons votre réponse"),
                            ("solved", "Résolu"),
                            ("closed", "Fermé"),
                        ],
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="survenu le")),
            ],
            options={
                "verbose_name": "événement de ticket",
                "verbose_name_plural": "événements de ticket",
            },
        ),
        migrations.CreateModel(
            name="TicketReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("read_at", models.DateTimeField(verbose_name="lu le")),
            ],
            options={
                "verbose_name": "lecture de ticket",
                "verbose_name_plural": "lectures de ticket",
            },
        ),
        migrations.RunSQL(
            """ALTER TABLE support_ticketmessage
                DROP CONSTRAINT support_ticketmessage_file_id_client;""",
            """ALTER TABLE support_ticketmessage ADD CONSTRAINT
                support_ticketmessage_file_id_client FOREIGN KEY (file_id, client_id)
                REFERENCES files_storedfile (id, client_id) DEFERRABLE INITIALLY DEFERRED;""",
        ),
        migrations.RemoveField(
            model_name="ticketmessage",
            name="file",
        ),
        migrations.AddField(
            model_name="ticket",
            name="closed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="fermé le"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followers",
                to="support.ticket",
                verbose_name="suite de",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="kind",
            field=models.CharField(
                choices=[
                    ("question", "Question"),
                    ("incident", "Incident"),
                    ("request", "Demande"),
                ],
                default="question",
                max_length=10,
                verbose_name="type",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="rated_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="noté le"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="rated_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="noté par",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="rating",
            field=models.PositiveSmallIntegerField(
                editable=False,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(5),
                ],
                verbose_name="satisfaction",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="rating_comment",
            field=models.TextField(blank=True, editable=False, verbose_name="commentaire"),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="status",
            field=models.CharField(
                choices=[
                    ("open", "Nouveau"),
                    ("taken", "Pris en charge"),
                    ("waiting", "Nous attendons votre réponse"),
                    ("solved", "Résolu"),
                    ("closed", "Fermé"),
                ],
                default="open",
                max_length=10,
                verbose_name="état",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("rating", None), ("rating__range", (1, 5)), _connector="OR"),
                name="ticket_rating_range",
            ),
        ),
        migrations.AddField(
            model_name="ticketattachment",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="ticketattachment",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="ticketattachment",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="support.ticketmessage",
            ),
        ),
        migrations.AddField(
            model_name="ticketattachment",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="support.ticket",
            ),
        ),
        migrations.AddField(
            model_name="ticketevent",
            name="actor",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ticketevent",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="ticketevent",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="support.ticket",
            ),
        ),
        migrations.AddField(
            model_name="ticketreading",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="ticketreading",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="readings",
                to="support.ticket",
            ),
        ),
        migrations.AddField(
            model_name="ticketreading",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="ticketevent",
            index=models.Index(fields=["ticket", "created_at"], name="event_of_ticket"),
        ),
        migrations.AddConstraint(
            model_name="ticketreading",
            constraint=models.UniqueConstraint(
                fields=("user", "ticket"), name="ticket_reading_once"
            ),
        ),
    ]
