"""Why a payment did not go through, in the payer's words."""

from django.utils.translation import gettext as _

from billing.payments.gateways import gateway_of
from billing.payments.models import PaymentAttempt


def reason_of(attempt: PaymentAttempt) -> str:
    """Say why, and that nothing was taken only when the provider says the attempt is refused."""
    gateway = gateway_of(attempt)
    said = gateway.explain(attempt.last_code) if gateway and attempt.last_code else ""
    if said and attempt.state == PaymentAttempt.State.FAILED:
        return f"{said} {_('Aucun montant n’a été débité selon l’opérateur.')}"
    return said or _("Si votre compte a été débité, votre paiement sera reconnu sans rien faire.")
