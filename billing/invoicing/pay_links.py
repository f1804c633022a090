"""The token of a pay link: 256 bits worked out from its row and the site's secret key.

The same row always gives the same token, so that it can be shown again; the database keeps the
hash alone. Expired, revoked or unknown, a token finds nothing.
"""

import hashlib
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from billing.invoicing.models import Invoice, PayLink

SALT = "nourx.invoicing.pay_link"
KEPT_AFTER_END = timedelta(days=30)  # once paid or cancelled, the page still says so


def token_from(nonce: str) -> str:
    """Return the token of a nonce: 43 characters, safe in an address."""
    digest = salted_hmac(SALT, nonce, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def url_of(link: PayLink) -> str:
    """Return the absolute address of a link."""
    return settings.BASE_URL + reverse("payments:by_link", args=[token_from(link.nonce)])


def find_link(token: str, *, at: datetime) -> PayLink | None:
    """Return the live link of a token with its invoice, or None. Needs the team's scope."""
    rows = PayLink.objects.select_related("invoice__client", "invoice__company", "invoice__pdf")
    link = rows.filter(token_hash=hash_of(token), revoked_at=None).first()
    return None if link is None or is_over(link.invoice, at=at) else link


def live_link(invoice: Invoice) -> PayLink | None:
    """Return the link of an invoice that opens now, if there is one."""
    return invoice.pay_links.filter(revoked_at=None).first()


def is_over(invoice: Invoice, *, at: datetime) -> bool:
    """Tell whether an invoice ended, paid or cancelled, too long ago for its links to open."""
    if invoice.amount_due > 0:
        return False
    ended_at = invoice.settled_at or invoice.updated_at
    return at > ended_at + KEPT_AFTER_END


def can_be_shared(invoice: Invoice) -> bool:
    """Tell whether there is something to pay by a link."""
    return invoice.amount_due > 0
