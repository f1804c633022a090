"""Writing a paper from a template: for which project, with what, seen before it is created."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.access.row_guard import policy_of
from core.backoffice.actions import RecordAction
from core.backoffice.choosers import RecordChooser
from core.pdf import PdfUnavailable
from portal.documents import services
from portal.documents.folders import tidy_folder, validate_folder
from portal.documents.merging.fields import filled, known_fields, sources
from portal.documents.merging.paper import body_of
from portal.documents.merging.values import Subject, contacts_of, values_of
from portal.documents.merging.word import texts_of
from portal.documents.models import PaperTemplate, PaperTemplateVersion, ProjectDocument
from portal.documents.services.papers import fields_of, source_of
from portal.projects.models import Project

PROJECT, CONTACT = "projet", "contact"  # of the address
PREFIX = "champ-"
MOST_SHOWN = 200  # paragraphs of a Word file in the preview


class PaperDataForm(forms.Form):
    """The title and the place of a paper, then a box for each field of its template."""

    title = forms.CharField(label=_("Titre du document"), max_length=300)
    folder = forms.CharField(
        label=_("Dossier"), max_length=100, required=False, validators=[validate_folder]
    )
    visibility = forms.ChoiceField(
        label=_("Visibilité"),
        choices=ProjectDocument.Visibility.choices,
        initial=ProjectDocument.Visibility.INTERNAL,
        help_text=_("Relisez-le en interne, puis rendez-le visible."),
    )
    may_be_blank = forms.BooleanField(label=_("Laisser en blanc ce qui manque"), required=False)

    def __init__(self, *args: Any, names: list[str], values: Mapping[str, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = known_fields()
        for name in names:
            self.fields[PREFIX + name] = _field_of(
                capfirst(known[name].label), values.get(name, "")
            )
        self.order_fields(["title", "folder", "visibility", *_boxes(names), "may_be_blank"])

    def clean_folder(self) -> str:
        return tidy_folder(self.cleaned_data["folder"])

    def typed(self) -> dict[str, str]:
        """Return the values of the fields as they are on the page, by name."""
        return {
            name.removeprefix(PREFIX): str(self[name].value() or "").strip()
            for name in self.fields
            if name.startswith(PREFIX)
        }


class WritePaper(RecordAction):
    """Create a document of a project from a template, its missing values said beforehand."""

    name = "creer"
    label = _("Créer un document")
    icon_name = "doc-full"
    permission = "view"
    is_main = True
    success = _("Document créé.")
    template_name = "portal/documents/admin/write.html"
    form_class = PaperDataForm
    refusals = {PdfUnavailable: PdfUnavailable.message}

    @classmethod
    def is_offered(cls, record: PaperTemplate) -> bool:
        return record.is_active

    @classmethod
    def may(cls, user: Any, record: PaperTemplate) -> bool:
        adds = policy_of(ProjectDocument).user_has_permission(user, "add")
        return adds and super().may(user, record)

    @cached_property
    def project(self) -> Project | None:
        """The project that the address names, when there is one."""
        key = _number(self.request.GET.get(PROJECT, ""))
        rows = Project.objects.select_related("client__company__logo")
        return rows.filter(pk=key).first() if key else None

    @cached_property
    def version(self) -> PaperTemplateVersion | None:
        """What the template says now."""
        rows = self.object.versions.select_related("template")
        return rows.order_by("-number").first()

    @cached_property
    def subject(self) -> Subject:
        """What the paper is about, of what the address names. Called with a project only."""
        assert self.project is not None  # noqa: S101  asked by every caller
        contacts = contacts_of(self.project)
        key = _number(self.request.GET.get(CONTACT, ""))
        contact = next((one for one in contacts if one.pk == key), None)
        return Subject(
            project=self.project,
            author=self.request.user,
            on=timezone.localdate(),
            contact=contact or (contacts[0] if contacts else None),
            chosen=self._chosen(),
        )

    def _chosen(self) -> dict[str, int]:
        """Return the rows of other modules that the address names, the likeliest otherwise."""
        found = {}
        for source in sources():
            keys = [key for key, _label in source.choices(self.project)]
            asked = _number(self.request.GET.get(source.key, ""))
            if keys:
                found[source.key] = asked if asked in keys else keys[0]
        return found

    def get_form(self, form_class: Any = None) -> forms.Form:
        if self.project is None or self.version is None:
            return forms.Form()
        names, values = fields_of(self.version), values_of(self.subject)
        initial = {
            "title": " ".join(filled(self.version.title, values).split()),
            "folder": self.object.folder,
        }
        data = self.request.POST if self.request.method == "POST" else None
        return PaperDataForm(data, names=names, values=values, initial=initial)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.project is None or self.version is None:
            return self._refuse(_("Choisissez d’abord le projet."))
        if "preview" in request.POST:
            self._require(request.user)
            return self.render_to_response(self.get_context_data())
        return super().post(request, *args, **kwargs)

    def perform(self, record: PaperTemplate, actor: Any, **given: Any) -> ProjectDocument:
        form: Any = self.get_form()
        form.is_valid()
        try:
            return services.write_paper(
                version=self.version,
                project=self.project,
                values={**values_of(self.subject), **form.typed()},
                title=given["title"],
                folder=given["folder"],
                visibility=given["visibility"],
                may_be_blank=given["may_be_blank"],
                actor=actor,
                at=timezone.now(),
            )
        except services.MissingValues as missing:
            known = known_fields()
            names = ", ".join(str(known[name].label) for name in missing.names)
            text = _now("Sans valeur : %(names)s. Complétez, ou demandez de laisser en blanc.")
            raise forms.ValidationError(text % {"names": names}) from missing

    def get_record_url(self, done: Any = None) -> str:
        if isinstance(done, ProjectDocument):
            name = ProjectDocument.snippet_viewset.get_url_name("inspect")
            return reverse(name, args=[done.pk])
        return super().get_record_url(done)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.project is None or self.version is None:
            widget = RecordChooser(Project, icon="folder-open-inverse")
            field = forms.ModelChoiceField(
                label=_("Pour quel projet ?"), queryset=Project.objects.all(), widget=widget
            )
            form = type("ProjectForm", (forms.Form,), {PROJECT: field})()
            return super().get_context_data(project_form=form, **{**kwargs, "form": form})
        context = super().get_context_data(**kwargs)
        typed = context["form"].typed()
        missing = [name for name, value in typed.items() if not value]
        known = known_fields()
        return {
            **context,
            "project": self.project,
            "choices": self._choices(),
            "missing": [known[name].label for name in missing],
            **self._preview(typed, {name: str(known[name].label) for name in missing}),
        }

    def _choices(self) -> list[dict[str, Any]]:
        """Return what else may be chosen before the fields are filled: selects of the address."""
        subject = self.subject
        people = [(one.pk, one.name) for one in contacts_of(subject.project)]
        lists = [(CONTACT, _("Contact"), people, subject.contact.pk if subject.contact else None)]
        lists += [
            (one.key, one.label, list(one.choices(subject.project)), subject.chosen.get(one.key))
            for one in sources()
        ]
        return [
            {"name": name, "label": label, "options": options, "chosen": chosen}
            for name, label, options, chosen in lists
            if options
        ]

    def _preview(self, typed: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, Any]:
        """Return the paper as it will read, what is missing between square brackets."""
        shown = {name: value or f"[{labels.get(name, '')}]" for name, value in typed.items()}
        assert self.version is not None  # noqa: S101  asked by the caller
        if self.version.source_key:
            texts = [text for text in texts_of(source_of(self.version.source_key)) if text.strip()]
            return {"paragraphs": [filled(text, shown) for text in texts[:MOST_SHOWN]]}
        body: SafeString = body_of(self.version.body, shown)
        return {"body": body}


def _field_of(label: Any, value: str) -> forms.CharField:
    is_long = "\n" in value or len(value) > 80
    widget = forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput()
    help_text = "" if value else _("À compléter : la fiche ne le dit pas.")
    return forms.CharField(
        label=label,
        initial=value,
        required=False,
        max_length=5000,
        widget=widget,
        help_text=help_text,
    )


def _boxes(names: list[str]) -> list[str]:
    return [PREFIX + name for name in names]


def _number(text: str) -> int:
    """Return a whole number written in at most 18 digits, or 0."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0
