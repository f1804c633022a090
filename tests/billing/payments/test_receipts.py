"""The receipt tells the invoice as it stood when it was paid, whatever came before it is drawn."""

import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader

from billing.invoicing.services import issue_credit_note
from billing.payments.models import Receipt
from billing.payments.services import record_payment
from billing.payments.services.receipts import send_receipt
from core import rls
from core.files.services import read_file
from tests.conftest import AT

# WeasyPrint leaves its colour profile open until it is collected.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def test_a_credit_note_of_later_does_not_change_what_a_receipt_says(acme, make_invoice, manager):
    invoice = make_invoice(acme, "FAC-2026-0042", net=100_000, vat=18_000)
    with rls.staff("test"):
        payment = record_payment(
            client=acme, invoice=invoice, amount=50_000, method="cash", reference="",
            received_on=AT.date(), actor=manager, at=AT,
        )  # fmt: skip
        issue_credit_note(
            invoice=invoice, reason="Remise", on=AT.date(), at=AT + timedelta(hours=1),
            actor=manager, bases={18: 10_000},
        )  # fmt: skip

        send_receipt(payment_id=payment.pk)

        _row, content = read_file(Receipt.objects.get(payment=payment).pdf_id)
    text = re.sub(r"\s+", " ", PdfReader(io.BytesIO(content)).pages[0].extract_text())
    assert "Montant de la facture FAC-2026-0042 118 000" in text
    assert "Réglé auparavant" not in text
    assert "Reste à payer 68 000 F CFA" in text
