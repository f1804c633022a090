"""The thread of a quote: what happened to it, in the client’s words, newest first."""

from datetime import date

from django.utils.translation import gettext as _

from billing.invoicing.models import Quote
from billing.invoicing.states import EXPIRED, SENT, quote_state
from billing.invoicing.steps import Step
from core.ui.formats import date_long

Status = Quote.Status


def quote_steps(quote: Quote, later: Quote | None, today: date) -> list[Step]:
    """Return the dated steps of a quote; what is awaited or closed now comes first.

    `later` is the version that replaces it, when the person may see it.
    """
    steps = [Step(_("Devis envoyé"), at=quote.issued_at)]
    if quote.seen_at:
        steps.append(Step(_("Devis consulté"), at=quote.seen_at))
    if quote.reminded_at:
        steps.append(Step(_("Rappel envoyé"), at=quote.reminded_at))
    if quote.decided_at:
        steps.append(Step(_answer(quote), at=quote.decided_at, note=quote.refusal_reason))
    dated = sorted(steps, key=lambda step: (step.at is not None, step.at), reverse=True)
    now = _now(quote, later, today)
    return [now, *dated] if now else dated


def _answer(quote: Quote) -> str:
    is_yes = quote.status == Status.ACCEPTED
    text = _("Devis accepté par %(name)s") if is_yes else _("Devis refusé par %(name)s")
    return text % {"name": quote.decided_name}


def _now(quote: Quote, later: Quote | None, today: date) -> Step | None:
    until = date_long(quote.valid_until) if quote.valid_until else ""
    state = quote_state(quote, today)
    if state == SENT:
        note = _("Valable jusqu’au %(day)s") % {"day": until} if until else ""
        return Step(_("En attente de votre réponse"), note=note, is_current=True)
    if state == EXPIRED:
        return Step(_("Offre expirée"), note=until, is_current=True)
    if quote.status == Status.REPLACED and later is not None:
        text = _("Remplacé par %(number)s") % {"number": later.number}
        return Step(text, is_current=True)
    return None
