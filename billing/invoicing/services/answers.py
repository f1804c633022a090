"""What follows a client's answer to a quote: the certificate, and a word to both sides."""

import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from billing.invoicing.documents import CertificateView
from billing.invoicing.logos import logo_of
from billing.invoicing.models import Quote, QuoteAnswer
from billing.invoicing.papers import page_url
from billing.invoicing.pdf import render_certificate
from billing.invoicing.recipients import billing_addresses, team_addresses
from billing.invoicing.snapshots import buyer_of, seller_of
from core.accounts.language import language_of_readers
from core.files.services import store_file
from core.money import format_amount
from core.notify.mail import owe_mail
from core.pdf import PdfUnavailable
from core.ui.formats import date_long

logger = logging.getLogger(__name__)


@transaction.atomic
def mail_answer(*, quote: Quote) -> None:
    """Draw the certificate of an acceptance if there is none, and owe the mails of an answer.

    Doing it twice has one effect. Where PDFs cannot be drawn, the mails leave without one.
    """
    answer = QuoteAnswer.objects.select_for_update(of=("self",)).get(quote=quote)
    if answer.kind == QuoteAnswer.Kind.ACCEPTED and answer.certificate_id is None:
        _keep_certificate(quote, answer)
    files = (quote.pdf_id, answer.certificate_id)
    attached = [file for file in files if file] if answer.certificate_id else []
    words, readers = _words(quote, answer), billing_addresses(quote.client)
    owe_mail(
        f"invoicing/quote_{answer.kind}",
        key=f"quote-answer:{quote.pk}",
        to=team_addresses(quote.client),
        client_id=quote.client_id,
        attachment_ids=attached,
        context=words,
    )
    with translation.override(language_of_readers(readers)):
        owe_mail(
            "invoicing/quote_answered",
            key=f"quote-answered:{quote.pk}",
            to=readers,
            client_id=quote.client_id,
            attachment_ids=attached,
            context=words,
        )


def _keep_certificate(quote: Quote, answer: QuoteAnswer) -> None:
    try:
        content = render_certificate(certificate_of(quote, answer))
    except PdfUnavailable:
        logger.warning("The acceptance of %s leaves without its certificate", quote.number)
        return
    answer.certificate = store_file(
        content=content,
        name=_("%(number)s-attestation.pdf") % {"number": quote.number},
        content_type="application/pdf",
        client_id=quote.client_id,
    )
    answer.save(update_fields=["certificate"])


def certificate_of(quote: Quote, answer: QuoteAnswer) -> CertificateView:
    """Describe the certificate of an acceptance from what was kept."""
    return CertificateView(
        number=quote.number,
        subject=quote.subject,
        total=format_amount(quote.total, quote.currency),
        issued_on=date_long(quote.issue_date) if quote.issue_date else "",
        seller=seller_of(quote.seller, logo=logo_of(quote.company)),
        buyer=buyer_of(quote.buyer),
        name=answer.name,
        account=answer.actor.email if answer.actor else "",
        statement=answer.statement,
        answered_at=answer.answered_at,
        ip=answer.ip or "",
        user_agent=answer.user_agent,
        pdf_sha256=answer.pdf_sha256,
        options=_options(quote, answer),
    )


def _options(quote: Quote, answer: QuoteAnswer) -> tuple[str, ...] | None:
    """Return the options agreed to, with their amounts; None when there were none to take."""
    if not quote.lines.filter(is_option=True).exists():
        return None
    return tuple(f"{row['label']} ({row['amount']})" for row in answer.options)


def _words(quote: Quote, answer: QuoteAnswer) -> dict[str, Any]:
    inspect = reverse("wagtailsnippets_invoicing_quote:inspect", args=[quote.pk])
    return {
        "number": quote.number,
        "subject": quote.subject,
        "client": quote.client.name,
        "name": answer.name,
        "reason": quote.refusal_reason,
        "is_accepted": answer.kind == QuoteAnswer.Kind.ACCEPTED,
        "has_certificate": bool(answer.certificate_id),
        "total": format_amount(quote.total, quote.currency),
        "url": page_url(quote),
        "admin_url": settings.BASE_URL + inspect,
        "brand_name": quote.company.name,
    }
