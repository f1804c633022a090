"""Keep readings and links to their client, and fold the titles that are there for searching.

Reversible. Locks each table for an instant; the folding reads every document once.
"""

from django.db import migrations

from core import rls
from core import rls_operations as operations
from core.search import search_text


def fold_titles(apps, schema_editor) -> None:
    documents = apps.get_model("documents", "ProjectDocument")
    with rls.staff("migration: fold the titles of every document"):
        for row in documents.objects.only("title", "folder").iterator():
            text = search_text(row.title, row.folder)
            documents.objects.filter(pk=row.pk).update(search_norm=text)


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_deposits_requests_links")]

    operations = [
        operations.protect("documents_documentreading"),
        operations.protect("documents_sharelink"),
        operations.identify_with_client("documents_documentversion"),
        operations.same_client(
            "documents_documentreading", "document_id", "documents_projectdocument"
        ),
        operations.same_client("documents_sharelink", "version_id", "documents_documentversion"),
        migrations.RunPython(fold_titles, migrations.RunPython.noop, elidable=True),
    ]
