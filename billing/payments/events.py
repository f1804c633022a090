"""What people of a client may be told about their payments. A receipt has its own mail."""

from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.notify.events import declare_event

declare_event(
    "payment_received",
    label=_("Paiement reçu"),
    group=_("Paiements"),
    grant=Grant.VIEW_BILLING,
    mails=False,
    kept=True,
)
declare_event(
    "payment_failed",
    label=_("Paiement qui n’a pas abouti"),
    group=_("Paiements"),
    grant=Grant.PAY_INVOICES,
)
