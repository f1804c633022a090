"""What happens to a quote while it waits: seen, prolonged, reminded of, offered anew."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from billing.invoicing.models import Quote, QuoteInstalment, QuoteLine
from billing.invoicing.papers import page_url
from billing.invoicing.recipients import billing_addresses
from billing.invoicing.services.drafts import COPIED, HEAD, save_totals
from billing.invoicing.services.plans import instalments_of, save_plan
from billing.invoicing.services.quotes import announce_quote, locked_quote
from billing.invoicing.services.refusal import Refused
from billing.invoicing.sums import lines_of
from core.access.roles import Grant
from core.accounts.language import language_of_readers
from core.audit.log import record
from core.money import format_amount
from core.notify.mail import owe_mail
from core.notify.team import tell_team
from core.ui.formats import date_long

REMINDED_DAYS = 3  # before it expires, a quote without answer is brought to mind, once
BETWEEN_REMINDERS = timedelta(hours=20)
LONGEST_VALIDITY = timedelta(days=366)
PLAN = ("kind", "label", "percent", "expected_on", "sort_order")


class CannotFollow(Refused):
    """The quote does not wait for an answer, or what is asked of it makes no sense."""


@transaction.atomic
def mark_quote_seen(*, quote: Quote, at: datetime, actor: Any) -> bool:
    """Remember that the client has opened a quote, and tell the team; only the first time counts.

    Tell whether this was the first time.
    """
    waiting = Quote.objects.filter(pk=quote.pk, seen_at=None, status=Quote.Status.SENT)
    if not waiting.update(seen_at=at):
        return False
    quote.seen_at = at
    record("quote_seen", quote, actor=actor)
    text = _lazy("{client} a ouvert le devis {number}")
    _tell_team("quote_seen", quote, text, key=str(quote.pk))
    return True


@transaction.atomic
def prolong_quote(*, quote: Quote, until: date, on: date, actor: Any) -> Quote:
    """Have a quote hold until a later day, expired or not; its people are told.

    The PDF stays as it was sent: the page says the new day.

    :raises CannotFollow: if it waits for no answer, or the day is not later, or too far.
    """
    quote = locked_quote(quote)
    _require_waiting(quote)
    before = quote.valid_until
    if until < on or (before is not None and until <= before):
        raise CannotFollow(_("Choisissez une date après la fin de validité actuelle."))
    if until > on + LONGEST_VALIDITY:
        raise CannotFollow(
            _("Un devis ne tient pas plus d’un an : choisissez une date plus proche.")
        )
    quote.valid_until, quote.reminded_at = until, None
    quote.version += 1
    quote.save(update_fields=["valid_until", "reminded_at", "version", "updated_at"])
    record("quote_prolonged", quote, actor=actor, changes={"valid_until": [before, until]})
    words = _lazy("Le devis {number} est prolongé : {subject}")
    announce_quote(
        quote, "quote_sent", words, Grant.PAY_INVOICES, actor, key=f"{quote.pk}:{until:%Y%m%d}"
    )
    return quote


@transaction.atomic
def remind_quote(*, quote: Quote, at: datetime, actor: Any) -> Quote:
    """Bring a quote to its client’s mind by a mail with its PDF.

    :raises CannotFollow: if it waits for no answer, expired, was reminded of lately, or nobody
        would read it.
    """
    quote = locked_quote(quote)
    _require_waiting(quote)
    if quote.is_expired(timezone.localdate(at)):
        raise CannotFollow(_("Ce devis a expiré : prolongez-le d’abord."))
    if quote.reminded_at is not None and at - quote.reminded_at < BETWEEN_REMINDERS:
        raise CannotFollow(_("Le client vient d’être relancé : attendez demain."))
    readers = billing_addresses(quote.client)
    if not readers:
        raise CannotFollow(_("Ce client n’a pas d’adresse e-mail de facturation."))
    _mail_reminder(quote, readers, at)
    quote.reminded_at = at
    quote.save(update_fields=["reminded_at", "updated_at"])
    record("quote_reminded", quote, actor=actor, to=readers)
    text = _lazy("Le devis {number} attend votre réponse : {subject}")
    key = f"{quote.pk}:{at:%Y%m%d%H%M}"
    announce_quote(quote, "quote_expiring", text, Grant.PAY_INVOICES, actor, key=key)
    return quote


def find_expiring(*, on: date) -> list[Quote]:
    """Return the quotes to remind of on a day: near their end, sent before, not reminded since."""
    last = on + timedelta(days=REMINDED_DAYS)
    rows = Quote.objects.filter(
        status=Quote.Status.SENT, valid_until__gte=on, valid_until__lte=last, issue_date__lt=on
    ).select_related("client")
    return [quote for quote in rows.order_by("valid_until", "pk") if not _was_told(quote)]


def remind_expiring(*, on: date, at: datetime) -> Iterator[Quote]:
    """Remind of each quote near its end, once, and tell the team; run in the team’s scope."""
    for quote in find_expiring(on=on):
        try:
            yield _remind_expiring(quote, at)
        except CannotFollow:
            continue  # answered, prolonged or reminded of meanwhile


@transaction.atomic
def _remind_expiring(quote: Quote, at: datetime) -> Quote:
    reminded = remind_quote(quote=quote, at=at, actor=None)
    text = _lazy("Le devis {number} de {client} expire bientôt sans réponse")
    key = f"{quote.pk}:{reminded.valid_until:%Y%m%d}"
    _tell_team("quote_expiring", reminded, text, key=key)
    return reminded


@transaction.atomic
def revise_quote(*, quote: Quote, actor: Any) -> Quote:
    """Make the next version of a quote as a draft with the same lines and plan; once at a time.

    The version sent holds until the new one is sent. Asking again gives the same draft.

    :raises CannotFollow: if it was never sent, was accepted, or has a later version out.
    """
    quote = locked_quote(quote)
    later = Quote.objects.filter(replaces=quote).first()
    if later is not None and not later.is_locked:
        return later
    if later is not None:
        raise CannotFollow(_("Ce devis a déjà une version suivante : partez d’elle."))
    if quote.status not in (Quote.Status.SENT, Quote.Status.REFUSED):
        raise CannotFollow(_("Seul un devis envoyé, sans accord, a une nouvelle version."))
    head = {name: getattr(quote, name) for name in HEAD}
    draft = Quote(**head, intro=quote.intro, replaces=quote, revision=quote.revision + 1)
    draft.save()
    copy_quote_rows(quote, draft)
    record("quote_revised", draft, actor=actor, source=quote.number, revision=draft.revision)
    return draft


@transaction.atomic
def duplicate_quote(*, quote: Quote, actor: Any) -> Quote:
    """Make a new draft of a quote with the same client, words, lines, options and plan."""
    copy = Quote(**{name: getattr(quote, name) for name in HEAD}, intro=quote.intro)
    copy.save()
    copy_quote_rows(quote, copy)
    record("quote_duplicated", copy, actor=actor, source=str(quote))
    return copy


def copy_quote_rows(source: Quote, target: Quote) -> None:
    """Copy the lines, options and plan of a quote to a new draft, and compute its sums."""
    QuoteLine.objects.bulk_create(
        QuoteLine(
            **{name: getattr(line, name) for name in (*COPIED, "is_option")},
            quote=target,
            client_id=target.client_id,
        )
        for line in lines_of(source)
    )
    QuoteInstalment.objects.bulk_create(
        QuoteInstalment(
            **{name: getattr(row, name) for name in PLAN},
            quote=target,
            client_id=target.client_id,
        )
        for row in instalments_of(source)
    )
    save_totals(paper=target)
    save_plan(quote=target)


def _require_waiting(quote: Quote) -> None:
    if quote.status != Quote.Status.SENT:
        raise CannotFollow(_("Ce devis n’attend plus de réponse."))


def _was_told(quote: Quote) -> bool:
    """Tell whether a quote was brought to mind since its last days began."""
    if quote.reminded_at is None or quote.valid_until is None:
        return False
    return timezone.localdate(quote.reminded_at) >= quote.valid_until - timedelta(
        days=REMINDED_DAYS
    )


def _mail_reminder(quote: Quote, readers: list[str], at: datetime) -> None:
    with translation.override(language_of_readers(readers)):
        owe_mail(
            "invoicing/quote_reminder",
            key=f"quote-reminder:{quote.pk}:{at:%Y%m%d%H%M}",
            to=readers,
            client_id=quote.client_id,
            attachment_ids=[quote.pdf_id] if quote.pdf_id else [],
            context={
                "number": quote.number,
                "subject": quote.subject,
                "amount": format_amount(quote.total, quote.currency),
                "until": date_long(quote.valid_until) if quote.valid_until else "",
                "url": page_url(quote),
                "brand_name": quote.company.name,
            },
        )


def _tell_team(event: str, quote: Quote, text: Any, *, key: str) -> None:
    amount = format_amount(quote.total, quote.currency)
    tell_team(
        event,
        client_id=quote.client_id,
        text=format_lazy(text, number=quote.number, client=quote.client.name),
        detail=f"{quote.subject} · {amount}",
        url=reverse("wagtailsnippets_invoicing_quote:inspect", args=[quote.pk]),
        key=key,
    )
