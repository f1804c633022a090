"""What quotes, invoices, credit notes and receipts say, and how they are drawn."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pypdf import PdfReader

from billing.invoicing import totals
from billing.invoicing.documents import (
    Acceptance,
    BankDetails,
    Deduction,
    DocumentKind,
    DocumentLine,
    DocumentView,
    Fact,
    FiscalSeal,
    PaymentBox,
    Row,
    Seller,
    buyer_block,
)
from billing.invoicing.pdf import render_document

# WeasyPrint leaves its colour profile open until it is collected.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
AT = datetime(2026, 11, 13, 9, 30, tzinfo=UTC)
D = Decimal
SELLER = Seller(
    name="NOURX",
    legal_form="SARL",
    capital=1_000_000,
    address="Cocody Riviera 3, 08 BP 000 Abidjan 08",
    rccm="CI-ABJ-03-2023-B12-00000",
    ncc="2301456 K",
    tax_regime="réel simplifié (RSI)",
    tax_office="Cocody Riviera",
    phone="+225 27 22 00 00 00",
    email="facturation@nourx.test",
    vat_exemption="TVA non applicable, régime de l’entreprenant.",
    bank=BankDetails("NSIA Banque CI", "CI00 CI000 00000 000000000000 00"),
)
BUYER = buyer_block(
    name="Akwaba Distribution SARL",
    address="Zone 4, boulevard de Marseille\nMarcory, Abidjan",
    ncc="1845207 B",
    contact="Mme Aminata Koné",
)
FULL = (D(18),)
WORK = [("Développement de la boutique", 1, 800_000), ("Journées d’atelier", 6, 75_000)]


def make(work=WORK, rates=FULL, **changes) -> DocumentView:
    options = changes.pop("options", {})
    asked = [
        totals.LineInput(D(quantity), D(price), rates[index % len(rates)])
        for index, (_name, quantity, price) in enumerate(work)
    ]
    sums = totals.compute_totals(totals.DocumentInput(asked, **options))
    lines = tuple(
        DocumentLine(name, line.quantity, line.unit_price, sums.lines[index])
        for index, ((name, *_figures), line) in enumerate(zip(work, asked, strict=True))
    )
    view = DocumentView(
        kind=DocumentKind.INVOICE,
        number="FAC-2026-0042",
        issue_date=date(2026, 11, 13),
        due_date=date(2026, 11, 27),
        seller=SELLER,
        buyer=BUYER,
        lines=lines,
        totals=sums,
        facts=(Fact("Devis accepté", "DEV-2026-0031"),),
        subject="Boutique en ligne Akwaba",
        payment=PaymentBox(
            "https://app.nourx.test/f/7F3K22", ("Orange Money", "Wave"), SELLER.bank
        ),
        terms="Paiement à 14 jours.",
    )
    return replace(view, **changes)


def pages_of(pdf: bytes) -> list[str]:
    """Read the text of each page, with each kind of space made one."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return [re.sub(r"\s+", " ", page.extract_text()) for page in pages]


def drawn(view: DocumentView) -> str:
    return " ".join(pages_of(render_document(view, at=AT)))


def rows_of(view) -> list[tuple[str, str]]:
    return [(clean(row.label), clean(row.text)) for row in view.rows]


def clean(text: str) -> str:
    return re.sub(r"\s", " ", text)


def test_the_thread_starts_with_the_dates():
    assert make().thread == (
        Fact("Émise le", "13 novembre 2026"),
        Fact("À régler avant le", "27 novembre 2026", is_current=True),
        Fact("Devis accepté", "DEV-2026-0031"),
    )


def test_without_a_due_date_the_issue_date_is_the_current_one():
    view = make(kind=DocumentKind.CREDIT_NOTE, due_date=None, facts=())

    assert view.thread == (Fact("Émis le", "13 novembre 2026", is_current=True),)


def test_the_sums_of_a_plain_invoice():
    view = make()

    assert rows_of(view) == [("Total hors taxes", "1 250 000"), ("TVA 18 %", "225 000")]
    assert view.net_label == "Net à payer TTC"
    assert clean(view.payable_text) == "1 475 000 F CFA"
    assert view.words == "un million quatre cent soixante-quinze mille francs CFA"
    assert view.net_words == "toutes taxes comprises"


def test_each_rate_has_its_row_when_there_are_several():
    view = make(rates=(D(18), D(9)), options={"discount_percent": D(10)})

    assert view.has_several_rates
    assert rows_of(view) == [
        ("Total brut HT", "1 250 000"),
        ("Remise", "−125 000"),
        ("Total hors taxes", "1 125 000"),
        ("TVA 18 % sur 720 000", "129 600"),
        ("TVA 9 % sur 405 000", "36 450"),
    ]


def test_what_comes_after_the_total_leads_to_the_net():
    options = {
        "withholding_rate": D("7.5"),
        "other_taxes": [totals.OtherTax("AIRSI", D(5))],
        "is_cash": True,
        "cash_stamp": 100,
    }
    view = make(options=options, deductions=(Deduction("Acompte FAC-2026-0012", 400_000),))

    assert rows_of(view)[2:] == [
        ("Total TTC", "1 475 000"),
        ("Acompte FAC-2026-0012", "−400 000"),
        ("AIRSI", "73 750"),
        ("Timbre de quittance", "100"),
        ("Retenue à la source", "−93 750"),
    ]
    assert view.payable == 1_055_100
    assert (view.net_label, view.net_words) == ("Net à payer", "")


def test_a_final_invoice_says_what_vat_is_left_in_its_balance():
    taken = (Deduction("Acompte FAC-2026-0012", 472_000),)

    view = make(kind=DocumentKind.FINAL, deductions=taken, vat_left=153_000)

    assert rows_of(view)[2:] == [
        ("Total TTC", "1 475 000"),
        ("Acompte FAC-2026-0012", "−472 000"),
        ("Solde TTC, dont TVA 153 000", "1 003 000"),
    ]
    assert clean(view.payable_text) == "1 003 000 F CFA"


def test_a_company_without_vat_says_why():
    view = make(rates=(D(0),))

    assert view.rows == (Row("Total", "1\u202f250\u202f000"),)
    assert view.exemption == "TVA non applicable, régime de l’entreprenant."
    assert (view.tax_word, view.net_label) == ("", "Net à payer")


def test_a_line_reads_the_french_way():
    sums = totals.compute_totals(
        totals.DocumentInput([totals.LineInput(D("2.75"), D(12_500), D(18), D(10))])
    )
    line = DocumentLine(
        "Étude", D("2.750"), D(12_500), sums.lines[0], unit="jours", discount_percent=D(10)
    )

    assert clean(line.quantity_text) == "2,75 jours"
    assert clean(line.price_text) == "12 500"
    assert clean(line.amount_text) == "30 938"
    assert clean(line.vat_text) == "18 %"
    assert clean(line.discount_text) == "Remise de 10 % : −3 437"


def test_the_legal_mentions_are_said_once_each():
    assert SELLER.legal_name == "NOURX SARL"
    assert replace(SELLER, name="Nourx Sarl").legal_name == "Nourx Sarl"
    assert [clean(line) for line in SELLER.legal_lines] == [
        "au capital de 1 000 000 F CFA · Siège : Cocody Riviera 3, 08 BP 000 Abidjan 08",
        "RCCM CI-ABJ-03-2023-B12-00000 · NCC 2301456 K · Régime d’imposition : réel simplifié "
        "(RSI) · Centre des impôts : Cocody Riviera",
        "+225 27 22 00 00 00 · facturation@nourx.test",
    ]
    assert Seller(name="Seul").legal_lines == ()


def test_a_buyer_has_one_line_per_mention():
    assert BUYER.name == "Akwaba Distribution SARL"
    assert BUYER.lines == (
        "Zone 4, boulevard de Marseille",
        "Marcory, Abidjan",
        "NCC 1845207 B",
        "À l’attention de Mme Aminata Koné",
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Aminata Koné", "À l’attention d’Aminata Koné"),
        ("Éric Soro", "À l’attention d’Éric Soro"),
        ("Yao Adjoumani", "À l’attention de Yao Adjoumani"),
    ],
)
def test_a_buyer_s_person_is_named_in_good_french(name, line):
    assert buyer_block(name="Akwaba", contact=name).lines == (line,)


def test_an_invoice_shows_everything_it_must():
    text = drawn(make())

    for mention in (
        "Facture FAC-2026-0042",
        "À régler avant le 27 novembre 2026",
        "NOURX SARL",
        "RCCM CI-ABJ-03-2023-B12-00000",
        "Régime d’imposition : réel simplifié (RSI)",
        "Centre des impôts : Cocody Riviera",
        "Akwaba Distribution SARL",
        "NCC 1845207 B",
        "Objet : Boutique en ligne Akwaba",
        "Journées d’atelier 6 75 000 450 000",
        "Prix unitaire HT",
        "Total hors taxes 1 250 000",
        "TVA 18 % 225 000",
        "Net à payer TTC 1 475 000 F CFA",
        "un million quatre cent soixante-quinze mille francs CFA toutes taxes comprises.",
        "app.nourx.test/f/7F3K22",
        "Mobile Money : Orange Money, Wave.",
        "NSIA Banque CI, CI00 CI000 00000 000000000000 00, référence FAC-2026-0042.",
        "Paiement à 14 jours.",
    ):
        assert mention in text


@pytest.mark.parametrize(
    ("kind", "title", "closing"),
    [
        (DocumentKind.QUOTE, "Devis X-1", "Arrêté le présent devis à la somme de un million"),
        (DocumentKind.DEPOSIT, "Facture d’acompte X-1", "Arrêtée la présente facture à la"),
        (DocumentKind.PROFORMA, "Proforma X-1", "Arrêtée la présente facture proforma"),
        (DocumentKind.CREDIT_NOTE, "Avoir X-1", "Arrêté le présent avoir"),
    ],
)
def test_each_kind_has_its_words(kind, title, closing):
    pdf = render_document(make(kind=kind, number="X-1"), at=AT)

    assert PdfReader(io.BytesIO(pdf)).metadata.title == title
    text = pages_of(pdf)[0]
    assert title in text
    assert closing in text


def test_a_quote_asks_for_an_agreement_until_it_has_one():
    quote = make(kind=DocumentKind.QUOTE)
    accepted = replace(quote, acceptance=Acceptance("Aminata Koné", date(2026, 12, 1)))

    assert "Bon pour accord" in drawn(quote)
    text = drawn(accepted)
    assert "Bon pour accord" not in text
    assert "Accepté en ligne par Aminata Koné le 1er décembre 2026." in text


def test_a_certified_invoice_bears_the_number_of_the_tax_office():
    seal = FiscalSeal("2301456K26000000042", "https://fne.test/verification/1", AT)

    text = drawn(make(fiscal=seal))

    assert "Certifiée FNE N° 2301456K26000000042 Le 13 novembre 2026 à 9 h 30" in text


def test_a_paid_invoice_says_so():
    text = drawn(make(paid_on=date(2026, 11, 20), payment=None))

    assert "Acquittée le 20 novembre 2026" in text
    assert "Payer en ligne" not in text


def test_a_document_without_vat_shows_neither_ht_nor_ttc():
    text = drawn(make(rates=(D(0),)))

    assert "TVA non applicable, régime de l’entreprenant." in text
    assert not re.search(r"\b(HT|TTC)\b", text)


def test_a_hundred_and_sixty_lines_flow_over_numbered_pages():
    work = [(f"Prestation {number}", 1, 1_000 + number) for number in range(160)]

    pdf = render_document(make(work), at=AT)

    pages = pages_of(pdf)
    assert len(pages) > 5
    assert all("Désignation Quantité" in page for page in pages)
    assert all("RCCM CI-ABJ-03-2023-B12-00000" in page for page in pages)
    assert f"FAC-2026-0042 · page 2 sur {len(pages)}" in pages[1]
    assert "page" not in pages[0]
    whole = " ".join(pages)
    assert all(whole.count(f"Prestation {number} 1 ") == 1 for number in range(160))
    assert "Net à payer TTC 203 810 F CFA" in pages[-1]
    assert "Prestation 159 1 1 159 1 159 Montant en lettres" in pages[-1]  # never sums alone
    assert "Payer en ligne" in pages[-1]
    assert len(pdf) < 300_000


def test_a_title_goes_with_its_first_line_and_a_long_detail_over_pages():
    view = make([(f"Prestation {number}", 1, 1_000) for number in range(24)])
    titled = [replace(line, section=f"Lot {rank // 3}") for rank, line in enumerate(view.lines)]
    long = replace(titled[0], detail="Une très longue description. " * 300)

    pages = pages_of(render_document(replace(view, lines=(*titled[1:], long)), at=AT))

    assert len(pages) > 2
    assert not any(re.search(r"Lot \d FAC|Lot \d NOURX", page) for page in pages)
    assert "Prestation 0" in next(page for page in pages if "Une très longue" in page)
    assert all("Désignation Quantité" in page for page in pages)


def test_odd_texts_neither_break_the_page_nor_the_fonts(caplog):
    caplog.set_level("WARNING", logger="weasyprint")
    work = [("X" * 300, 1, 10**11), ("مرحبا بكم 🎉 Kɔfi", 1, 1), ("<b>&\u202e\x00", 1, 1)]
    view = make(work, buyer=buyer_block(name="N" * 300), subject="Ŋgɔran " * 60)

    text = drawn(view)

    assert text.replace(" ", "").count("X" * 300) == 1
    assert "<b>&" in text
    assert "118 000 000 002 F CFA" in text
    assert [record.message for record in caplog.records if record.name == "weasyprint"] == []


def test_a_document_is_small_and_always_the_same():
    first, second = (render_document(make(), at=AT) for _time in range(2))

    assert first == second
    assert len(first) < 60_000
