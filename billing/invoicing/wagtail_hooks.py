"""What invoicing adds elsewhere: names of acts, admin screens, panels of the client’s space."""

from django.utils.translation import gettext_lazy as _

from billing.invoicing import portal_hooks  # noqa: F401  registers its hooks
from core.audit import log

log.declare(
    invoice_issued=_("Facture émise"),
    invoice_sending=_("Envoi de la facture demandé"),
    invoice_sent=_("Facture envoyée"),
    invoice_seen=_("Facture consultée par le client"),
    invoice_payment=_("Paiement affecté à la facture"),
    invoice_refunded=_("Paiement repris sur la facture"),
    invoice_credited=_("Avoir émis sur la facture"),
    invoice_duplicated=_("Facture dupliquée"),
    invoice_from_quote=_("Facture créée depuis un devis"),
    credit_note_issued=_("Avoir émis"),
    quote_sent=_("Devis envoyé"),
    quote_accepted=_("Devis accepté par le client"),
    quote_refused=_("Devis refusé par le client"),
    quote_duplicated=_("Devis dupliqué"),
)
