"""The client’s answer to a quote: accepted with its options, or refused, with the proof."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from billing.invoicing import signals
from billing.invoicing.models import Quote, QuoteAnswer
from billing.invoicing.services.choices import (
    CannotDecide,
    Choice,
    keep_choice,
    options_of,
    price_choice,
    words_of,
)
from billing.invoicing.services.deliveries import make_pdf
from billing.invoicing.services.quotes import announce_quote, locked_quote
from billing.invoicing.sums import SUMS
from core.access.grants import require
from core.access.roles import Grant
from core.audit.log import record
from core.money import format_amount
from core.outbox.services import owe
from core.pdf import PdfUnavailable

ANSWER_TOPIC = "quote_answer"
DECISION = ("status", "decided_by", "decided_at", "decided_name", "decided_ip", "refusal_reason")
Kind = QuoteAnswer.Kind


@dataclass(frozen=True)
class Signer:
    """Who answers, and from where: kept as the proof of the answer."""

    name: str
    ip: str | None = None
    user_agent: str = ""


@dataclass(frozen=True)
class Agreed:
    """What is kept of an answer: its sentence, and the options and total of an acceptance."""

    statement: str
    options: list[dict[str, str]] = field(default_factory=list)
    total: int | None = None


def accept_quote(
    *,
    quote: Quote,
    name: str,
    at: datetime,
    actor: Any,
    options: tuple[int, ...] = (),
    seen_total: int | None = None,
    ip: str | None = None,
    user_agent: str = "",
) -> Quote:
    """Accept a quote in the name of a person of the client; keep the proof, tell both sides.

    `options` are the ids of the lines taken, `seen_total` the total that the person read, in
    units of the currency. The PDF accepted is drawn first if the worker has not done it yet.

    :raises CannotDecide: if it was answered already, has expired, or no name is given.
    :raises TotalChanged: if it does not come to what was read.
    :raises PermissionDenied: if the person may not commit the client.
    """
    signer = Signer(" ".join(name.split())[:200], ip, user_agent)
    if not signer.name:
        raise CannotDecide(_("Écrivez votre nom et votre prénom."))
    require(actor, Grant.PAY_INVOICES, quote.client_id)
    if quote.status == Quote.Status.SENT:
        _require_pdf(quote)
    return _accept(quote, signer, options, seen_total, at, actor)


@transaction.atomic
def _accept(
    quote: Quote,
    signer: Signer,
    options: tuple[int, ...],
    seen_total: int | None,
    at: datetime,
    actor: Any,
) -> Quote:
    quote = _open_quote(quote, at, actor)
    choice = keep_choice(quote, options, seen_total)
    _decide(quote, Quote.Status.ACCEPTED, signer, at=at, actor=actor)
    agreed = Agreed(statement_of(quote, choice), options_of(choice), quote.total)
    _keep_answer(quote, Kind.ACCEPTED, signer, agreed, at=at, actor=actor)
    record(
        "quote_accepted",
        quote,
        actor=actor,
        changes=_moved(quote),
        name=quote.decided_name,
        total=quote.total,
    )
    text = _lazy("Devis {number} accepté : {subject}")
    announce_quote(quote, "quote_accepted", text, Grant.VIEW_BILLING, actor)
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
    _keep_answer(quote, Kind.REFUSED, signer, Agreed(quote.refusal_reason), at=at, actor=actor)
    record("quote_refused", quote, actor=actor, changes=_moved(quote), name=quote.decided_name)
    text = _lazy("Devis {number} refusé : {subject}")
    announce_quote(quote, "quote_refused", text, Grant.VIEW_BILLING, actor)
    signals.quote_refused.send(sender=Quote, quote=quote, at=at)
    return quote


def statement_of(quote: Quote, choice: Choice | None = None) -> str:
    """Return the sentence that accepting a quote agrees to, with the options it names."""
    told = choice or price_choice(quote)
    text = _("J’accepte le devis %(number)s « %(subject)s », d’un montant total de %(total)s")
    words = text % {
        "number": quote.number,
        "subject": quote.subject,
        "total": format_amount(quote.total, quote.currency),
    }
    return f"{words}{words_of(told)}."


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
    if quote.status == Quote.Status.REPLACED:
        raise CannotDecide(_("Ce devis vient d’être remplacé par une nouvelle version."))
    if quote.status != Quote.Status.SENT:
        raise CannotDecide(_("Ce devis a déjà reçu sa réponse."))
    if quote.is_expired(timezone.localdate(at)):
        raise CannotDecide(_("Ce devis a expiré : demandez-nous une nouvelle offre."))
    return quote


def _decide(quote: Quote, status: str, signer: Signer, *, at: datetime, actor: Any) -> None:
    quote.status, quote.decided_at, quote.decided_by = status, at, actor
    quote.decided_name, quote.decided_ip = signer.name, signer.ip
    quote.version += 1
    quote.save(update_fields=[*DECISION, *SUMS, "version", "updated_at"])


def _keep_answer(
    quote: Quote, kind: str, signer: Signer, agreed: Agreed, *, at: datetime, actor: Any
) -> None:
    """Write the proof, and owe what follows from it: its certificate and the mails."""
    QuoteAnswer.objects.create(
        client_id=quote.client_id,
        quote=quote,
        kind=kind,
        name=signer.name,
        actor=actor,
        statement=agreed.statement,
        options=agreed.options,
        total=agreed.total,
        answered_at=at,
        ip=signer.ip,
        user_agent=signer.user_agent[:300],
        pdf_sha256=quote.pdf_sha256,
    )
    key = f"quote-answer:{quote.pk}"
    owe(ANSWER_TOPIC, key=key, payload={"quote_id": quote.pk}, client_id=quote.client_id)


def _moved(quote: Quote) -> dict[str, list]:
    return {"status": [Quote.Status.SENT, quote.status]}
