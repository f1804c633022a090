"""The payment of an opportunity by a link: the link, the money, and the money that went back."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from billing.deals.models import DealPayment
from billing.payments.channels import find_channel
from billing.payments.gateways import NAMES
from billing.payments.models import Payment, PaymentAttempt, Refund
from billing.payments.services import start_sale_attempt
from billing.payments.services.attempts import CannotPay
from billing.payments.services.refunds import refundable
from core import rls
from core.accounts.models import User
from core.audit.log import record
from core.live.publishing import tell
from core.money import format_amount
from core.notify.team import tell_staff
from portal.crm.models import Interaction, Opportunity

State = DealPayment.State


class NotWon(CannotPay):
    """The opportunity was not won, or has no amount: there is nothing to pay yet."""


def make_payment_link(
    *,
    opportunity: Opportunity,
    channel: str,
    provider: str = "",
    label: str = "",
    actor: User,
    at: datetime,
) -> DealPayment:
    """Give the payment link of a won opportunity: the one that lives, else a new one.

    `channel` and `provider` say by what and by whom it is paid, `label` what the payer reads (its
    title when empty). Must not run inside a transaction: the provider is called.

    :raises NotWon: if it is not won, or has no amount.
    :raises billing.payments.services.SalePaid: if it was paid.
    :raises billing.payments.services.PaymentUnavailable: if the provider opens no page.
    :raises billing.payments.services.CannotPay: if the channel cannot take it.
    """
    _require_won(Opportunity.objects.select_related("stage").get(pk=opportunity.pk))
    attempt = start_sale_attempt(
        opportunity=opportunity,
        channel=channel,
        provider=provider,
        label=label,
        actor=actor,
        at=at,
    )
    return _keep_link(attempt, actor)


def _require_won(opportunity: Opportunity) -> None:
    if not opportunity.stage.is_won:
        raise NotWon(_("Seule une opportunité gagnée peut être payée."))
    if not opportunity.amount:
        raise NotWon(_("Indiquez d’abord le montant de l’opportunité."))


@transaction.atomic
def _keep_link(attempt: PaymentAttempt, actor: User) -> DealPayment:
    """Put the page that was opened on the opportunity; money may have come in the meantime."""
    opportunity = _lock(attempt)
    deal = _deal_of(opportunity)
    if deal is None:
        deal = DealPayment(opportunity=opportunity, client_id=attempt.client_id)
    elif deal.state == State.PAID or deal.attempt_id == attempt.pk:
        return deal
    deal.state, deal.payment, deal.paid_at = State.WAITING, None, None
    deal.created_by = actor
    _point_at(deal, attempt)
    deal.save()
    amount = format_amount(deal.amount, deal.currency)
    record(
        "deal_link_made",
        deal.opportunity,
        actor=actor,
        amount=amount,
        provider=deal.provider,
        reference=attempt.reference,
    )
    return deal


@transaction.atomic
def mark_paid(*, payment: Payment, at: datetime) -> DealPayment | None:
    """Mark an opportunity paid by the money of its link, once; None for any other money.

    A second payment of it changes nothing: it is to the client's credit, with an anomaly.
    """
    attempt = payment.attempt
    if attempt is None or attempt.opportunity_id is None:
        return None
    with rls.staff("deals: a sale is the team's, whoever pays it"):
        opportunity = _lock(attempt)
        deal = _deal_of(opportunity)
        if deal is not None and deal.state == State.PAID:
            return deal
        if deal is None:
            deal = DealPayment(opportunity=opportunity, client_id=attempt.client_id)
            deal.created_by = attempt.started_by
        deal.state, deal.payment, deal.paid_at = State.PAID, payment, at
        _point_at(deal, attempt)
        deal.save()
        _note_payment(deal, payment, attempt, at)
    return deal


@transaction.atomic
def mark_returned(*, refund: Refund) -> DealPayment | None:
    """Say of an opportunity that its money went back, once all of it did."""
    with rls.staff("deals: a sale is the team's, whoever gives money back"):
        deal = (
            DealPayment.objects.select_for_update(of=("self",))
            .filter(payment=refund.payment_id, state=State.PAID)
            .first()
        )
        if deal is None or refundable(refund.payment) > 0:
            return None
        deal.state = State.RETURNED
        deal.save(update_fields=["state", "updated_at"])
        record("deal_returned", deal.opportunity, amount=deal.amount)
    return deal


def _lock(attempt: PaymentAttempt) -> Opportunity:
    """Lock the opportunity that an attempt pays: two never make a payment of it each."""
    rows = Opportunity.objects.select_for_update(of=("self",)).select_related("owner")
    return rows.get(attempts=attempt.pk)


def _deal_of(opportunity: Opportunity) -> DealPayment | None:
    rows = DealPayment.objects.select_for_update(of=("self",))
    return rows.filter(opportunity=opportunity).first()


def _point_at(deal: DealPayment, attempt: PaymentAttempt) -> None:
    deal.attempt = attempt
    deal.provider = attempt.provider
    deal.session_id = attempt.provider_token or attempt.reference
    deal.url = attempt.redirect_url
    deal.amount, deal.currency = attempt.amount, attempt.currency
    deal.expires_at = attempt.expires_at


def _note_payment(
    deal: DealPayment, payment: Payment, attempt: PaymentAttempt, at: datetime
) -> None:
    """Put the payment in the client's history, in the log, and under the bell of who follows it."""
    opportunity = deal.opportunity
    amount = format_amount(payment.amount, payment.currency)
    channel = find_channel(attempt.channel)
    means = payment.channel or (channel.name if channel else "")
    names = {"amount": amount, "means": means, "provider": NAMES.get(attempt.provider, "")}
    Interaction.objects.create(
        client_id=deal.client_id,
        opportunity=opportunity,
        kind=Interaction.Kind.PAYMENT,
        subject=opportunity.title[:300],
        body=_("Paiement reçu : %(amount)s par %(means)s (%(provider)s).") % names,
        meta={
            "payment_id": payment.pk,
            "reference": attempt.reference,
            "provider": attempt.provider,
            "provider_reference": payment.provider_reference,
            "amount": payment.amount,
            "currency": payment.currency,
        },
        happened_at=at,
    )
    record("deal_paid", opportunity, amount=payment.amount, reference=attempt.reference)
    tell_staff(
        "deal_paid",
        to=[opportunity.owner, attempt.started_by],
        text=format_lazy(
            _lazy("« {title} » est payée : {amount}"), title=opportunity.title, amount=amount
        ),
        url=reverse("wagtailsnippets_crm_opportunity:inspect", args=[opportunity.pk]),
        key=str(payment.pk),
        client_id=deal.client_id,
    )
    tell("payments", client_id=deal.client_id)
