"""The team's desk: clocks that stop, merging, ready replies, drafts, time, articles.

Reversible. Adds columns with defaults, and indexes: locks the table of tickets meanwhile.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.support.models.delays


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_taxes_and_sectors"),
        ("knowledge", "0001_initial"),
        ("projects", "0010_tasks_planned"),
        ("support", "0005_visitors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CannedReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("title", models.CharField(max_length=100, verbose_name="titre")),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "Français"), ("en", "Anglais")],
                        default="fr",
                        max_length=2,
                        verbose_name="langue",
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        help_text="Se remplissent seuls : {client}, {contact}, {numero}, {sujet}, {agent}.",  # noqa: E501
                        max_length=10000,
                        verbose_name="texte",
                    ),
                ),
                (
                    "used",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="insérée"),
                ),
                ("search_norm", models.TextField(default="", editable=False)),
            ],
            options={
                "verbose_name": "réponse type",
                "verbose_name_plural": "réponses types",
            },
        ),
        migrations.CreateModel(
            name="TicketArticle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "article joint à un ticket",
                "verbose_name_plural": "articles joints aux tickets",
            },
        ),
        migrations.CreateModel(
            name="TicketDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", models.TextField(blank=True, max_length=10000)),
                ("is_internal", models.BooleanField(default=False)),
                ("touched_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "brouillon de réponse",
                "verbose_name_plural": "brouillons de réponse",
            },
        ),
        migrations.CreateModel(
            name="TicketTime",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "minutes",
                    models.PositiveIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="minutes",
                    ),
                ),
                ("spent_on", models.DateField(verbose_name="jour")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
            ],
            options={
                "verbose_name": "temps sur un ticket",
                "verbose_name_plural": "temps sur les tickets",
            },
        ),
        migrations.CreateModel(
            name="TicketWatcher",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "abonné à un ticket",
                "verbose_name_plural": "abonnés à un ticket",
            },
        ),
        migrations.AddField(
            model_name="businesscalendar",
            name="hours",
            field=models.JSONField(
                default=portal.support.models.delays.office_week, verbose_name="heures d’ouverture"
            ),
        ),
        migrations.AddField(
            model_name="businesscalendar",
            name="keeps_holidays",
            field=models.BooleanField(
                default=True,
                help_text="Ceux de Côte d’Ivoire, et les corrections de Réglages › Jours fériés.",
                verbose_name="fermé les jours fériés",
            ),
        ),
        migrations.AddField(
            model_name="businesscalendar",
            name="time_zone",
            field=models.CharField(
                choices=[
                    ("Africa/Abidjan", "Africa/Abidjan"),
                    ("Africa/Dakar", "Africa/Dakar"),
                    ("Africa/Lagos", "Africa/Lagos"),
                    ("Africa/Douala", "Africa/Douala"),
                    ("Africa/Casablanca", "Africa/Casablanca"),
                    ("Africa/Tunis", "Africa/Tunis"),
                    ("Africa/Nairobi", "Africa/Nairobi"),
                    ("Europe/Paris", "Europe/Paris"),
                    ("America/Montreal", "America/Montreal"),
                    ("UTC", "UTC"),
                ],
                default="Africa/Abidjan",
                max_length=40,
                verbose_name="fuseau horaire",
            ),
        ),
        migrations.AddField(
            model_name="businesscalendar",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="answer_in",
            field=models.PositiveSmallIntegerField(
                default=4,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(500),
                ],
                verbose_name="première réponse en",
            ),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="answer_unit",
            field=models.CharField(
                choices=[("h", "heures ouvrées"), ("d", "jours ouvrés")],
                default="h",
                max_length=1,
                verbose_name="unité de la réponse",
            ),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="escalates",
            field=models.BooleanField(
                default=True,
                help_text="La priorité monte d’un cran et la direction est prévenue.",
                verbose_name="escalade au dépassement",
            ),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="for_client",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
                verbose_name="client",
            ),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="for_project",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="projects.project",
                verbose_name="projet ou contrat",
            ),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="is_active",
            field=models.BooleanField(default=True, verbose_name="en vigueur"),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("question", "Question"),
                    ("incident", "Incident"),
                    ("request", "Demande"),
                    ("upkeep", "Maintenance"),
                ],
                max_length=10,
                verbose_name="type de demande",
            ),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="priority",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[(1, "Basse"), (2, "Normale"), (3, "Haute")],
                null=True,
                verbose_name="priorité",
            ),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="solution_in",
            field=models.PositiveSmallIntegerField(
                default=2,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(500),
                ],
                verbose_name="résolution en",
            ),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="solution_unit",
            field=models.CharField(
                choices=[("h", "heures ouvrées"), ("d", "jours ouvrés")],
                default="d",
                max_length=1,
                verbose_name="unité de la résolution",
            ),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
        ),
        migrations.AddField(
            model_name="slapolicy",
            name="warns_at",
            field=models.PositiveSmallIntegerField(
                default=80,
                validators=[
                    django.core.validators.MinValueValidator(50),
                    django.core.validators.MaxValueValidator(99),
                ],
                verbose_name="alerte à (% du délai)",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="answer_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="check_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="contact_email",
            field=models.EmailField(
                blank=True, editable=False, max_length=254, verbose_name="adresse de retour"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="contact_name",
            field=models.CharField(
                blank=True, editable=False, max_length=100, verbose_name="écrit par"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="corrective_task",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="projects.task",
                verbose_name="action corrective",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="escalated_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="escaladé le"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="level",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="niveau d’escalade"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="merged_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="réuni le"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="support.ticket",
                verbose_name="réuni à",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="next_due_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="prochaine échéance"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="paused_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="délais suspendus le"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="resolution",
            field=models.CharField(
                blank=True,
                choices=[
                    ("fixed", "Corrigé"),
                    ("answered", "Réponse donnée"),
                    ("done", "Demande faite"),
                    ("workaround", "Solution de contournement"),
                    ("duplicate", "Doublon"),
                    ("not_ours", "Hors de notre service"),
                    ("no_answer", "Sans réponse du client"),
                ],
                editable=False,
                max_length=10,
                verbose_name="issue",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="search_norm",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="ticketmessage",
            name="moved_from",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="support.ticket",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="solution_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="source",
            field=models.CharField(
                choices=[
                    ("portal", "Espace client"),
                    ("email", "E-mail"),
                    ("link", "Lien"),
                    ("team", "Équipe"),
                ],
                default="portal",
                editable=False,
                max_length=10,
                verbose_name="arrivé par",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="told",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="ticket",
            name="warn_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ticketevent",
            name="detail",
            field=models.CharField(blank=True, max_length=300, verbose_name="précision"),
        ),
        migrations.AddField(
            model_name="ticketevent",
            name="is_internal",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="ticketmessage",
            name="source",
            field=models.CharField(
                choices=[
                    ("portal", "Espace client"),
                    ("email", "E-mail"),
                    ("link", "Lien"),
                    ("team", "Équipe"),
                ],
                default="portal",
                max_length=10,
                verbose_name="arrivé par",
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="kind",
            field=models.CharField(
                choices=[
                    ("question", "Question"),
                    ("incident", "Incident"),
                    ("request", "Demande"),
                    ("upkeep", "Maintenance"),
                ],
                default="question",
                max_length=10,
                verbose_name="type",
            ),
        ),
        migrations.AlterField(
            model_name="ticketevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "Reçu"),
                    ("taken", "Pris en charge"),
                    ("waiting", "Votre réponse est attendue"),
                    ("resumed", "De nouveau entre nos mains"),
                    ("solved", "Marqué comme résolu"),
                    ("reopened", "Rouvert"),
                    ("closed", "Fermé"),
                    ("merged", "Réuni à une autre demande"),
                    ("unmerged", "De nouveau à part"),
                    ("split", "Message mis dans une autre demande"),
                    ("assigned", "Confié"),
                    ("priority", "Priorité changée"),
                    ("escalated", "Escaladé"),
                    ("late", "Délai dépassé"),
                ],
                max_length=10,
                verbose_name="fait",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    "search_norm", config="simple"
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["created_at", "id"], name="ticket_by_age"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["solved_at"], name="ticket_by_end"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("rating", None), _negated=True),
                fields=["rated_at"],
                name="ticket_rated",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["next_due_at", "-priority", "id"], name="ticket_urgent"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ("open", "taken", "waiting"))),
                fields=["next_due_at", "-priority", "id"],
                name="ticket_open",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ("open", "taken", "waiting"))),
                fields=["assignee", "next_due_at", "-priority", "id"],
                name="ticket_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("check_at__isnull", False)),
                fields=["check_at"],
                name="ticket_watch",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_vector"], name="ticket_search"
            ),
        ),
        migrations.AddField(
            model_name="cannedreply",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="réservée à",
            ),
        ),
        migrations.AddField(
            model_name="ticketarticle",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="knowledge.article",
            ),
        ),
        migrations.AddField(
            model_name="ticketarticle",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="ticketarticle",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="articles",
                to="support.ticket",
            ),
        ),
        migrations.AddField(
            model_name="ticketdraft",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="ticketdraft",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="drafts",
                to="support.ticket",
            ),
        ),
        migrations.AddField(
            model_name="ticketdraft",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="tickettime",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="tickettime",
            name="entry",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="projects.timeentry",
            ),
        ),
        migrations.AddField(
            model_name="tickettime",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="times",
                to="support.ticket",
            ),
        ),
        migrations.AddField(
            model_name="tickettime",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ticketwatcher",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="ticketwatcher",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="watchers",
                to="support.ticket",
            ),
        ),
        migrations.AddField(
            model_name="ticketwatcher",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketarticle",
            constraint=models.UniqueConstraint(
                fields=("ticket", "article"), name="ticket_article_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketdraft",
            constraint=models.UniqueConstraint(fields=("ticket", "user"), name="draft_once"),
        ),
        migrations.AddConstraint(
            model_name="ticketwatcher",
            constraint=models.UniqueConstraint(fields=("ticket", "user"), name="watcher_once"),
        ),
    ]
