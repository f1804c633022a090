"""Acts on several documents of the library at once: who reads them, tags, place, an archive."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages

from core.backoffice.bulk import RecordBulkAction
from core.backoffice.choosers import RecordChooser
from portal.documents import services
from portal.documents.folders import tidy_folder, validate_folder
from portal.documents.models import ProjectDocument
from portal.projects.models import Project

Visibility = ProjectDocument.Visibility


class DocumentBulk(RecordBulkAction):
    """An act on chosen documents: each one by its service, the others untouched by a refusal."""

    models = [ProjectDocument]
    template_name = "portal/documents/admin/bulk.html"
    question: Any = ""
    is_serious = False

    @classmethod
    def get_queryset(cls, model: Any, object_ids: list[Any]) -> QuerySet[ProjectDocument]:
        rows = ProjectDocument.objects.filter(pk__in=object_ids)
        rows = rows.select_related("client", "project", "latest__file").order_by("title", "pk")
        return rows.defer("client__search_vector", "contents", "library_norm", "search_vector")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "action": self}

    def prepare_action(self, objects: list[Any], without: list[Any]) -> HttpResponse:
        changed, refused = 0, []
        for row in objects:
            try:
                with transaction.atomic():
                    changed += bool(self.act(row))
            except services.OfAnotherClient:
                refused.append(row.title)
        self._tell(changed, refused)
        return redirect(self.next_url)

    def act(self, row: ProjectDocument) -> bool:
        """Do it to one document; tell whether it changed."""
        raise NotImplementedError

    def _tell(self, changed: int, refused: list[str]) -> None:
        text = ngettext("%(n)s document modifié.", "%(n)s documents modifiés.", changed)
        messages.success(self.request, text % {"n": changed})
        if refused:
            kept = _("Restent où ils sont, car d’un autre client : %(names)s.")
            messages.warning(self.request, kept % {"names": ", ".join(refused[:10])})


class ShowMany(DocumentBulk):
    display_name = _("Rendre visible au client")
    action_type = "montrer"
    aria_label = _("Rendre les documents choisis visibles au client")
    question = _("Chaque client lit les siens aussitôt, et en est prévenu.")

    def act(self, row: ProjectDocument) -> bool:
        return services.set_visibility(
            document=row,
            visibility=Visibility.CLIENT,
            actor=self.request.user,
            at=timezone.now(),
        )


class KeepMany(DocumentBulk):
    display_name = _("Garder internes")
    action_type = "garder-internes"
    aria_label = _("Garder internes les documents choisis")
    question = _(
        "Les clients ne les voient plus dès maintenant ; les liens de partage sont coupés."
    )
    is_serious = True

    def act(self, row: ProjectDocument) -> bool:
        return services.set_visibility(
            document=row,
            visibility=Visibility.INTERNAL,
            actor=self.request.user,
            at=timezone.now(),
        )


class TagsForm(forms.Form):
    """Tags to put, tags to take off."""

    add = forms.CharField(
        label=_("Ajouter les étiquettes"),
        max_length=300,
        required=False,
        help_text=_("Séparées par des virgules."),
    )
    remove = forms.CharField(label=_("Retirer les étiquettes"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("add", "").strip() or cleaned.get("remove", "").strip()):
            raise ValidationError(_("Écrivez au moins une étiquette à ajouter ou à retirer."))
        return cleaned


class TagMany(DocumentBulk):
    display_name = _("Étiqueter")
    action_type = "etiqueter"
    aria_label = _("Étiqueter les documents choisis")
    form_class = TagsForm

    def act(self, row: ProjectDocument) -> bool:
        given = self.cleaned_form.cleaned_data
        return services.tag_document(
            document=row, add=[given["add"]], remove=[given["remove"]], actor=self.request.user
        )


class PlaceForm(forms.Form):
    """Where documents go."""

    folder = forms.CharField(
        label=_("Dossier"),
        max_length=100,
        required=False,
        validators=[validate_folder],
        help_text=_("Vide : à la racine du projet. « A/B » range B dans A."),
    )
    project = forms.ModelChoiceField(
        label=_("Projet"),
        queryset=Project.objects.all(),
        required=False,
        widget=RecordChooser(Project, icon="folder-open-inverse"),
        help_text=_("Vide : chacun reste dans le sien. Un document reste chez son client."),
    )

    def clean_folder(self) -> str:
        return tidy_folder(self.cleaned_data["folder"])


class MoveMany(DocumentBulk):
    display_name = _("Déplacer")
    action_type = "deplacer"
    aria_label = _("Déplacer les documents choisis")
    form_class = PlaceForm

    def act(self, row: ProjectDocument) -> bool:
        given = self.cleaned_form.cleaned_data
        return services.move_document(
            document=row,
            folder=given["folder"],
            project=given["project"],
            actor=self.request.user,
        )


class PackMany(DocumentBulk):
    display_name = _("Télécharger en ZIP")
    permission = "view"
    action_type = "telecharger"
    aria_label = _("Télécharger les documents choisis en une archive")
    question = _(
        "L’archive est préparée à part : elle vous attend sur la page suivante et sous la cloche, "
        "pendant un jour."
    )

    def prepare_action(self, objects: list[Any], without: list[Any]) -> HttpResponse:
        try:
            pack = services.ask_pack(documents=objects, actor=self.request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.error(self.request, " ".join(refusal.messages))
            return redirect(self.next_url)
        return redirect(reverse("documents_pack", args=[pack.pk]))


for _action in (ShowMany, KeepMany, TagMany, MoveMany, PackMany):
    hooks.register("register_bulk_action", _action)
