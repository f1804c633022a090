"""Jobs of invoicing: PDFs and mails that are owed."""

from contextlib import suppress

from django.utils import timezone

from billing.invoicing import services
from billing.invoicing.models import CreditNote, Invoice, Quote
from billing.invoicing.services.deliveries import AwaitsCertification
from core.accounts.models import User
from core.outbox.services import handles


@handles("invoice_pdf", is_patient=True)
def make_invoice_pdf(payload: dict) -> None:
    """Draw and keep the PDF of an invoice; owed again once certified, if it must be."""
    with suppress(AwaitsCertification):
        services.make_pdf(paper=Invoice.objects.get(pk=payload["invoice_id"]))


@handles("quote_pdf", is_patient=True)
def make_quote_pdf(payload: dict) -> None:
    """Draw and keep the PDF of a quote."""
    services.make_pdf(paper=Quote.objects.get(pk=payload["quote_id"]))


@handles("credit_note_pdf", is_patient=True)
def make_credit_note_pdf(payload: dict) -> None:
    """Draw and keep the PDF of a credit note; owed again once certified, if it must be."""
    with suppress(AwaitsCertification):
        services.make_pdf(paper=CreditNote.objects.get(pk=payload["credit_note_id"]))


@handles("invoice_mail")
def send_invoice_mail(payload: dict) -> None:
    """Owe the mail of an invoice, with its PDF."""
    actor = User.objects.filter(pk=payload["actor_id"]).first() if payload["actor_id"] else None
    services.mail_invoice(
        invoice=Invoice.objects.get(pk=payload["invoice_id"]),
        key=payload["key"],
        at=timezone.now(),
        actor=actor,
    )


@handles("quote_mail")
def send_quote_mail(payload: dict) -> None:
    """Owe the mail of a quote, with its PDF."""
    services.mail_quote(quote=Quote.objects.get(pk=payload["quote_id"]))


@handles("quote_answer", is_patient=True)
def tell_of_answer(payload: dict) -> None:
    """Draw the certificate of an acceptance, and owe the mails of the answer."""
    services.mail_answer(quote=Quote.objects.get(pk=payload["quote_id"]))
