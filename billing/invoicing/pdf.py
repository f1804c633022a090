"""Documents and receipts as PDF files."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from billing.invoicing.documents import (
    CertificateView,
    DocumentKind,
    DocumentView,
    ReceiptView,
    Seller,
)
from core.pdf import qr_svg, render_pdf

TEMPLATES = {
    DocumentKind.QUOTE: "pdf/quote.html",
    DocumentKind.INVOICE: "pdf/invoice.html",
    DocumentKind.DEPOSIT: "pdf/invoice.html",
    DocumentKind.FINAL: "pdf/invoice.html",
    DocumentKind.PROFORMA: "pdf/invoice.html",
    DocumentKind.CREDIT_NOTE: "pdf/credit_note.html",
}


def render_document(view: DocumentView, *, at: datetime) -> bytes:
    """Draw a quote, an invoice or a credit note; `at` is the moment it was issued.

    The same view and moment give the same bytes.

    :raises core.pdf.PdfUnavailable: if Pango is not installed.
    """
    with translation.override(settings.LANGUAGE_CODE):
        title = f"{view.wording.title} {view.number}"
        subject = _("%(title)s de %(amount)s") % {"title": title, "amount": view.payable_text}
        context = {
            "document": view,
            "payment_code": code_of(view.payment.url if view.payment else ""),
            "fiscal_code": code_of(view.fiscal.verification_url if view.fiscal else ""),
        }
        html = render_to_string(TEMPLATES[view.kind], context)
    return print_html(html, title=title, subject=subject, seller=view.seller, at=at)


def render_receipt(view: ReceiptView, *, at: datetime) -> bytes:
    """Draw the receipt of a payment; `at` is the moment it was made out.

    :raises core.pdf.PdfUnavailable: if Pango is not installed.
    """
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Reçu %(number)s") % {"number": view.number}
        subject = _("%(title)s de %(amount)s") % {"title": title, "amount": view.amount_text}
        context = {"document": view, "verification_code": code_of(view.verification_url)}
        html = render_to_string("pdf/receipt.html", context)
    return print_html(html, title=title, subject=subject, seller=view.seller, at=at)


def render_certificate(view: CertificateView) -> bytes:
    """Draw the certificate of a quote's acceptance.

    :raises core.pdf.PdfUnavailable: if Pango is not installed.
    """
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Attestation d’acceptation du devis %(number)s") % {"number": view.number}
        html = render_to_string("pdf/certificate.html", {"document": view})
    return print_html(html, title=title, subject=title, seller=view.seller, at=view.answered_at)


def code_of(url: str) -> str:
    """Return the QR code of an address as SVG, or nothing without an address."""
    return qr_svg(url) if url else ""


def print_html(html: str, *, title: str, subject: str, seller: Seller, at: datetime) -> bytes:
    """Turn the HTML of a paper into its PDF, signed by its seller and with the logo.

    :raises core.pdf.PdfUnavailable: if Pango is not installed.
    """
    return render_pdf(
        html,
        title=title,
        subject=subject,
        author=seller.legal_name,
        created_at=at,
        images={"logo": seller.logo} if seller.logo else {},
    )
