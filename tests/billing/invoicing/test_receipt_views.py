"""What a receipt says, and how it is drawn."""

import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from billing.invoicing.documents import ReceiptView, Row
from billing.invoicing.pdf import render_receipt
from tests.billing.invoicing.test_documents import AT, BUYER, SELLER, pages_of

# WeasyPrint leaves its colour profile open until it is collected.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


def receipt(**changes) -> ReceiptView:
    view = ReceiptView(
        number="REC-2026-0107",
        paid_on=date(2026, 11, 20),
        seller=SELLER,
        payer=BUYER,
        method="Orange Money",
        operator_reference="MP261120.1423.A12345",
        amount=500_000,
        invoice_number="FAC-2026-0042",
        invoice_total=1_475_000,
        amount_left=475_000,
    )
    return replace(view, **changes)


def test_a_receipt_says_who_paid_what_and_what_is_left():
    pdf = render_receipt(receipt(), at=AT)

    assert PdfReader(io.BytesIO(pdf)).metadata.title == "Reçu REC-2026-0107"
    text = pages_of(pdf)[0]
    for mention in (
        "Reçu REC-2026-0107",
        "Reçu le 20 novembre 2026",
        "Orange Money",
        "MP261120.1423.A12345",
        "Payé par Akwaba Distribution SARL",
        "la somme de cinq cent mille francs CFA en règlement de la facture FAC-2026-0042",
        "Montant reçu 500 000 F CFA",
        "Réglé auparavant 500 000",
        "Reste à payer 475 000 F CFA",
    ):
        assert mention in text


def test_the_last_receipt_says_that_nothing_is_left():
    view = receipt(amount=1_475_000, amount_left=0, operator_reference="")

    assert view.rows == (Row("Montant de la facture FAC-2026-0042", "1\u202f475\u202f000"),)
    assert [fact.label for fact in view.thread] == ["Reçu le", "Moyen de paiement", "Facture"]
    assert "Facture soldée" in pages_of(render_receipt(view, at=AT))[0]
