"""How the payment of a verified receipt stands now: for whoever holds its signed code."""

from django.db.models import Sum
from django.utils.translation import gettext as _
from wagtail import hooks

from billing.payments.models import Payment, Receipt
from billing.proofs.codes import MOST_LETTERS, Proof
from core import rls
from core.money import format_amount


@hooks.register("nourx_proof_state")
def state_of_receipt(proof: Proof) -> list[str]:
    """Say whether the money was given back since, and what the invoice still waits for."""
    if proof.kind != "REC":
        return []
    with rls.staff("payments: how a receipt that was verified stands"):
        receipt = _receipt_of(proof)
        if receipt is None:
            return [_("Ce reçu n’est plus dans nos registres : demandez-nous pourquoi.")]
        return [_given_back(receipt.payment), *_left(receipt.payment)]


def _receipt_of(proof: Proof) -> Receipt | None:
    """Return the receipt that a proof is of: two companies of ours number theirs alike."""
    rows = Receipt.objects.filter(
        number=proof.number,
        payment__amount=proof.amount,
        payment__currency=proof.currency,
        payment__received_on=proof.day,
    )
    found = list(rows.select_related("payment__client", "company").order_by("pk"))
    mine = [row for row in found if _seller_of(row) == proof.seller]
    return next(iter(mine or (found if len(found) == 1 else ())), None)


def _seller_of(receipt: Receipt) -> str:
    return (receipt.company.legal_name or receipt.company.name)[:MOST_LETTERS]


def _given_back(payment: Payment) -> str:
    given = payment.refunds.aggregate(sum=Sum("amount"))["sum"] or 0
    if not given:
        return _("Le paiement est bien dans nos registres.")
    if given >= payment.amount:
        return _("Ce paiement a été remboursé en entier.")
    amount = format_amount(given, payment.currency)
    return _("Ce paiement a été remboursé en partie : %(amount)s.") % {"amount": amount}


def _left(payment: Payment) -> list[str]:
    first = payment.allocations.select_related("invoice").order_by("pk").first()
    if first is None:
        return []
    words = {"number": first.invoice.number}
    if first.invoice.amount_due <= 0:
        return [_("La facture %(number)s est soldée.") % words]
    words["left"] = format_amount(first.invoice.amount_due, first.invoice.currency)
    return [_("Il reste %(left)s à payer sur la facture %(number)s.") % words]
