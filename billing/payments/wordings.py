"""The mails about payments that the team may write in its own words."""

from django.utils.translation import gettext_lazy as _

from core.notify.wordings import declare_wording

declare_wording(
    "payments/receipt",
    label=_("Reçu d’un paiement"),
    placeholders={
        "montant": ("amount", _("montant reçu"), "250 000 F CFA"),
        "moyen": ("method", _("moyen de paiement"), "Orange Money"),
        "recu": ("number", _("numéro du reçu"), "REC-2026-0107"),
        "facture": ("invoice_number", _("numéro de la facture"), "FAC-2026-0042"),
        "reste": ("left", _("reste à payer"), "0 F CFA"),
        "reference": ("operator_reference", _("référence de l’opérateur"), "MP261121.1432.A01"),
    },
    button=("url", _("Voir mon reçu")),
)
