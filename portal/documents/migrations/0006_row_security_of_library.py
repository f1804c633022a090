"""Keep archives to the team, hold the latest version to its client, and fill what was not known.

Reversible. Locks each table for an instant; the filling reads every document once.
"""

from django.db import migrations

from core import rls
from core import rls_operations as operations
from core.search import search_text


def fill(apps, schema_editor) -> None:
    """Name the latest version of each document, and the words that the team finds it by."""
    documents = apps.get_model("documents", "ProjectDocument")
    versions = apps.get_model("documents", "DocumentVersion")
    with rls.staff("migration: the latest version of every document"):
        latest: dict[int, tuple[int, str]] = {}
        rows = versions.objects.order_by("number").values_list("document_id", "pk", "file__name")
        for document_id, pk, name in rows.iterator():
            latest[document_id] = (pk, name)
        for row in documents.objects.only("title", "folder", "client_id").iterator():
            pk, name = latest.get(row.pk, (None, ""))
            words = search_text(name)
            documents.objects.filter(pk=row.pk).update(
                latest_id=pk,
                contents=words,
                library_norm=search_text(row.title, row.folder, words),
            )


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_library_and_templates")]

    operations = [
        operations.protect_for_staff("documents_documentpack"),
        operations.same_client(
            "documents_projectdocument", "latest_id", "documents_documentversion"
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
