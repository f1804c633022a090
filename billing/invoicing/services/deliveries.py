"""What the worker does for papers: make the PDF once, and owe the mail that carries it."""

import logging
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils import translation

from billing.invoicing.facturx import NotDescribable, add_data
from billing.invoicing.logos import logo_of
from billing.invoicing.models import CreditNote, Invoice, Quote
from billing.invoicing.papers import document_of, page_url
from billing.invoicing.pay_links import can_be_shared, url_of
from billing.invoicing.pdf import render_document
from billing.invoicing.recipients import billing_addresses
from billing.invoicing.services.invoices import CannotSend, locked_invoice, note_sent
from billing.invoicing.services.pay_links import make_pay_link
from core.accounts.language import language_of_readers
from core.accounts.models import User
from core.files.models import StoredFile
from core.files.services import store_file
from core.hooks import fiscal_state, mail_is_held
from core.money import format_amount
from core.notify.mail import owe_mail
from core.ui.formats import date_long

Paper = Quote | Invoice | CreditNote
PDF_TYPE = "application/pdf"
logger = logging.getLogger(__name__)


class AwaitsCertification(Exception):
    """The PDF of a paper is put in place once, and the tax office has yet to certify it."""


def make_pdf(*, paper: Paper) -> StoredFile:
    """Return the PDF of an issued paper, drawn and kept the first time; never drawn again.

    :raises AwaitsCertification: if the tax office has yet to certify the paper.
    :raises core.pdf.PdfUnavailable: if Pango is not installed.
    """
    if paper.pdf is None:
        if awaits_certification(paper):
            raise AwaitsCertification(paper.number)
        _keep_pdf(paper, _draw(paper))
    return cast(StoredFile, paper.pdf)


def awaits_certification(paper: Paper) -> bool:
    """Tell whether the PDF of a paper has to wait for the tax office."""
    state = fiscal_state(paper)
    return state is not None and not state.is_final


def _draw(paper: Paper) -> bytes:
    at = cast(datetime, paper.issued_at)  # every issued paper has its moment
    with translation.override(settings.LANGUAGE_CODE):  # papers are in French
        content = render_document(document_of(paper, logo=logo_of(paper.company)), at=at)
        return _with_data(content, paper)


def _with_data(content: bytes, paper: Paper) -> bytes:
    """Put the data of an invoice or a credit note in its PDF, for a client who wants them."""
    if isinstance(paper, Quote) or not paper.client.wants_facturx:
        return content
    try:
        return add_data(content, paper)
    except NotDescribable as reason:
        logger.warning("%s leaves without its Factur-X data: %s", paper.number, reason)
        return content


def _make_proforma(invoice: Invoice) -> StoredFile:
    """Draw an invoice as it is before it is certified, to go with a mail that does not wait."""
    return store_file(
        content=_draw(invoice),
        name=f"{invoice.number}-proforma.pdf",
        content_type=PDF_TYPE,
        client_id=invoice.client_id,
    )


@transaction.atomic
def _keep_pdf(paper: Paper, content: bytes) -> None:
    """Put the PDF on its paper, unless another worker was faster."""
    locked = type(paper)._default_manager.select_for_update().get(pk=paper.pk)
    if locked.pdf_id is None:
        file = store_file(
            content=content,
            name=f"{locked.number}.pdf",
            content_type=PDF_TYPE,
            client_id=locked.client_id,
        )
        locked.pdf, locked.pdf_sha256 = file, file.sha256
        locked.save(update_fields=["pdf", "pdf_sha256", "updated_at"])
    paper.pdf, paper.pdf_sha256 = locked.pdf, locked.pdf_sha256


def mail_invoice(*, invoice: Invoice, key: str, at: datetime, actor: User | None) -> None:
    """Owe the mail of an invoice with its PDF, and note that the invoice was sent.

    A key that was owed already, or an invoice cancelled meanwhile, has no effect. A module may
    hold the mail, such as until the invoice is certified: it then owes this work again.

    :raises CannotSend: if the client has no address.
    """
    payload = {"invoice_id": invoice.pk, "actor_id": getattr(actor, "pk", None), "key": key}
    if mail_is_held(invoice, payload):
        return
    waits = invoice.pdf_id is None and awaits_certification(invoice)
    pdf = _make_proforma(invoice) if waits else make_pdf(paper=invoice)
    with transaction.atomic():
        invoice = locked_invoice(invoice)
        recipients = billing_addresses(invoice.client)
        if not recipients:
            raise CannotSend(f"{invoice.number}: no address")
        if invoice.status != Invoice.Status.ISSUED:
            return
        with translation.override(language_of_readers(recipients)):
            mail = owe_mail(
                "invoicing/invoice",
                key=key,
                to=recipients,
                client_id=invoice.client_id,
                attachment_ids=[pdf.pk],
                context={**invoice_words(invoice, at=at), "is_proforma": waits},
            )
        if mail is None:
            return
        note_sent(invoice, at=at, actor=actor, detail=", ".join(recipients))


def mail_quote(*, quote: Quote) -> None:
    """Owe the mail of a quote with its PDF, once.

    :raises CannotSend: if the client has no address.
    """
    pdf = make_pdf(paper=quote)
    recipients = billing_addresses(quote.client)
    if not recipients:
        raise CannotSend(f"{quote.number}: no address")
    with translation.override(language_of_readers(recipients)):
        owe_mail(
            "invoicing/quote",
            key=f"quote:{quote.pk}",
            to=recipients,
            client_id=quote.client_id,
            attachment_ids=[pdf.pk],
            context=_quote_words(quote),
        )


def invoice_words(invoice: Invoice, *, at: datetime) -> dict[str, Any]:
    """Return what a mail says of an invoice; its button pays without signing in."""
    is_payable = can_be_shared(invoice)
    link = make_pay_link(invoice=invoice, at=at, actor=None) if is_payable else None
    return {
        "number": invoice.number,
        "subject": invoice.subject,
        "amount": format_amount(invoice.amount_payable_now, invoice.currency),
        "due": date_long(invoice.due_date) if invoice.due_date else "",
        "url": page_url(invoice),
        "pay_url": url_of(link) if link else page_url(invoice),
        "brand_name": invoice.company.name,
    }


def _quote_words(quote: Quote) -> dict[str, Any]:
    return {
        "number": quote.number,
        "subject": quote.subject,
        "intro": quote.intro,
        "amount": format_amount(quote.total, quote.currency),
        "until": date_long(quote.valid_until) if quote.valid_until else "",
        "url": page_url(quote),
        "brand_name": quote.company.name,
    }
