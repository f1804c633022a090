"""Names of folders: two levels at most, written « Livrables/Maquettes »."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SEPARATOR = "/"
MOST_LEVELS = 2


def tidy_folder(name: str) -> str:
    """Return a folder's name without useless spaces, empty levels or control characters."""
    printable = "".join(char if char.isprintable() else " " for char in name.replace("\\", "/"))
    levels = (" ".join(level.split()) for level in printable.split(SEPARATOR))
    return SEPARATOR.join(level for level in levels if level)


def validate_folder(name: str) -> None:
    """Refuse a folder that lies deeper than two levels.

    :raises ValidationError: if it does.
    """
    if tidy_folder(name).count(SEPARATOR) >= MOST_LEVELS:
        raise ValidationError(_("Deux niveaux de dossiers au plus, comme « Livrables/Maquettes »."))
