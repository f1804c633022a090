"""The receipt of a payment: drawn once, kept, and mailed once."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from billing.invoicing.documents import ReceiptView
from billing.invoicing.logos import logo_of
from billing.invoicing.models import Invoice
from billing.invoicing.pdf import render_receipt
from billing.invoicing.recipients import billing_addresses
from billing.invoicing.snapshots import buyer_of, buyer_snapshot, seller_of, seller_snapshot
from billing.payments import links
from billing.payments.models import Allocation, Payment, Receipt
from billing.proofs.codes import Proof
from billing.proofs.services import proof_url
from core.accounts.language import language_of_readers
from core.files.services import store_file
from core.money import format_amount
from core.notify.mail import owe_mail
from core.pdf import PdfUnavailable

logger = logging.getLogger(__name__)


@transaction.atomic
def send_receipt(*, payment_id: int) -> None:
    """Draw the receipt if it is not drawn yet, and owe its mail. Doing it twice has one effect.

    Where PDFs cannot be drawn the mail leaves without one: the client must know all the same.
    """
    receipt = (
        Receipt.objects.select_for_update(of=("self",))
        .select_related("payment__client", "payment__attempt", "company")
        .get(payment_id=payment_id)
    )
    payment = receipt.payment
    invoice = paid_invoice(payment)
    if receipt.pdf_id is None:
        _draw(receipt, payment, invoice)
    _owe_receipt_mail(receipt, payment, invoice)


def paid_invoice(payment: Payment) -> Invoice | None:
    """Return the invoice a payment went to first, or None when it is all an advance."""
    first = payment.allocations.select_related("invoice").order_by("pk").first()
    return first.invoice if first else None


def _draw(receipt: Receipt, payment: Payment, invoice: Invoice | None) -> None:
    try:
        content = render_receipt(_view_of(receipt, payment, invoice), at=payment.recorded_at)
    except PdfUnavailable:
        logger.warning("Receipt %s leaves without its PDF", receipt.number)
        return
    receipt.pdf = store_file(
        content=content,
        name=f"{receipt.number}.pdf",
        content_type="application/pdf",
        client_id=receipt.client_id,
    )
    receipt.save(update_fields=["pdf"])


def _view_of(receipt: Receipt, payment: Payment, invoice: Invoice | None) -> ReceiptView:
    client = payment.client
    seller = (invoice and invoice.seller) or seller_snapshot(receipt.company)
    buyer = (invoice and invoice.buyer) or buyer_snapshot(client)
    reference = payment.provider_reference
    return ReceiptView(
        number=receipt.number,
        paid_on=payment.received_on,
        seller=seller_of(seller, logo=logo_of(receipt.company)),
        payer=buyer_of(buyer),
        method=payment.channel or payment.get_method_display(),
        amount=payment.amount,
        invoice_number=invoice.number if invoice else _("à venir (avance)"),
        invoice_total=_counted_total(receipt, payment, invoice),
        amount_left=receipt.balance_left,
        operator_reference=reference,
        invoice_subject=invoice.subject if invoice else _sale_label(payment),
        currency=payment.currency,
        verification_url=_proof_url(receipt, payment, invoice),
        notes=_notes(payment),
    )


def _sale_label(payment: Payment) -> str:
    """Return what an advance was asked for, when it pays a sale."""
    return payment.attempt.label if payment.attempt is not None else ""


def _counted_total(receipt: Receipt, payment: Payment, invoice: Invoice | None) -> int:
    """Return the invoice's amount as this receipt counts it: what was paid before, now, left.

    A surplus and a rounding are told in the notes.
    """
    if invoice is None:
        return payment.amount
    mine = payment.allocations.filter(kind=Allocation.Kind.PAYMENT).select_related("invoice")
    rows = list(mine)
    paid = {row.invoice_id: row.invoice for row in rows} or {invoice.pk: invoice}
    counted = sum(_asked_then(each, payment.recorded_at) for each in paid.values())
    asked = counted + payment.amount - sum(row.amount for row in rows)
    return max(asked, payment.amount + receipt.balance_left)


def _asked_then(invoice: Invoice, at: datetime) -> int:
    """Return what an invoice asked at a moment: the receipt tells what was left of it then."""
    credited = invoice.credit_notes.filter(status="issued", issued_at__lte=at).aggregate(
        sum=Sum(F("total") + F("total_added"))
    )
    adjusted = invoice.adjustments.filter(recorded_at__lte=at).aggregate(sum=Sum("amount"))
    return invoice.amount_asked - (credited["sum"] or 0) - (adjusted["sum"] or 0)


def _notes(payment: Payment) -> str:
    lines = [*_shares(payment), *_payer(payment)]
    rounding = payment.allocations.filter(kind=Allocation.Kind.ROUNDING).first()
    if rounding:
        lines.append(
            _("Arrondi en votre faveur : %(amount)s, compris dans les règlements.")
            % {"amount": format_amount(rounding.amount, payment.currency)}
        )
    if payment.amount_unallocated:
        lines.append(
            _("Gardé à votre crédit : %(amount)s.")
            % {"amount": format_amount(payment.amount_unallocated, payment.currency)}
        )
    if payment.is_test:
        lines.append(_("Paiement d’essai : aucun argent réel."))
    return "\n".join(lines)


def _shares(payment: Payment) -> list[str]:
    """Say what went to which invoice, when there are several."""
    rows = payment.allocations.filter(kind=Allocation.Kind.PAYMENT).select_related("invoice")
    parts = [
        f"{row.invoice.number}, {format_amount(row.amount, payment.currency)}"
        for row in rows.order_by("pk")
    ]
    return [_("Réparti sur : %(parts)s.") % {"parts": " ; ".join(parts)}] if len(parts) > 1 else []


def _payer(payment: Payment) -> list[str]:
    """Say who paid, when it was told."""
    who = " ".join(filter(None, (payment.payer_name, payment.payer_phone)))
    return [_("Payé par : %(who)s.") % {"who": who}] if who else []


def _proof_url(receipt: Receipt, payment: Payment, invoice: Invoice | None) -> str:
    """Sign what the receipt says; its QR code verifies it, without a network too."""
    seller = seller_of((invoice and invoice.seller) or seller_snapshot(receipt.company))
    proof = Proof(
        kind="REC",
        number=receipt.number,
        day=payment.received_on.isoformat(),
        amount=payment.amount,
        currency=payment.currency,
        payer=payment.client.name,
        seller=seller.legal_name,
        paper=invoice.number if invoice else "",
        paper_hash=invoice.pdf_sha256[:16] if invoice else "",
    )
    return proof_url(proof, at=payment.recorded_at)


def _page_path(invoice: Invoice | None) -> str:
    return links.invoice_path(invoice.number) if invoice else reverse("payments:list")


def _owe_receipt_mail(receipt: Receipt, payment: Payment, invoice: Invoice | None) -> None:
    readers = billing_addresses(payment.client)
    with translation.override(language_of_readers(readers)):
        owe_mail(
            "payments/receipt",
            key=f"receipt:{receipt.pk}",
            to=readers,
            client_id=payment.client_id,
            attachment_ids=[receipt.pdf_id] if receipt.pdf_id else [],
            context={
                "amount": format_amount(payment.amount, payment.currency),
                "method": payment.channel or str(payment.get_method_display()),
                "number": receipt.number,
                "invoice_number": invoice.number if invoice else "",
                "left": format_amount(receipt.balance_left, payment.currency),
                "is_settled": receipt.balance_left == 0,
                "operator_reference": payment.provider_reference,
                "url": settings.BASE_URL + _page_path(invoice),
            },
        )
