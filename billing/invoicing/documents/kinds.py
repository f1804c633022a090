"""The kinds of documents, and the words which change from one to the other."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DocumentKind(StrEnum):
    """What a document is; a proforma waits for the tax office to certify it."""

    QUOTE = "quote"
    INVOICE = "invoice"
    DEPOSIT = "deposit"
    FINAL = "final"
    PROFORMA = "proforma"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True)
class Wording:
    """The words which change with the kind."""

    title: Promise
    issued: Promise
    due: Promise
    closing: Promise
    net: Promise


_INVOICE_CLOSING = _("Arrêtée la présente facture à la somme de")
WORDINGS = {
    DocumentKind.QUOTE: Wording(
        _("Devis"),
        _("Émis le"),
        _("Valable jusqu’au"),
        _("Arrêté le présent devis à la somme de"),
        _("Total"),
    ),
    DocumentKind.INVOICE: Wording(
        _("Facture"),
        _("Émise le"),
        _("À régler avant le"),
        _INVOICE_CLOSING,
        _("Net à payer"),
    ),
    DocumentKind.DEPOSIT: Wording(
        _("Facture d’acompte"),
        _("Émise le"),
        _("À régler avant le"),
        _INVOICE_CLOSING,
        _("Net à payer"),
    ),
    DocumentKind.FINAL: Wording(
        _("Facture de solde"),
        _("Émise le"),
        _("À régler avant le"),
        _INVOICE_CLOSING,
        _("Net à payer"),
    ),
    DocumentKind.PROFORMA: Wording(
        _("Proforma"),
        _("Émise le"),
        _("À régler avant le"),
        _("Arrêtée la présente facture proforma à la somme de"),
        _("Net à payer"),
    ),
    DocumentKind.CREDIT_NOTE: Wording(
        _("Avoir"),
        _("Émis le"),
        _("À valoir jusqu’au"),
        _("Arrêté le présent avoir à la somme de"),
        _("À votre crédit"),
    ),
}
