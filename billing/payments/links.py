"""Addresses: of an invoice, of an attempt, and signed for whoever lost the session."""

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from billing.payments.models import PaymentAttempt

SIGNER = Signer(salt="nourx.payments.page", sep=".")


def page_path(attempt: PaymentAttempt) -> str:
    """Return the signed page's path: it opens without signing in, and shows one payment."""
    return reverse("payments:signed", args=[SIGNER.sign(attempt.reference)])


def read_token(token: str) -> str:
    """Return the reference a signed token stands for, "" when it was not signed by us."""
    try:
        return SIGNER.unsign(token)
    except BadSignature:
        return ""


def invoice_path(number: str) -> str:
    """Return the path of an invoice's page in the client's space."""
    return reverse("invoicing:invoice", args=[number])
