"""The mails about papers that the team may write in its own words."""

from django.utils.translation import gettext_lazy as _

from core.notify.wordings import declare_wording

NUMBER = ("number", _("numéro du document"), "FAC-2026-0042")
SUBJECT = ("subject", _("objet"), "Refonte du site")
AMOUNT = ("amount", _("montant, avec sa devise"), "1 475 000 F CFA")
COMPANY = ("brand_name", _("nom de notre société"), "NOURX")

declare_wording(
    "invoicing/invoice",
    label=_("Envoi d’une facture"),
    placeholders={
        "numero": NUMBER,
        "objet": SUBJECT,
        "montant": AMOUNT,
        "echeance": ("due", _("date d’échéance"), "4 décembre 2026"),
        "societe": COMPANY,
    },
    button=("pay_url", _("Payer en ligne")),
)

OF_QUOTE = {
    "numero": ("number", _("numéro du document"), "DEV-2026-0031"),
    "objet": SUBJECT,
    "montant": AMOUNT,
    "validite": ("until", _("dernier jour de validité"), "18 décembre 2026"),
    "societe": COMPANY,
}
declare_wording(
    "invoicing/quote",
    label=_("Envoi d’un devis"),
    placeholders={
        **OF_QUOTE,
        "introduction": ("intro", _("introduction du devis"), "Suite à notre échange de lundi…"),
    },
    button=("url", _("Lire le devis")),
)
declare_wording(
    "invoicing/quote_reminder",
    label=_("Rappel d’un devis qui expire"),
    placeholders=OF_QUOTE,
    button=("url", _("Lire le devis")),
)
