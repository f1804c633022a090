"""What happens to a quote: sent, then accepted or refused by the client."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing import signals
from billing.invoicing.models import NumberSeries, Quote
from billing.invoicing.recipients import billing_addresses, team_addresses
from billing.invoicing.services.issuing import ISSUED_FIELDS, CannotIssue, check_lines, freeze
from billing.invoicing.services.refusal import Refused
from core.access.grants import require
from core.access.roles import Grant
from core.audit.log import record
from core.money import format_amount
from core.notify.mail import owe_mail
from core.outbox.services import owe

PDF_TOPIC = "quote_pdf"
MAIL_TOPIC = "quote_mail"
VALIDITY = timedelta(days=30)
DECISION = ("status", "decided_by", "decided_at", "decided_name", "decided_ip", "refusal_reason")


class CannotDecide(Refused):
    """The quote waits for no answer any more, or the answer lacks its name."""


def locked_quote(quote: Quote) -> Quote:
    """Read a quote again and hold it until the transaction ends."""
    rows = Quote.objects.select_for_update(of=("self",)).select_related("company", "client")
    return rows.get(pk=quote.pk)


@transaction.atomic
def send_quote(
    *, quote: Quote, on: date, at: datetime, actor: Any, version: int | None = None
) -> Quote:
    """Number a quote, freeze it, and owe its PDF and its mail to the client.

    Without a date of its own it holds for thirty days. `version` is the draft that the person
    saw: another one is refused.

    :raises CannotIssue: if it is no draft, offers nothing, lapsed, changed, or nobody reads it.
    """
    quote = locked_quote(quote)
    if quote.is_locked:
        raise CannotIssue(_("Ce devis est déjà envoyé."))
    if version is not None and version != quote.version:
        raise CannotIssue(_("Ce brouillon vient d’être modifié : relisez-le avant de l’envoyer."))
    if not billing_addresses(quote.client):
        raise CannotIssue(_("Ce client n’a pas d’adresse e-mail de facturation."))
    check_lines(quote)
    quote.valid_until = quote.valid_until or on + VALIDITY
    if quote.valid_until < on:
        raise CannotIssue(_("La date de validité est passée."))
    freeze(quote, prefix=NumberSeries.Prefix.QUOTE, on=on, at=at)
    quote.status = Quote.Status.SENT
    quote.save(update_fields=[*ISSUED_FIELDS, "valid_until"])
    changes = {"status": [Quote.Status.DRAFT, quote.status], "number": ["", quote.number]}
    record("quote_sent", quote, actor=actor, changes=changes, total=quote.total)
    for topic in (PDF_TOPIC, MAIL_TOPIC):
        key = f"{topic.replace('_', '-')}:{quote.pk}"
        owe(topic, key=key, payload={"quote_id": quote.pk}, client_id=quote.client_id)
    signals.quote_sent.send(sender=Quote, quote=quote, at=at)
    return quote


@transaction.atomic
def accept_quote(
    *, quote: Quote, name: str, at: datetime, actor: Any, ip: str | None = None
) -> Quote:
    """Accept a quote in the name of a person of the client, and tell our team.

    :raises CannotDecide: if it was answered already, has expired, or no name is given.
    :raises PermissionDenied: if the person may not commit the client.
    """
    if not name.strip():
        raise CannotDecide(_("Écrivez votre nom et votre prénom."))
    quote = _open_quote(quote, at, actor)
    _decide(quote, Quote.Status.ACCEPTED, name=name, ip=ip, at=at, actor=actor)
    record("quote_accepted", quote, actor=actor, changes=_moved(quote), name=quote.decided_name)
    _tell_team(quote, "invoicing/quote_accepted")
    signals.quote_accepted.send(sender=Quote, quote=quote, at=at)
    return quote


@transaction.atomic
def refuse_quote(
    *, quote: Quote, reason: str, at: datetime, actor: Any, name: str = "", ip: str | None = None
) -> Quote:
    """Refuse a quote, with the reason in the client’s own words, and tell our team.

    :raises CannotDecide: if it was answered already, or has expired.
    :raises PermissionDenied: if the person may not commit the client.
    """
    quote = _open_quote(quote, at, actor)
    quote.refusal_reason = reason.strip()
    _decide(quote, Quote.Status.REFUSED, name=name or str(actor), ip=ip, at=at, actor=actor)
    record("quote_refused", quote, actor=actor, changes=_moved(quote), name=quote.decided_name)
    _tell_team(quote, "invoicing/quote_refused")
    signals.quote_refused.send(sender=Quote, quote=quote, at=at)
    return quote


def _open_quote(quote: Quote, at: datetime, actor: Any) -> Quote:
    """Hold a quote that still waits for its answer."""
    quote = locked_quote(quote)
    require(actor, Grant.PAY_INVOICES, quote.client_id)
    if quote.status != Quote.Status.SENT:
        raise CannotDecide(_("Ce devis a déjà reçu sa réponse."))
    if quote.is_expired(timezone.localdate(at)):
        raise CannotDecide(_("Ce devis a expiré : demandez-nous une nouvelle offre."))
    return quote


def _decide(
    quote: Quote, status: str, *, name: str, ip: str | None, at: datetime, actor: Any
) -> None:
    quote.status, quote.decided_at, quote.decided_by = status, at, actor
    quote.decided_name, quote.decided_ip = " ".join(name.split())[:200], ip
    quote.version += 1
    quote.save(update_fields=[*DECISION, "version", "updated_at"])


def _moved(quote: Quote) -> dict[str, list]:
    return {"status": [Quote.Status.SENT, quote.status]}


def _tell_team(quote: Quote, template: str) -> None:
    owe_mail(
        template,
        key=f"quote-answer:{quote.pk}",
        to=team_addresses(quote.client),
        client_id=quote.client_id,
        context={
            "number": quote.number,
            "subject": quote.subject,
            "client": quote.client.name,
            "name": quote.decided_name,
            "reason": quote.refusal_reason,
            "total": format_amount(quote.total, quote.currency),
            "admin_url": f"{settings.BASE_URL}/admin/snippets/invoicing/quote/inspect/{quote.pk}/",
        },
    )
