"""Moving money between a client's credit and invoices, both ways. No money comes in or leaves."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from billing.invoicing.services import apply_payment, withdraw_payment
from billing.payments.models import Allocation, Payment, PaymentAttempt
from billing.payments.services.attempts import PAGE_LIFE, STARTING
from billing.payments.services.refusal import Refusal
from core.accounts.models import User
from core.audit.log import record
from core.live.publishing import tell
from core.money import format_amount

Kind = Allocation.Kind


class CannotUseCredit(Refusal):
    """There is no credit, nothing is due, or a payment of the invoice is under way."""


class CannotRelease(Refusal):
    """The money is not on that invoice, or no reason is given."""


@transaction.atomic
def use_credit(
    *,
    invoice: Invoice,
    at: datetime,
    actor: User,
    amount: int | None = None,
    payment: Payment | None = None,
) -> int:
    """Put a client's credit on an invoice, as far as both go; return how much, in whole units.

    The oldest money first, or that of `payment` alone, in the invoice's own currency and company;
    no more than `amount` when it is given. No money comes in, so no receipt is made. Locks the
    invoice, then the payments, as everybody does.

    :raises CannotUseCredit: if there is none, nothing is due, the invoice is being paid, or
        `amount` is above what is due or to the client's credit.
    """
    invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if invoice.amount_due <= 0:
        raise CannotUseCredit(_("Il n’y a rien à payer sur cette facture."))
    if _is_being_paid(invoice, at):
        raise CannotUseCredit(_("Un paiement en ligne est en cours sur cette facture."))
    credits = _credits(invoice, payment)
    wanted = invoice.amount_due if amount is None else amount
    _require_amount(invoice, credits, amount)
    used = 0
    for each in credits:
        used += _move(each, invoice, wanted - used, at, actor)
    if not used:
        raise CannotUseCredit(_("Ce client n’a pas d’avoir disponible dans cette devise."))
    record("credit_used", invoice, actor=actor, amount=used)
    tell("payments", client_id=invoice.client_id)
    return used


@transaction.atomic
def release_allocation(
    *, payment: Payment, invoice: Invoice, amount: int, reason: str, at: datetime, actor: User
) -> int:
    """Take money of a payment off an invoice, back to the client's credit, by a negative row.

    `amount` is in whole units. With the last of it goes what was rounded off beside it. What is
    taken is due again. Returns the amount.

    :raises CannotRelease: if so much of the payment is not there, or no reason is given.
    """
    invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    here, rounded = money_on(payment, invoice.pk)
    if not reason.strip():
        raise CannotRelease(_("Dites pourquoi l’argent est désaffecté."))
    if not 0 < amount <= here:
        text = _("De 1 à %(here)s de ce paiement peuvent quitter cette facture.")
        raise CannotRelease(text % {"here": format_amount(here, payment.currency)})
    gone = rounded if amount == here else 0
    detail = _("Désaffectation")
    withdraw_payment(invoice=invoice, amount=amount + gone, at=at, actor=actor, detail=detail)
    _write(payment, invoice, Kind.RELEASE, -amount, at, reason.strip())
    if gone:
        _write(payment, invoice, Kind.UNROUNDING, -gone, at, reason.strip())
    payment.amount_unallocated += amount
    payment.save(update_fields=["amount_unallocated"])
    record("payment_released", payment, actor=actor, amount=amount, reason=reason.strip())
    tell("payments", client_id=payment.client_id)
    return amount


def money_on(payment: Payment, invoice_id: int) -> tuple[int, int]:
    """Return (money, rounding) of a payment that an invoice still counts, in whole units."""
    rows = payment.allocations.filter(invoice_id=invoice_id)
    is_rounding = Q(kind__in=[Kind.ROUNDING, Kind.UNROUNDING])
    sums = rows.aggregate(
        money=Sum("amount", filter=~is_rounding, default=0),
        rounded=Sum("amount", filter=is_rounding, default=0),
    )
    return max(sums["money"], 0), sums["rounded"] + min(sums["money"], 0)


def _credits(invoice: Invoice, payment: Payment | None) -> list[Payment]:
    rows = Payment.objects.select_for_update().filter(
        client_id=invoice.client_id,
        company_id=invoice.company_id,
        currency=invoice.currency,
        amount_unallocated__gt=0,
    )
    if payment is not None:
        rows = rows.filter(pk=payment.pk)
    return list(rows.order_by("pk"))


def _require_amount(invoice: Invoice, credits: list[Payment], amount: int | None) -> None:
    if amount is None or not credits:
        return
    most = min(invoice.amount_due, sum(each.amount_unallocated for each in credits))
    if not 0 < amount <= most:
        text = _("Affectez de 1 à %(most)s.")
        raise CannotUseCredit(text % {"most": format_amount(most, invoice.currency)})


def _move(payment: Payment, invoice: Invoice, wanted: int, at: datetime, actor: User) -> int:
    """Move what one payment has left to the invoice, as far as it is due and wanted."""
    amount = min(payment.amount_unallocated, invoice.amount_due, wanted)
    if amount <= 0:
        return 0
    detail = _("Avoir disponible")
    apply_payment(invoice=invoice, amount=amount, at=at, actor=actor, detail=detail)
    payment.amount_unallocated -= amount
    payment.save(update_fields=["amount_unallocated"])
    _write(payment, invoice, Kind.CREDIT, amount, at)
    return amount


def _write(
    payment: Payment, invoice: Invoice, kind: str, amount: int, at: datetime, reason: str = ""
) -> None:
    Allocation.objects.create(
        client_id=payment.client_id,
        payment=payment,
        invoice=invoice,
        kind=kind,
        amount=amount,
        reason=reason[:300],
        created_at=at,
    )


def _is_being_paid(invoice: Invoice, at: datetime) -> bool:
    """Tell whether somebody may be paying the invoice: their page is open, or about to be."""
    state = PaymentAttempt.State
    is_open = Q(state=state.PENDING, created_at__gt=at - PAGE_LIFE)
    is_starting = Q(state=state.CREATED, created_at__gt=at - STARTING)
    return invoice.attempts.filter(is_open | is_starting).exists()
