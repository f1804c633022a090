"""How much may be sent: the size of a file."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.files.contents import ALLOWED
from core.ui.formats import file_size

EXTENSIONS = frozenset({*ALLOWED, "jpeg"})


def most_bytes() -> int:
    """Return the largest file that a person may send, in bytes."""
    return settings.FILE_MAX_MB * 1_000_000


def check_declared(name: str, size: int) -> None:
    """Refuse a file by what is said of it, before a byte of it is sent. `size` is in bytes.

    :raises ValidationError: with a French text, if it is empty, too large or of another type.
    """
    if name.rpartition(".")[2].lower() not in EXTENSIONS or "." not in name:
        raise ValidationError(
            _("Ce type de fichier n’est pas accepté. Envoyez un PDF, une image ou un ZIP."),
            code="type",
        )
    if size <= 0:
        raise ValidationError(_("Ce fichier est vide."), code="empty")
    if size > most_bytes():
        text = _("Ce fichier fait %(size)s ; la limite est de %(most)s.")
        raise ValidationError(
            text % {"size": file_size(size), "most": file_size(most_bytes())}, code="too_large"
        )
