"""Give articles a keeper, former addresses and checks; say which searches are dealt with.

Fast and reversible: no table is rewritten.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0003_row_security_of_readers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticleAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(max_length=200, unique=True, verbose_name="ancienne adresse"),
                ),
                ("left_at", models.DateTimeField(verbose_name="quittée le")),
            ],
            options={
                "verbose_name": "ancienne adresse d’article",
                "verbose_name_plural": "anciennes adresses d’article",
            },
        ),
        migrations.AlterModelOptions(
            name="category",
            options={
                "ordering": ["sort_order", "name"],
                "verbose_name": "rubrique",
                "verbose_name_plural": "rubriques",
            },
        ),
        migrations.AddField(
            model_name="article",
            name="checked_at",
            field=models.DateTimeField(
                blank=True, db_index=True, editable=False, null=True, verbose_name="vérifié le"
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="keeper",
            field=models.ForeignKey(
                blank=True,
                help_text="Qui répond de cet article ; vide : toute la rédaction.",
                limit_choices_to={"is_staff": True},
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="tenu par",
            ),
        ),
        migrations.AddField(
            model_name="category",
            name="icon",
            field=models.CharField(
                blank=True,
                choices=[
                    ("book", "Livre"),
                    ("receipt", "Facture"),
                    ("folder", "Dossier"),
                    ("document", "Document"),
                    ("support", "Support"),
                    ("lock", "Cadenas"),
                    ("user", "Personne"),
                    ("users", "Équipe"),
                ],
                default="book",
                max_length=20,
                verbose_name="icône",
            ),
        ),
        migrations.AddField(
            model_name="missedsearch",
            name="answer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="knowledge.article",
                verbose_name="article qui répond",
            ),
        ),
        migrations.AddField(
            model_name="missedsearch",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="classée le"),
        ),
        migrations.AddIndex(
            model_name="articlevote",
            index=models.Index(fields=["-voted_at"], name="vote_newest"),
        ),
        migrations.AddIndex(
            model_name="missedsearch",
            index=models.Index(fields=["-times", "-last_at", "id"], name="missed_most"),
        ),
        migrations.AddIndex(
            model_name="missedsearch",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["-times"], name="missed_open"
            ),
        ),
        migrations.AddField(
            model_name="articleaddress",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="addresses",
                to="knowledge.article",
                verbose_name="article",
            ),
        ),
    ]
