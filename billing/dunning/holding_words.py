"""Why an invoice is held, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.dunning.engine import Decision, Hold
from core.ui.formats import date_long

WORDS = {
    Hold.DISPUTED: gettext_lazy("contestée"),
    Hold.PROMISED: gettext_lazy("paiement promis"),
    Hold.PAYING: gettext_lazy("paiement en cours"),
    Hold.CREDIT: gettext_lazy("avoir disponible suffisant"),
    Hold.CREDIT_NOTE: gettext_lazy("avoir en préparation"),
    Hold.PAUSED: gettext_lazy("en pause"),
    Hold.ARCHIVED: gettext_lazy("client archivé"),
    Hold.GAP: gettext_lazy("trop près de la relance précédente"),
    Hold.UNREACHABLE: gettext_lazy("ni adresse ni téléphone"),
    Hold.CLOSED_DAY: gettext_lazy("jour non ouvré"),
}


def hold_text(decision: Decision) -> str:
    """Say why an invoice is held and until when, or nothing when it is not."""
    if decision.hold is None:
        return ""
    reason = str(WORDS[decision.hold])
    if decision.until is None:
        return reason
    day = date_long(decision.until)
    return _("%(reason)s, jusqu’au %(day)s") % {"reason": reason, "day": day}
