"""A form field for files: sent with the form itself, or beforehand by the script of the page."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.files.contents import ALLOWED
from core.files.limits import check_declared, most_bytes
from core.files.uploads import Attachment, PlainFile, SentFile, check_content, sent_uploads
from core.ui.formats import file_size

UPLOADS = "uploads"  # the hidden inputs that the script of the page adds to the form
MOST_FILES = 10


@dataclass(frozen=True)
class Given:
    """What a browser gave: files of the form itself, and the names of those sent beforehand."""

    plain: Sequence[UploadedFile] = ()
    sent: Sequence[uuid.UUID] = field(default_factory=tuple)


class AttachmentsInput(forms.FileInput):
    """A file input that takes several, and reads the hidden inputs beside it."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None):
        accept = ",".join(f".{extension}" for extension in [*ALLOWED, "jpeg"])
        super().__init__({"multiple": True, "accept": accept, **(attrs or {})})

    def use_required_attribute(self, initial: Any) -> bool:
        """Leave it to us: files sent beforehand are in the form, and not in this input."""
        return False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Given:
        plain = files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])
        sent = data.getlist(UPLOADS) if hasattr(data, "getlist") else data.get(UPLOADS, [])
        return Given(plain=list(plain), sent=tuple(_known(sent)))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and UPLOADS not in data


class AttachmentsBoundField(forms.BoundField):
    """The field on a page: it knows the files that a refused form had already sent."""

    @property
    def kept(self) -> list[Any]:
        """Return the uploads to show again, oldest first."""
        return sent_uploads(self.data.sent) if self.form.is_bound else []

    @property
    def lost(self) -> bool:
        """Tell whether files were sent with a refused form: a browser does not give them again."""
        return self.form.is_bound and bool(self.data.plain)


class AttachmentsField(forms.Field):
    """Files joined to what a form says. Its value is a list for `core.files.uploads.take`.

    Each file sent with the form is checked here (type by its bytes, size); those sent beforehand
    were. Draw it with `components/attachments.html`.
    """

    widget = AttachmentsInput
    default_error_messages = {"required": gettext_lazy("Choisissez un fichier.")}

    def __init__(self, *, most: int = MOST_FILES, **options: Any):
        options.setdefault("required", False)
        options.setdefault("label", gettext_lazy("Fichiers"))
        super().__init__(**options)
        self.most = most

    def get_bound_field(self, form: Any, field_name: str) -> AttachmentsBoundField:
        return AttachmentsBoundField(form, self, field_name)

    def clean(self, value: Given | None) -> list[Attachment]:
        given = value or Given()
        count = len(given.plain) + len(given.sent)
        if self.required and not count:
            raise ValidationError(self.error_messages["required"], code="required")
        if count > self.most:
            text = ngettext("%(most)s fichier au plus.", "%(most)s fichiers au plus.", self.most)
            raise ValidationError(text % {"most": self.most}, code="too_many")
        return [*_checked(given.plain), *(SentFile(token) for token in given.sent)]

    def has_changed(self, initial: Any, data: Given | None) -> bool:
        return bool(data and (data.plain or data.sent))

    @property
    def limit(self) -> str:
        """Return what may be sent, in words."""
        return _("PDF, image, Word, Excel, PowerPoint, texte ou ZIP, %(size)s au plus.") % {
            "size": file_size(most_bytes())
        }


def _known(values: Sequence[str]) -> list[uuid.UUID]:
    """Return the names that read as such, once each."""
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(str(value)))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _checked(files: Sequence[UploadedFile]) -> list[Attachment]:
    """Return the files of the form as attachments; refuse all with what is wrong of each."""
    kept: list[Attachment] = []
    wrong: list[str] = []
    for file in files:
        try:
            check_declared(file.name or "", file.size or 0)
            kept.append(PlainFile(upload=file, content_type=check_content(file)))
        except ValidationError as refusal:
            said = {"name": file.name, "why": refusal.messages[0]}
            wrong.append(_("%(name)s : %(why)s") % said)
    if wrong:
        raise ValidationError(wrong)
    return kept
