"""What readers say of articles, and the searches that found nothing. Reversible."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="MissedSearch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.CharField(max_length=100, unique=True, verbose_name="mots")),
                ("times", models.PositiveIntegerField(default=1, verbose_name="fois")),
                ("last_at", models.DateTimeField(verbose_name="dernière fois")),
            ],
            options={
                "verbose_name": "recherche sans résultat",
                "verbose_name_plural": "recherches sans résultat",
            },
        ),
        migrations.CreateModel(
            name="ArticleVote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reader", models.CharField(editable=False, max_length=80, verbose_name="lecteur")),
                ("is_helpful", models.BooleanField(verbose_name="utile")),
                (
                    "comment",
                    models.TextField(blank=True, max_length=1000, verbose_name="commentaire"),
                ),
                ("voted_at", models.DateTimeField(verbose_name="donné le")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="knowledge.article",
                        verbose_name="article",
                    ),
                ),
            ],
            options={
                "verbose_name": "avis sur un article",
                "verbose_name_plural": "avis sur les articles",
                "constraints": [
                    models.UniqueConstraint(fields=("article", "reader"), name="vote_once")
                ],
            },
        ),
    ]
