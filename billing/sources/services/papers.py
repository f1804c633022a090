"""Drafts of contracts: the invoice of one period, written but not issued."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice, InvoiceLine, PaperLine
from billing.invoicing.services import CannotIssue, save_totals
from billing.sources.models import RecurringInvoice, RecurringLine
from billing.sources.queries import lines_for
from billing.sources.rates import rate_on, rule_on
from billing.sources.schedule import Period
from billing.sources.wording import fill_wording

HEAD = (
    "company_id",
    "client_id",
    "project_id",
    "currency",
    "exchange_rate",
    "discount_percent",
    "discount_amount",
    "price_includes_vat",
    "notes",
)
LONGEST = 300  # of a subject or a label, once its variables are written out
OWN = {"client", "net", "vat_text", "label", "detail", "vat_rate"}
COPIED = [field.name for field in PaperLine._meta.fields if field.name not in OWN]


def write_draft(schedule: RecurringInvoice, period: Period, *, on: date) -> Invoice:
    """Make the draft of a period, its sums kept; rates and rules are those in force on the day.

    :raises billing.sources.rates.NotInForce: if a rate or rule ended without a successor.
    :raises billing.sources.wording.UnknownVariable: if the words hold an unknown variable.
    :raises CannotIssue: if no line is billed for this period.
    """
    lines = lines_for(schedule, period.start)
    if not lines:
        raise CannotIssue(_("Aucune ligne n’est prévue pour cette période."))
    rules = list(schedule.company.tax_rules.all())
    invoice = Invoice(
        **{name: getattr(schedule, name) for name in HEAD},
        subject=fill_wording(schedule.subject, period)[:LONGEST],
        due_date=_due_date(schedule, on),
        withheld_rule=rule_on(schedule.withheld_rule, rules, on),
        added_rule=rule_on(schedule.added_rule, rules, on),
    )
    invoice.save()
    rates = list(schedule.company.vat_rates.all())
    InvoiceLine.objects.bulk_create(
        _copy(line, invoice, period, vat_rate=rate_on(line, rates, on)) for line in lines
    )
    save_totals(paper=invoice, on=on)
    return invoice


def _due_date(schedule: RecurringInvoice, on: date) -> date | None:
    """Return when an invoice made on a day falls due; None leaves it to the company's term."""
    return None if schedule.term_days is None else on + timedelta(days=schedule.term_days)


def _copy(line: RecurringLine, invoice: Invoice, period: Period, **own: Any) -> InvoiceLine:
    return InvoiceLine(
        **{name: getattr(line, name) for name in COPIED},
        invoice=invoice,
        client_id=invoice.client_id,
        label=fill_wording(line.label, period)[:LONGEST],
        detail=fill_wording(line.detail, period),
        **own,
    )
