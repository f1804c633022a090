"""Sending a quote: numbered, frozen, and the version before it withdrawn."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from billing.invoicing import signals
from billing.invoicing.models import NumberSeries, Quote
from billing.invoicing.recipients import billing_addresses
from billing.invoicing.services.issuing import ISSUED_FIELDS, CannotIssue, check_lines, freeze
from billing.invoicing.services.plans import CannotPlan, save_plan
from core.access.grants import holders
from core.access.roles import Grant
from core.audit.log import record
from core.live.publishing import tell
from core.notify.announcing import announce
from core.outbox.services import owe

PDF_TOPIC = "quote_pdf"
MAIL_TOPIC = "quote_mail"
VALIDITY = timedelta(days=30)


def locked_quote(quote: Quote) -> Quote:
    """Read a quote again and hold it until the transaction ends."""
    rows = Quote.objects.select_for_update(of=("self",)).select_related("company", "client")
    return rows.get(pk=quote.pk)


@transaction.atomic
def send_quote(
    *,
    quote: Quote,
    on: date,
    at: datetime,
    actor: Any,
    version: int | None = None,
    seen: int | None = None,
) -> Quote:
    """Number a quote, freeze it, and owe its PDF and its mail to the client.

    Without a date of its own it holds for thirty days. `version` is the draft that the person
    saw, and `seen` the net to pay they read, in units of its currency: others are refused. The
    version that it replaces can no longer be accepted.

    :raises CannotIssue: if it is no draft, offers nothing, lapsed, changed, nobody reads it, or
        the version before was accepted meanwhile.
    :raises SumsChanged: if it comes to another sum than what was seen.
    """
    quote = locked_quote(quote)
    _check_draft(quote, version)
    check_lines(quote, on=on, seen=seen)
    try:
        save_plan(quote=quote)
    except CannotPlan as refusal:
        raise CannotIssue(refusal.message) from refusal
    quote.valid_until = quote.valid_until or on + VALIDITY
    if quote.valid_until < on:
        raise CannotIssue(_("La date de validité est passée."))
    _withdraw_earlier(quote, actor)
    freeze(quote, prefix=NumberSeries.Prefix.QUOTE, on=on, at=at)
    quote.status = Quote.Status.SENT
    quote.save(update_fields=[*ISSUED_FIELDS, "valid_until"])
    changes = {"status": [Quote.Status.DRAFT, quote.status], "number": ["", quote.number]}
    record("quote_sent", quote, actor=actor, changes=changes, total=quote.total)
    _bring(quote, actor)
    signals.quote_sent.send(sender=Quote, quote=quote, at=at)
    return quote


def _bring(quote: Quote, actor: Any) -> None:
    """Owe the PDF and the mail of a quote, and tell of it in the client's space."""
    for topic in (PDF_TOPIC, MAIL_TOPIC):
        key = f"{topic.replace('_', '-')}:{quote.pk}"
        owe(topic, key=key, payload={"quote_id": quote.pk}, client_id=quote.client_id)
    text = _lazy("Nouveau devis {number} : {subject}")
    announce_quote(quote, "quote_sent", text, Grant.PAY_INVOICES, actor)


def announce_quote(
    quote: Quote, event: str, text: Any, grant: str, actor: Any, key: str = ""
) -> None:
    """Tell the people of the client in their space; the mail of a paper has its own way."""
    announce(
        event,
        client_id=quote.client_id,
        to=holders(grant, quote.client_id),
        text=format_lazy(text, number=quote.number, subject=quote.subject),
        url=reverse("invoicing:quote", args=[quote.number]),
        key=key or str(quote.pk),
        actor=actor,
    )
    tell("quotes", client_id=quote.client_id, row=quote.pk)


def _check_draft(quote: Quote, version: int | None) -> None:
    if quote.is_locked:
        raise CannotIssue(_("Ce devis est déjà envoyé."))
    if version is not None and version != quote.version:
        raise CannotIssue(_("Ce brouillon vient d’être modifié : relisez-le avant de l’envoyer."))
    if not billing_addresses(quote.client):
        raise CannotIssue(_("Ce client n’a pas d’adresse e-mail de facturation."))


def _withdraw_earlier(quote: Quote, actor: Any) -> None:
    """Close the version that a quote replaces; whoever locks it first, we or an answer, wins."""
    if quote.replaces is None:
        return
    earlier = locked_quote(quote.replaces)
    if earlier.status == Quote.Status.ACCEPTED:
        raise CannotIssue(
            _("Le client vient d’accepter la version précédente, %(number)s.")
            % {"number": earlier.number}
        )
    if earlier.status != Quote.Status.SENT:
        return
    earlier.status = Quote.Status.REPLACED
    earlier.version += 1
    earlier.save(update_fields=["status", "version", "updated_at"])
    changes = {"status": [Quote.Status.SENT, earlier.status]}
    record("quote_replaced", earlier, actor=actor, changes=changes)
    tell("quotes", client_id=earlier.client_id, row=earlier.pk)
