"""What dunning adds elsewhere: names of acts, screens of the team, a panel of invoices."""

from django.utils.translation import gettext_lazy as _

from billing.dunning import admin, portal_hooks  # noqa: F401  register what they hold
from core.audit import log

log.declare(
    invoice_reminded=_("Relance envoyée"),
    dispute_opened=_("Litige ouvert"),
    dispute_closed=_("Litige clos"),
    payment_promised=_("Promesse de paiement"),
    dunning_paused=_("Relances mises en pause"),
    dunning_resumed=_("Relances reprises"),
)
