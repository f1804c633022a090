"""The mails about tickets that the team may write in its own words."""

from django.utils.translation import gettext_lazy as _

from core.notify.wordings import declare_wording

declare_wording(
    "support/received",
    label=_("Accusé de réception d’une demande"),
    placeholders={
        "numero": ("number", _("numéro de la demande"), "T-118"),
        "objet": ("subject", _("objet de la demande"), "Le formulaire ne part plus"),
        "message": ("body", _("message du client"), "Depuis ce matin, rien ne part…"),
        "delai": ("promise", _("délai de réponse promis"), "Réponse attendue avant 17 h 30."),
    },
    button=("url", _("Suivre ma demande")),
)
