"""Give documents tags, their latest version and words to be found by; templates and archives.

Rewrites the table of documents once, for its search column. Reversible.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_legal_identifiers"),
        ("documents", "0004_row_security_of_links"),
        ("projects", "0009_milestone_done_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentPack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "document_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="documents"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="demandé le")),
                ("made_at", models.DateTimeField(null=True, verbose_name="prêt le")),
                ("expires_at", models.DateTimeField(null=True, verbose_name="gardé jusqu’au")),
                ("key", models.CharField(blank=True, max_length=200)),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="taille (octets)")),
                ("packed", models.PositiveIntegerField(default=0, verbose_name="fichiers")),
                ("left_out", models.JSONField(default=list, verbose_name="laissés de côté")),
            ],
            options={
                "verbose_name": "archive de documents",
                "verbose_name_plural": "archives de documents",
            },
        ),
        migrations.CreateModel(
            name="PaperTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                (
                    "name",
                    models.CharField(max_length=120, unique=True, verbose_name="nom du modèle"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contract", "Contrat"),
                            ("handover", "Procès-verbal"),
                            ("secrecy", "Accord de confidentialité"),
                            ("minutes", "Compte rendu"),
                            ("order", "Ordre de mission"),
                            ("other", "Autre"),
                        ],
                        default="other",
                        max_length=10,
                        verbose_name="nature",
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("text", "Texte, mis en page en PDF"),
                            ("docx", "Fichier Word (DOCX)"),
                        ],
                        default="text",
                        max_length=4,
                        verbose_name="forme",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="Il peut contenir des champs : « Contrat – {{ projet.titre }} ».",
                        max_length=200,
                        verbose_name="titre du document",
                    ),
                ),
                (
                    "folder",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="dossier de rangement"
                    ),
                ),
                ("body", wagtail.fields.RichTextField(blank=True, verbose_name="texte")),
                ("is_active", models.BooleanField(default=True, verbose_name="proposé à l’équipe")),
                ("source_key", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source_name",
                    models.CharField(
                        blank=True, editable=False, max_length=200, verbose_name="fichier Word"
                    ),
                ),
            ],
            options={
                "verbose_name": "modèle de document",
                "verbose_name_plural": "modèles de document",
            },
        ),
        migrations.CreateModel(
            name="PaperTemplateVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("title", models.CharField(max_length=200, verbose_name="titre")),
                ("body", models.TextField(blank=True, verbose_name="texte")),
                ("source_key", models.CharField(blank=True, max_length=200)),
                (
                    "source_name",
                    models.CharField(blank=True, max_length=200, verbose_name="fichier Word"),
                ),
                (
                    "sha256",
                    models.CharField(
                        max_length=64,
                        validators=[django.core.validators.RegexValidator("^[0-9a-f]{64}$")],
                        verbose_name="empreinte",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="écrite le")),
            ],
            options={
                "verbose_name": "version de modèle",
                "verbose_name_plural": "versions de modèle",
            },
        ),
        migrations.CreateModel(
            name="RequestChecklist",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="créé le")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="nom")),
                (
                    "lines",
                    models.TextField(
                        help_text="Un par ligne ; après « : », des précisions que le client lira.",
                        max_length=10000,
                        verbose_name="documents demandés",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="délai (jours)",
                    ),
                ),
            ],
            options={
                "verbose_name": "liste de documents",
                "verbose_name_plural": "listes de documents",
            },
        ),
        migrations.AddField(
            model_name="documentrequest",
            name="bundle",
            field=models.CharField(
                blank=True,
                help_text="Ce que plusieurs demandes constituent, comme « Ouverture de compte ».",
                max_length=120,
                verbose_name="dossier",
            ),
        ),
        migrations.AddField(
            model_name="documentrequest",
            name="reminded_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="dernier rappel"),
        ),
        migrations.AddField(
            model_name="documentrequest",
            name="reminders",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="rappels"
            ),
        ),
        migrations.AddField(
            model_name="documentversion",
            name="note",
            field=models.CharField(blank=True, max_length=300, verbose_name="note de version"),
        ),
        migrations.AddField(
            model_name="projectdocument",
            name="contents",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="projectdocument",
            name="latest",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="documents.documentversion",
                verbose_name="dernière version",
            ),
        ),
        migrations.AddField(
            model_name="projectdocument",
            name="library_norm",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="projectdocument",
            name="tags",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                default=list,
                help_text="Séparées par des virgules. Le client ne les voit pas.",
                size=None,
                verbose_name="étiquettes",
            ),
        ),
        migrations.AddField(
            model_name="projectdocument",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    "library_norm", config="simple"
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="documentrequest",
            index=models.Index(
                condition=models.Q(("fulfilled_at", None)),
                fields=["due_date"],
                name="document_overdue",
            ),
        ),
        migrations.AddIndex(
            model_name="projectdocument",
            index=models.Index(fields=["title", "id"], name="document_title"),
        ),
        migrations.AddIndex(
            model_name="projectdocument",
            index=models.Index(fields=["visibility", "-created_at"], name="document_visibility"),
        ),
        migrations.AddIndex(
            model_name="projectdocument",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_vector"], name="document_words"
            ),
        ),
        migrations.AddIndex(
            model_name="projectdocument",
            index=django.contrib.postgres.indexes.GinIndex(fields=["tags"], name="document_tags"),
        ),
        migrations.AddField(
            model_name="documentpack",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="demandé par",
            ),
        ),
        migrations.AddIndex(
            model_name="papertemplate",
            index=models.Index(fields=["kind", "name"], name="paper_template_kind"),
        ),
        migrations.AddField(
            model_name="papertemplateversion",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="écrite par",
            ),
        ),
        migrations.AddField(
            model_name="papertemplateversion",
            name="template",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="documents.papertemplate",
                verbose_name="modèle",
            ),
        ),
        migrations.AddField(
            model_name="documentversion",
            name="made_from",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.papertemplateversion",
                verbose_name="d’après le modèle",
            ),
        ),
        migrations.AddIndex(
            model_name="documentpack",
            index=models.Index(fields=["owner", "-asked_at"], name="pack_of_owner"),
        ),
        migrations.AddIndex(
            model_name="documentpack",
            index=models.Index(fields=["expires_at"], name="pack_to_remove"),
        ),
        migrations.AddConstraint(
            model_name="papertemplateversion",
            constraint=models.UniqueConstraint(
                fields=("template", "number"), name="paper_version_once"
            ),
        ),
    ]
