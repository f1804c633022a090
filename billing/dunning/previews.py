"""A message as it would leave, without owing anything: no link is made, no mail is written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from billing.dunning.engine import Step
from billing.dunning.reading import Case
from billing.dunning.wording import mail_context, short_text, template_of, words_about
from billing.invoicing.models import Invoice
from billing.invoicing.papers import page_url
from billing.invoicing.pay_links import live_link, url_of
from core.notify.mail import preview_mail
from core.notify.sms_text import parts, plain


@dataclass(frozen=True)
class MessagePreview:
    """A step's messages: the mail's subject and text, the short text, the SMS it takes."""

    step: Step
    subject: str
    text: str
    short: str
    sms_count: int


def preview_of(
    invoice: Invoice, step: Step, *, at: datetime, amount: int | None = None
) -> MessagePreview:
    """Return what a step says of an invoice, in French; `amount` is what is left to pay."""
    with translation.override(settings.LANGUAGE_CODE):
        left = invoice.amount_due if amount is None else amount
        context = mail_context(step, _words(invoice, left, at))
        subject, text, _html = preview_mail(template_of(step), context)
        short = short_text(step, invoice, context, amount=left) if step.short_text else ""
    return MessagePreview(step, subject, text.strip(), short, parts(plain(short)) if short else 0)


def preview_of_case(case: Case, *, at: datetime) -> MessagePreview:
    """Return what a day would say of an invoice."""
    return preview_of(case.invoice, case.step, at=at, amount=case.amount)


def _words(invoice: Invoice, amount: int, at: datetime) -> dict[str, Any]:
    link = live_link(invoice)
    words = {
        "number": invoice.number,
        "subject": invoice.subject,
        "url": page_url(invoice),
        "pay_url": url_of(link) if link else page_url(invoice),
        "brand_name": invoice.company.name,
    }
    days = (timezone.localdate(at) - invoice.due_date).days if invoice.due_date else 0
    return words_about(invoice, words, amount=amount, days=days)
