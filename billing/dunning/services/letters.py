"""The mail that carries a letter: the letter is drawn first, by a worker, and kept."""

import logging
from datetime import datetime

from django.db import transaction

from billing.dunning.engine import Step
from billing.dunning.letters import draw_letter
from billing.dunning.models import DunningNotice
from billing.dunning.reading import Case, read_cases
from billing.dunning.services.messages import owe_case_mail
from billing.invoicing.models import Invoice
from billing.invoicing.services.invoices import locked_invoice
from core.files.services import store_file
from core.pdf import PdfUnavailable

logger = logging.getLogger(__name__)


def send_with_letter(*, notice: DunningNotice, at: datetime) -> bool:
    """Draw and keep the letter of a reminder, and owe its mail; once, whoever runs it again.

    Without Pango the mail leaves without the letter. What was paid meanwhile is left alone: no
    mail leaves. Tell whether a mail was owed.
    """
    invoice = Invoice.objects.select_related("client", "company").get(pk=notice.invoice_id)
    if invoice.amount_due <= 0:
        return False
    (case,) = read_cases([invoice], on=notice.created_at.date(), at=at)
    step = _step_of(case, notice)
    content = None if notice.letter_id else _drawn(case, step, notice)
    with transaction.atomic():
        if locked_invoice(invoice).amount_due <= 0:
            return False
        kept = DunningNotice.objects.select_for_update().get(pk=notice.pk)
        if kept.letter_id is None and content is not None:
            kept.letter = store_file(
                content=content,
                name=f"relance-{invoice.number}.pdf",
                content_type="application/pdf",
                client_id=invoice.client_id,
            )
            kept.save(update_fields=["letter"])
        files = [kept.letter_id] if kept.letter_id else []
        owe_case_mail(case, step, key=notice.key, at=at, letter_ids=files)
    return True


def _drawn(case: Case, step: Step, notice: DunningNotice) -> bytes | None:
    try:
        return draw_letter(case, step, at=notice.created_at)
    except PdfUnavailable:
        logger.warning("dunning: no letter for notice %s: Pango is missing", notice.pk)
        return None


def _step_of(case: Case, notice: DunningNotice) -> Step:
    """Return the step of a notice as the ladder is now; by its day when its key is gone."""
    steps = {step.key: step for step in case.ladder.steps}
    near = sorted(case.ladder.steps, key=lambda step: abs(step.days - notice.days))
    return steps.get(notice.step) or (near[0] if near else Step(notice.step, notice.days))
