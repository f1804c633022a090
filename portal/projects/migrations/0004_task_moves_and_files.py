"""Add the moves and files of tasks, their place in a column, and their folded words.

Reversible. Rewrites the table of tasks once, for the folded words.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATUSES = [
    ("todo", "À faire"),
    ("doing", "En cours"),
    ("review", "À valider"),
    ("done", "Terminé"),
]
FOLDED = models.Func(
    django.db.models.functions.text.Replace(
        django.db.models.functions.text.Lower(
            django.db.models.functions.text.Concat(
                models.F("title"), models.Value(" "), models.F("body")
            )
        ),
        models.Value("œ"),
        models.Value("oe"),
    ),
    models.Value("àáâãäåçèéêëìíîïñòóôõöùúûüýÿ"),
    models.Value("aaaaaaceeeeiiiinooooouuuuyy"),
    function="translate",
    output_field=models.TextField(),
)


def _id():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def _parent(to, delete, **options):
    return models.ForeignKey(on_delete=delete, to=to, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("files", "0001_initial"),
        ("projects", "0003_time_entries_of_one_client"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="place",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="task",
            name="search_norm",
            field=models.GeneratedField(
                db_persist=True, expression=FOLDED, output_field=models.TextField()
            ),
        ),
        migrations.CreateModel(
            name="TaskMove",
            fields=[
                ("id", _id()),
                (
                    "from_status",
                    models.CharField(choices=STATUSES, max_length=10, verbose_name="de"),
                ),
                ("to_status", models.CharField(choices=STATUSES, max_length=10, verbose_name="à")),
                ("moved_at", models.DateTimeField(verbose_name="déplacée le")),
                (
                    "actor",
                    _parent(
                        settings.AUTH_USER_MODEL,
                        django.db.models.deletion.SET_NULL,
                        null=True,
                        related_name="+",
                    ),
                ),
                (
                    "client",
                    _parent(
                        "accounts.client",
                        django.db.models.deletion.PROTECT,
                        editable=False,
                        related_name="+",
                    ),
                ),
                (
                    "task",
                    _parent(
                        "projects.task", django.db.models.deletion.CASCADE, related_name="moves"
                    ),
                ),
            ],
            options={
                "verbose_name": "déplacement de tâche",
                "verbose_name_plural": "déplacements de tâche",
            },
        ),
        migrations.CreateModel(
            name="TaskAttachment",
            fields=[
                ("id", _id()),
                (
                    "client",
                    _parent(
                        "accounts.client",
                        django.db.models.deletion.PROTECT,
                        editable=False,
                        related_name="+",
                    ),
                ),
                (
                    "comment",
                    _parent(
                        "projects.taskcomment",
                        django.db.models.deletion.CASCADE,
                        blank=True,
                        null=True,
                        related_name="attachments",
                    ),
                ),
                (
                    "file",
                    _parent(
                        "files.storedfile", django.db.models.deletion.PROTECT, related_name="+"
                    ),
                ),
                (
                    "task",
                    _parent(
                        "projects.task",
                        django.db.models.deletion.CASCADE,
                        related_name="attachments",
                    ),
                ),
            ],
            options={
                "verbose_name": "fichier de tâche",
                "verbose_name_plural": "fichiers de tâche",
            },
        ),
    ]
