"""Links to pay an invoice without signing in: made, changed for another, revoked, opened."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice, PayLink
from billing.invoicing.pay_links import can_be_shared, hash_of, live_link, token_from
from billing.invoicing.services.invoices import locked_invoice
from billing.invoicing.services.refusal import Refused
from core.access.grants import require
from core.access.roles import Grant
from core.audit.log import record

TEAM_RIGHT = "invoicing.issue_invoice"


class CannotShare(Refused):
    """Nothing is left to pay by a link, or there is no link."""


@transaction.atomic
def make_pay_link(*, invoice: Invoice, at: datetime, actor: Any) -> PayLink:
    """Return the live link of an invoice, made if there is none. `actor` None is the system.

    :raises CannotShare: if nothing is left to pay.
    :raises PermissionDenied: if the person may neither bill nor pay for the client.
    """
    _require(actor, Grant.PAY_INVOICES, invoice)
    invoice = locked_invoice(invoice)
    if not can_be_shared(invoice):
        raise CannotShare(_("Il n’y a rien à payer sur cette facture."))
    link = live_link(invoice)
    if link is not None and hash_of(token_from(link.nonce)) == link.token_hash:
        return link
    if link is not None:  # the site’s secret key was changed: the old token cannot be told again
        _revoke(link, at)
    return _create(invoice, at, actor)


@transaction.atomic
def renew_pay_link(*, invoice: Invoice, at: datetime, actor: Any) -> PayLink:
    """Close the live link of an invoice and open another in its place.

    :raises CannotShare: if nothing is left to pay.
    :raises PermissionDenied: if the person neither bills nor answers for the client.
    """
    _require(actor, Grant.MANAGE_MEMBERS, invoice)
    invoice = locked_invoice(invoice)
    if not can_be_shared(invoice):
        raise CannotShare(_("Il n’y a rien à payer sur cette facture."))
    if (link := live_link(invoice)) is not None:
        _revoke(link, at)
    return _create(invoice, at, actor)


@transaction.atomic
def revoke_pay_link(*, invoice: Invoice, at: datetime, actor: Any) -> None:
    """Close the live link of an invoice: whoever has it finds nothing.

    :raises CannotShare: if there is none.
    :raises PermissionDenied: if the person neither bills nor answers for the client.
    """
    _require(actor, Grant.MANAGE_MEMBERS, invoice)
    link = live_link(locked_invoice(invoice))
    if link is None:
        raise CannotShare(_("Cette facture n’a pas de lien de paiement ouvert."))
    _revoke(link, at)
    record("pay_link_revoked", invoice, actor=actor)


def count_opening(*, link: PayLink, at: datetime) -> None:
    """Count that a person opened a link."""
    PayLink.objects.filter(pk=link.pk).update(openings=F("openings") + 1, last_opened_at=at)


def _create(invoice: Invoice, at: datetime, actor: Any) -> PayLink:
    nonce = secrets.token_hex(32)
    link = PayLink.objects.create(
        client_id=invoice.client_id,
        invoice=invoice,
        nonce=nonce,
        token_hash=hash_of(token_from(nonce)),
        created_by=actor,
        created_at=at,
    )
    record("pay_link_made", invoice, actor=actor)
    return link


def _revoke(link: PayLink, at: datetime) -> None:
    link.revoked_at = at
    link.save(update_fields=["revoked_at"])


def _require(actor: Any, grant: str, invoice: Invoice) -> None:
    if actor is not None and not actor.has_perm(TEAM_RIGHT):
        require(actor, grant, invoice.client_id)
