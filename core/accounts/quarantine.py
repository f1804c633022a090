"""Tells the team when the antivirus puts a client's file in quarantine."""

from typing import Any

from django.dispatch import receiver
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.files.models import StoredFile
from core.files.signals import file_infected
from core.notify.team import tell_team


@receiver(file_infected)
def tell_of_a_threat(file: StoredFile, **_kwargs: Any) -> None:
    """Owe one mail, in the transaction that wrote the verdict."""
    tell_team(
        "file_infected",
        client_id=file.client_id,
        text=format_lazy(
            _("Un virus a été trouvé dans un fichier de {client}"), client=file.client.name
        ),
        detail=format_lazy(
            _("« {name} » : {threat}. Le fichier est en quarantaine, personne ne peut l’ouvrir."),
            name=file.name,
            threat=file.threat,
        ),
        url="/admin/",
        key=str(file.pk),
    )
