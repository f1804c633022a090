"""What people of a client may be told about papers. Their mails have ways of their own."""

from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.notify.events import declare_event

EVENTS = (
    ("quote_sent", _("Nouveau devis")),
    ("quote_expiring", _("Devis qui attend votre réponse")),
    ("quote_accepted", _("Devis accepté")),
    ("quote_refused", _("Devis refusé")),
    ("invoice_issued", _("Nouvelle facture")),
    ("invoice_due", _("Facture qui arrive à échéance ou en retard")),
)

# To whoever pays, whatever they chose.
MAILED = {"quote_sent", "quote_expiring", "invoice_issued", "invoice_due"}

for _name, _label in EVENTS:
    declare_event(
        _name,
        label=_label,
        group=_("Factures et devis"),
        grant=Grant.VIEW_BILLING,
        mails=False,
        kept=_name in MAILED,
    )
