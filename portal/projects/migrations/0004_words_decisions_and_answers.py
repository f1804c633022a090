"""Room for words, decisions and answers on projects, and for the moves and files of tasks.

Reversible. Rewrites the table of tasks once, for its folded words; locks the others an instant.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0002_row_security"),
        ("projects", "0003_time_entries_of_one_client"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CommentFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "fichier joint à un commentaire",
                "verbose_name_plural": "fichiers joints aux commentaires",
            },
        ),
        migrations.CreateModel(
            name="DeliverableDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("approved", "Validé"), ("refused", "Refusé")],
                        max_length=10,
                        verbose_name="décision",
                    ),
                ),
                (
                    "comment",
                    models.TextField(blank=True, max_length=5000, verbose_name="commentaire"),
                ),
                ("decided_at", models.DateTimeField(verbose_name="décidé le")),
            ],
            options={
                "verbose_name": "décision sur un livrable",
                "verbose_name_plural": "décisions sur les livrables",
            },
        ),
        migrations.CreateModel(
            name="DeliverableFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="version")),
                ("link", models.URLField(blank=True, max_length=500, verbose_name="lien")),
            ],
            options={
                "verbose_name": "pièce d’un livrable",
                "verbose_name_plural": "pièces des livrables",
            },
        ),
        migrations.CreateModel(
            name="ProjectChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chosen_at", models.DateTimeField(verbose_name="choisi le")),
            ],
            options={
                "verbose_name": "projet choisi",
                "verbose_name_plural": "projets choisis",
            },
        ),
        migrations.CreateModel(
            name="SurveyAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(10)],
                        verbose_name="note",
                    ),
                ),
                (
                    "comment",
                    models.TextField(blank=True, max_length=5000, verbose_name="commentaire"),
                ),
                ("answered_at", models.DateTimeField(verbose_name="répondu le")),
                ("changed_at", models.DateTimeField(verbose_name="modifié le")),
            ],
            options={
                "verbose_name": "avis de fin de projet",
                "verbose_name_plural": "avis de fin de projet",
            },
        ),
        migrations.CreateModel(
            name="TaskAttachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "fichier de tâche",
                "verbose_name_plural": "fichiers de tâche",
            },
        ),
        migrations.CreateModel(
            name="TaskMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "from_status",
                    models.CharField(
                        choices=[
                            ("todo", "À faire"),
                            ("doing", "En cours"),
                            ("review", "À valider"),
                            ("done", "Terminé"),
                        ],
                        max_length=10,
                        verbose_name="de",
                    ),
                ),
                (
                    "to_status",
                    models.CharField(
                        choices=[
                            ("todo", "À faire"),
                            ("doing", "En cours"),
                            ("review", "À valider"),
                            ("done", "Terminé"),
                        ],
                        max_length=10,
                        verbose_name="à",
                    ),
                ),
                ("moved_at", models.DateTimeField(verbose_name="déplacée le")),
            ],
            options={
                "verbose_name": "déplacement de tâche",
                "verbose_name_plural": "déplacements de tâche",
            },
        ),
        migrations.AddField(
            model_name="deliverable",
            name="round",
            field=models.PositiveSmallIntegerField(
                default=1, editable=False, verbose_name="version"
            ),
        ),
        migrations.AddField(
            model_name="deliverable",
            name="submitted_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="remis le"
            ),
        ),
        migrations.AddField(
            model_name="deliverable",
            name="summary",
            field=models.TextField(blank=True, verbose_name="description"),
        ),
        migrations.AddField(
            model_name="milestone",
            name="told_status",
            field=models.CharField(blank=True, editable=False, max_length=10),
        ),
        migrations.AddField(
            model_name="project",
            name="delivered_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="livré le"
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="told_status",
            field=models.CharField(blank=True, editable=False, max_length=10),
        ),
        migrations.AddField(
            model_name="task",
            name="place",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="task",
            name="search_norm",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    django.db.models.functions.text.Replace(
                        django.db.models.functions.text.Lower(
                            django.db.models.functions.text.Concat(
                                models.F("title"),
                                models.Value(" "),
                                models.F("body"),
                                output_field=models.TextField(),
                            )
                        ),
                        models.Value("œ"),
                        models.Value("oe"),
                    ),
                    models.Value("àáâãäåçèéêëìíîïñòóôõöùúûüýÿ"),
                    models.Value("aaaaaaceeeeiiiinooooouuuuyy"),
                    function="translate",
                    output_field=models.TextField(),
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AlterField(
            model_name="deliverable",
            name="comment",
            field=models.TextField(blank=True, editable=False, verbose_name="commentaire"),
        ),
        migrations.AlterField(
            model_name="deliverable",
            name="decided_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="décidé le"
            ),
        ),
        migrations.AlterField(
            model_name="deliverable",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="décidé par",
            ),
        ),
        migrations.AlterField(
            model_name="deliverable",
            name="status",
            field=models.CharField(
                choices=[
                    ("planned", "Prévu"),
                    ("submitted", "À valider"),
                    ("approved", "Validé"),
                    ("refused", "Refusé"),
                ],
                default="planned",
                editable=False,
                max_length=10,
                verbose_name="statut",
            ),
        ),
        migrations.AlterField(
            model_name="milestonecomment",
            name="milestone",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="projects.milestone",
                verbose_name="jalon",
            ),
        ),
        migrations.AlterField(
            model_name="milestonecomment",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="projects.project",
            ),
        ),
        migrations.AddIndex(
            model_name="deliverable",
            index=models.Index(fields=["project", "status"], name="deliverable_of_project"),
        ),
        migrations.AddIndex(
            model_name="milestonecomment",
            index=models.Index(fields=["project", "-created_at"], name="word_of_project"),
        ),
        migrations.AddIndex(
            model_name="milestonecomment",
            index=models.Index(fields=["milestone", "created_at"], name="word_of_milestone"),
        ),
        migrations.AddField(
            model_name="commentfile",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="commentfile",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="files",
                to="projects.milestonecomment",
            ),
        ),
        migrations.AddField(
            model_name="commentfile",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="deliverabledecision",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="deliverabledecision",
            name="decided_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="décidé par",
            ),
        ),
        migrations.AddField(
            model_name="deliverabledecision",
            name="deliverable",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="projects.deliverable",
            ),
        ),
        migrations.AddField(
            model_name="deliverablefile",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="deliverablefile",
            name="deliverable",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="files",
                to="projects.deliverable",
            ),
        ),
        migrations.AddField(
            model_name="deliverablefile",
            name="file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="projectchoice",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="projectchoice",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.project"
            ),
        ),
        migrations.AddField(
            model_name="projectchoice",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="surveyanswer",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="surveyanswer",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="projects.project",
                verbose_name="projet",
            ),
        ),
        migrations.AddField(
            model_name="surveyanswer",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="personne",
            ),
        ),
        migrations.AddField(
            model_name="taskattachment",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="taskattachment",
            name="comment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attachments",
                to="projects.taskcomment",
            ),
        ),
        migrations.AddField(
            model_name="taskattachment",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="taskattachment",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attachments",
                to="projects.task",
            ),
        ),
        migrations.AddField(
            model_name="taskmove",
            name="actor",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="taskmove",
            name="client",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="taskmove",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="moves",
                to="projects.task",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverabledecision",
            constraint=models.UniqueConstraint(
                fields=("deliverable", "round"), name="one_decision_a_round"
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverabledecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verdict", "approved"),
                    models.Q(("comment", ""), _negated=True),
                    _connector="OR",
                ),
                name="refusal_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverablefile",
            constraint=models.CheckConstraint(
                condition=models.Q(("file", None), ("link", ""), _connector="XOR"),
                name="deliverable_file_or_link",
            ),
        ),
        migrations.AddConstraint(
            model_name="projectchoice",
            constraint=models.UniqueConstraint(
                fields=("user", "client"), name="one_choice_a_client"
            ),
        ),
        migrations.AddConstraint(
            model_name="surveyanswer",
            constraint=models.UniqueConstraint(fields=("project", "user"), name="one_answer_each"),
        ),
        migrations.AddConstraint(
            model_name="surveyanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__gte", 0), ("score__lte", 10)), name="score_of_ten"
            ),
        ),
    ]
