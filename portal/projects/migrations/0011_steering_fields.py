"""Give projects a lead, hours to spend, a way to be reported on, and words to be found by.

Reversible. Adding the words rewrites both tables under a lock: seconds at a hundred thousand rows.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_legal_identifiers"),
        ("projects", "0010_tasks_planned"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                limit_choices_to={"is_staff": True},
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="chef de projet",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="budget_hours",
            field=models.PositiveIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MaxValueValidator(100000)],
                verbose_name="budget en heures",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="reporting",
            field=models.CharField(
                choices=[
                    ("approval", "Après relecture"),
                    ("auto", "Automatique, le vendredi"),
                    ("none", "Aucun"),
                ],
                default="approval",
                help_text="Préparé chaque vendredi, puis envoyé aux personnes qui suivent le projet.",  # noqa: E501
                max_length=10,
                verbose_name="rapport d’avancement",
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    django.db.models.functions.text.Lower(
                        django.db.models.functions.text.Replace(
                            django.db.models.functions.text.Replace(
                                models.Func(
                                    models.F("title"),
                                    models.Value(
                                        "àâäáãåçéèêëíìîïñóòôöõúùûüýÿÀÂÄÁÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝŸ"
                                    ),
                                    models.Value(
                                        "aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuyy"
                                    ),
                                    function="translate",
                                    output_field=models.TextField(),
                                ),
                                models.Value("œ"),
                                models.Value("oe"),
                                output_field=models.TextField(),
                            ),
                            models.Value("Œ"),
                            models.Value("oe"),
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(),
                    ),
                    config="simple",
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    django.db.models.functions.text.Lower(
                        django.db.models.functions.text.Replace(
                            django.db.models.functions.text.Replace(
                                models.Func(
                                    models.F("title"),
                                    models.Value(
                                        "àâäáãåçéèêëíìîïñóòôöõúùûüýÿÀÂÄÁÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝŸ"
                                    ),
                                    models.Value(
                                        "aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuyy"
                                    ),
                                    function="translate",
                                    output_field=models.TextField(),
                                ),
                                models.Value("œ"),
                                models.Value("oe"),
                                output_field=models.TextField(),
                            ),
                            models.Value("Œ"),
                            models.Value("oe"),
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(),
                    ),
                    config="simple",
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="milestone",
            index=models.Index(
                condition=models.Q(("status", "done"), _negated=True),
                fields=["due_date", "id"],
                name="milestone_open",
            ),
        ),
        migrations.AddIndex(
            model_name="milestone",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_vector"], name="milestone_words"
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["status", "due_date", "id"], name="project_by_status"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["due_date", "id"], name="project_due"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_vector"], name="project_words"
            ),
        ),
    ]
