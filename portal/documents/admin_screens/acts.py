"""What the team does to one document: its versions, who reads it, the links that open it."""

from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.backoffice.actions import RecordAction
from core.files.forms import AttachmentsField, AttachmentsInput
from portal.documents import queries, services
from portal.documents.forms import LinkForm
from portal.documents.models import ProjectDocument


class FileForm(forms.Form):
    """A file to add as the next version."""

    files = AttachmentsField(
        required=True,
        most=1,
        label=_("Fichier"),
        help_text=_("PDF, image, Office, texte ou ZIP."),
        widget=AttachmentsInput({"multiple": False}),
    )
    note = forms.CharField(
        label=_("Ce qui change"),
        max_length=300,
        required=False,
        help_text=_("Une ligne pour l’historique ; le client la lit si le document est partagé."),
    )


class RestoreForm(forms.Form):
    """Which version to put back, and why."""

    number = forms.IntegerField(label=_("Version à rétablir"), min_value=1, max_value=30_000)
    note = forms.CharField(label=_("Pourquoi"), max_length=300, required=False)


class AddVersion(RecordAction):
    """Deposit the next version of a document."""

    name = "deposer"
    label = _("Déposer une version")
    icon_name = "upload"
    question = _(
        "Les versions précédentes restent lisibles dans l’historique. "
        "Si le document est partagé, le client est prévenu."
    )
    success = _("Version déposée.")
    form_class = FileForm

    def perform(self, record: ProjectDocument, actor: Any, **values: Any) -> None:
        [attachment] = values["files"]
        services.add_version(
            document=record,
            attachment=attachment,
            note=values["note"].strip(),
            actor=actor,
            at=timezone.now(),
        )


class RestoreVersion(RecordAction):
    """Put an older file back, as the next version."""

    name = "retablir"
    label = _("Rétablir une version")
    icon_name = "undo"
    question = _(
        "Son fichier redevient le dernier, sous un nouveau numéro. Rien n’est effacé ; "
        "si le document est partagé, le client est prévenu."
    )
    success = _("Version rétablie.")
    form_class = RestoreForm
    refusals = {services.IsLatest: _("C’est déjà la dernière version.")}
    is_listed = False

    @classmethod
    def is_offered(cls, record: ProjectDocument) -> bool:
        return record.latest_id is not None and record.versions.count() > 1

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "number": self.request.GET.get("version", "")}

    def perform(self, record: ProjectDocument, actor: Any, **values: Any) -> None:
        version = record.versions.select_related("file").filter(number=values["number"]).first()
        if version is None:
            raise forms.ValidationError({"number": _("Cette version n’existe pas.")})
        services.restore_version(
            version=version, note=values["note"].strip(), actor=actor, at=timezone.now()
        )


class ShowToClient(RecordAction):
    """Let the client read a document."""

    name = "montrer"
    label = _("Rendre visible au client")
    icon_name = "view"
    question = _(
        "Les personnes de son client qui suivent le projet le lisent aussitôt, et sont prévenues."
    )
    success = _("Visible par le client.")
    is_main = True

    @classmethod
    def is_offered(cls, record: ProjectDocument) -> bool:
        return not record.is_shared

    def perform(self, record: ProjectDocument, actor: Any) -> None:
        client = ProjectDocument.Visibility.CLIENT
        services.set_visibility(document=record, visibility=client, actor=actor, at=timezone.now())


class KeepInternal(RecordAction):
    """Take a document back from the client."""

    name = "garder-interne"
    label = _("Garder interne")
    icon_name = "lock"
    question = _(
        "Le client ne le voit plus dès maintenant, et ses liens de partage sont coupés. "
        "Ce qu’il a déjà téléchargé reste chez lui."
    )
    success = _("Document interne : plus personne chez le client ne le lit.")
    is_serious = True

    @classmethod
    def is_offered(cls, record: ProjectDocument) -> bool:
        return record.is_shared

    def perform(self, record: ProjectDocument, actor: Any) -> None:
        internal = ProjectDocument.Visibility.INTERNAL
        services.set_visibility(
            document=record, visibility=internal, actor=actor, at=timezone.now()
        )


class ShareByLink(RecordAction):
    """Make a link to the latest version, for somebody without an account."""

    name = "partager"
    label = _("Partager par lien")
    icon_name = "link"
    question = _(
        "Qui a le lien ouvre la dernière version, sans se connecter. Il ne s’affiche qu’une fois."
    )
    form_class = LinkForm
    address = ""

    @classmethod
    def is_offered(cls, record: ProjectDocument) -> bool:
        return record.is_shared

    def perform(self, record: ProjectDocument, actor: Any, **values: Any) -> None:
        version = record.versions.select_related("document").order_by("-number").first()
        if version is None:
            raise forms.ValidationError(_("Déposez d’abord une version."))
        _link, token = services.create_link(
            version=version,
            life=values["life"],
            is_single=values["is_single"],
            actor=actor,
            at=timezone.now(),
        )
        self.address = settings.BASE_URL + reverse("shared_document", args=[token])

    @property
    def success(self) -> Any:  # type: ignore[override]
        return _("Lien à copier maintenant : %(address)s") % {"address": self.address}


class CutLinks(RecordAction):
    """Have the links of a document open nothing any more."""

    name = "couper-les-liens"
    label = _("Couper les liens")
    icon_name = "cross"
    question = _("Les liens de partage de ce document ne s’ouvriront plus.")
    success = _("Liens coupés.")
    is_serious = True
    is_listed = False

    @classmethod
    def is_offered(cls, record: ProjectDocument) -> bool:
        return bool(queries.links_of(record, timezone.now()))

    def perform(self, record: ProjectDocument, actor: Any) -> None:
        services.revoke_links(document=record, actor=actor, at=timezone.now())
