"""What the worker makes: the PDF once, and the mail that carries it once."""

import hashlib
import io
import re

import pypdf
import pytest
from django.core import mail
from django.utils import timezone

from billing.invoicing import services
from billing.invoicing.models import Invoice, InvoiceEvent
from billing.invoicing.papers import document_of, pay_url
from core.files.models import StoredFile
from core.files.services import read_file
from core.notify.models import OutgoingMail
from core.outbox import services as outbox
from core.outbox.models import OwedWork
from tests.billing.invoicing.conftest import AT, ON, make_draft, make_quote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]


def do_all():
    """Do what is owed until nothing is, as the worker would."""
    while ids := outbox.due(timezone.now()):
        for work_id in ids:
            outbox.do(work_id, at=timezone.now())


def words_of(content):
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return re.sub(r"\s+", "", text)


def test_the_pdf_is_made_by_the_worker_and_kept_with_its_hash(issued):
    do_all()

    invoice = Invoice.objects.get()
    file, content = read_file(invoice.pdf_id)
    assert file.name == "FAC-2026-0001.pdf"
    assert invoice.pdf_sha256 == hashlib.sha256(content).hexdigest() == file.sha256


def test_the_pdf_says_what_the_page_says(issued):
    file = services.make_pdf(paper=issued)

    words = words_of(read_file(file.pk)[1])
    document = document_of(issued)
    expected = [
        document.number,
        document.payable_text,
        document.words,
        document.buyer.name,
        *document.buyer.lines,
        *document.seller.legal_lines,
        *(line.designation for line in document.lines),
        *(line.amount_text for line in document.lines),
        *(row.text for row in document.rows),
    ]
    missing = [text for text in expected if re.sub(r"\s+", "", text) not in words]
    assert missing == []


def test_the_pdf_leads_to_the_page_where_it_is_paid(issued):
    content = read_file(services.make_pdf(paper=issued).pk)[1]

    links = [
        note.get_object()["/A"]["/URI"]
        for page in pypdf.PdfReader(io.BytesIO(content)).pages
        for note in page.get("/Annots", ())
    ]
    assert pay_url(issued) == "http://testserver/client/factures/FAC-2026-0001/payer/"
    assert pay_url(issued) in links


def test_the_pdf_is_never_made_twice(issued):
    first = services.make_pdf(paper=issued)

    again = services.make_pdf(paper=Invoice.objects.get())

    assert again == first
    assert StoredFile.objects.count() == 1


def test_a_slower_worker_keeps_the_first_pdf(issued):
    stale = Invoice.objects.get()
    first = services.make_pdf(paper=issued)

    assert services.make_pdf(paper=stale) == first
    assert StoredFile.objects.count() == 1


def test_quotes_and_credit_notes_have_their_pdf_too(sent_quote, acme, manager):
    invoice = services.issue_invoice(invoice=make_draft(acme), on=ON, at=AT, actor=manager)
    note = services.cancel_invoice(invoice=invoice, reason="Erreur", on=ON, at=AT, actor=manager)

    do_all()

    note.refresh_from_db()
    sent_quote.refresh_from_db()
    assert (note.pdf.name, sent_quote.pdf.name) == ("AVO-2026-0001.pdf", "DEV-2026-0001.pdf")
    assert "FAC-2026-0001" in words_of(read_file(note.pdf_id)[1])


def test_a_sent_invoice_leaves_once_with_its_pdf(issued, manager):
    for _ in range(2):
        services.send_invoice(invoice=issued, actor=manager)

    do_all()
    do_all()

    assert [message.to for message in mail.outbox] == [["acme@acme.test"]]
    assert mail.outbox[0].subject == "Facture FAC-2026-0001 : 1 475 000 F CFA"
    assert [name for name, _content, _type in mail.outbox[0].attachments] == ["FAC-2026-0001.pdf"]
    event = InvoiceEvent.objects.get(kind="sent")
    assert (event.actor, event.detail) == (manager, "acme@acme.test")
    assert Invoice.objects.get().sent_at == event.happened_at


def test_sending_again_later_is_a_new_mail(issued, manager):
    services.send_invoice(invoice=issued, actor=manager)
    do_all()
    first = Invoice.objects.get().sent_at

    services.send_invoice(invoice=issued, actor=manager)
    do_all()

    assert len(mail.outbox) == 2
    assert Invoice.objects.get().sent_at == first


def test_a_company_that_sends_on_issue_sends_once(acme, company, manager):
    company.send_on_issue = True
    company.save()
    issued = services.issue_invoice(invoice=make_draft(acme), on=ON, at=AT, actor=manager)
    services.send_invoice(invoice=issued, actor=manager)

    do_all()

    assert len(mail.outbox) == 1


def test_members_who_read_billing_receive_the_invoice(issued, acme, make_member, manager):
    make_member(acme, "billing", email="compta@acme.test")
    make_member(acme, "project", email="projet@acme.test")
    services.send_invoice(invoice=issued, actor=manager)

    do_all()

    assert OutgoingMail.objects.get().recipients == ["acme@acme.test", "compta@acme.test"]


def test_an_invoice_cancelled_meanwhile_is_not_sent(issued, manager):
    services.send_invoice(invoice=issued, actor=manager)
    services.cancel_invoice(invoice=issued, reason="Erreur", on=ON, at=AT, actor=manager)

    do_all()

    assert mail.outbox == []
    assert Invoice.objects.get().sent_at is None


def test_a_draft_or_a_client_without_address_is_not_sent(draft, make_client, manager):
    silent = make_client("Sans adresse")
    lost = services.issue_invoice(invoice=make_draft(silent), on=ON, at=AT, actor=manager)

    for invoice in (draft, lost):
        with pytest.raises(services.CannotSend):
            services.send_invoice(invoice=invoice, actor=manager)

    assert not OwedWork.objects.filter(topic="invoice_mail").exists()


def test_an_invoice_handed_over_by_hand_says_how(issued, manager):
    services.mark_sent(invoice=issued, at=AT, actor=manager, detail="WhatsApp")

    assert Invoice.objects.get().sent_at == AT
    assert InvoiceEvent.objects.get(kind="sent").detail == "WhatsApp"
    assert mail.outbox == []


def test_a_quote_leaves_with_its_pdf(sent_quote):
    do_all()

    assert mail.outbox[0].subject == "Devis DEV-2026-0001 : Site vitrine"
    assert "http://testserver/client/devis/DEV-2026-0001/" in mail.outbox[0].body
    assert len(mail.outbox[0].attachments) == 1


def test_the_words_of_a_mail_are_not_escaped(acme, manager):
    quote = make_quote(acme, subject="Conseil & « suivi » <2026>")
    services.send_quote(quote=quote, on=ON, at=AT, actor=manager)

    do_all()

    assert mail.outbox[0].subject == "Devis DEV-2026-0001 : Conseil & « suivi » <2026>"
    assert "Conseil & « suivi » <2026>" in mail.outbox[0].body
    assert "Conseil &amp; « suivi » &lt;2026&gt;" in mail.outbox[0].alternatives[0][0]
