"""What a password must be, beyond what Django asks."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

TEAM_LENGTH = 12


class TeamPasswordLength:
    """Asks longer passwords of the team: its accounts open every client."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is not None and user.is_staff and len(password) < TEAM_LENGTH:
            raise ValidationError(
                _("Un mot de passe de l’équipe a au moins %(length)d caractères."),
                code="password_too_short",
                params={"length": TEAM_LENGTH},
            )

    def get_help_text(self) -> str:
        return ""  # most who choose a password are not of the team; the refusal says it
