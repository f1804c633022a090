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
declare_event(
    "payment_refunded",
    label=_("Remboursement"),
    group=_("Paiements"),
    grant=Grant.VIEW_BILLING,
    kept=True,
)
declare_event(
    "payment_reversed",
    label=_("Paiement annulé"),
    group=_("Paiements"),
    grant=Grant.VIEW_BILLING,
    kept=True,
)
declare_event(
    "declaration_refused",
    label=_("Paiement déclaré qui n’est pas retrouvé"),
    group=_("Paiements"),
    grant=Grant.VIEW_BILLING,
    kept=True,
)
