"""What payments add elsewhere: names of acts, admin screens, panels of the client’s space."""

from django.utils.translation import gettext_lazy as _

from billing.payments import (  # noqa: F401  register what they hold
    events,
    finding,
    history,
    method_screens,
    personal_data,
    portal_hooks,
    proofs,
    screens,
    wordings,
)
from core.audit import log
from core.notify.staff_events import declare_staff_event

declare_staff_event("payment_received", label=_("Un client a payé"), group=_("Facturation"))
log.declare(
    payment_account_saved=_("Compte de paiement enregistré"),
    payment_account_tested=_("Connexion d’un compte de paiement essayée"),
    payment_channel_changed=_("Moyen de paiement réglé"),
    payment_attempt_started=_("Paiement en ligne lancé"),
    payment_attempt_closed=_("Paiement en ligne sans suite"),
    payment_attempt_reviewed=_("Paiement en ligne à vérifier"),
    payment_attempt_settled=_("Paiement en ligne reçu"),
    payment_recorded=_("Paiement enregistré"),
    credit_used=_("Avoir disponible utilisé sur la facture"),
    payment_refunded=_("Paiement remboursé"),
    payment_reversed=_("Paiement annulé"),
    payment_released=_("Paiement désaffecté d’une facture"),
    cheque_moved=_("Suivi du chèque"),
    refund_ordered=_("Remboursement demandé au prestataire"),
    refund_order_ended=_("Réponse à une demande de remboursement"),
    payment_declared=_("Paiement déclaré par le client"),
    declaration_confirmed=_("Paiement déclaré confirmé"),
    declaration_refused=_("Paiement déclaré refusé"),
    anomaly_accepted=_("Argent d’une anomalie accepté"),
    payment_anomaly_raised=_("Anomalie de paiement constatée"),
    payment_anomaly_resolved=_("Anomalie de paiement résolue"),
)
