"""What happens to a quote: sent, then accepted or refused by the client."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from billing.invoicing import signals
from billing.invoicing.models import NumberSeries, Quote, QuoteAnswer
from billing.invoicing.recipients import billing_addresses
from billing.invoicing.services.deliveries import make_pdf
from billing.invoicing.services.issuing import ISSUED_FIELDS, CannotIssue, check_lines, freeze
from billing.invoicing.services.refusal import Refused
from core.access.grants import holders, require
from core.access.roles import Grant
from core.audit.log import record
from core.live.publishing import tell
from core.money import format_amount
from core.notify.announcing import announce
from core.outbox.services import owe
from core.pdf import PdfUnavailable

PDF_TOPIC = "quote_pdf"
MAIL_TOPIC = "quote_mail"
ANSWER_TOPIC = "quote_answer"
VALIDITY = timedelta(days=30)
DECISION = ("status", "decided_by", "decided_at", "decided_name", "decided_ip", "refusal_reason")
Kind = QuoteAnswer.Kind


class CannotDecide(Refused):
    """The quote waits for no answer any more, or the answer lacks its name or its reason."""


@dataclass(frozen=True)
class Signer:
    """Who answers, and from where: kept as the proof of the answer."""

    name: str
    ip: str | None = None
    user_agent: str = ""


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
    check_lines(quote, on=on)
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
    text = _lazy("Nouveau devis {number} : {subject}")
    _announce(quote, "quote_sent", text, Grant.PAY_INVOICES, actor)
    signals.quote_sent.send(sender=Quote, quote=quote, at=at)
    return quote


def accept_quote(
    *,
    quote: Quote,
    name: str,
    at: datetime,
    actor: Any,
    ip: str | None = None,
    user_agent: str = "",
) -> Quote:
    """Accept a quote in the name of a person of the client; keep the proof, tell both sides.

    The PDF accepted is drawn first if the worker has not done it yet.

    :raises CannotDecide: if it was answered already, has expired, or no name is given.
    :raises PermissionDenied: if the person may not commit the client.
    """
    signer = Signer(" ".join(name.split())[:200], ip, user_agent)
    if not signer.name:
        raise CannotDecide(_("Écrivez votre nom et votre prénom."))
    require(actor, Grant.PAY_INVOICES, quote.client_id)
    if quote.status == Quote.Status.SENT:
        _require_pdf(quote)
    return _accept(quote, signer, at, actor)


@transaction.atomic
def _accept(quote: Quote, signer: Signer, at: datetime, actor: Any) -> Quote:
    quote = _open_quote(quote, at, actor)
    _decide(quote, Quote.Status.ACCEPTED, signer, at=at, actor=actor)
    _keep_answer(quote, Kind.ACCEPTED, signer, statement_of(quote), at=at, actor=actor)
    record("quote_accepted", quote, actor=actor, changes=_moved(quote), name=quote.decided_name)
    text = _lazy("Devis {number} accepté : {subject}")
    _announce(quote, "quote_accepted", text, Grant.VIEW_BILLING, actor)
    signals.quote_accepted.send(sender=Quote, quote=quote, at=at)
    return quote


@transaction.atomic
def refuse_quote(
    *,
    quote: Quote,
    reason: str,
    at: datetime,
    actor: Any,
    name: str = "",
    ip: str | None = None,
    user_agent: str = "",
) -> Quote:
    """Refuse a quote, with the reason in the client’s own words; tell both sides.

    :raises CannotDecide: if it was answered already, has expired, or no reason is given.
    :raises PermissionDenied: if the person may not commit the client.
    """
    if not reason.strip():
        raise CannotDecide(_("Dites-nous en un mot pourquoi."))
    quote = _open_quote(quote, at, actor)
    quote.refusal_reason = reason.strip()
    signer = Signer(" ".join((name or str(actor)).split())[:200], ip, user_agent)
    _decide(quote, Quote.Status.REFUSED, signer, at=at, actor=actor)
    _keep_answer(quote, Kind.REFUSED, signer, quote.refusal_reason, at=at, actor=actor)
    record("quote_refused", quote, actor=actor, changes=_moved(quote), name=quote.decided_name)
    text = _lazy("Devis {number} refusé : {subject}")
    _announce(quote, "quote_refused", text, Grant.VIEW_BILLING, actor)
    signals.quote_refused.send(sender=Quote, quote=quote, at=at)
    return quote


def statement_of(quote: Quote) -> str:
    """Return the sentence that accepting a quote agrees to."""
    return _("J’accepte le devis %(number)s « %(subject)s », d’un montant total de %(total)s.") % {
        "number": quote.number,
        "subject": quote.subject,
        "total": format_amount(quote.total, quote.currency),
    }


def _require_pdf(quote: Quote) -> None:
    """Have the PDF that is accepted: an answer names its fingerprint."""
    try:
        make_pdf(paper=quote)
    except PdfUnavailable as trouble:
        raise CannotDecide(
            _("Le PDF du devis n’est pas encore prêt : réessayez dans un instant.")
        ) from trouble


def _open_quote(quote: Quote, at: datetime, actor: Any) -> Quote:
    """Hold a quote that still waits for its answer."""
    quote = locked_quote(quote)
    require(actor, Grant.PAY_INVOICES, quote.client_id)
    if quote.status != Quote.Status.SENT:
        raise CannotDecide(_("Ce devis a déjà reçu sa réponse."))
    if quote.is_expired(timezone.localdate(at)):
        raise CannotDecide(_("Ce devis a expiré : demandez-nous une nouvelle offre."))
    return quote


def _decide(quote: Quote, status: str, signer: Signer, *, at: datetime, actor: Any) -> None:
    quote.status, quote.decided_at, quote.decided_by = status, at, actor
    quote.decided_name, quote.decided_ip = signer.name, signer.ip
    quote.version += 1
    quote.save(update_fields=[*DECISION, "version", "updated_at"])


def _keep_answer(
    quote: Quote, kind: str, signer: Signer, statement: str, *, at: datetime, actor: Any
) -> None:
    """Write the proof, and owe what follows from it: its certificate and the mails."""
    QuoteAnswer.objects.create(
        client_id=quote.client_id,
        quote=quote,
        kind=kind,
        name=signer.name,
        actor=actor,
        statement=statement,
        answered_at=at,
        ip=signer.ip,
        user_agent=signer.user_agent[:300],
        pdf_sha256=quote.pdf_sha256,
    )
    key = f"quote-answer:{quote.pk}"
    owe(ANSWER_TOPIC, key=key, payload={"quote_id": quote.pk}, client_id=quote.client_id)


def _moved(quote: Quote) -> dict[str, list]:
    return {"status": [Quote.Status.SENT, quote.status]}


def _announce(quote: Quote, event: str, text: Any, grant: str, actor: Any) -> None:
    """Tell the people of the client in their space; the mail of a paper has its own way."""
    announce(
        event,
        client_id=quote.client_id,
        to=holders(grant, quote.client_id),
        text=format_lazy(text, number=quote.number, subject=quote.subject),
        url=reverse("invoicing:quote", args=[quote.number]),
        key=str(quote.pk),
        actor=actor,
    )
    tell("quotes", client_id=quote.client_id, row=quote.pk)
