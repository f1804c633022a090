"""What people are told of a payment, clients in their space, the team under its bell."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice
from billing.payments.models import Payment, PaymentAttempt, Refund, TransferDeclaration
from billing.payments.reasons import reason_of
from core.access.grants import holders
from core.access.roles import Grant
from core.accounts.models import User
from core.money import format_amount
from core.notify.announcing import announce
from core.notify.team import tell_staff


def announce_received(payment: Payment, invoice: Invoice | None) -> None:
    """Tell that money came in; its receipt leaves by a mail of its own."""
    amount = format_amount(payment.amount, payment.currency)
    if invoice is None:
        text = format_lazy(_("Paiement reçu : {amount}"), amount=amount)
        url = reverse("payments:list")
    else:
        words = _("Paiement reçu : {amount} pour la facture {number}")
        text = format_lazy(words, amount=amount, number=invoice.number)
        url = reverse("invoicing:invoice", args=[invoice.number])
    announce(
        "payment_received",
        client_id=payment.client_id,
        to=holders(Grant.VIEW_BILLING, payment.client_id),
        text=text,
        url=url,
        key=str(payment.pk),
    )


def tell_team_received(payment: Payment, invoice: Invoice, actor: Any = None) -> None:
    """Tell whoever of the team follows payments, once, under the bell alone; not who entered it."""
    reads = Q(groups__permissions__codename="view_payment") | Q(is_superuser=True)
    text = format_lazy(
        _("{client} a payé {amount} : facture {number}"),
        client=payment.client.name,
        amount=format_amount(payment.amount, payment.currency),
        number=invoice.number,
    )
    tell_staff(
        "payment_received",
        to=User.objects.filter(reads, is_staff=True, is_active=True).distinct(),
        text=text,
        url=reverse("wagtailsnippets_invoicing_invoice:inspect", args=[invoice.pk]),
        key=str(payment.pk),
        client_id=payment.client_id,
        actor=actor,
        mails=False,
    )


def announce_failed(attempt: PaymentAttempt) -> None:
    """Tell whoever tried to pay that the operator said no; an abandoned try is told to nobody."""
    if attempt.state != PaymentAttempt.State.FAILED or attempt.started_by_id is None:
        return
    if attempt.invoice is None:
        return  # the team opened it for a sale: its page says so
    people = holders(Grant.PAY_INVOICES, attempt.client_id).filter(pk=attempt.started_by_id)
    text = _("Le paiement de {amount} pour la facture {number} n’a pas abouti")
    amount = format_amount(attempt.amount, attempt.currency)
    announce(
        "payment_failed",
        client_id=attempt.client_id,
        to=people,
        text=format_lazy(text, amount=amount, number=attempt.invoice.number),
        url=reverse("payments:attempt", args=[attempt.reference]),
        key=attempt.reference,
        detail=lazy(reason_of, str)(attempt),
    )


def announce_refunded(refund: Refund) -> None:
    """Tell that money was given back, by a notice and a mail."""
    words = _("Remboursement de {amount} : {reason}")
    _tell_of_refund("payment_refunded", refund, words)


def announce_reversed(refund: Refund) -> None:
    """Tell that a payment was undone: its invoices are due again."""
    words = _("Votre paiement de {amount} est annulé : {reason}")
    _tell_of_refund("payment_reversed", refund, words)


def _tell_of_refund(event: str, refund: Refund, words: Any) -> None:
    amount = format_amount(refund.amount, refund.currency)
    announce(
        event,
        client_id=refund.client_id,
        to=holders(Grant.VIEW_BILLING, refund.client_id),
        text=format_lazy(words, amount=amount, reason=refund.reason),
        url=reverse("payments:list"),
        key=str(refund.pk),
        detail=refund.reference,
    )


def announce_declaration_refused(declaration: TransferDeclaration) -> None:
    """Tell whoever sees the bills why what they said to have paid was not found."""
    words = _("Paiement déclaré de {amount} pour la facture {number} : non retrouvé")
    amount = format_amount(declaration.amount, declaration.currency)
    announce(
        "declaration_refused",
        client_id=declaration.client_id,
        to=holders(Grant.VIEW_BILLING, declaration.client_id),
        text=format_lazy(words, amount=amount, number=declaration.invoice.number),
        url=reverse("invoicing:invoice", args=[declaration.invoice.number]),
        key=str(declaration.pk),
        detail=declaration.answer,
    )
