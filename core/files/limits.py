"""How much may be sent: the size of a file, what a client keeps, how many at a time."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils.translation import gettext as _

from core.files.contents import ALLOWED
from core.files.models import StoredFile, Upload
from core.ui.formats import file_size

EXTENSIONS = frozenset({*ALLOWED, "jpeg"})
MOST_AN_HOUR = 60
MOST_OPEN = 20  # announced and not whole yet, of one person
TOO_MANY = "too_many_uploads"  # the code of a refusal that waiting mends


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


def check_pace(actor: Any, at: datetime) -> None:
    """Refuse one more upload of a person who sends too many.

    :raises ValidationError: with the code `TOO_MANY`.
    """
    latest = Upload.objects.filter(user=actor, created_at__gt=at - timedelta(hours=1))
    if latest.filter(state=Upload.State.EXPECTED).count() >= MOST_OPEN:
        text = _("Trop de fichiers sont déjà en cours d’envoi. Attendez la fin de ceux-là.")
        raise ValidationError(text, code=TOO_MANY)
    if latest.count() >= MOST_AN_HOUR:
        text = _("Vous avez envoyé beaucoup de fichiers. Réessayez dans une heure.")
        raise ValidationError(text, code=TOO_MANY)


def check_room(client_id: int, size: int) -> None:
    """Refuse `size` more bytes to a client whose space is full, uploads under way included.

    Call it with the client's row locked, or two at once could both find room.

    :raises ValidationError: with a French text that says what is left.
    """
    kept = StoredFile.objects.filter(client_id=client_id).aggregate(all=Sum("size"))["all"] or 0
    open_ones = Upload.objects.filter(client_id=client_id, state=Upload.State.EXPECTED)
    coming = open_ones.aggregate(all=Sum("size"))["all"] or 0
    left = settings.CLIENT_STORAGE_MB * 1_000_000 - kept - coming
    if size > left:
        text = _("Votre espace de fichiers est plein : il reste %(left)s. Écrivez-nous.")
        raise ValidationError(text % {"left": file_size(max(left, 0))}, code="no_room")
