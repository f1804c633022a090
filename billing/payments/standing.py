"""How an attempt stands, in the payer's words. Read from what is stored, never from a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from billing.payments.channels import find_channel
from billing.payments.gateways import NAMES, gateway_of
from billing.payments.models import PaymentAttempt, Receipt
from billing.payments.reasons import reason_of
from billing.payments.services.attempts import may_resume

State = PaymentAttempt.State
LONG_WAIT = timedelta(minutes=30)
PACE = ((timedelta(minutes=1), 3), (timedelta(minutes=3), 5))  # then 10 s
SLOW_PACE = 10
NO_PACE_AFTER = timedelta(hours=1)

STATUS = {
    State.SUCCEEDED: "paid",
    State.FAILED: "failed",
    State.EXPIRED: "failed",
}


@dataclass(frozen=True)
class Standing:
    """What the page of a payment shows. `seconds` is the pace of its refresh, 0 when final."""

    status: str  # pending, paid or failed
    title: str
    text: str
    seconds: int
    resume_url: str
    channel: str
    steps: list[dict[str, Any]]
    is_long: bool

    @property
    def is_pending(self) -> bool:
        return self.status == "pending"

    @property
    def is_paid(self) -> bool:
        return self.status == "paid"


def describe(attempt: PaymentAttempt, *, at: datetime, receipt: Receipt | None = None) -> Standing:
    """Say how an attempt stands at a moment; a receipt that is being drawn is waited for."""
    status = STATUS.get(attempt.state, "pending")
    title, text = _words(attempt, at)
    channel = find_channel(attempt.channel)
    return Standing(
        status=status,
        title=title,
        text=text,
        seconds=_pace(attempt, at) if attempt.is_live or _is_drawn_soon(receipt) else 0,
        resume_url=attempt.redirect_url if may_resume(attempt, at=at) else "",
        channel=channel.name if channel else "",
        steps=_steps(attempt, channel.name if channel else ""),
        is_long=attempt.is_live and at - attempt.created_at > LONG_WAIT,
    )


def _is_drawn_soon(receipt: Receipt | None) -> bool:
    return receipt is not None and receipt.pdf_id is None


def _pace(attempt: PaymentAttempt, at: datetime) -> int:
    age = at - attempt.created_at
    if age > NO_PACE_AFTER:
        return 0
    return next((seconds for until, seconds in PACE if age < until), SLOW_PACE)


def _words(attempt: PaymentAttempt, at: datetime) -> tuple[str, str]:
    match attempt.state:
        case State.SUCCEEDED:
            return _("Paiement reçu"), _("Merci. Votre reçu part par e-mail.")
        case State.FAILED:
            return _("Le paiement n’a pas abouti"), reason_of(attempt)
        case State.EXPIRED:
            return _("La demande de paiement a expiré"), reason_of(attempt)
        case State.REVIEW:
            text = _(
                "Notre équipe vérifie ce paiement et vous écrit. Ne payez pas une seconde fois."
            )
            return _("Paiement en cours de vérification"), text
        case State.CREATED:
            return _("Ouverture du paiement"), _("Nous préparons la page de paiement.")
    return _waiting_words(attempt)


def _waiting_words(attempt: PaymentAttempt) -> tuple[str, str]:
    if attempt.channel == "card":
        title, text = _("Confirmez auprès de votre banque"), _("Terminez sur la page de paiement.")
    else:
        title = _("Validez sur votre téléphone")
        text = _("Ouvrez la demande reçue et saisissez votre code secret.")
    gateway = gateway_of(attempt)
    return title, (gateway.explain(attempt.last_code) if gateway else "") or text


def _steps(attempt: PaymentAttempt, channel: str) -> list[dict[str, Any]]:
    is_open, is_paid = bool(attempt.redirect_url), attempt.state == State.SUCCEEDED
    sent = _("Transmise à %(channel)s") % {"channel": channel or NAMES.get(attempt.provider, "")}
    return [
        _step(_("Demande envoyée"), sent, "done" if is_open else "now", at=attempt.created_at),
        _step(
            _("Votre validation"),
            ""
            if is_paid
            else _("Ouvrez la notification de l’opérateur et saisissez votre code secret."),
            "done" if is_paid else ("now" if is_open else ""),
        ),
        _step(
            _("Confirmation et reçu"),
            _("Le reçu part par e-mail") if is_paid else _("Cette page se met à jour toute seule"),
            "done" if is_paid else "",
            at=attempt.ended_at if is_paid else None,
        ),
    ]


def _step(title: str, text: str, state: str, at: datetime | None = None) -> dict[str, Any]:
    glyph = {"done": "done", "now": "half"}.get(state, "todo")
    return {"title": title, "text": text, "state": state, "glyph": glyph, "at": at}
