"""Templates of papers: the library « Modèles », each with its fields checked and its versions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column

from core.backoffice.actions import RecordAction
from core.backoffice.columns import FigureColumn, FrenchDateColumn
from core.backoffice.viewsets import RecordViewSet
from core.files.contents import ALLOWED
from core.files.limits import most_bytes
from core.files.uploads import check_content
from core.hooks import Section
from core.ui.formats import date_long, file_size
from portal.documents import services
from portal.documents.admin_screens.writing import WritePaper
from portal.documents.folders import validate_folder
from portal.documents.merging.fields import known_fields, unknown_in
from portal.documents.merging.word import UnreadableWord, filled_word, texts_of
from portal.documents.models import PaperTemplate
from portal.documents.services.papers import source_of

UNKNOWN = _("Champs inconnus : %(names)s. Les champs possibles sont listés plus bas.")
MOST_VERSIONS = 50


class PaperForm(WagtailAdminModelForm):
    """A template by hand: its fields are checked, its Word file too."""

    source = forms.FileField(
        label=_("Fichier Word"),
        required=False,
        help_text=_("DOCX, avec des champs comme {{ client.nom }} dans le texte."),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )

    def clean_folder(self) -> str:
        validate_folder(self.cleaned_data["folder"])
        return self.cleaned_data["folder"]

    def clean_source(self) -> Any:
        source = self.cleaned_data.get("source")
        if not source:
            return None
        if source.size > most_bytes():
            text = _("Ce fichier dépasse %(size)s.")
            raise ValidationError(text % {"size": file_size(most_bytes())})
        if check_content(source) != ALLOWED["docx"]:
            raise ValidationError(_("Envoyez un fichier Word au format DOCX."))
        content = source.read()
        try:
            unknown = unknown_in(*texts_of(content))
            filled_word(content, {})  # every part of it is read once before it is kept
        except UnreadableWord:
            raise ValidationError(_("Ce fichier Word ne se lit pas.")) from None
        if unknown:
            raise ValidationError(UNKNOWN % {"names": ", ".join(unknown)})
        self.instance.uploaded = (content, source.name)
        return source

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("title", "body"):
            unknown = unknown_in(str(cleaned.get(name) or ""))
            if unknown:
                self.add_error(name, UNKNOWN % {"names": ", ".join(unknown)})
        is_word = cleaned.get("format") == PaperTemplate.Format.DOCX
        has_file = bool(cleaned.get("source") or self.instance.source_key)
        if is_word and not has_file and "source" not in self.errors:
            self.add_error("source", _("Un modèle Word a besoin de son fichier."))
        if not is_word and "body" in cleaned and not str(cleaned["body"] or "").strip():
            self.add_error("body", _("Écrivez le texte du modèle."))
        return cleaned


class RestoreForm(forms.Form):
    """Which version a template goes back to."""

    number = forms.IntegerField(label=_("Version"), min_value=1, max_value=30_000)


class RestoreTemplate(RecordAction):
    """Have a template say again what it said before."""

    name = "revenir"
    label = _("Revenir à une version")
    icon_name = "undo"
    question = _("Son texte redevient celui du modèle, comme nouvelle version.")
    success = _("Version rétablie.")
    form_class = RestoreForm
    is_listed = False

    @classmethod
    def is_offered(cls, record: PaperTemplate) -> bool:
        return record.versions.count() > 1

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "number": self.request.GET.get("version", "")}

    def perform(self, record: PaperTemplate, actor: Any, **values: Any) -> None:
        version = record.versions.filter(number=values["number"]).first()
        if version is None:
            raise ValidationError({"number": _("Cette version n’existe pas.")})
        services.restore_template(version=version, actor=actor, at=timezone.now())


class PaperTemplateViewSet(RecordViewSet):
    """The papers that we write again and again."""

    model = PaperTemplate
    icon = "doc-full-inverse"
    menu_label = _("Modèles")
    add_label = _("Nouveau modèle")
    ordering = "name"
    list_display = [
        "name",
        Column("kind", accessor="get_kind_display", label=_("Nature")),
        Column("format", accessor="get_format_display", label=_("Forme")),
        FigureColumn("versions_count", label=_("Versions")),
        BooleanColumn("is_active", label=_("Proposé")),
        FrenchDateColumn("updated_at", label=_("Modifié le")),
    ]
    list_filter = ["kind", "format", "is_active"]
    search_fields = ["name", "title", "body"]
    list_export = ["name", "kind", "format", "title", "is_active", "updated_at"]
    export_filename = "modeles"
    inspect_view_fields = ["name", "kind", "format", "title", "folder", "is_active", "source_name"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("kind")]),
            FieldRowPanel([FieldPanel("format"), FieldPanel("is_active")]),
            FieldRowPanel([FieldPanel("title"), FieldPanel("folder")]),
            FieldPanel("body"),
            FieldPanel("source"),
            HelpPanel(template="portal/documents/admin/fields.html", heading=_("Champs possibles")),
        ],
        base_form_class=PaperForm,
    )
    actions = (WritePaper, RestoreTemplate)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PaperTemplate]:
        return PaperTemplate.objects.annotate(versions_count=Count("versions")).defer("body")

    def saved(self, record: PaperTemplate, *, actor: object, is_new: bool) -> None:
        services.save_template(
            template=record,
            uploaded=getattr(record, "uploaded", None),
            actor=actor,
            at=timezone.now(),
        )

    def url_after_save(self, record: PaperTemplate) -> str:
        return reverse(self.get_url_name("inspect"), args=[record.pk])

    def sections(self, record: PaperTemplate, request: HttpRequest) -> list[Section]:
        return [_text_of(record), _versions(record), _known()]


def _text_of(record: PaperTemplate) -> Section:
    """Show what a template says, its fields between braces."""
    texts: list[str] = []
    if record.is_word and record.source_key:
        texts = [text for text in texts_of(source_of(record.source_key)) if text.strip()]
    return Section(
        title=_("Ce que dit le modèle"),
        template="portal/documents/admin/template_text.html",
        context={"body": "" if record.is_word else record.body, "paragraphs": texts[:200]},
    )


def _versions(record: PaperTemplate) -> Section:
    rows = list(record.versions.select_related("author").order_by("-number")[:MOST_VERSIONS])
    name = PaperTemplate.snippet_viewset.get_url_name("revenir")
    address = reverse(name, args=[record.pk])

    def back(number: int) -> Any:
        return format_html('<a href="{}?version={}">{}</a>', address, number, _("Y revenir"))

    return Section(
        title=_("Versions"),
        headings=(_("Version"), _("Titre"), _("Écrite le"), _("Par"), ""),
        rows=[
            (
                row.number,
                row.title,
                date_long(timezone.localdate(row.created_at)),
                row.author or "NOURX",
                "" if row is rows[0] else back(row.number),
            )
            for row in rows
        ],
        empty=_("Enregistrez le modèle pour garder sa première version."),
    )


def _known() -> Section:
    return Section(
        title=_("Champs possibles"),
        headings=(_("À écrire"), _("Devient"), _("Exemple")),
        rows=[
            ("{{ " + one.name + " }}", one.label, one.example) for one in known_fields().values()
        ],
    )
