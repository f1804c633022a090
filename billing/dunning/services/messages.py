"""The messages of a step: its mail, its texts, and the copy of whoever follows the client."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from billing.dunning.engine import Step
from billing.dunning.reading import Case
from billing.dunning.wording import mail_context, short_text, template_of, words_about
from billing.invoicing.services.deliveries import invoice_words
from core import hooks
from core.accounts.language import language_of_readers
from core.notify import channels
from core.notify.channels import CHANNELS, Message

LETTER = "letter"
LETTER_TOPIC = "dunning_letter"


def words_of(case: Case, *, at: datetime) -> dict[str, Any]:
    """Return what the messages of an invoice say; makes its pay link if it has none."""
    days = (at.date() - case.account.due_date).days
    words = invoice_words(case.invoice, at=at)
    return words_about(case.invoice, words, amount=case.amount, days=days)


def owe_case_mail(
    case: Case,
    step: Step,
    *,
    key: str,
    at: datetime,
    to: Sequence[str] | None = None,
    letter_ids: Sequence[int] = (),
    is_test: bool = False,
) -> None:
    """Owe the mail of a step, with the invoice and the letter; and its copy to our lead."""
    addresses = list(case.reach.addresses if to is None else to)
    invoice = case.invoice
    files = [*([invoice.pdf_id] if invoice.pdf_id else []), *letter_ids]
    with translation.override(language_of_readers(addresses)):
        message = Message(
            key=key,
            client_id=None if is_test else invoice.client_id,
            to=addresses,
            template=template_of(step),
            context=mail_context(step, words_of(case, at=at)),
            attachment_ids=files,
        )
        CHANNELS[channels.EMAIL].owe(message)
    if step.copies_lead and not is_test:
        _owe_copy(message)


def _owe_copy(message: Message) -> None:
    to = hooks.team_addresses(message.client_id) if message.client_id else []
    copy = Message(**{**vars(message), "key": f"{message.key}:copy", "to": to})
    with translation.override(settings.LANGUAGE_CODE):
        CHANNELS[channels.EMAIL].owe(copy)


def owe_texts(
    case: Case, step: Step, ways: Mapping[str, Sequence[str]], *, key: str, at: datetime
) -> None:
    """Owe the short texts of a step, by the ways of telephones."""
    numbers = {name: to for name, to in ways.items() if name != channels.EMAIL}
    if not numbers:
        return
    with translation.override(settings.LANGUAGE_CODE):
        words = words_of(case, at=at)
        text = short_text(step, case.invoice, words, amount=case.amount)
    for name, to in numbers.items():
        CHANNELS[name].owe(Message(key=key, client_id=case.invoice.client_id, to=to, text=text))
