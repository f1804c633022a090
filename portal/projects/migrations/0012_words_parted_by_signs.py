"""Part the words of titles at apostrophes, quotes and dashes too.

Reversible. Rewrites both tables under a lock: seconds at a hundred thousand rows.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models

from core.search import folded

SIGNS = "’‘“”«»–—…·/\u00a0\u202f"


def words() -> models.GeneratedField:
    text = models.Func(
        folded("title"),
        models.Value(SIGNS),
        models.Value(" " * len(SIGNS)),
        function="translate",
        output_field=models.TextField(),
    )
    return models.GeneratedField(
        expression=SearchVector(text, config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0011_steering_fields")]

    operations = [
        operation
        for model in ("project", "milestone")
        for operation in (
            migrations.RemoveIndex(model, f"{model}_words"),
            migrations.RemoveField(model, "search_vector"),
            migrations.AddField(model, "search_vector", words()),
            migrations.AddIndex(model, GinIndex(fields=["search_vector"], name=f"{model}_words")),
        )
    ]
