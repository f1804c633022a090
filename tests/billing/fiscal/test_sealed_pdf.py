"""The papers of a certified invoice as they are drawn and sent: a proforma first, then sealed."""

import io
import re

import pytest
from pypdf import PdfReader

from billing.fiscal import services
from billing.fiscal.models import FiscalSettings
from billing.invoicing import services as invoicing
from core.files.models import StoredFile
from core.files.services import read_file
from core.notify.models import OutgoingMail

from .conftest import AT

# WeasyPrint leaves its colour profile open until it is collected.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def text_of(file):
    _row, content = read_file(file.pk)
    pages = PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_a_proforma_leaves_under_its_name_and_the_sealed_invoice_is_drawn_after(
    issue, certifying, clock, sale_row
):
    FiscalSettings.objects.update(sends_proforma=True)
    invoice = issue()

    invoicing.mail_invoice(invoice=invoice, key="k", at=AT, actor=None)

    mail = OutgoingMail.objects.get(key="k")
    assert mail.subject.startswith("Facture proforma FAC-2026-0001")
    assert "Voici votre facture proforma FAC-2026-0001" in mail.text
    attachment = StoredFile.objects.get(pk__in=mail.attachment_ids)
    assert attachment.name == "FAC-2026-0001-proforma.pdf"
    drawn = text_of(attachment)
    assert "Proforma FAC-2026-0001" in drawn
    assert "FNE" not in drawn

    services.certify(certification_id=sale_row(invoice).pk, clock=clock)
    invoice.refresh_from_db()

    sealed = text_of(invoicing.make_pdf(paper=invoice))
    assert "Facture FAC-2026-0001" in sealed
    assert "Certifiée FNE N° 2112345A26000000001 (ESSAI) Le 13 novembre 2026 à 9 h 30" in sealed
    assert "Proforma" not in sealed
