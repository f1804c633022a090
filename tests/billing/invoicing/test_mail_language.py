"""Papers stay in French; the mail that carries them is in the language of its readers."""

import pytest
from django.core import mail

from billing.invoicing import services
from core.files.services import read_file
from tests.billing.invoicing.conftest import AT
from tests.billing.invoicing.test_deliveries import do_all, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]


def test_english_readers_get_an_english_mail_and_the_french_paper(
    issued, acme, make_member, manager
):
    make_member(acme, "owner", email="joe@acme.test", language="en")

    services.send_invoice(invoice=issued, actor=manager)
    do_all()

    issued.refresh_from_db()
    assert mail.outbox[0].subject == "Invoice FAC-2026-0001: 1 475 000 F CFA"
    assert "The invoice is attached to this message, as a PDF." in mail.outbox[0].body
    assert "Arrêtéelaprésentefacture" in words_of(read_file(issued.pdf_id)[1])


def test_readers_of_two_languages_get_french(issued, acme, make_member, manager):
    make_member(acme, "owner", email="joe@acme.test", language="en")
    make_member(acme, "billing", email="lea@acme.test")

    services.send_invoice(invoice=issued, actor=manager)
    do_all()

    assert mail.outbox[0].subject == "Facture FAC-2026-0001 : 1 475 000 F CFA"


def test_each_side_of_an_answered_quote_reads_its_own_language(
    sent_quote, acme, make_member, manager
):
    owner = make_member(acme, "owner", email="joe@acme.test", language="en")
    do_all()
    mail.outbox.clear()

    services.refuse_quote(quote=sent_quote, actor=owner, name="Joe", reason="Too late", at=AT)
    do_all()

    subjects = {message.to[-1]: message.subject for message in mail.outbox}
    assert subjects["joe@acme.test"] == "Quote DEV-2026-0001: your answer has been saved"
    assert [text for text in subjects.values() if text.startswith("Devis DEV-2026-0001 refusé")]
